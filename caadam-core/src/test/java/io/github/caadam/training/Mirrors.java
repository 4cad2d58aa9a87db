// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.Trainer;
import io.github.caadam.internal.PrivateFields;

/**
 * Makes what DJL makes where a model lies on another device than its training. The model's own
 * arrays are other memory than those that are trained, and say that they lie elsewhere.
 */
final class Mirrors {

    private static final Device OTHER = Device.of("elsewhere", 0);

    private Mirrors() {}

    /**
     * Gives the block of an initialized trainer other arrays; the trainer keeps the ones it has.
     */
    static void make(Trainer trainer) {
        for (Parameter parameter : trainer.getModel().getBlock().getParameters().values()) {
            NDArray own = parameter.getArray().duplicate();
            own.attach(trainer.getModel().getNDManager());
            assertThat(PrivateFields.write(own, PtNDArray.class, "device", OTHER)).isTrue();
            assertThat(PrivateFields.write(parameter, Parameter.class, "array", own)).isTrue();
            assertThat(parameter.getArray().getDevice()).isEqualTo(OTHER);
        }
    }
}
