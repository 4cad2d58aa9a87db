package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.optimizer.Algorithm;
import io.github.caadam.optimizer.OptimizerSettings;
import io.github.caadam.optimizer.StepCoefficients;

/**
 * {@link Algorithm#ADAM} by PyTorch's fused kernels, which take a list of parameters at once. The
 * kernels' own bias corrections are turned off by a late step: the coefficients have them.
 */
final class AdamCode implements UpdateCode {

    /** A number of a step at which {@code 1−βᵗ} is 1 for every {@code β} that is below 1. */
    static final float LATE_STEP = 1e30f;

    /**
     * Where the rate is 0, the kernel still has to decay, which it does by rate times decay. This
     * rate makes no step: it is 0 in single precision.
     */
    private static final double SMALLEST_RATE = 1e-100;

    private final OptimizerSettings settings;

    AdamCode(OptimizerSettings settings) {
        this.settings = settings;
    }

    @Override
    public double[] numbers(StepCoefficients coefficients) {
        double rate = Math.max(coefficients.moment(), SMALLEST_RATE);
        return new double[] {
            rate, 0, coefficients.epsilon(), coefficients.decay() / rate,
        };
    }

    @Override
    public int arrays() {
        return settings.amsgrad() ? 3 : 2;
    }

    @Override
    public void write(SourceWriter out, GroupNames group) {
        out.line(
                call(
                        group.decays() ? "torch._fused_adamw_" : "torch._fused_adam_",
                        group.weights(),
                        group.gradients(),
                        group.states().get(0),
                        group.states().get(1),
                        settings.amsgrad() ? group.states().get(2) : "annotate(List[Tensor], [])",
                        group.lateSteps(),
                        keyword("lr", group.moment()),
                        keyword("beta1", (double) settings.beta1()),
                        keyword("beta2", (double) settings.beta2()),
                        keyword(
                                "weight_decay",
                                group.decays() ? group.decay() : (double) settings.weightDecay()),
                        keyword("eps", group.epsilon()),
                        keyword("amsgrad", settings.amsgrad()),
                        keyword("maximize", false)));
    }
}
