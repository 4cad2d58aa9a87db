package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.optimizer.OptimizerSettings;

/** Rescales and clips the gradients of a group, each parameter's on its own. */
final class ClippingCode {

    private ClippingCode() {}

    /**
     * Writes it.
     *
     * @param out where to
     * @param gradients the name of the list of gradients
     * @param settings what to do
     * @return the name of the list of the resulting gradients
     */
    static String write(SourceWriter out, String gradients, OptimizerSettings settings) {
        String result = gradients;
        if (settings.rescaleGradient() != 1) {
            result =
                    out.let(
                            "g",
                            call(
                                    "torch._foreach_mul",
                                    result,
                                    (double) settings.rescaleGradient()));
        }
        if (settings.clipValue() >= 0) {
            double limit = settings.clipValue();
            String low = out.let("g", call("torch._foreach_clamp_min", result, -limit));
            result = out.let("g", call("torch._foreach_clamp_max", low, limit));
        } else if (settings.clipNorm() >= 0) {
            result = clipNorm(out, result, settings.clipNorm());
        }
        return result;
    }

    private static String clipNorm(SourceWriter out, String gradients, double limit) {
        String norms = out.let("n", call("torch._foreach_norm", gradients, keyword("ord", 2)));
        String bounded = out.let("n", call("torch._foreach_clamp_min", norms, limit));
        String scaled = out.let("g", call("torch._foreach_mul", gradients, limit));
        return out.let("g", call("torch._foreach_div", scaled, bounded));
    }
}
