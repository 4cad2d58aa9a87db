// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.list;

import ai.djl.nn.Parameter;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Parameters as the arrays that came as arguments. */
final class SeparateArrays implements ParameterArrays {

    private final ParameterNames names;
    private final List<TrainingProgram.ParameterGroup> groups;
    private final Function<Parameter, String> gradients;

    /**
     * Describes them.
     *
     * @param names the names of the parameters
     * @param groups the groups of those that are trained
     * @param gradients gives the expression of a parameter's gradient
     */
    SeparateArrays(
            ParameterNames names,
            List<TrainingProgram.ParameterGroup> groups,
            Function<Parameter, String> gradients) {
        this.names = names;
        this.groups = groups;
        this.gradients = gradients;
    }

    @Override
    public void writeBefore(SourceWriter out) {
        for (int g = 0; g < groups.size(); g++) {
            List<Parameter> members = groups.get(g).members();
            for (int k = 0; k < members.size(); k++) {
                String name = names.name(members.get(k));
                out.line(name + " = " + TrainingProgram.weights(g) + "[" + k + "]");
                // The kernels walk through memory.
                out.line(
                        "assert "
                                + call("torch.is_contiguous", name)
                                + ", \"parameters must be contiguous in memory\"");
            }
            out.line(
                    TrainingProgram.lateSteps(g)
                            + " = "
                            + list(Collections.nCopies(members.size(), TrainingProgram.LATE)));
        }
        for (int i = 0; i < names.others().size(); i++) {
            out.line(
                    names.name(names.others().get(i))
                            + " = "
                            + TrainingProgram.OTHERS
                            + "["
                            + i
                            + "]");
        }
        FollowedWeights.writeBefore(out, groups, names);
    }

    @Override
    public String writeGradients(SourceWriter out, int group) {
        return out.let("g", list(groups.get(group).members().stream().map(gradients).toList()));
    }

    @Override
    public void writeAfter(SourceWriter out) {}
}
