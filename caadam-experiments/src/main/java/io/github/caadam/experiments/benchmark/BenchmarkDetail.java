// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.util.List;

/**
 * A line of {@code bench-details.csv}: what stands beside the comparison with stock DJL.
 *
 * @param name the case
 * @param network the network
 * @param measure what was measured
 * @param value the value
 * @param low the lower quartile, or NaN
 * @param high the upper quartile, or NaN
 */
record BenchmarkDetail(
        String name, String network, String measure, double value, double low, double high) {

    static final List<String> COLUMNS =
            List.of("case", "network", "measure", "value", "low", "high");

    static BenchmarkDetail of(String name, String network, String measure, double value) {
        return new BenchmarkDetail(name, network, measure, value, Double.NaN, Double.NaN);
    }

    static BenchmarkDetail of(String name, String network, String measure, Ratio ratio) {
        return new BenchmarkDetail(
                name, network, measure, ratio.median(), ratio.low(), ratio.high());
    }

    List<String> cells() {
        return List.of(name, network, measure, cell(value), cell(low), cell(high));
    }

    private static String cell(double number) {
        return Double.isNaN(number) ? "" : BenchmarkRow.milliseconds(number);
    }
}
