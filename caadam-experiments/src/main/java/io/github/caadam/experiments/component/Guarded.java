// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls code that is not the suite's before anything is planned. What it throws is reported by its
 * name, and so is a call that does not return or that ends the process. This protects from
 * mistakes, not from malice.
 */
public final class Guarded {

    /** How long such a call may take; it only builds small objects. */
    static final int SECONDS = 30;

    private Guarded() {}

    /** A call did not return; its thread goes on. */
    public static final class HangsException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private HangsException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Calls it.
     *
     * @param who whose code it is, as the start of a sentence
     * @param call what is called
     * @return what it returns
     * @throws IllegalArgumentException if it throws, or does not return in time; an {@link
     *     IllegalArgumentException} of its own keeps its message
     */
    static <T> T call(String who, Callable<T> call) {
        return call(who, call, SECONDS);
    }

    /**
     * Calls it.
     *
     * @param who whose code it is, as the start of a sentence
     * @param call what is called
     * @param seconds how long it may take
     * @param <T> what it returns
     * @return what it returns
     * @throws HangsException if it does not return in time
     * @throws IllegalArgumentException if it throws; an {@link IllegalArgumentException} of its own
     *     keeps its message
     */
    public static <T> T call(String who, Callable<T> call, int seconds) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "plug-in");
        thread.setDaemon(true);
        Thread hook =
                new Thread(
                        () ->
                                System.err.println(
                                        "caadam: " + who + " ended this process by System.exit."),
                        "last-words");
        boolean hooked = hook(hook);
        thread.start();
        try {
            return task.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure(who, e.getCause());
        } catch (TimeoutException e) {
            throw new HangsException(
                    who + " does not return within " + seconds + " s; it hangs in " + where(thread),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException(who + " was interrupted.", e);
        } finally {
            if (hooked) {
                unhook(hook);
            }
        }
    }

    private static boolean hook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException e) {
            return false; // The process is ending already.
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, by this very call perhaps.
        }
    }

    private static String where(Thread thread) {
        for (StackTraceElement call : thread.getStackTrace()) {
            if (!call.getClassName().startsWith("java.")
                    && !call.getClassName().startsWith("jdk.")) {
                return call + ".";
            }
        }
        return "code of Java's own.";
    }

    private static IllegalArgumentException failure(String who, Throwable cause) {
        if (cause instanceof IllegalArgumentException own && own.getMessage() != null) {
            return new IllegalArgumentException(who + ": " + own.getMessage(), own);
        }
        return new IllegalArgumentException(who + " failed: " + words(cause) + ".", cause);
    }

    /** Says what was thrown, and for errors of linking what that means. */
    static String words(Throwable cause) {
        Throwable root = cause;
        while (root instanceof ExceptionInInitializerError && root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof UnsupportedClassVersionError) {
            return "it was built for a newer Java than "
                    + Runtime.version().feature()
                    + " ("
                    + root.getMessage()
                    + ")";
        }
        if (root instanceof NoClassDefFoundError) {
            return "it needs a class that neither its jar nor the suite has, "
                    + String.valueOf(root.getMessage()).replace('/', '.');
        }
        if (root instanceof LinkageError) {
            return "it was built for other versions of what it uses (" + root + ")";
        }
        return root.toString();
    }
}
