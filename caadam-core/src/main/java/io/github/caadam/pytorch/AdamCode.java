package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.optimizer.Algorithm;
import io.github.caadam.optimizer.OptimizerSettings;

/**
 * {@link Algorithm#ADAM} by PyTorch's fused kernel, which takes a list of parameters at once. The
 * kernel's own bias corrections are turned off by a late step: the coefficients have them.
 */
final class AdamCode implements UpdateCode {

    /** A number of a step at which {@code 1−βᵗ} is 1 for every {@code β} that is below 1. */
    static final float LATE_STEP = 1e30f;

    private static final String NO_ARRAYS = "none";

    private final OptimizerSettings settings;

    AdamCode(OptimizerSettings settings) {
        this.settings = settings;
    }

    @Override
    public int arrays() {
        return settings.amsgrad() ? 3 : 2;
    }

    @Override
    public void writeBefore(SourceWriter out) {
        out.line(NO_ARRAYS + " = annotate(List[Tensor], [])");
    }

    @Override
    public void write(SourceWriter out, GroupNames group) {
        String gradients = WeightDecayCode.write(out, group, 0);
        out.line(
                call(
                        "torch._fused_adam_",
                        group.weights(),
                        gradients,
                        group.states().get(0),
                        group.states().get(1),
                        settings.amsgrad() ? group.states().get(2) : NO_ARRAYS,
                        group.lateSteps(),
                        keyword("lr", group.moment()),
                        keyword("beta1", (double) settings.beta1()),
                        keyword("beta2", (double) settings.beta2()),
                        keyword("weight_decay", (double) settings.weightDecay()),
                        keyword("eps", group.epsilon()),
                        keyword("amsgrad", settings.amsgrad()),
                        keyword("maximize", false)));
    }
}
