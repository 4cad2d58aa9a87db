package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.optimizer.Algorithm;
import io.github.caadam.optimizer.OptimizerSettings;

/** {@link Algorithm#NADAM} by operations on lists of parameters. */
final class NadamCode implements UpdateCode {

    private final OptimizerSettings settings;

    NadamCode(OptimizerSettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean usesGradient() {
        return true;
    }

    @Override
    public void write(SourceWriter out, GroupNames group) {
        String moment = group.states().get(0);
        String variance = group.states().get(1);
        String gradients = WeightDecayCode.write(out, group, settings.weightDecay());
        out.line(call("torch._foreach_lerp_", moment, gradients, 1.0 - settings.beta1()));
        out.line(call("torch._foreach_mul_", variance, (double) settings.beta2()));
        out.line(
                call(
                        "torch._foreach_addcmul_",
                        variance,
                        gradients,
                        gradients,
                        keyword("value", 1.0 - settings.beta2())));
        String root = call("torch._foreach_sqrt", variance);
        String denominator = out.let("d", call("torch._foreach_add", root, group.epsilon()));
        subtractQuotient(out, group.weights(), moment, denominator, group.moment());
        subtractQuotient(out, group.weights(), gradients, denominator, group.gradient());
    }

    private static void subtractQuotient(
            SourceWriter out, String weights, String dividend, String divisor, String factor) {
        out.line(
                call(
                        "torch._foreach_addcdiv_",
                        weights,
                        dividend,
                        divisor,
                        keyword("value", "-" + factor)));
    }
}
