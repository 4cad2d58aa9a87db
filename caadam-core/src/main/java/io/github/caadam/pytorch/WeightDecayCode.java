package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

/**
 * The two weight decays where no kernel applies them. The decoupled one subtracts {@code α·λ·θ},
 * rather than multiplying with {@code 1 − α·λ} as PyTorch's kernels do: that rounds {@code α·λ} to
 * a multiple of 6e-8, often by more than a thousandth, and to the same side in every step.
 */
final class WeightDecayCode {

    private WeightDecayCode() {}

    /**
     * Writes the decoupled decay of the weights, where there is one, and L2.
     *
     * @param out where to
     * @param group the names of what it works on
     * @param l2 the {@code λ} of the L2 decay
     * @return the name of the list of gradients, to which {@code λθ} is added
     */
    static String write(SourceWriter out, GroupNames group, float l2) {
        if (group.decays()) {
            out.line(
                    call(
                            "torch._foreach_add_",
                            group.weights(),
                            group.weights(),
                            SourceWriter.keyword("alpha", "-" + group.decay())));
        }
        if (l2 == 0) {
            return group.gradients();
        }
        return out.let(
                "g",
                call(
                        "torch._foreach_add",
                        group.gradients(),
                        group.weights(),
                        SourceWriter.keyword("alpha", (double) l2)));
    }
}
