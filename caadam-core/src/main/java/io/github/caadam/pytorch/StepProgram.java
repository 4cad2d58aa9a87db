package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import io.github.caadam.optimizer.OptimizerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The source of single steps of an optimizer. It has three methods:
 *
 * <ul>
 *   <li>{@code step} makes a step of all groups and zeroes the gradients. Its arguments are the
 *       {@link StepNumbers} and a list of lists of arrays: for each group its weights, its
 *       gradients, a list for each state, and late steps. They are one argument because the engine
 *       checks the type of each in every step, which would make a step the slower the more groups
 *       there are. Gradients are zeroed group by group, while they are in the processor's caches.
 *   <li>{@code flush} flushes denormal moments; its arguments are the states of all groups, a list
 *       for each.
 *   <li>{@code contiguous} says whether arrays are laid out in memory as the kernels assume.
 * </ul>
 */
final class StepProgram {

    static final String STEP = "step";
    static final String FLUSH = "flush";
    static final String CONTIGUOUS = "contiguous";

    private final UpdateCode update;
    private final OptimizerSettings settings;

    StepProgram(UpdateCode update, OptimizerSettings settings) {
        this.update = update;
        this.settings = settings;
    }

    /**
     * Writes the program for groups.
     *
     * @param groups the groups
     * @param numbers the numbers of their steps
     */
    String write(List<StepGroups.Group> groups, StepNumbers numbers) {
        SourceWriter out = new SourceWriter();
        writeStep(out, groups, numbers);
        out.line("");
        List<String> states = states("S");
        out.begin("def " + FLUSH + "(" + parameters(states.stream()) + ") -> None:");
        DenormalCode.write(out, states);
        out.end();
        out.line("");
        out.begin("def " + CONTIGUOUS + "(" + parameters(Stream.of("arrays")) + ") -> bool:");
        out.line("result = True");
        out.begin("for i in range(torch.len(arrays)):");
        out.line("result = torch.__and__(result, torch.is_contiguous(arrays[i]))");
        out.end();
        out.line("return result");
        out.end();
        return out.toString();
    }

    private void writeStep(SourceWriter out, List<StepGroups.Group> groups, StepNumbers numbers) {
        List<String> lists = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            GroupNames names = names(i, numbers, false);
            lists.add(names.weights());
            lists.add(names.gradients());
            lists.addAll(names.states());
            lists.add(names.lateSteps());
        }
        out.begin(
                "def " + STEP + "(self, numbers: List[float], lists: List[List[Tensor]]) -> None:");
        out.line(String.join(", ", lists) + ", = lists");
        out.line(String.join(", ", numbers.names()) + ", = numbers");
        update.writeBefore(out);
        for (int i = 0; i < groups.size(); i++) {
            GroupNames names = names(i, numbers, groups.get(i).decays());
            String gradients = ClippingCode.write(out, names.gradients(), settings);
            update.write(
                    out,
                    new GroupNames(
                            names.weights(),
                            gradients,
                            names.states(),
                            names.lateSteps(),
                            names.numbers(),
                            names.decays()));
            out.line(call("torch._foreach_zero_", names.gradients()));
        }
        out.end();
    }

    private GroupNames names(int group, StepNumbers numbers, boolean decays) {
        return new GroupNames(
                "W" + group,
                "G" + group,
                states("S" + group + "_"),
                "T" + group,
                numbers.names(group),
                decays);
    }

    private List<String> states(String prefix) {
        return IntStream.range(0, update.arrays()).mapToObj(i -> prefix + i).toList();
    }

    private static String parameters(Stream<String> lists) {
        return Stream.concat(Stream.of("self"), lists.map(name -> name + ": List[Tensor]"))
                .reduce((left, right) -> left + ", " + right)
                .orElseThrow();
    }
}
