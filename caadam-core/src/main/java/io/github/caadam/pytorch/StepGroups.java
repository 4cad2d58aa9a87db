// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.spi.RelativeRate;
import io.github.caadam.spi.UpdatePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a plan in groups whose next steps all have the same numbers. Parameters differ
 * by rule, by factor, by the weights that their rates follow, and by decay; by their step count, if
 * some were frozen for a while; by their learning rate, if the tracker gives each its own; and by
 * their type, which kernels do not mix.
 */
final class StepGroups {

    private final List<Group> groups;

    private StepGroups(List<Group> groups) {
        this.groups = List.copyOf(groups);
    }

    /**
     * Groups the parameters of a plan.
     *
     * @param plan the plan
     * @param rates the learning rates of the steps that are to have the same numbers, one or more:
     *     for each step those of all parameters
     */
    static StepGroups of(UpdatePlan plan, float[]... rates) {
        List<UpdatePlan.Entry> entries = plan.entries();
        Map<Sharing, List<Integer>> indices = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            List<Float> ofEntry = new ArrayList<>(rates.length);
            for (float[] step : rates) {
                ofEntry.add(step[i]);
            }
            indices.computeIfAbsent(Sharing.of(entries.get(i), ofEntry), k -> new ArrayList<>())
                    .add(i);
        }
        return new StepGroups(
                indices.values().stream()
                        .map(of -> new Group(of, of.stream().map(entries::get).toList()))
                        .toList());
    }

    List<Group> groups() {
        return groups;
    }

    /**
     * Returns whether the parameters of each group have the same numbers in the next step, too.
     *
     * @param rates the learning rates of all parameters in it
     */
    boolean hold(float[] rates) {
        for (Group group : groups) {
            if (!group.holds(rates)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the numbers of the groups in a step.
     *
     * @param rates the learning rates of all parameters in it
     * @param ahead which step, 1 for the next
     */
    StepNumbers[] numbers(float[] rates, int ahead) {
        StepNumbers[] numbers = new StepNumbers[groups.size()];
        BiasCorrections corrections = null;
        for (int i = 0; i < numbers.length; i++) {
            Group group = groups.get(i);
            int step = group.first().step() + ahead;
            if (corrections == null || corrections.step() != step) {
                corrections = new BiasCorrections(step);
            }
            numbers[i] = group.first().numbers(corrections, rates[group.indices().get(0)]);
        }
        return numbers;
    }

    /**
     * Parameters whose steps are made together.
     *
     * @param indices where the parameters are in the plan
     * @param members the parameters, one or more
     */
    record Group(List<Integer> indices, List<UpdatePlan.Entry> members) {

        Group {
            indices = List.copyOf(indices);
            members = List.copyOf(members);
        }

        UpdatePlan.Entry first() {
            return members.get(0);
        }

        GroupKind kind() {
            return GroupKind.of(first());
        }

        /** Returns the weights that learning rates follow; none if they follow none. */
        List<NDArray> followed() {
            return first().following().map(RelativeRate.Following::weights).orElse(List.of());
        }

        /** Factor and decay stay; step counts and learning rates need not change alike. */
        private boolean holds(float[] rates) {
            int step = first().step();
            float rate = rates[indices.get(0)];
            for (int i = 1; i < members.size(); i++) {
                if (members.get(i).step() != step || rates[indices.get(i)] != rate) {
                    return false;
                }
            }
            return true;
        }
    }

    /** What the parameters of a group have in common. */
    private record Sharing(
            UpdateRule rule,
            double ruleFactor,
            double factor,
            RelativeRate relative,
            float decay,
            int step,
            List<Float> rates,
            DataType type) {

        static Sharing of(UpdatePlan.Entry entry, List<Float> rates) {
            return new Sharing(
                    entry.rule(),
                    entry.ruleFactor(),
                    entry.factor(),
                    entry.relative(),
                    entry.weightDecay(),
                    entry.step(),
                    rates,
                    entry.weight().getDataType());
        }
    }
}
