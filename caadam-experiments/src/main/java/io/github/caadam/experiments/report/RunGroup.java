package io.github.caadam.experiments.report;

import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The runs that make one set of tables: those of one data set, protocol and metric, by architecture
 * (in the order of first appearance) and optimizer (in the paper's order, others after them).
 */
final class RunGroup {

    private static final List<Configuration> PAPER_ORDER =
            List.of(
                    new Configuration("Adam", "none"),
                    new Configuration("AdamW", "none"),
                    new Configuration("Adamax", "none"),
                    new Configuration("Nadam", "none"),
                    new Configuration("CaAdam", "additive"),
                    new Configuration("CaAdam", "multiplicative"),
                    new Configuration("CaAdam", "depth"));

    private static final Comparator<Configuration> ORDER =
            Comparator.comparingInt(RunGroup::paperPosition)
                    .thenComparing(Configuration::optimizer)
                    .thenComparing(Configuration::strategy);

    /** What the others are compared with. */
    static final Configuration BASELINE = PAPER_ORDER.get(0);

    private final List<RunRow> rows;
    private final Map<String, Map<Configuration, List<RunRow>>> byArchitecture;

    private RunGroup(List<RunRow> rows) {
        this.rows = rows;
        byArchitecture = new LinkedHashMap<>();
        for (RunRow row : rows) {
            byArchitecture
                    .computeIfAbsent(row.architecture(), key -> new TreeMap<>(ORDER))
                    .computeIfAbsent(
                            new Configuration(row.optimizer(), row.strategy()),
                            key -> new ArrayList<>())
                    .add(row);
        }
    }

    /** An optimizer with its strategy. */
    record Configuration(String optimizer, String strategy) {}

    private static int paperPosition(Configuration configuration) {
        int position = PAPER_ORDER.indexOf(configuration);
        return position < 0 ? PAPER_ORDER.size() : position;
    }

    /** Groups runs by data set, protocol and metric, in the order of first appearance. */
    static List<RunGroup> of(List<RunRow> rows) {
        return rows.stream()
                .collect(
                        Collectors.groupingBy(
                                row -> List.of(row.dataset(), row.protocol(), row.metric()),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .values()
                .stream()
                .map(RunGroup::new)
                .toList();
    }

    String metric() {
        return rows.get(0).metric();
    }

    boolean lowerIsBetter() {
        return !metric().equals("accuracy");
    }

    /** A name for files, such as {@code california-notebook-rmse}. */
    String name() {
        return List.of(rows.get(0).dataset(), rows.get(0).protocol(), metric()).stream()
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("-"))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
    }

    List<String> architectures() {
        return List.copyOf(byArchitecture.keySet());
    }

    List<Configuration> configurations(String architecture) {
        return List.copyOf(byArchitecture.get(architecture).keySet());
    }

    /** The values of a column over the runs of a configuration, if there are any. */
    Optional<Sample> sample(
            String architecture, Configuration configuration, ToDoubleFunction<RunRow> column) {
        return Optional.ofNullable(byArchitecture.get(architecture).get(configuration))
                .map(runs -> Sample.of(runs.stream().mapToDouble(column).toArray()));
    }

    /** What the tables are made of, for a caption: data, protocol, study, n, reductions, commit. */
    String describe() {
        List<String> parts = new ArrayList<>();
        parts.add("data set " + rows.get(0).dataset());
        addDistinct(parts, "protocol ", RunRow::protocol);
        addDistinct(parts, "study ", RunRow::study);
        parts.add(describeCounts());
        addDistinct(parts, "reduced: ", RunRow::reductions);
        addDistinct(
                parts,
                "commit ",
                row -> row.commit().replaceFirst("^([0-9a-f]{10})[0-9a-f]*", "$1"));
        return String.join("; ", parts);
    }

    private void addDistinct(List<String> parts, String label, Function<RunRow, String> column) {
        String values =
                rows.stream()
                        .map(column)
                        .filter(value -> !value.isEmpty())
                        .distinct()
                        .collect(Collectors.joining(", "));
        if (!values.isEmpty()) {
            parts.add(label + values);
        }
    }

    private String describeCounts() {
        List<Integer> counts =
                byArchitecture.values().stream()
                        .flatMap(configurations -> configurations.values().stream())
                        .map(List::size)
                        .sorted()
                        .toList();
        int least = counts.get(0);
        int most = counts.get(counts.size() - 1);
        return "n = "
                + (least == most ? "" + most : least + "–" + most)
                + " runs per network and optimizer";
    }
}
