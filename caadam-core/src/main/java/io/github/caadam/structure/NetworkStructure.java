// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The trainable parameters of a network in forward order, each with its connections {@code c} and
 * depth {@code d}, and the minimum, median and maximum of {@code c} over the layers that have
 * connections. Immutable; read by {@link StructureInspector}.
 *
 * @since 0.1.0
 */
public final class NetworkStructure {

    private final StructureConvention convention;
    private final Map<String, ParameterStructure> parametersById;
    private final long minConnections;
    private final double medianConnections;
    private final long maxConnections;
    private final int totalDepth;

    NetworkStructure(
            StructureConvention convention,
            List<ParameterStructure> parameters,
            List<Long> connectionCounts,
            int totalDepth) {
        this.convention = convention;
        Map<String, ParameterStructure> byId = new LinkedHashMap<>();
        for (ParameterStructure parameter : parameters) {
            byId.put(parameter.id(), parameter);
        }
        this.parametersById = Collections.unmodifiableMap(byId);
        long[] sorted = connectionCounts.stream().mapToLong(Long::longValue).sorted().toArray();
        this.minConnections = sorted[0];
        this.maxConnections = sorted[sorted.length - 1];
        int middle = sorted.length / 2;
        this.medianConnections =
                sorted.length % 2 == 1
                        ? sorted[middle]
                        : (sorted[middle - 1] + sorted[middle]) / 2.0;
        this.totalDepth = totalDepth;
    }

    /**
     * Returns how connections and depth were counted.
     *
     * @return the convention
     */
    public StructureConvention convention() {
        return convention;
    }

    /**
     * Returns the trainable parameters in forward order.
     *
     * @return the parameters
     */
    public List<ParameterStructure> parameters() {
        return List.copyOf(parametersById.values());
    }

    /**
     * Returns the parameter with an id.
     *
     * @param parameterId the id, as DJL hands it to an optimizer
     * @return the parameter, or empty if the network has no trainable parameter with that id
     */
    public Optional<ParameterStructure> parameter(String parameterId) {
        return Optional.ofNullable(
                parametersById.get(Objects.requireNonNull(parameterId, "parameterId")));
    }

    /**
     * Returns the smallest number of connections of a layer, {@code c_min}.
     *
     * @return the minimum
     */
    public long minConnections() {
        return minConnections;
    }

    /**
     * Returns the median number of connections of a layer; the mean of the middle two where their
     * number is even.
     *
     * @return the median
     */
    public double medianConnections() {
        return medianConnections;
    }

    /**
     * Returns the largest number of connections of a layer, {@code c_max}.
     *
     * @return the maximum
     */
    public long maxConnections() {
        return maxConnections;
    }

    /**
     * Returns the total depth {@code d_m}: in the {@code PAPER} convention the number of layers on
     * the longest path, in {@code REFERENCE} the number of trainable parameters.
     *
     * @return the total depth, 1 or more
     */
    public int totalDepth() {
        return totalDepth;
    }

    /**
     * Returns the number of trainable values of the network.
     *
     * @return the number of values
     */
    public long size() {
        return parametersById.values().stream().mapToLong(ParameterStructure::size).sum();
    }

    /**
     * Prints the structure as a table with a further column, such as the scaling factor.
     *
     * @param heading the heading of the further column
     * @param value the value of a parameter in that column, printed to 4 decimals
     * @return the table, a line per parameter and a line of totals
     */
    public String toTable(String heading, ToDoubleFunction<ParameterStructure> value) {
        Objects.requireNonNull(heading, "heading");
        Objects.requireNonNull(value, "value");
        return table(heading, p -> String.format(Locale.ROOT, "%.4f", value.applyAsDouble(p)));
    }

    /** Returns the structure as a table: path, shape, layer, connections, depth. */
    @Override
    public String toString() {
        return table("", p -> "");
    }

    private String table(String heading, Function<ParameterStructure, String> last) {
        int pathWidth = width("parameter", ParameterStructure::path);
        int shapeWidth = width("shape", p -> p.shape().toString());
        int layerWidth = width("layer", ParameterStructure::layer);
        String format =
                "%-" + pathWidth + "s  %-" + shapeWidth + "s  %-" + layerWidth + "s  %10s  %5s  %s";
        StringBuilder table = new StringBuilder();
        appendLine(table, format, "parameter", "shape", "layer", "c", "d", heading);
        for (ParameterStructure parameter : parametersById.values()) {
            appendLine(
                    table,
                    format,
                    parameter.path(),
                    parameter.shape(),
                    parameter.layer(),
                    parameter.connections(),
                    parameter.depth(),
                    last.apply(parameter));
        }
        return table.append(
                        String.format(
                                Locale.ROOT,
                                "%d trainable tensors, %d values; convention %s: c_min %d, c_median"
                                        + " %s, c_max %d, total depth %d",
                                parametersById.size(),
                                size(),
                                convention,
                                minConnections,
                                formatMedian(),
                                maxConnections,
                                totalDepth))
                .toString();
    }

    private int width(String heading, Function<ParameterStructure, String> column) {
        return parametersById.values().stream()
                .map(column)
                .mapToInt(String::length)
                .reduce(heading.length(), Math::max);
    }

    private static void appendLine(StringBuilder table, String format, Object... cells) {
        table.append(String.format(Locale.ROOT, format, cells).stripTrailing()).append('\n');
    }

    private String formatMedian() {
        return medianConnections == Math.rint(medianConnections)
                ? Long.toString((long) medianConnections)
                : Double.toString(medianConnections);
    }
}
