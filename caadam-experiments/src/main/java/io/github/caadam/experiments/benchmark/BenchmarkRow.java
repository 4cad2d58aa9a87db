// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * A line of {@code bench.csv}.
 *
 * @param name {@code step}, {@code epoch-eager}, {@code epoch-compiled} or {@code epoch-fit}
 * @param network the network
 * @param ratio stock over ours, or null where ours does not do this network
 */
record BenchmarkRow(String name, String network, Ratio ratio) {

    static final List<String> COLUMNS =
            List.of("case", "network", "stock_ms", "ours_ms", "ratio", "ratio_low", "ratio_high");

    static final String NOT_DONE = "-";

    List<String> cells() {
        if (ratio == null) {
            return List.of(name, network, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE);
        }
        return List.of(
                name,
                network,
                milliseconds(ratio.firstMs()),
                milliseconds(ratio.secondMs()),
                number(ratio.median()),
                number(ratio.low()),
                number(ratio.high()));
    }

    static String milliseconds(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
