package io.github.caadam.pytorch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The numbers of single steps as a {@link StepProgram} takes them: those that its groups need, and
 * one {@code ε} for all groups that have made the same number of steps, so that the list that is
 * made for each step is short.
 */
final class StepNumbers {

    private static final int MOMENT = 0;
    private static final int GRADIENT = 1;
    private static final int EPSILON = 2;
    private static final int DECAY = 3;

    private static final String UNUSED = "0.0";

    private final UpdateCode update;
    private final List<StepGroups.Group> groups;
    private final List<Place> places = new ArrayList<>();
    private final List<List<String>> names = new ArrayList<>();

    /**
     * Where a number comes from.
     *
     * @param group the index of the group
     * @param number which of the group's
     */
    private record Place(int group, int number) {}

    /**
     * Decides which numbers there are.
     *
     * @param update what needs them
     * @param groups the groups
     */
    StepNumbers(UpdateCode update, List<StepGroups.Group> groups) {
        this.update = update;
        this.groups = groups;
        Map<Integer, String> epsilons = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            int group = i;
            names.add(
                    List.of(
                            add(group, MOMENT),
                            update.usesGradient() ? add(group, GRADIENT) : UNUSED,
                            epsilons.computeIfAbsent(
                                    groups.get(group).first().step(), step -> add(group, EPSILON)),
                            groups.get(group).decays() ? add(group, DECAY) : UNUSED));
        }
    }

    private String add(int group, int number) {
        places.add(new Place(group, number));
        return name(places.size() - 1);
    }

    private static String name(int place) {
        return "n" + place;
    }

    /** Returns the names of all numbers, in the order of {@link #next}. */
    List<String> names() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            all.add(name(i));
        }
        return all;
    }

    /** Returns the names that a group knows its numbers by, as {@link GroupNames#numbers}. */
    List<String> names(int group) {
        return names.get(group);
    }

    /** Returns the numbers of the next step. */
    double[] next() {
        double[][] ofGroups = new double[groups.size()][];
        for (int i = 0; i < ofGroups.length; i++) {
            ofGroups[i] = update.numbers(groups.get(i).first().coefficients(1));
        }
        double[] next = new double[places.size()];
        for (int i = 0; i < next.length; i++) {
            next[i] = ofGroups[places.get(i).group()][places.get(i).number()];
        }
        return next;
    }
}
