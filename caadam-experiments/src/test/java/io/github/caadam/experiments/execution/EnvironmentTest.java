// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

    /** Else no two stores would have a place in common. */
    @Test
    void whereAWorkerWritesItsCrashesIsNoFactOfItsPlace() {
        assertThat(
                        Environment.flags(
                                List.of(
                                        "-XX:ErrorFile=/work/out/hs_err_pid%p.log",
                                        "-Xmx220m", "-Dcaadam.workers=2", "-XX:+UseSerialGC")))
                .isEqualTo("-Xmx220m -XX:+UseSerialGC");
    }

    @Test
    void propertiesThatChooseOtherKernelsAreFactsOfAPlace() {
        assertThat(
                        Environment.flags(
                                List.of(
                                        "-Dai.djl.pytorch.cudnn_benchmark=true",
                                        "-Dcaadam.checkpointSeconds=0",
                                        "-Dcaadam.programs=explicit-gradients")))
                .isEqualTo(
                        "-Dai.djl.pytorch.cudnn_benchmark=true"
                                + " -Dcaadam.programs=explicit-gradients");
    }
}
