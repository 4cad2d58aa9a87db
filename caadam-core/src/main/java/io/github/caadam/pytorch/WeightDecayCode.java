package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

/** The two weight decays where no kernel applies them. */
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
            out.line(call("torch._foreach_mul_", group.weights(), "1.0 - " + group.decay()));
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
