// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What JVMs and C++ print is from OpenJDK 17 and libstdc++ 12. */
class WorkerDeathTest {

    private static final OptionalLong UNKNOWN = OptionalLong.empty();

    @Test
    void signalsHaveNames() {
        assertThat(WorkerDeath.describe(143, List.of("last line"), UNKNOWN, UNKNOWN))
                .isEqualTo("its worker ended with exit code 143 (SIGTERM)");
        assertThat(WorkerDeath.describe(1, List.of(), UNKNOWN, UNKNOWN))
                .isEqualTo("its worker ended with exit code 1");
    }

    @Test
    void theKernelsKillerIsToldFromOthers() {
        assertThat(WorkerDeath.describe(137, List.of(), OptionalLong.of(1), OptionalLong.of(2048)))
                .isEqualTo(
                        "its worker was killed (SIGKILL) by the kernel, as memory ran out; make"
                                + " fewer runs at a time with --workers; it had 2 MB at most");
        assertThat(WorkerDeath.describe(137, List.of(), OptionalLong.of(0), UNKNOWN))
                .contains("from outside; the kernel killed nothing");
        assertThat(WorkerDeath.describe(137, List.of(), UNKNOWN, UNKNOWN))
                .contains("from outside, or by the kernel for want of memory");
    }

    @Test
    void nativeCrashesNameTheirFrame() {
        List<String> log =
                """
                #
                # A fatal error has been detected by the Java Runtime Environment:
                #
                #  SIGSEGV (0xb) at pc=0x00007f, pid=7, tid=8
                #
                # Problematic frame:
                # C  [libtorch_cpu.so+0x12]  at::native::add
                #
                """
                        .lines()
                        .toList();

        assertThat(WorkerDeath.describe(134, log, UNKNOWN, UNKNOWN))
                .isEqualTo(
                        "its worker crashed in native code: SIGSEGV (0xb) at pc=0x00007f, pid=7,"
                                + " tid=8, in C  [libtorch_cpu.so+0x12]  at::native::add");
    }

    @Test
    void exceptionsThatCppDidNotCatchAreCited() {
        List<String> log =
                List.of(
                        "terminate called after throwing an instance of 'c10::Error'",
                        "  what():  bad shape");

        assertThat(WorkerDeath.describe(134, log, UNKNOWN, UNKNOWN))
                .isEqualTo(
                        "its worker crashed in native code: terminate called after throwing an"
                                + " instance of 'c10::Error'; what():  bad shape");
    }

    @Test
    void memoryThatTheMachineRefusesIsNamed() {
        List<String> log =
                List.of(
                        "# There is insufficient memory for the Java Runtime Environment to go on.",
                        "# Native memory allocation (mmap) failed to map 16384 bytes");

        assertThat(WorkerDeath.describe(1, log, UNKNOWN, UNKNOWN))
                .isEqualTo(
                        "its worker got no memory from the machine: Native memory allocation (mmap)"
                                + " failed to map 16384 bytes");
        assertThat(
                        WorkerDeath.describe(
                                3,
                                List.of("Terminating due to java.lang.OutOfMemoryError: heap"),
                                UNKNOWN,
                                UNKNOWN))
                .isEqualTo(
                        "its worker is out of memory: Terminating due to"
                                + " java.lang.OutOfMemoryError: heap");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theKernelSaysWhatAProcessHad() {
        long self = ProcessHandle.current().pid();

        assertThat(WorkerDeath.mostKilobytes(self).getAsLong()).isGreaterThan(10_000);
        assertThat(WorkerDeath.mostKilobytes(Integer.MAX_VALUE)).isEmpty();
    }
}
