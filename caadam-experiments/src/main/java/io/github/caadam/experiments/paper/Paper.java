// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Measure;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.Publication;
import io.github.caadam.experiments.analysis.TableKind;
import io.github.caadam.experiments.analysis.TableTitle;
import io.github.caadam.experiments.results.RunRow;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The form in which the paper reports: its seven optimizers in its order, compared with Adam, in
 * Tables I and III for RMSE, and II and IV for accuracy. Besides the runs that the authors
 * published, it covers the studies that are shipped.
 */
public final class Paper implements Publication {

    /** The name that studies give. */
    static final String NAME = "paper";

    private static final Set<String> STUDIES =
            Set.of(
                    "california-controls",
                    "california-notebook",
                    "california-paper",
                    "california-sensitivity",
                    "california-size",
                    "california-tuned",
                    "figures",
                    "friedman-size",
                    "images-controls",
                    "images-cpu",
                    "images-fair",
                    "images-fair-24",
                    "images-notebook",
                    "images-paper",
                    "quickstart");

    /** Makes the publication, as {@link java.util.ServiceLoader} does. */
    public Paper() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean covers(List<RunRow> runs) {
        Set<String> studies = runs.stream().map(RunRow::study).collect(Collectors.toSet());
        return studies.equals(Set.of("")) ? arePublished(runs) : STUDIES.containsAll(studies);
    }

    private static boolean arePublished(List<RunRow> runs) {
        Set<Problem> problems =
                PublishedTables.results().stream()
                        .map(PublishedResult::problem)
                        .collect(Collectors.toSet());
        return runs.stream()
                .allMatch(
                        run ->
                                problems.contains(Problem.of(run))
                                        && PaperConfigurations.PAPER.contains(
                                                Configuration.of(run)));
    }

    @Override
    public List<Configuration> configurations() {
        return PaperConfigurations.PAPER;
    }

    @Override
    public Configuration baseline() {
        return PaperConfigurations.ADAM;
    }

    @Override
    public TableTitle heading(TableKind table, Measure measure) {
        boolean first = measure.lowerIsBetter();
        return switch (table) {
            case MEANS ->
                    first
                            ? new TableTitle("Table I", "table1")
                            : new TableTitle("Table II", "table2");
            case CONTRASTS ->
                    first
                            ? new TableTitle("Table III", "table3-significance")
                            : new TableTitle("Table IV", "table4-significance");
            case EFFECTS ->
                    first
                            ? new TableTitle("Beside Table III", "table3-effects")
                            : new TableTitle("Beside Table IV", "table4-effects");
        };
    }

    @Override
    public String unit(String metric) {
        return metric.equals("rmse") ? "standard deviations of the target" : "";
    }
}
