// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import io.github.caadam.scaling.WeightFactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes what learning rates that follow weights are multiplied by, of the weights before a step:
 * one number for each group, by one transfer from the device for all of them.
 */
final class FollowedWeights {

    private FollowedWeights() {}

    /** Returns the name of the list of arrays that a group follows. */
    static String list(int group) {
        return "R" + group;
    }

    /** Writes the lists of a program that knows the parameters by names. */
    static void writeBefore(
            SourceWriter out, List<TrainingProgram.ParameterGroup> groups, ParameterNames names) {
        for (int g = 0; g < groups.size(); g++) {
            if (groups.get(g).kind().follows()) {
                List<String> followed = groups.get(g).followed().stream().map(names::name).toList();
                out.line(list(g) + " = " + SourceWriter.list(followed));
            }
        }
    }

    /**
     * Writes the numbers.
     *
     * @param out where to
     * @param kinds the groups
     * @return the names of the numbers, by group; none for those that follow no weights
     */
    static Map<Integer, String> write(SourceWriter out, List<GroupKind> kinds) {
        List<String> norms = new ArrayList<>();
        List<Integer> groups = new ArrayList<>();
        for (int g = 0; g < kinds.size(); g++) {
            if (kinds.get(g).follows()) {
                String each = call("torch._foreach_norm", list(g), SourceWriter.keyword("ord", 2));
                String norm = call("torch.norm", call("torch.stack", each));
                norms.add(out.let("r", call("torch.to", norm, SourceWriter.FLOAT64)));
                groups.add(g);
            }
        }
        Map<Integer, String> names = new HashMap<>();
        if (norms.isEmpty()) {
            return names;
        }
        String stacked = call("torch.stack", SourceWriter.list(norms));
        String all = out.let("r", "annotate(List[float], " + stacked + ".tolist())");
        for (int i = 0; i < norms.size(); i++) {
            WeightFactor factor = kinds.get(groups.get(i)).ofNorm().orElseThrow();
            names.put(groups.get(i), out.let("r", expression(factor, all + "[" + i + "]")));
        }
        return names;
    }

    /** What is not a number must stand first, to stay so. */
    private static String expression(WeightFactor factor, String norm) {
        String raised = call("max", norm + " * " + factor.slope(), factor.floor());
        return Double.isInfinite(factor.ceiling()) ? raised : call("min", raised, factor.ceiling());
    }
}
