// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Gives parameters that no backward pass has reached yet a gradient of zeros, as an array that the
 * engine adds to from then on. Until there is one, DJL hands out new zeros at each request.
 */
final class MissingGradients {

    private MissingGradients() {}

    static void create(NDArray weight) {
        if (!exists((PtNDArray) weight)) {
            boolean gradientMode = JniUtils.isGradMode();
            JniUtils.setGradMode(true);
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                PtNDArray nothing = (PtNDArray) weight.mul(weight.zerosLike()).sum();
                JniUtils.backward(nothing, (PtNDArray) nothing.onesLike(), false, false);
            } finally {
                JniUtils.setGradMode(gradientMode);
            }
        }
    }

    private static boolean exists(PtNDArray weight) {
        try (PtNDArray gradient = JniUtils.getGradient(weight)) {
            return gradient != null;
        }
    }
}
