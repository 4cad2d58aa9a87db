package io.github.caadam.pytorch;

import ai.djl.ndarray.types.DataType;
import io.github.caadam.optimizer.UpdatePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a plan in groups whose next step has the same numbers. */
final class StepGroups {

    private final List<Group> groups;

    private StepGroups(List<Group> groups) {
        this.groups = List.copyOf(groups);
    }

    /** Groups the parameters of a plan by what their next step is. */
    static StepGroups of(UpdatePlan plan) {
        Map<Sharing, List<UpdatePlan.Entry>> members = new LinkedHashMap<>();
        for (UpdatePlan.Entry entry : plan.entries()) {
            members.computeIfAbsent(Sharing.of(entry), sharing -> new ArrayList<>()).add(entry);
        }
        return new StepGroups(members.values().stream().map(Group::new).toList());
    }

    List<Group> groups() {
        return groups;
    }

    /** Returns whether the groups are those of the next step, too. */
    boolean hold() {
        for (Group group : groups) {
            if (!group.holds()) {
                return false;
            }
        }
        return true;
    }

    /** Returns the numbers of the next step, group by group. */
    double[] numbers(UpdateCode update) {
        double[] numbers = new double[UpdateCode.NUMBERS * groups.size()];
        for (int i = 0; i < groups.size(); i++) {
            double[] ofGroup = update.numbers(groups.get(i).first().coefficients(1));
            System.arraycopy(ofGroup, 0, numbers, UpdateCode.NUMBERS * i, UpdateCode.NUMBERS);
        }
        return numbers;
    }

    /**
     * Parameters whose steps are made together.
     *
     * @param members the parameters, one or more
     */
    record Group(List<UpdatePlan.Entry> members) {

        Group {
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
    private record Sharing(int step, float rate, double factor, float decay, DataType type) {

        static Sharing of(UpdatePlan.Entry entry) {
            return new Sharing(
                    entry.step(),
                    entry.rate(1),
                    entry.factor(),
                    entry.decay(),
                    entry.weight().getDataType());
        }
    }
}
