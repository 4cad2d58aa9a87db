// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.Profile;
import io.github.caadam.experiments.analysis.RateResponse;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.analysis.Target;
import io.github.caadam.experiments.analysis.TargetContrast;
import io.github.caadam.experiments.analysis.TimeToTarget;
import io.github.caadam.experiments.report.html.PageData.RateSeries;
import io.github.caadam.experiments.report.html.PageData.RatesData;
import io.github.caadam.experiments.report.html.PageData.StepSeries;
import io.github.caadam.experiments.report.html.PageData.StepsData;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.StudyRuns;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of a group beside those of its runs: profiles, times to targets, learning rates. */
final class GroupFigures {

    private static final String VALIDATION_LOSS = "validation loss";

    private final PageIndex index;
    private final PageTables tables;
    private final ReportInput input;
    private final List<StepsData> steps = new ArrayList<>();
    private final List<RatesData> rates = new ArrayList<>();

    GroupFigures(PageIndex index, PageTables tables, ReportInput input) {
        this.index = index;
        this.tables = tables;
        this.input = input;
    }

    List<StepsData> steps() {
        return steps;
    }

    List<RatesData> rates() {
        return rates;
    }

    /** The figures that the runs of a group allow. */
    List<Page.Figures> of(RunGroup group, String id) {
        List<Page.Figures> figures = new ArrayList<>();
        TimeToTarget time = new TimeToTarget(input.runs(), group);
        List<TargetContrast> contrasts = time.contrasts();
        if (!contrasts.isEmpty()) {
            int from = steps.size();
            addTimes(group, contrasts);
            figures.add(
                    new Page.Figures(
                            "steps",
                            "Time to target",
                            "The share of the runs that have reached a value. The sooner a line"
                                    + " rises, the better.",
                            places(from, steps.size()),
                            List.of(tables.targets(group, contrasts, id + "-targets"))));
        }
        List<Profile> profiles = new ArrayList<>(Profile.of(group));
        profiles.addAll(time.profiles());
        if (!profiles.isEmpty()) {
            int from = steps.size();
            addProfiles(group, profiles);
            figures.add(
                    new Page.Figures(
                            "steps",
                            "Performance profiles",
                            "On what share of the problems an optimizer comes how near to the best"
                                    + " one. The higher a line, the better.",
                            places(from, steps.size()),
                            List.of(tables.profiles(group, profiles, id + "-profiles"))));
        }
        int from = rates.size();
        addRates(group);
        if (rates.size() > from) {
            figures.add(
                    new Page.Figures(
                            "rates",
                            "Learning rates",
                            "Means over runs by learning rate, with their 95 % intervals.",
                            places(from, rates.size()),
                            List.of()));
        }
        return figures;
    }

    private static String places(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    private void addTimes(RunGroup group, List<TargetContrast> contrasts) {
        record Place(Target target, Problem problem) {}
        Map<Place, Map<Configuration, Sample>> efforts = new LinkedHashMap<>();
        for (TargetContrast one : contrasts) {
            Map<Configuration, Sample> samples =
                    efforts.computeIfAbsent(
                            new Place(one.target(), one.problem()), key -> new LinkedHashMap<>());
            samples.put(one.baseline(), one.baselineValue());
            samples.put(one.configuration(), one.value());
        }
        efforts.forEach(
                (place, samples) ->
                        steps.add(
                                new StepsData(
                                        index.label(group, place.problem())
                                                + ": "
                                                + PageTables.describe(place.target()),
                                        place.target().effort().label(),
                                        "share of runs",
                                        false,
                                        samples.entrySet().stream()
                                                .map(
                                                        one ->
                                                                series(
                                                                        one.getKey(),
                                                                        one.getValue().values()))
                                                .toList())));
    }

    private void addProfiles(RunGroup group, List<Profile> profiles) {
        profiles.stream()
                .collect(
                        Collectors.groupingBy(
                                one -> PageTables.subject(group, one),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .forEach(
                        (subject, some) -> {
                            boolean ofTarget = some.get(0).target().isPresent();
                            steps.add(
                                    new StepsData(
                                            "Over all problems: " + subject,
                                            ofTarget
                                                    ? "times the best median"
                                                    : "distance from the best mean",
                                            "share of problems",
                                            ofTarget,
                                            some.stream()
                                                    .map(
                                                            one ->
                                                                    series(
                                                                            one.configuration(),
                                                                            one.curve().excesses()))
                                                    .toList()));
                        });
    }

    private StepSeries series(Configuration configuration, double... at) {
        return new StepSeries(
                index.indexOf(configuration),
                Arrays.stream(at).filter(Double::isFinite).sorted().boxed().toList(),
                at.length);
    }

    private void addRates(RunGroup group) {
        for (Problem problem : group.problems()) {
            addRates(
                    index.label(group, problem),
                    group.measure().title(),
                    RateResponse.of(group, problem, RunRow::value));
        }
        List<RunGroup> tried =
                input.trials().map(StudyRuns::rows).filter(rows -> !rows.isEmpty()).isPresent()
                        ? RunGroup.of(input.trials().orElseThrow())
                        : List.of();
        for (RunGroup trials : tried) {
            for (Problem problem : trials.problems()) {
                if (group.problems().contains(problem)
                        && trials.measure().name().equals(group.measure().name())) {
                    addRates(
                            index.label(group, problem) + ", while tuning",
                            VALIDATION_LOSS,
                            RateResponse.of(trials, problem, RunRow::validationLoss));
                }
            }
        }
    }

    private void addRates(String title, String y, List<RateResponse> responses) {
        List<RateSeries> series =
                responses.stream()
                        .filter(one -> one.points().size() > 1)
                        .filter(one -> index.indexOf(one.configuration()) >= 0)
                        .map(
                                one ->
                                        new RateSeries(
                                                index.indexOf(one.configuration()),
                                                one.points().stream()
                                                        .map(
                                                                point ->
                                                                        new double[] {
                                                                            point.rate(),
                                                                            point.mean(),
                                                                            point.low(),
                                                                            point.high(),
                                                                            point.n()
                                                                        })
                                                        .toList()))
                        .toList();
        if (!series.isEmpty()) {
            rates.add(new RatesData(title + ": " + y + " by learning rate", y, series));
        }
    }
}
