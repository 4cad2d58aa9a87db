// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import io.github.caadam.experiments.results.CompareSettings;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.StudyRuns;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a study is told: what its configurations are compared with, their order and colours, and what
 * its tables are called.
 *
 * <p>The baseline is the one that the study names; else that of the publication that the study is
 * reported after; else the first configuration that has neither a strategy nor options; else the
 * first. Configurations stand in the publication's order, with all others behind them by name; in a
 * study of its own in the order of the study.
 *
 * @since 0.1.0
 */
public final class ReportForm {

    private final StudyRuns study;
    private final Optional<Publication> publication;
    private final Configuration baseline;
    private final List<Configuration> known;
    private final Map<Configuration, Integer> places = new LinkedHashMap<>();

    private ReportForm(StudyRuns study) {
        this.study = study;
        List<Configuration> planned =
                study.lines().stream().map(Configuration::of).distinct().toList();
        publication = Publication.find(study.compare().published(), study.lines());
        baseline = baseline(planned);
        List<Configuration> inOrder =
                publication
                        .map(Publication::configurations)
                        .orElseGet(() -> withoutLearningRates(planned));
        inOrder.forEach(one -> places.put(one, places.size()));
        known = publication.isPresent() ? inOrder : first(inOrder);
    }

    /**
     * Finds out how a study is told.
     *
     * @param study the study, with one planned run at least
     * @return how
     */
    public static ReportForm of(StudyRuns study) {
        return new ReportForm(study);
    }

    private Configuration baseline(List<Configuration> planned) {
        String label = study.compare().baseline();
        if (!label.isEmpty()) {
            return planned.stream()
                    .filter(one -> one.label().equals(label))
                    .findFirst()
                    .orElseGet(() -> new Configuration(label, "none"));
        }
        return publication
                .map(Publication::baseline)
                .orElseGet(
                        () ->
                                planned.stream()
                                        .filter(Configuration::isPlain)
                                        .findFirst()
                                        .orElseGet(() -> planned.get(0)));
    }

    /** The configurations, and among them those that figures draw for several learning rates. */
    private static List<Configuration> withoutLearningRates(List<Configuration> planned) {
        return planned.stream()
                .flatMap(one -> Stream.of(one, one.withoutLearningRate()))
                .distinct()
                .toList();
    }

    /** The baseline and as many others as there are colours that are told apart best. */
    private List<Configuration> first(List<Configuration> inOrder) {
        Set<Configuration> first = new LinkedHashSet<>();
        first.add(baseline);
        first.addAll(inOrder);
        return first.stream().limit(Palette.DISTINCT).toList();
    }

    /**
     * Returns the publication that the study is reported after.
     *
     * @return the publication, if there is one
     */
    public Optional<Publication> publication() {
        return publication;
    }

    /** How the study wants its runs compared. */
    CompareSettings compare() {
        return study.compare();
    }

    /**
     * Returns what the others are compared with.
     *
     * @return the baseline, of which there may be no runs
     */
    public Configuration baseline() {
        return baseline;
    }

    /**
     * Returns the order of configurations in tables and figures.
     *
     * @return the order
     */
    public Comparator<Configuration> order() {
        return Comparator.comparingInt(
                        (Configuration one) -> places.getOrDefault(one, places.size()))
                .thenComparing(Configuration::optimizer)
                .thenComparing(Configuration::strategy);
    }

    /**
     * Returns the colours of configurations, which are the same in every figure of the study.
     *
     * @return a colour, as {@code #rrggbb}, for each that has a finished run, and for the same
     *     without its learning rate, in the order of configurations
     */
    public Map<Configuration, String> colors() {
        List<Configuration> finished =
                study.rows().stream().map(Configuration::of).distinct().toList();
        return Palette.of(known, withoutLearningRates(finished).stream().sorted(order()).toList());
    }

    /**
     * Returns which configurations a figure shows: all, or where they are too many to be told apart
     * those of the publication, or the baseline and the first of the study.
     *
     * @param all the configurations, in order
     * @param most how many can be told apart
     * @return those that are shown, in the same order
     */
    public List<Configuration> shown(Collection<Configuration> all, int most) {
        return all.stream().filter(one -> all.size() <= most || known.contains(one)).toList();
    }

    /**
     * Returns what a table is called: by the study, else by its publication, else by what it shows.
     *
     * @param table which table
     * @param measure what the values of its runs are
     * @return the title and the name of its file
     */
    public TableTitle heading(TableKind table, Measure measure) {
        TableTitle plain =
                publication
                        .map(one -> one.heading(table, measure))
                        .orElseGet(() -> plainHeading(table));
        return new TableTitle(titleOfStudy(table).orElse(plain.title()), plain.file());
    }

    private Optional<String> titleOfStudy(TableKind table) {
        Map<String, String> titles = study.compare().titles();
        String title = titles.get(table.key());
        String contrasts = titles.get(TableKind.CONTRASTS.key());
        return title == null && table == TableKind.EFFECTS && contrasts != null
                ? Optional.of("Beside " + contrasts)
                : Optional.ofNullable(title);
    }

    private TableTitle plainHeading(TableKind table) {
        return switch (table) {
            case MEANS -> new TableTitle("Means", "means");
            case CONTRASTS -> new TableTitle("Differences from " + baseline.label(), "differences");
            case EFFECTS -> new TableTitle("Effect sizes against " + baseline.label(), "effects");
        };
    }

    /** What the values of runs are, in the unit that they or the publication say. */
    Measure measure(RunRow run) {
        Measure measure = Measure.of(run);
        String unit =
                measure.unit().isEmpty()
                        ? publication.map(one -> one.unit(measure.name())).orElse("")
                        : measure.unit();
        return new Measure(measure.name(), measure.secondary(), unit, measure.lowerIsBetter());
    }
}
