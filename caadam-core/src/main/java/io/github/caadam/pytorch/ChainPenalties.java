// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import ai.djl.nn.Parameter;
import java.util.List;

/** The penalties of a chain's parameters, and their gradients, written out. */
final class ChainPenalties {

    private final List<LossCode.Penalized> penalties;
    private final ParameterNames names;

    /**
     * Describes them.
     *
     * @param penalties the penalties
     * @param names the names of the parameters
     */
    ChainPenalties(List<LossCode.Penalized> penalties, ParameterNames names) {
        this.penalties =
                penalties.stream().filter(penalty -> !penalty.parameters().isEmpty()).toList();
        this.names = names;
    }

    private static String gradient(int penalty, int place) {
        return "pulled" + penalty + "_" + place;
    }

    private static String means(int penalty) {
        return "penalties" + penalty;
    }

    private List<Parameter> trained(int penalty) {
        return penalties.get(penalty).parameters().stream().filter(names::isTrained).toList();
    }

    /** Writes what comes before the first batch. */
    void writeBefore(SourceWriter out, FlatArrays arrays) {
        for (int i = 0; i < penalties.size(); i++) {
            List<Parameter> trained = trained(i);
            for (int k = 0; k < trained.size(); k++) {
                out.line(gradient(i, k) + " = " + arrays.gradient(trained.get(k)));
            }
            out.line(means(i) + " = annotate(List[Tensor], [])");
        }
    }

    /** Writes the penalties of a batch, and adds their gradients to those without them. */
    void writeBatch(SourceWriter out) {
        for (int i = 0; i < penalties.size(); i++) {
            LossCode.Penalized penalty = penalties.get(i);
            out.line(call(means(i) + ".append", penalty.writeValue(out, names::name)));
            List<Parameter> trained = trained(i);
            for (int k = 0; k < trained.size(); k++) {
                String alpha = keyword("alpha", 2 * penalty.lambda());
                String weights = names.name(trained.get(k));
                out.line(call("torch.add_", gradient(i, k), weights, alpha));
            }
        }
    }

    /**
     * Adds the penalties of all rows to a sum.
     *
     * @return the name of the sum of both
     */
    String writeAfter(SourceWriter out, String sum) {
        String total = sum;
        for (int i = 0; i < penalties.size(); i++) {
            total = out.let("t", call("torch.add", total, GradientCode.writeSum(out, means(i))));
        }
        return total;
    }
}
