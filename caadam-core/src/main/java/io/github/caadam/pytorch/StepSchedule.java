package io.github.caadam.pytorch;

import io.github.caadam.optimizer.UpdatePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps to come of the parameters of a plan, in groups whose steps all have the same numbers.
 * Parameters differ by factor and decay; by their step count, if some were frozen for a while; and
 * by their learning rate, if the tracker gives each its own.
 */
final class StepSchedule {

    private final int steps;
    private final List<List<UpdatePlan.Entry>> members;
    private final List<ParameterGroup> groups;

    private StepSchedule(
            int steps, List<List<UpdatePlan.Entry>> members, List<ParameterGroup> groups) {
        this.steps = steps;
        this.members = members;
        this.groups = groups;
    }

    /**
     * Reads the next steps of a plan.
     *
     * @param plan the plan
     * @param steps how many steps, 1 or more
     */
    static StepSchedule of(UpdatePlan plan, int steps) {
        Map<Sharing, List<Integer>> indices = new LinkedHashMap<>();
        for (int i = 0; i < plan.entries().size(); i++) {
            indices.computeIfAbsent(
                            Sharing.of(plan.entries().get(i), steps), sharing -> new ArrayList<>())
                    .add(i);
        }
        List<List<UpdatePlan.Entry>> members = new ArrayList<>();
        List<ParameterGroup> groups = new ArrayList<>();
        indices.forEach(
                (sharing, ofGroup) -> {
                    members.add(ofGroup.stream().map(plan.entries()::get).toList());
                    groups.add(new ParameterGroup(ofGroup, sharing.decay() != 0));
                });
        return new StepSchedule(steps, members, groups);
    }

    List<ParameterGroup> groups() {
        return groups;
    }

    /** Returns the parameters of a group. */
    List<UpdatePlan.Entry> members(int group) {
        return members.get(group);
    }

    /**
     * Returns the numbers of all steps: for each step those of each group, and last a 1 if denormal
     * moments are to be flushed behind it, or else a 0.
     *
     * @param update which numbers
     * @param flushed whether denormal moments are flushed at all
     */
    double[] numbers(UpdateCode update, boolean flushed) {
        int width = UpdateCode.NUMBERS * members.size() + 1;
        double[] numbers = new double[steps * width];
        int firstStep = members.get(0).get(0).step() + 1;
        for (int i = 0; i < steps; i++) {
            for (int g = 0; g < members.size(); g++) {
                double[] ofGroup = update.numbers(members.get(g).get(0).coefficients(i + 1));
                System.arraycopy(
                        ofGroup,
                        0,
                        numbers,
                        i * width + g * UpdateCode.NUMBERS,
                        UpdateCode.NUMBERS);
            }
            boolean due = DenormalCode.isDue(firstStep + i);
            numbers[(i + 1) * width - 1] = flushed && due ? 1 : 0;
        }
        return numbers;
    }

    /**
     * A group, as far as a program depends on it.
     *
     * @param members the indices of its parameters among the trained ones
     * @param decays whether decoupled weight decay applies
     */
    record ParameterGroup(List<Integer> members, boolean decays) {

        ParameterGroup {
            members = List.copyOf(members);
        }
    }

    /** What the parameters of a group have in common. */
    private record Sharing(double factor, float decay, int step, List<Float> rates) {

        static Sharing of(UpdatePlan.Entry entry, int steps) {
            List<Float> rates = new ArrayList<>(steps);
            for (int i = 0; i < steps; i++) {
                rates.add(entry.rate(i + 1));
            }
            return new Sharing(entry.factor(), entry.decay(), entry.step(), rates);
        }
    }
}
