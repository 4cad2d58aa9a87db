package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.list;

import ai.djl.nn.Parameter;
import io.github.caadam.optimizer.OptimizerSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The source of a training: gathers the rows of all batches, then loops over the batches.
 *
 * <p>Its arguments are, in this order: features; labels; order; schedule, a row of numbers for each
 * step as {@link StepSchedule#numbers} gives them; {@link AdamCode#LATE_STEP}; and then, as lists,
 * for each group the weights and each state; the parameters that are not trained. It returns the
 * sum of the losses over all rows.
 */
final class TrainingProgram {

    private final GradientCode gradients;
    private final ParameterNames names;
    private final List<StepSchedule.ParameterGroup> groups;
    private final UpdateCode update;
    private final OptimizerSettings settings;
    private final int batchSize;
    private final boolean flushed;

    /**
     * Describes a program.
     *
     * @param gradients how gradients are computed
     * @param names the names of the parameters
     * @param groups the groups of trained parameters
     * @param update how steps are made
     * @param settings the optimizer's settings
     * @param batchSize the rows of a step
     * @param flushed whether denormal moments are flushed
     */
    TrainingProgram(
            GradientCode gradients,
            ParameterNames names,
            List<StepSchedule.ParameterGroup> groups,
            UpdateCode update,
            OptimizerSettings settings,
            int batchSize,
            boolean flushed) {
        this.gradients = gradients;
        this.names = names;
        this.groups = groups;
        this.update = update;
        this.settings = settings;
        this.batchSize = batchSize;
        this.flushed = flushed;
    }

    static String weights(int group) {
        return "W" + group;
    }

    static String state(int group, int array) {
        return "S" + group + "_" + array;
    }

    static final String OTHERS = "F";

    /** Writes the program. */
    String write() {
        SourceWriter out = new SourceWriter();
        out.begin("def forward(" + String.join(", ", parameters()) + ") -> Tensor:");
        out.line("x = torch.index_select(features, 0, order)");
        out.line("y = torch.index_select(labels, 0, order)");
        out.line("rows = torch.size(order, 0)");
        out.line("numbers = annotate(List[float], schedule.tolist())");
        out.line("steps = torch.floordiv(rows + " + (batchSize - 1) + ", " + batchSize + ")");
        out.line("width = torch.floordiv(torch.len(numbers), steps)");
        writeParameters(out);
        gradients.writeBefore(out);
        update.writeBefore(out);
        out.begin("for i in range(steps):");
        writeStep(out);
        out.end();
        String lastRows = out.let("r", "float(rows - (steps - 1) * " + batchSize + ")");
        out.line("return " + gradients.writeAfter(out, batchSize, lastRows));
        return out.toString();
    }

    private List<String> parameters() {
        List<String> lists = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            lists.add(weights(g));
            lists.addAll(states(g));
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
                                "order: Tensor",
                                "schedule: Tensor",
                                "late: Tensor"));
        lists.forEach(name -> parameters.add(name + ": List[Tensor]"));
        return parameters;
    }

    private void writeParameters(SourceWriter out) {
        for (int g = 0; g < groups.size(); g++) {
            StepSchedule.ParameterGroup group = groups.get(g);
            for (int k = 0; k < group.members().size(); k++) {
                Parameter parameter = names.trained().get(group.members().get(k));
                out.line(names.name(parameter) + " = " + weights(g) + "[" + k + "]");
                // The kernels walk through memory.
                out.line(
                        "assert "
                                + call("torch.is_contiguous", names.name(parameter))
                                + ", \"parameters must be contiguous in memory\"");
            }
            out.line(
                    lateSteps(g)
                            + " = "
                            + list(Collections.nCopies(group.members().size(), "late")));
        }
        for (int i = 0; i < names.others().size(); i++) {
            out.line(names.name(names.others().get(i)) + " = " + OTHERS + "[" + i + "]");
        }
    }

    private void writeStep(SourceWriter out) {
        String from = out.let("i", "i * " + batchSize);
        String to = out.let("i", "min(" + from + " + " + batchSize + ", rows)");
        String x = out.let("x", call("torch.slice", "x", 0, from, to));
        String y = out.let("y", call("torch.slice", "y", 0, from, to));
        List<String> computed = gradients.writeBatch(out, x, y);
        String at = out.let("i", "i * width");
        List<GroupNames> updated = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            updated.add(groupNames(out, g, computed, at));
        }
        updated.forEach(group -> update.write(out, group));
        if (flushed) {
            out.begin("if " + number(at, UpdateCode.NUMBERS * groups.size()) + " != 0.0:");
            updated.forEach(group -> DenormalCode.write(out, group.states()));
            out.end();
        }
    }

    private static String number(String at, int offset) {
        return "numbers[" + at + " + " + offset + "]";
    }

    private GroupNames groupNames(SourceWriter out, int index, List<String> computed, String at) {
        StepSchedule.ParameterGroup group = groups.get(index);
        String gradientList =
                out.let("g", list(group.members().stream().map(computed::get).toList()));
        List<String> numbers = new ArrayList<>();
        for (int j = 0; j < UpdateCode.NUMBERS; j++) {
            numbers.add(number(at, UpdateCode.NUMBERS * index + j));
        }
        return new GroupNames(
                weights(index),
                ClippingCode.write(out, gradientList, settings),
                states(index),
                lateSteps(index),
                numbers,
                group.decays());
    }

    private List<String> states(int group) {
        return IntStream.range(0, update.arrays()).mapToObj(array -> state(group, array)).toList();
    }

    private static String lateSteps(int group) {
        return "K" + group;
    }
}
