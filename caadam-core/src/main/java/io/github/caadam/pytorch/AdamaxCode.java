package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.optimizer.Algorithm;
import io.github.caadam.optimizer.OptimizerSettings;

/** {@link Algorithm#ADAMAX} by operations on lists of parameters. */
final class AdamaxCode implements UpdateCode {

    private final OptimizerSettings settings;

    AdamaxCode(OptimizerSettings settings) {
        this.settings = settings;
    }

    @Override
    public void write(SourceWriter out, GroupNames group) {
        String moment = group.states().get(0);
        String norm = group.states().get(1);
        String gradients = WeightDecayCode.write(out, group, settings.weightDecay());
        out.line(call("torch._foreach_lerp_", moment, gradients, 1.0 - settings.beta1()));
        out.line(call("torch._foreach_mul_", norm, (double) settings.beta2()));
        out.line(call("torch._foreach_maximum_", norm, call("torch._foreach_abs", gradients)));
        String denominator = out.let("d", call("torch._foreach_add", norm, group.epsilon()));
        out.line(
                call(
                        "torch._foreach_addcdiv_",
                        group.weights(),
                        moment,
                        denominator,
                        keyword("value", "-" + group.moment())));
    }
}
