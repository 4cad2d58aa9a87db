// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.sun.jna.Pointer;
import io.github.caadam.experiments.cli.Main;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A worker with a library in it that does what no library should, in the middle of a run. */
final class HostileWorker {

    private static final long NOWHERE = 8;

    private HostileWorker() {}

    /** Takes the deed, and then the arguments of a worker. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Thread library = new Thread(() -> lurk(arguments[0]), "library");
        library.setDaemon(true);
        library.start();
        if (arguments[0].equals("never-connect")) {
            Thread.sleep(Long.MAX_VALUE);
        }
        if (arguments[0].equals("gibberish")) {
            talkNonsense(Path.of(arguments[arguments.length - 1]));
        }
        Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void talkNonsense(Path socket) throws IOException {
        WorkerLink link = WorkerLink.connect(socket);
        while (link.receive().isPresent()) {
            link.send("gibberish");
        }
    }

    private static void lurk(String deed) {
        try {
            while (!isARunUnderWay()) {
                Thread.sleep(5);
            }
            harm(deed);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isARunUnderWay() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(call -> call.getClassName().endsWith(".TrainingLoop"));
    }

    @SuppressWarnings({"deprecation", "removal"}) // Leaves the thread as a deadlock would.
    private static void suspendTheTraining() {
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("main"))
                .forEach(Thread::suspend);
    }

    private static void harm(String deed) throws IOException, InterruptedException {
        switch (deed) {
            case "exit" -> System.exit(0);
            case "halt" -> Runtime.getRuntime().halt(3);
            case "crash" -> new Pointer(NOWHERE).setByte(0, (byte) 1);
            case "hang" -> suspendTheTraining();
            case "print" -> {
                while (true) {
                    System.out.println("{\"run\":null,\"failure\":\"a lie\",\"spent\":false}");
                    System.out.write(new byte[] {0, 0, 0, 1, '{'});
                }
            }
            default -> {
                String self = Long.toString(ProcessHandle.current().pid());
                new ProcessBuilder("kill", "-" + deed, self).start().waitFor();
            }
        }
    }
}
