// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import com.samskivert.mustache.Mustache;
import io.github.caadam.experiments.analysis.Inference;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.WholeFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes one HTML page about the runs of a study: what came out as a picture and in a sentence for
 * each verdict, curves, profiles and times to targets, tables that sort and filter, every run, what
 * is missing, and where it all comes from. The page is a single file that asks nothing of any
 * network, and its content security policy lets it do so neither: it runs its own script only. The
 * same runs always give the same page.
 */
public final class HtmlReport {

    /** With fewer runs than this, a test finds large differences only. */
    private static final int FEW = 5;

    /** More contrasts than these, on several sets of data, are one map. */
    private static final int TOGETHER = 2 * PicturePainter.MOST_LINES;

    private final ReportInput input;
    private final PageIndex index;
    private final PageTables tables;
    private final List<Inference> inferences;

    private HtmlReport(ReportInput input) {
        this.input = input;
        index = new PageIndex(RunGroup.of(input.runs()));
        tables = new PageTables(index);
        inferences = Inference.of(input.runs(), index.groups());
    }

    /**
     * Writes the page; the file is complete or unchanged.
     *
     * @param input what it is about
     * @param file the file; its directory is created if missing
     * @throws IOException if it cannot be written
     */
    public static void write(ReportInput input, Path file) throws IOException {
        WholeFile.write(file, toHtml(input));
    }

    /**
     * Makes the page.
     *
     * @param input what it is about
     * @return the HTML
     * @throws IOException if a part of this program cannot be read
     */
    public static String toHtml(ReportInput input) throws IOException {
        return Mustache.compiler()
                .withLoader(name -> new StringReader(Assets.read(name + ".mustache")))
                .compile(Assets.read("report.mustache"))
                .execute(new HtmlReport(input).page());
    }

    private Page page() throws IOException {
        Completeness completeness = new Completeness(input, index);
        Origin origin = new Origin(input);
        DataCollector collector = new DataCollector(index, new Histories(input));
        GroupFigures figures = new GroupFigures(index, tables, input);
        List<List<Page.Figures>> ofGroups = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            ofGroups.add(figures.of(group, id(ofGroups.size())));
        }
        PageData data = collector.collect(figures.steps(), figures.rates());
        List<Page.Group> groups = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            groups.add(group(group, groups.size(), collector, ofGroups.get(groups.size())));
        }
        List<Inference> further =
                input.runs().byFurtherMetrics().stream()
                        .map(Inference::of)
                        .flatMap(List::stream)
                        .toList();
        String script = Assets.script();
        String style = Assets.read("report.css") + index.colorRules();
        return new Page(
                title(),
                introduction(),
                completeness.warnings(),
                pictures(inferences, "verdicts"),
                pictures(further, "further"),
                groups,
                data.runs().run().size(),
                new Page.Notes(
                        completeness.sentences(), completeness.tables(), completeness.logs()),
                new Page.Notes(origin.sentences(), origin.tables(), List.of()),
                data.toJson(),
                style,
                script,
                Assets.policy(style, script));
    }

    /** The pictures of what can be compared; of several draws of initial weights that over all. */
    private List<Page.Shown> pictures(List<Inference> all, String id) {
        Map<List<Object>, List<Inference>> byMetric =
                all.stream()
                        .filter(one -> isPictured(all, one))
                        .collect(
                                Collectors.groupingBy(
                                        one ->
                                                List.of(
                                                        one.group().metric(),
                                                        one.isOverDraws(),
                                                        one.margin()),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        List<List<Inference>> together = new ArrayList<>();
        for (List<Inference> some : byMetric.values()) {
            if (some.stream().mapToInt(PicturePainter::lines).sum() > TOGETHER) {
                together.add(some);
            } else {
                some.forEach(one -> together.add(List.of(one)));
            }
        }
        List<Page.Shown> shown = new ArrayList<>();
        for (List<Inference> some : together) {
            String own = id + "-" + shown.size();
            List<HtmlTable> numbers = new ArrayList<>();
            for (Inference one : some) {
                numbers.add(tables.verdicts(one, own + "-table-" + numbers.size()));
            }
            shown.add(new Page.Shown(Picture.of(index, some, own, together.size() > 1), numbers));
        }
        return shown;
    }

    private static boolean isPictured(List<Inference> all, Inference one) {
        return !one.problems().isEmpty()
                && (one.isOverDraws()
                        || all.stream()
                                .filter(Inference::isOverDraws)
                                .noneMatch(over -> over.groups().containsAll(one.groups())));
    }

    private static String id(int group) {
        return "results-" + group;
    }

    private String title() {
        List<String> studies = distinct(RunRow::study);
        return studies.isEmpty()
                ? "Runs on " + String.join(", ", distinct(RunRow::dataset))
                : String.join(", ", studies);
    }

    private String introduction() {
        int problems = index.groups().stream().mapToInt(group -> group.problems().size()).sum();
        return counted(input.runs().rows().size(), "finished run")
                + ": "
                + counted(index.run().size(), "optimizer")
                + " on "
                + counted(problems, "network")
                + ", data "
                + String.join(", ", distinct(RunRow::dataset))
                + ".";
    }

    private static String counted(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private List<String> distinct(Function<RunRow, String> column) {
        return input.runs().rows().stream()
                .map(column)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    private Page.Group group(
            RunGroup group, int number, DataCollector collector, List<Page.Figures> further) {
        String id = id(number);
        List<Integer> places =
                group.problems().stream().map(problem -> index.indexOf(group, problem)).toList();
        List<Page.Figures> figures = new ArrayList<>();
        List<Integer> withCurves = places.stream().filter(collector::hasCurves).toList();
        if (!withCurves.isEmpty()) {
            figures.add(
                    new Page.Figures(
                            "curves",
                            "Losses",
                            "Of up to "
                                    + collector.curvesOfEach()
                                    + " runs of each optimizer. Press an optimizer’s name to take"
                                    + " its curves out.",
                            joined(withCurves),
                            List.of()));
        }
        figures.addAll(further);
        figures.add(
                new Page.Figures(
                        "distribution",
                        "Every run",
                        "A dot is a run, the line the mean. Hover, touch or use the arrow keys for"
                                + " values.",
                        joined(places),
                        List.of()));
        List<HtmlTable> all = new ArrayList<>();
        all.add(tables.means(group, id + "-means"));
        inferences.stream()
                .filter(one -> !one.problems().isEmpty() && !isPictured(inferences, one))
                .filter(one -> one.groups().equals(List.of(group)))
                .forEach(one -> all.add(tables.verdicts(one, id + "-verdicts")));
        List<String> sentences = new ArrayList<>(fewRuns(group));
        for (FurtherResults one : ServiceLoader.load(FurtherResults.class)) {
            sentences.addAll(one.sentences(group));
            all.addAll(one.tables(group, index, id));
        }
        return new Page.Group(
                id, index.heading(group), group.describe() + ".", sentences, figures, all);
    }

    private static String joined(List<Integer> places) {
        return places.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    /** What to think of few runs. */
    private static List<String> fewRuns(RunGroup group) {
        int fewest = FEW;
        for (Problem problem : group.problems()) {
            if (group.configurations(problem).size() > 1) {
                for (var one : group.configurations(problem)) {
                    fewest = Math.min(fewest, group.runs(problem, one).size());
                }
            }
        }
        if (fewest == FEW) {
            return List.of();
        }
        return List.of(
                fewest < 2
                        ? "Where there is one run only, nothing can be said about chance: the order"
                                + " may change with the next run."
                        : "With as few as "
                                + fewest
                                + " runs of an optimizer, tests find large differences only.");
    }
}
