package io.github.caadam.pytorch;

import io.github.caadam.optimizer.UpdatePlan;
import java.util.List;

/** The steps to come of the parameters of a plan, as a program takes them. */
final class StepSchedule {

    private final int steps;
    private final StepGroups groups;

    private StepSchedule(int steps, StepGroups groups) {
        this.steps = steps;
        this.groups = groups;
    }

    /**
     * Reads the next steps of a plan.
     *
     * @param plan the plan
     * @param steps how many steps, 1 or more
     */
    static StepSchedule of(UpdatePlan plan, int steps) {
        return new StepSchedule(steps, StepGroups.of(plan, steps));
    }

    /** Returns the groups, as far as a program depends on them. */
    List<ParameterGroup> groups() {
        return groups.groups().stream()
                .map(group -> new ParameterGroup(group.indices(), group.decays()))
                .toList();
    }

    /** Returns the parameters of a group. */
    List<UpdatePlan.Entry> members(int group) {
        return groups.groups().get(group).members();
    }

    /**
     * Returns the numbers of all steps: for each step those of each group, and last a 1 if denormal
     * moments are to be flushed behind it, or else a 0.
     *
     * @param update which numbers
     * @param flushed whether denormal moments are flushed at all
     */
    double[] numbers(UpdateCode update, boolean flushed) {
        int width = UpdateCode.NUMBERS * groups.groups().size() + 1;
        double[] numbers = new double[steps * width];
        int firstStep = members(0).get(0).step() + 1;
        for (int i = 0; i < steps; i++) {
            System.arraycopy(groups.numbers(update, i + 1), 0, numbers, i * width, width - 1);
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
}
