// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Contrast;
import io.github.caadam.experiments.analysis.Inference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The axis that all gains of an inference are drawn on, from 0 % at the left to 100 %. An interval
 * that is much wider than the largest gain, as that of two runs may be, is cut off.
 *
 * @param low the gain at the left end
 * @param high the gain at the right end
 * @param largest the largest gain, without its sign
 */
record Scale(double low, double high, double largest) {

    /** The widest interval shown in full, in largest gains. */
    private static final double WIDEST = 3;

    private static final double PADDING = 0.04;

    private static final int FEWEST = 3;

    /** So near to an end, a label is cut. */
    private static final double MARGIN = 0.04;

    /**
     * A mark of the axis.
     *
     * @param at where, in percent
     * @param label the gain
     */
    record Tick(String at, String label) {}

    static Scale of(Inference inference) {
        List<Contrast> contrasts =
                inference.families().stream()
                        .flatMap(family -> family.contrasts().stream())
                        .toList();
        double margin = inference.margin().orElse(0.0);
        double largest =
                contrasts.stream()
                        .mapToDouble(one -> Math.abs(one.gain().gain()))
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
        double widest = Math.max(WIDEST * largest, 1.5 * margin);
        // An interval over few problems is wide; those on the problems are to be seen.
        double[] ends =
                inference.problems().stream()
                        .flatMap(family -> family.contrasts().stream())
                        .flatMapToDouble(
                                one ->
                                        DoubleStream.of(
                                                one.gain().gain(),
                                                one.gain().interval().low(),
                                                one.gain().interval().high()))
                        .filter(value -> !Double.isNaN(value))
                        .map(value -> Math.max(-widest, Math.min(widest, value)))
                        .toArray();
        double least = Math.min(-1.2 * margin, DoubleStream.of(ends).min().orElse(0));
        double most = Math.max(1.2 * margin, DoubleStream.of(ends).max().orElse(0));
        least = Math.min(0, least);
        most = Math.max(0, most);
        double padding = most > least ? PADDING * (most - least) : 1;
        return new Scale(least - padding, most + padding, largest);
    }

    /** Where a gain is; at an end where it lies beyond that. */
    String at(double gain) {
        return percent((Math.max(low, Math.min(high, gain)) - low) / (high - low));
    }

    /** How much of the axis lies between two gains. */
    String width(double from, double to) {
        return percent((Math.min(high, to) - Math.max(low, from)) / (high - low));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share);
    }

    /** Round gains along the axis, zero among them: the fewest that are three or more. */
    List<Tick> ticks() {
        double power = Math.pow(10, Math.ceil(Math.log10(high - low)));
        List<Tick> ticks = List.of();
        for (double part = 1; ticks.size() < FEWEST && part > 0.001; part /= 10) {
            for (double digit : new double[] {1, 0.5, 0.2}) {
                if (ticks.size() < FEWEST) {
                    ticks = ticks(power * part * digit);
                }
            }
        }
        return ticks;
    }

    private List<Tick> ticks(double step) {
        int digits = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        List<Tick> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
            double share = (i * step - low) / (high - low);
            if (share > MARGIN && share < 1 - MARGIN) {
                ticks.add(new Tick(percent(share), Numbers.signed(i * step, digits)));
            }
        }
        return ticks;
    }

    /** How many decimals show three digits of the largest gain. */
    int digits() {
        return Numbers.digits(largest, 3);
    }

    /** How large a gain is among the others, from 1 to 3. */
    int strength(double gain) {
        return Math.abs(gain) * 3 > 2 * largest ? 3 : Math.abs(gain) * 3 > largest ? 2 : 1;
    }
}
