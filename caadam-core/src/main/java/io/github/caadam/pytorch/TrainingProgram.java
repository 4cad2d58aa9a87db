// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import ai.djl.nn.Parameter;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.spi.StepRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The source of a training: a loop over batches of rows.
 *
 * <p>Its arguments are, in this order: features; labels; the rows of a batch, and 1 if predictions
 * are wanted, or else 0; schedule, for each batch its {@link #numbers} and what a {@link
 * BatchSchedule} adds to them; {@link ScriptStep#LATE_STEP}; and then, as lists, for each group the
 * weights and each slot; where the rule has some, the numbers of the network; the parameters that
 * are not trained. It returns the sum of the losses over all rows and, if wanted, the predictions
 * of all rows, each made before the step of its batch.
 */
final class TrainingProgram {

    static final String OTHERS = "F";
    static final String LATE = "late";

    private final GradientCode gradients;
    private final ParameterNames names;
    private final List<ParameterGroup> groups;
    private final StepRecipe recipe;
    private final boolean flushed;
    private final NumberTable numbers = new NumberTable();

    /**
     * A group, as far as a program depends on it.
     *
     * @param members its parameters
     * @param followed the parameters whose weights its learning rate follows
     * @param kind what else its steps depend on
     */
    record ParameterGroup(List<Parameter> members, List<Parameter> followed, GroupKind kind) {

        ParameterGroup {
            members = List.copyOf(members);
            followed = List.copyOf(followed);
        }
    }

    /**
     * Describes a program.
     *
     * @param gradients how gradients are computed
     * @param names the names of the parameters
     * @param groups the groups of trained parameters
     * @param recipe what a step is
     * @param flushed whether denormal numbers are flushed
     */
    TrainingProgram(
            GradientCode gradients,
            ParameterNames names,
            List<ParameterGroup> groups,
            StepRecipe recipe,
            boolean flushed) {
        this.gradients = gradients;
        this.names = names;
        this.groups = groups;
        this.recipe = recipe;
        this.flushed = flushed;
    }

    static String weights(int group) {
        return "W" + group;
    }

    static String state(int group, int slot) {
        return "S" + group + "_" + slot;
    }

    /** Returns the numbers that a step takes, once the program is written. */
    NumberTable numbers() {
        return numbers;
    }

    /** Writes the program. */
    String write() {
        SourceWriter out = new SourceWriter();
        ParameterArrays arrays = gradients.arrays(groups, recipe);
        out.begin("def forward(" + String.join(", ", parameters()) + ") -> List[Tensor]:");
        out.line("x = torch.contiguous(features)");
        out.line("y = torch.contiguous(labels)");
        out.line("rows = torch.size(features, 0)");
        out.line("size = int(batch[0])");
        out.line("predicts = int(batch[1]) != 0");
        out.line(GradientCode.PREDICTED + " = annotate(List[Tensor], [])");
        out.line("numbers = annotate(List[float], schedule.tolist())");
        out.line("steps = torch.floordiv(rows + size - 1, size)");
        out.line("width = torch.floordiv(torch.len(numbers), steps)");
        arrays.writeBefore(out);
        ScriptStep.writeBefore(out);
        String sum = gradients.writeBatches(out, step -> writeStep(step, arrays));
        arrays.writeAfter(out);
        out.line("results = annotate(List[Tensor], [" + sum + "])");
        out.begin("if predicts:");
        out.line(call("results.append", call("torch.cat", GradientCode.PREDICTED)));
        out.end();
        out.line("return results");
        return out.toString();
    }

    private List<String> parameters() {
        List<String> lists = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            lists.add(weights(g));
            lists.addAll(states(g));
        }
        if (recipe.isOfNetwork()) {
            lists.add(ScriptWholeStep.NUMBERS);
        }
        if (!names.others().isEmpty()) {
            lists.add(OTHERS);
        }
        List<String> parameters =
                new ArrayList<>(
                        List.of(
                                "self",
                                "features: Tensor",
                                "labels: Tensor",
                                "batch: Tensor",
                                "schedule: Tensor",
                                LATE + ": Tensor"));
        lists.forEach(name -> parameters.add(name + ": List[Tensor]"));
        return parameters;
    }

    private void writeStep(SourceWriter out, ParameterArrays arrays) {
        String at = out.let("i", "i * width");
        List<String> lists =
                IntStream.range(0, groups.size())
                        .mapToObj(g -> arrays.writeGradients(out, g))
                        .toList();
        if (recipe.accumulates()) {
            out.begin("if numbers[" + at + " + width - 2] != 0.0:");
            writeUpdate(out, lists, at);
            out.end();
            out.begin("else:");
            recipe.accumulate(steps(out, lists, at, Map.of()));
            out.end();
        } else {
            writeUpdate(out, lists, at);
        }
    }

    private void writeUpdate(SourceWriter out, List<String> gradientLists, String at) {
        Map<Integer, String> followed =
                FollowedWeights.write(out, groups.stream().map(ParameterGroup::kind).toList());
        ScriptWholeStep network =
                new ScriptWholeStep(
                        out,
                        recipe.rule().networkNumbers(),
                        formula -> number(at, numbers.addOfNetwork(formula)));
        recipe.apply(steps(out, gradientLists, at, followed), network);
        if (flushed) {
            out.begin("if numbers[" + at + " + width - 1] != 0.0:");
            for (int g = 0; g < groups.size(); g++) {
                DenormalCode.write(out, slots(g), states(g));
            }
            out.end();
        }
    }

    private List<ScriptStep> steps(
            SourceWriter out,
            List<String> gradientLists,
            String at,
            Map<Integer, String> followed) {
        List<ScriptStep> steps = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            int group = g;
            steps.add(
                    new ScriptStep(
                            out,
                            groups.get(g).kind().rule(),
                            slots(g),
                            new ScriptStep.Names(
                                    weights(g),
                                    gradientLists.get(g),
                                    states(g),
                                    lateSteps(g),
                                    groups.get(g).kind().decays(),
                                    false),
                            formula -> number(group, formula, at, followed.get(group))));
        }
        return steps;
    }

    private String number(
            int group, ToDoubleFunction<StepNumbers> formula, String at, String followed) {
        if (followed == null) {
            return number(at, numbers.add(group, formula));
        }
        int place = numbers.addLinear(group, formula);
        return "(" + number(at, place) + " + " + number(at, place + 1) + " * " + followed + ")";
    }

    private static String number(String at, int place) {
        return "numbers[" + at + " + " + place + "]";
    }

    private List<String> states(int group) {
        return IntStream.range(0, slots(group).size())
                .mapToObj(slot -> state(group, slot))
                .toList();
    }

    private List<Slot> slots(int group) {
        return recipe.slots(groups.get(group).kind().rule());
    }

    static String lateSteps(int group) {
        return "K" + group;
    }
}
