// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out what a process died of: from what it left in its log, its exit code and the kernel. */
final class WorkerDeath {

    /** What is added to a signal's number where one ended a process. */
    private static final int SIGNALLED = 128;

    private static final int KILLED = SIGNALLED + 9;

    private static final Map<Integer, String> SIGNALS =
            Map.of(
                    1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE",
                    9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM", 24, "SIGXCPU");

    private WorkerDeath() {}

    /**
     * Returns how many processes this machine's kernel has killed for want of memory.
     *
     * @return the number, or empty where the kernel does not say
     */
    static OptionalLong killedForMemory() {
        return value(Path.of("/proc/vmstat"), "oom_kill ");
    }

    /**
     * Returns the most memory that a process has had at once.
     *
     * @param pid its number
     * @return kilobytes, or empty where the kernel does not say
     */
    static OptionalLong mostKilobytes(long pid) {
        return value(Path.of("/proc/" + pid + "/status"), "VmHWM:");
    }

    private static OptionalLong value(Path file, String key) {
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(key)) {
                    String number = line.substring(key.length()).replaceAll("\\D", "");
                    return OptionalLong.of(Long.parseLong(number));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    /**
     * Describes a death.
     *
     * @param exitCode the exit code
     * @param log what the process printed last
     * @param moreKilledForMemory how many processes the kernel killed for want of memory since the
     *     run started, if it says
     * @param mostKilobytes the most memory that it was seen with, if the kernel says
     */
    static String describe(
            int exitCode,
            List<String> log,
            OptionalLong moreKilledForMemory,
            OptionalLong mostKilobytes) {
        return crash(log)
                .or(() -> memory(log))
                .or(() -> uncaught(log))
                .map(words -> "its worker " + words)
                .orElseGet(
                        () ->
                                exitCode == KILLED
                                        ? killed(moreKilledForMemory, mostKilobytes)
                                        : "its worker ended with exit code " + signal(exitCode));
    }

    private static String signal(int exitCode) {
        int signal = exitCode - SIGNALLED;
        return exitCode + (SIGNALS.containsKey(signal) ? " (" + SIGNALS.get(signal) + ")" : "");
    }

    /** What a JVM prints when native code crashes. */
    private static Optional<String> crash(List<String> log) {
        return after(log, "# A fatal error has been detected by the Java Runtime", 2)
                .map(
                        signal ->
                                "crashed in native code: "
                                        + signal
                                        + after(log, "# Problematic frame:", 1)
                                                .map(frame -> ", in " + frame)
                                                .orElse(""));
    }

    private static Optional<String> memory(List<String> log) {
        Optional<String> refused =
                after(log, "# There is insufficient memory for the Java Runtime", 1);
        return refused.isPresent()
                ? refused.map(words -> "got no memory from the machine: " + words)
                : log.stream()
                        .filter(line -> line.startsWith("Terminating due to java.lang.OutOf"))
                        .findFirst()
                        .map(line -> "is out of memory: " + line);
    }

    /** What C++ prints when nobody catches an exception. */
    private static Optional<String> uncaught(List<String> log) {
        return log.stream()
                .filter(line -> line.startsWith("terminate called"))
                .findFirst()
                .map(
                        line ->
                                "crashed in native code: "
                                        + line
                                        + after(log, "terminate called", 1)
                                                .map(what -> "; " + what)
                                                .orElse(""));
    }

    /** The line that follows another one, or the second after it, without its mark. */
    private static Optional<String> after(List<String> log, String start, int lines) {
        for (int i = 0; i < log.size() - lines; i++) {
            if (log.get(i).startsWith(start)) {
                return Optional.of(log.get(i + lines).replaceFirst("^#", "").trim())
                        .filter(line -> !line.isEmpty());
            }
        }
        return Optional.empty();
    }

    private static String killed(OptionalLong moreKilledForMemory, OptionalLong mostKilobytes) {
        String cause = "from outside, or by the kernel for want of memory";
        if (moreKilledForMemory.isPresent()) {
            cause =
                    moreKilledForMemory.getAsLong() > 0
                            ? "by the kernel, as memory ran out; make fewer runs at a time with"
                                    + " --workers"
                            : "from outside; the kernel killed nothing for want of memory";
        }
        return "its worker was killed (SIGKILL) "
                + cause
                + (mostKilobytes.isPresent()
                        ? "; it had " + (mostKilobytes.getAsLong() >> 10) + " MB at most"
                        : "");
    }
}
