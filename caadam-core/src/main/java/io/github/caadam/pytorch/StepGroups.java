package io.github.caadam.pytorch;

import ai.djl.ndarray.types.DataType;
import io.github.caadam.optimizer.UpdatePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a plan in groups whose next steps all have the same numbers. Parameters differ
 * by factor and decay; by their step count, if some were frozen for a while; by their learning
 * rate, if the tracker gives each its own; and by their type, which kernels do not mix.
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
     * @param steps how many steps are to have the same numbers, 1 or more
     */
    static StepGroups of(UpdatePlan plan, int steps) {
        List<UpdatePlan.Entry> entries = plan.entries();
        Map<Sharing, List<Integer>> indices = new LinkedHashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            Sharing sharing = Sharing.of(entries.get(i), steps);
            indices.computeIfAbsent(sharing, key -> new ArrayList<>()).add(i);
        }
        return new StepGroups(
                indices.values().stream()
                        .map(of -> new Group(of, of.stream().map(entries::get).toList()))
                        .toList());
    }

    List<Group> groups() {
        return groups;
    }

    /** Returns whether the parameters of each group have the same numbers in the next step, too. */
    boolean hold() {
        for (Group group : groups) {
            if (!group.holds()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the numbers of a step, group by group.
     *
     * @param update which numbers
     * @param ahead which step, 1 for the next
     */
    double[] numbers(UpdateCode update, int ahead) {
        double[] numbers = new double[UpdateCode.NUMBERS * groups.size()];
        for (int i = 0; i < groups.size(); i++) {
            double[] ofGroup = update.numbers(groups.get(i).first().coefficients(ahead));
            System.arraycopy(ofGroup, 0, numbers, UpdateCode.NUMBERS * i, UpdateCode.NUMBERS);
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

        boolean decays() {
            return first().decay() != 0;
        }

        /** Factor and decay stay; step counts and learning rates need not change alike. */
        private boolean holds() {
            int step = first().step();
            float rate = first().rate(1);
            for (int i = 1; i < members.size(); i++) {
                UpdatePlan.Entry member = members.get(i);
                if (member.step() != step || member.rate(1) != rate) {
                    return false;
                }
            }
            return true;
        }
    }

    /** What the parameters of a group have in common. */
    private record Sharing(double factor, float decay, int step, List<Float> rates, DataType type) {

        static Sharing of(UpdatePlan.Entry entry, int steps) {
            List<Float> rates = new ArrayList<>(steps);
            for (int i = 0; i < steps; i++) {
                rates.add(entry.rate(i + 1));
            }
            return new Sharing(
                    entry.factor(),
                    entry.decay(),
                    entry.step(),
                    rates,
                    entry.weight().getDataType());
        }
    }
}
