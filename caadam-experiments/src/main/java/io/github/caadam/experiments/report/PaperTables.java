package io.github.caadam.experiments.report;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Comparison;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Makes the paper's tables of a group of runs: means and standard deviations (Table I for RMSE,
 * Table II for accuracy), and the comparison with Adam (Table III, Table IV).
 */
final class PaperTables {

    private static final int METRIC_DIGITS = 3;
    private static final int DIGITS = 2;

    private final RunGroup group;
    private final String suffix;

    /**
     * Prepares the tables.
     *
     * @param group the runs
     * @param suffix what is added to file names, empty where there is one group only
     */
    PaperTables(RunGroup group, String suffix) {
        this.group = group;
        this.suffix = suffix;
    }

    private boolean isRegression() {
        return group.metric().equals("rmse");
    }

    private String metricTitle() {
        return isRegression() ? "RMSE" : group.metric();
    }

    /** Table I or II. */
    ResultTable means() {
        List<List<String>> rows = new ArrayList<>();
        List<Boolean> best = new ArrayList<>();
        List<List<Object>> csv = new ArrayList<>();
        for (Problem problem : group.problems()) {
            double bestMean = bestMean(problem);
            for (Configuration configuration : group.configurations(problem)) {
                Sample metric = sample(problem, configuration, RunRow::value);
                Sample seconds = sample(problem, configuration, RunRow::seconds);
                Sample epochs = sample(problem, configuration, RunRow::epochs);
                rows.add(
                        List.of(
                                problem.architecture(),
                                configuration.optimizer(),
                                configuration.strategy(),
                                Integer.toString(metric.n()),
                                cell(metric, METRIC_DIGITS),
                                cell(seconds, DIGITS),
                                cell(epochs, DIGITS)));
                best.add(metric.mean() == bestMean);
                csv.add(
                        List.of(
                                problem.architecture(),
                                configuration.optimizer(),
                                configuration.strategy(),
                                metric.n(),
                                metric.mean(),
                                metric.standardDeviation(),
                                seconds.mean(),
                                seconds.standardDeviation(),
                                epochs.mean(),
                                epochs.standardDeviation()));
            }
        }
        String metric = group.metric();
        return new ResultTable(
                (isRegression() ? "table1-" : "table2-") + metric + suffix,
                (isRegression() ? "Table I: " : "Table II: ")
                        + metricTitle()
                        + " on the test rows"
                        + (isRegression() ? " (in standard deviations of the target)" : "")
                        + ", training time and epochs, mean ± sample standard deviation ("
                        + group.describe()
                        + ").",
                List.of(
                        "Architecture",
                        "Optimizer",
                        "Strategy",
                        "n",
                        metricTitle(),
                        "Time (s)",
                        "Epochs"),
                rows,
                best,
                List.of(
                        "architecture",
                        "optimizer",
                        "strategy",
                        "n",
                        metric,
                        metric + "_std",
                        "seconds",
                        "seconds_std",
                        "epochs",
                        "epochs_std"),
                csv);
    }

    /** Table III or IV. */
    ResultTable significance() {
        List<List<String>> rows = new ArrayList<>();
        List<List<Object>> csv = new ArrayList<>();
        List<String> withoutBaseline = new ArrayList<>();
        for (Problem problem : group.problems()) {
            if (group.sample(problem, Configuration.BASELINE, RunRow::value).isEmpty()) {
                withoutBaseline.add(problem.architecture());
                continue;
            }
            for (Configuration configuration : group.configurations(problem)) {
                if (!configuration.equals(Configuration.BASELINE)) {
                    addComparison(problem, configuration, rows, csv);
                }
            }
        }
        String metric = group.metric();
        String title = metricTitle();
        return new ResultTable(
                (isRegression() ? "table3-" : "table4-") + "significance" + suffix,
                (isRegression() ? "Table III: " : "Table IV: ")
                        + "improvement over Adam in percent, positive is better, with Welch's"
                        + " two-sided t-test and, beside it, the paper's pooled one; * p < 0.05,"
                        + " ** p < 0.01, *** p < 0.001 ("
                        + group.describe()
                        + ")."
                        + (withoutBaseline.isEmpty()
                                ? ""
                                : " No Adam runs to compare with: "
                                        + String.join(", ", withoutBaseline)
                                        + "."),
                List.of(
                        "Architecture",
                        "Optimizer",
                        "Strategy",
                        "n",
                        title + " %",
                        "t (Welch)",
                        "p (Welch)",
                        "t (pooled)",
                        "p (pooled)",
                        "Time %",
                        "t (Welch)",
                        "p (Welch)",
                        "t (pooled)",
                        "p (pooled)"),
                rows,
                rows.stream().map(row -> false).toList(),
                csvHeader(metric),
                csv);
    }

    private static List<String> csvHeader(String metric) {
        List<String> header =
                new ArrayList<>(List.of("architecture", "optimizer", "strategy", "n", "n_adam"));
        for (String column : List.of(metric, "time")) {
            header.add(column + "_improvement_percent");
            header.add(column + "_welch_t");
            header.add(column + "_welch_p");
            header.add(column + "_pooled_t");
            header.add(column + "_pooled_p");
        }
        return header;
    }

    private void addComparison(
            Problem problem,
            Configuration configuration,
            List<List<String>> rows,
            List<List<Object>> csv) {
        Sample metric = sample(problem, configuration, RunRow::value);
        Sample metricBaseline = sample(problem, Configuration.BASELINE, RunRow::value);
        Comparison metricComparison = Comparison.of(metric, metricBaseline, group.lowerIsBetter());
        Comparison timeComparison =
                Comparison.of(
                        sample(problem, configuration, RunRow::seconds),
                        sample(problem, Configuration.BASELINE, RunRow::seconds),
                        true);
        List<String> row =
                new ArrayList<>(
                        List.of(
                                problem.architecture(),
                                configuration.optimizer(),
                                configuration.strategy(),
                                counts(metric, metricBaseline)));
        List<Object> csvRow =
                new ArrayList<>(
                        List.of(
                                problem.architecture(),
                                configuration.optimizer(),
                                configuration.strategy(),
                                metric.n(),
                                metricBaseline.n()));
        for (Comparison comparison : List.of(metricComparison, timeComparison)) {
            row.add(ResultTable.decimals(comparison.improvementPercent(), DIGITS));
            row.add(ResultTable.decimals(comparison.welchT(), DIGITS));
            row.add(
                    ResultTable.pValue(comparison.welchP())
                            + Comparison.stars(comparison.welchP()));
            row.add(ResultTable.decimals(comparison.pooledT(), DIGITS));
            row.add(ResultTable.pValue(comparison.pooledP()));
            csvRow.add(comparison.improvementPercent());
            csvRow.add(comparison.welchT());
            csvRow.add(comparison.welchP());
            csvRow.add(comparison.pooledT());
            csvRow.add(comparison.pooledP());
        }
        rows.add(row);
        csv.add(csvRow);
    }

    private static String counts(Sample treatment, Sample baseline) {
        return treatment.n() == baseline.n()
                ? Integer.toString(treatment.n())
                : treatment.n() + " vs " + baseline.n();
    }

    private double bestMean(Problem problem) {
        double best = Double.NaN;
        for (Configuration configuration : group.configurations(problem)) {
            double mean = sample(problem, configuration, RunRow::value).mean();
            boolean better = group.lowerIsBetter() ? mean < best : mean > best;
            best = better || Double.isNaN(best) ? mean : best;
        }
        return best;
    }

    private Sample sample(
            Problem problem, Configuration configuration, ToDoubleFunction<RunRow> column) {
        return group.sample(problem, configuration, column).orElseThrow();
    }

    private static String cell(Sample sample, int digits) {
        return ResultTable.meanAndDeviation(sample.mean(), sample.standardDeviation(), digits);
    }
}
