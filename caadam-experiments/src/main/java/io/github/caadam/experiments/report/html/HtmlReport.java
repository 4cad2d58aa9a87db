// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import com.samskivert.mustache.Mustache;
import io.github.caadam.experiments.analysis.Improvement;
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

/**
 * Writes one HTML page about the runs of a study: what came out in words, tables that sort, figures
 * with values under the pointer, every run, what is missing, and where it all comes from. The page
 * is a single file that asks nothing of any network, and its content security policy lets it do so
 * neither: it runs its own script only. The same runs always give the same page.
 */
public final class HtmlReport {

    private static final String EFFECTS =
            "Effects against %s: Hedges’ g with its 95 %% interval. An interval that reaches the"
                    + " dashed line is compatible with no difference.";

    private final ReportInput input;
    private final PageIndex index;
    private final PageTables tables;
    private final Map<RunGroup, List<Improvement>> improvements = new LinkedHashMap<>();

    private HtmlReport(ReportInput input) {
        this.input = input;
        index = new PageIndex(RunGroup.of(input.runs()));
        tables = new PageTables(index);
        index.groups().forEach(group -> improvements.put(group, Improvement.of(group)));
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
        PageData data = PageData.of(index, improvements, new Histories(input));
        String script = Assets.script();
        String style = Assets.read("report.css") + index.colorRules();
        Completeness completeness = new Completeness(input, index);
        Origin origin = new Origin(input);
        List<Page.Group> groups = new ArrayList<>();
        for (RunGroup group : index.groups()) {
            groups.add(group(group, groups.size(), data));
        }
        return new Page(
                title(),
                introduction(),
                completeness.warnings(),
                groups,
                tables.runs("runs-table"),
                data.runs().size(),
                new Page.Notes(
                        completeness.sentences(), completeness.tables(), completeness.logs()),
                new Page.Notes(origin.sentences(), origin.tables(), List.of()),
                data.toJson(),
                style,
                script,
                Assets.policy(style, script));
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
                + counted(index.configurations().size(), "optimizer")
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

    private Page.Group group(RunGroup group, int number, PageData data) {
        String id = "results-" + number;
        List<Improvement> compared = improvements.get(group);
        Findings findings = new Findings(index, group, compared);
        List<String> overview = new ArrayList<>(findings.overview());
        List<HtmlTable> comparisons = new ArrayList<>();
        tables.comparisons(group, compared, id + "-comparisons").ifPresent(comparisons::add);
        for (FurtherResults further : ServiceLoader.load(FurtherResults.class)) {
            overview.addAll(further.sentences(group));
            comparisons.addAll(further.tables(group, index, id));
        }
        List<Page.Figure> distributions = new ArrayList<>();
        List<Page.Figure> curves = new ArrayList<>();
        for (Problem problem : group.problems()) {
            int place = index.indexOf(group, problem);
            String label = index.label(group, problem);
            distributions.add(
                    new Page.Figure("distribution", place, label + ": " + group.measure().title()));
            if (data.hasCurves(place)) {
                curves.add(new Page.Figure("curves", place, label + ": training loss"));
            }
        }
        return new Page.Group(
                id,
                index.heading(group),
                index.groups().size() > 1,
                group.baseline().label(),
                group.describe(),
                overview,
                findings.byProblem(),
                tables.means(group, id + "-means"),
                comparisons,
                data.groups().get(number).effects().isEmpty()
                        ? List.of()
                        : List.of(
                                new Page.Figure(
                                        "effects",
                                        number,
                                        EFFECTS.formatted(group.baseline().label()))),
                distributions,
                curves,
                "Of up to "
                        + PageData.CURVES
                        + " runs of each optimizer. Press an optimizer's name to take its curves"
                        + " out.");
    }
}
