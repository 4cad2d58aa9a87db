// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.Improvement;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in words what the numbers of a group of runs say, and no more. */
final class Findings {

    private static final int DIGITS = 4;

    /** With fewer runs than this, a test finds large differences only. */
    private static final int FEW = 5;

    private final RunGroup group;
    private final List<Improvement> improvements;
    private final PageIndex index;

    Findings(PageIndex index, RunGroup group, List<Improvement> improvements) {
        this.index = index;
        this.group = group;
        this.improvements = improvements;
    }

    /**
     * What is said about a problem.
     *
     * @param problem its name
     * @param text the words
     */
    record Finding(String problem, String text) {}

    List<Finding> byProblem() {
        return group.problems().stream()
                .map(problem -> new Finding(index.label(group, problem), describe(problem)))
                .toList();
    }

    /** What holds over all problems: who leads where, who differs from the baseline where. */
    List<String> overview() {
        List<String> sentences = new ArrayList<>();
        if (group.problems().size() > 1) {
            sentences.add(describeLeaders());
            describeVerdicts().ifPresent(sentences::add);
        }
        int fewest =
                improvements.stream()
                        .mapToInt(one -> Math.min(one.value().n(), one.baselineValue().n()))
                        .min()
                        .orElse(FEW);
        if (fewest < 2) {
            sentences.add(
                    "Where there is one run only, nothing can be said about chance: the order may"
                            + " change with the next run.");
        } else if (fewest < FEW) {
            sentences.add(
                    "With as few as "
                            + fewest
                            + " runs of an optimizer, tests find large differences only.");
        }
        return sentences;
    }

    private String describeLeaders() {
        Map<String, Integer> wins = new LinkedHashMap<>();
        for (Problem problem : group.problems()) {
            if (!group.best(problem).isEmpty()) {
                wins.merge(joined(labels(group.best(problem))), 1, Integer::sum);
            }
        }
        if (wins.isEmpty()) {
            return "No mean is called the " + superlative() + ", as every optimizer lost runs.";
        }
        List<String> parts =
                wins.entrySet().stream()
                        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                        .map(entry -> entry.getKey() + " on " + entry.getValue())
                        .toList();
        return "The "
                + superlative()
                + " mean "
                + group.measure().title()
                + " is that of "
                + String.join(", ", parts)
                + " of the "
                + problems()
                + ".";
    }

    private Optional<String> describeVerdicts() {
        if (improvements.isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        for (Configuration configuration : group.configurations()) {
            List<Verdict> verdicts =
                    improvements.stream()
                            .filter(one -> one.configuration().equals(configuration))
                            .map(Verdict::of)
                            .toList();
            List<String> counts = new ArrayList<>();
            for (Verdict verdict : List.of(Verdict.BETTER, Verdict.WORSE)) {
                long count = verdicts.stream().filter(verdict::equals).count();
                if (count > 0) {
                    counts.add(verdict.label() + " on " + count);
                }
            }
            if (!counts.isEmpty()) {
                parts.add(configuration.label() + " " + joined(counts) + " of " + verdicts.size());
            }
        }
        return Optional.of(
                parts.isEmpty()
                        ? "No difference from " + baseline() + " is significant on any of them."
                        : "Significantly different from "
                                + baseline()
                                + ": "
                                + String.join("; ", parts)
                                + ".");
    }

    private String baseline() {
        return group.baseline().label();
    }

    private String problems() {
        return group.problems().size() + (group.datasets().size() == 1 ? " networks" : " problems");
    }

    private String describe(Problem problem) {
        List<String> sentences = new ArrayList<>();
        sentences.add(describeBest(problem));
        describeFlattered(problem).ifPresent(sentences::add);
        if (group.runs(problem, group.baseline()).isEmpty()) {
            sentences.add("There are no runs of " + baseline() + " to compare with.");
        } else {
            for (Verdict verdict : Verdict.values()) {
                describe(problem, verdict).ifPresent(sentences::add);
            }
        }
        return String.join(" ", sentences);
    }

    private String describeBest(Problem problem) {
        List<Configuration> all = group.configurations(problem);
        List<Configuration> leaders = group.best(problem);
        if (leaders.isEmpty()) {
            return "Every optimizer lost runs, so that none has the "
                    + superlative()
                    + " mean "
                    + group.measure().title()
                    + ".";
        }
        Configuration leader = leaders.get(0);
        String metric = group.measure().title();
        String best = Numbers.decimals(group.mean(problem, leader), DIGITS);
        if (all.size() == 1) {
            return "Only " + leader.label() + " was run: mean " + metric + " " + best + ".";
        }
        if (leaders.size() == all.size()) {
            return "All "
                    + all.size()
                    + " optimizers have the same mean "
                    + metric
                    + ", "
                    + best
                    + ".";
        }
        String subject = joined(labels(leaders));
        String verb = leaders.size() == 1 ? " has the " : " share the ";
        return subject
                + verb
                + superlative()
                + " mean "
                + metric
                + ", "
                + best
                + comparison(problem, leaders)
                + ".";
    }

    /** What would lead if its lost runs did not count. */
    private Optional<String> describeFlattered(Problem problem) {
        List<Configuration> leaders = group.best(problem);
        double sign = group.lowerIsBetter() ? 1 : -1;
        List<String> parts =
                group.configurations(problem).stream()
                        .filter(one -> group.counts(problem, one).lost() > 0)
                        .filter(
                                one ->
                                        leaders.isEmpty()
                                                || sign * group.mean(problem, one)
                                                        <= sign
                                                                * group.mean(
                                                                        problem, leaders.get(0)))
                        .map(one -> describeLost(problem, one))
                        .toList();
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Means over finished runs only, which flatter: " + joined(parts) + ".");
    }

    private String describeLost(Problem problem, Configuration one) {
        Counts counts = group.counts(problem, one);
        return one.label()
                + " "
                + Numbers.decimals(group.mean(problem, one), DIGITS)
                + " ("
                + counts.lost()
                + " of "
                + counts.planned()
                + " runs lost)";
    }

    /** How far the leader is from the baseline, or from the next where that leads. */
    private String comparison(Problem problem, List<Configuration> leaders) {
        if (leaders.contains(group.baseline())) {
            return ranked(problem).stream()
                    .filter(one -> !leaders.contains(one))
                    .findFirst()
                    .map(
                            next ->
                                    "; next is "
                                            + next.label()
                                            + " with "
                                            + Numbers.decimals(group.mean(problem, next), DIGITS))
                    .orElse("");
        }
        return improvements.stream()
                .filter(
                        one ->
                                one.problem().equals(problem)
                                        && one.configuration().equals(leaders.get(0)))
                .findFirst()
                .map(this::againstBaseline)
                .orElse("");
    }

    private String againstBaseline(Improvement improvement) {
        String theirs = Numbers.decimals(improvement.baselineValue().mean(), DIGITS);
        double percent = improvement.byValue().improvementPercent();
        String distance =
                Double.isFinite(percent) ? Numbers.decimals(Math.abs(percent), 2) + " % " : "";
        String direction = group.lowerIsBetter() ? "below" : "above";
        String p =
                Double.isNaN(improvement.holmP())
                        ? ""
                        : " (corrected " + Numbers.pEquals(improvement.holmP()) + ")";
        return ", " + distance + direction + " " + baseline() + "’s " + theirs + p;
    }

    private Optional<String> describe(Problem problem, Verdict verdict) {
        List<String> labels =
                improvements.stream()
                        .filter(one -> one.problem().equals(problem))
                        .filter(one -> Verdict.of(one) == verdict)
                        .map(one -> one.configuration().label())
                        .toList();
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        if (verdict == Verdict.UNDECIDED
                && labels.size() > 1
                && labels.size() == group.configurations(problem).size() - 1) {
            return Optional.of("No optimizer differs significantly from " + baseline() + ".");
        }
        String start =
                switch (verdict) {
                    case BETTER -> "Significantly better than " + baseline() + ": ";
                    case WORSE -> "Significantly worse: ";
                    case UNDECIDED -> "No significant difference from " + baseline() + ": ";
                    case UNTESTABLE ->
                            "Not testable, for want of a second run or of runs that vary: ";
                    case LOST -> "No verdict, as more than 10 % of the runs of a side were lost: ";
                };
        return Optional.of(start + joined(labels) + ".");
    }

    /** The configurations that lost no runs, the best first. */
    private List<Configuration> ranked(Problem problem) {
        double sign = group.lowerIsBetter() ? 1 : -1;
        return group.configurations(problem).stream()
                .filter(one -> group.counts(problem, one).lost() == 0)
                .sorted(
                        (one, other) ->
                                Double.compare(
                                        sign * group.mean(problem, one),
                                        sign * group.mean(problem, other)))
                .toList();
    }

    private String superlative() {
        return group.lowerIsBetter() ? "lowest" : "highest";
    }

    private static List<String> labels(List<Configuration> configurations) {
        return configurations.stream().map(Configuration::label).toList();
    }

    /** Such as {@code a}, {@code a and b}, {@code a, b and c}. */
    private static String joined(List<String> parts) {
        int last = parts.size() - 1;
        return last == 0
                ? parts.get(0)
                : parts.subList(0, last).stream().collect(Collectors.joining(", "))
                        + " and "
                        + parts.get(last);
    }
}
