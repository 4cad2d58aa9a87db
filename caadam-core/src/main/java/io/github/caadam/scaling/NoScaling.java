package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;

/** {@link ScalingStrategy#none()}. */
enum NoScaling implements ScalingStrategy {
    INSTANCE;

    @Override
    public double factor(ParameterStructure parameter, NetworkStructure network) {
        return 1;
    }

    @Override
    public String toString() {
        return "none";
    }
}
