// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import io.github.caadam.rule.Slot;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.spi.StepRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The source of single steps of an optimizer. It has these methods:
 *
 * <ul>
 *   <li>{@code step} makes a step of all groups and zeroes the gradients. Its arguments are the
 *       numbers of {@link #numbers} and a list of lists of arrays: for each group its weights, its
 *       gradients, a list for each slot, late steps, and the weights that its learning rate
 *       follows, if it follows any; then, where the rule has some, the numbers of the network. They
 *       are one argument because the engine checks the type of each in every step, which would make
 *       a step the slower the more groups there are. Gradients are zeroed group by group, while
 *       they are in the processor's caches.
 *   <li>{@code accumulate}, where a step is made of several batches, does what the others of them
 *       do. Its argument is the last one of {@code step}.
 *   <li>{@code flush} flushes denormal numbers; its arguments are the slots of the groups, a list
 *       for each slot of each group.
 *   <li>{@code contiguous} says whether arrays are laid out in memory as the kernels assume.
 * </ul>
 */
final class StepProgram {

    static final String STEP = "step";
    static final String ACCUMULATE = "accumulate";
    static final String FLUSH = "flush";
    static final String CONTIGUOUS = "contiguous";

    private final NumberTable numbers = new NumberTable();
    private final String source;

    /**
     * Writes the program.
     *
     * @param recipe what a step is
     * @param kinds the groups
     */
    StepProgram(StepRecipe recipe, List<GroupKind> kinds) {
        SourceWriter out = new SourceWriter();
        writeStep(out, recipe, kinds);
        out.line("");
        if (recipe.accumulates()) {
            writeAccumulation(out, recipe, kinds);
            out.line("");
        }
        List<List<String>> states = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            states.add(names(i, recipe, kinds.get(i)).states());
        }
        Stream<String> all = states.stream().flatMap(List::stream);
        out.begin("def " + FLUSH + "(" + parameters(all) + ") -> None:");
        for (int i = 0; i < kinds.size(); i++) {
            DenormalCode.write(out, recipe.slots(kinds.get(i).rule()), states.get(i));
        }
        out.line("pass");
        out.end();
        out.line("");
        out.begin("def " + CONTIGUOUS + "(" + parameters(Stream.of("arrays")) + ") -> bool:");
        out.line("result = True");
        out.begin("for i in range(torch.len(arrays)):");
        out.line("result = torch.__and__(result, torch.is_contiguous(arrays[i]))");
        out.end();
        out.line("return result");
        out.end();
        source = out.toString();
    }

    /** Returns the source. */
    String source() {
        return source;
    }

    /** Returns the numbers that a step takes. */
    NumberTable numbers() {
        return numbers;
    }

    private void writeStep(SourceWriter out, StepRecipe recipe, List<GroupKind> kinds) {
        SourceWriter body = out.deeper();
        Map<Integer, String> followed = FollowedWeights.write(body, kinds);
        ScriptWholeStep network =
                new ScriptWholeStep(
                        body,
                        recipe.rule().networkNumbers(),
                        formula -> number(numbers.addOfNetwork(formula)));
        recipe.apply(steps(body, recipe, kinds, followed), network);
        out.begin(
                "def " + STEP + "(self, numbers: List[float], lists: List[List[Tensor]]) -> None:");
        writeLists(out, recipe, kinds);
        if (numbers.size() > 0) {
            List<String> all =
                    IntStream.range(0, numbers.size()).mapToObj(StepProgram::number).toList();
            out.line(String.join(", ", all) + ", = numbers");
        }
        ScriptStep.writeBefore(out);
        out.append(body);
        out.end();
    }

    private void writeAccumulation(SourceWriter out, StepRecipe recipe, List<GroupKind> kinds) {
        out.begin("def " + ACCUMULATE + "(self, lists: List[List[Tensor]]) -> None:");
        writeLists(out, recipe, kinds);
        recipe.accumulate(steps(out, recipe, kinds, Map.of()));
        out.end();
    }

    private List<ScriptStep> steps(
            SourceWriter out,
            StepRecipe recipe,
            List<GroupKind> kinds,
            Map<Integer, String> followed) {
        List<ScriptStep> steps = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            int group = i;
            steps.add(
                    new ScriptStep(
                            out,
                            kinds.get(group).rule(),
                            recipe.slots(kinds.get(group).rule()),
                            names(group, recipe, kinds.get(group)),
                            formula -> number(group, formula, followed.get(group))));
        }
        return steps;
    }

    private static void writeLists(SourceWriter out, StepRecipe recipe, List<GroupKind> kinds) {
        List<String> lists = new ArrayList<>();
        for (int i = 0; i < kinds.size(); i++) {
            ScriptStep.Names names = names(i, recipe, kinds.get(i));
            lists.add(names.weights());
            lists.add(names.gradients());
            lists.addAll(names.states());
            lists.add(names.lateSteps());
            if (kinds.get(i).follows()) {
                lists.add(FollowedWeights.list(i));
            }
        }
        if (recipe.isOfNetwork()) {
            lists.add(ScriptWholeStep.NUMBERS);
        }
        out.line(String.join(", ", lists) + ", = lists");
    }

    private String number(int group, ToDoubleFunction<StepNumbers> formula, String followed) {
        if (followed == null) {
            return number(numbers.add(group, formula));
        }
        int place = numbers.addLinear(group, formula);
        return "(" + number(place) + " + " + number(place + 1) + " * " + followed + ")";
    }

    private static String number(int place) {
        return "n" + place;
    }

    private static ScriptStep.Names names(int group, StepRecipe recipe, GroupKind kind) {
        return new ScriptStep.Names(
                "W" + group,
                "G" + group,
                states("S" + group + "_", recipe.slots(kind.rule())),
                "T" + group,
                kind.decays(),
                true);
    }

    private static List<String> states(String prefix, List<Slot> slots) {
        return IntStream.range(0, slots.size()).mapToObj(i -> prefix + i).toList();
    }

    private static String parameters(Stream<String> lists) {
        return Stream.concat(Stream.of("self"), lists.map(name -> name + ": List[Tensor]"))
                .reduce((left, right) -> left + ", " + right)
                .orElseThrow();
    }
}
