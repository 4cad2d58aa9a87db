// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import io.github.caadam.rule.Slot;
import io.github.caadam.spi.StepRecipe;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Finds out which steps look at parameters as a whole, rather than at their elements alone. */
final class WholeArrays {

    private WholeArrays() {}

    /**
     * Writes a step for nobody.
     *
     * @param recipe what a step is
     * @param kinds the groups
     * @return for each group whether its lists must have an array for each parameter
     */
    static List<Boolean> areNeeded(StepRecipe recipe, List<GroupKind> kinds) {
        SourceWriter out = new SourceWriter();
        List<ScriptStep> steps =
                kinds.stream().map(kind -> step(out, kind, recipe.slots(kind.rule()))).toList();
        recipe.apply(
                steps, new ScriptWholeStep(out, recipe.rule().networkNumbers(), formula -> "0"));
        return IntStream.range(0, kinds.size())
                .mapToObj(
                        g ->
                                steps.get(g).isOfArrays()
                                        || recipe.slots(kinds.get(g).rule()).stream()
                                                .anyMatch(s -> s.part() != Slot.Part.WHOLE))
                .toList();
    }

    private static ScriptStep step(SourceWriter out, GroupKind kind, List<Slot> slots) {
        return new ScriptStep(
                out,
                kind.rule(),
                slots,
                new ScriptStep.Names(
                        "w",
                        "g",
                        Collections.nCopies(slots.size(), "s"),
                        "k",
                        kind.decays(),
                        false),
                formula -> "0");
    }
}
