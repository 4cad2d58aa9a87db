// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction of several p-values, which bounds the probability of any false rejection among
 * them, whatever their dependence (Holm, A simple sequentially rejective multiple test procedure,
 * Scandinavian Journal of Statistics 6, 1979).
 */
public final class HolmCorrection {

    private HolmCorrection() {}

    /**
     * Adjusts p-values: the k-th smallest of m becomes the largest of {@code (m−j+1)·p₍ⱼ₎} over all
     * {@code j ≤ k}, at most 1.
     *
     * @param pValues the p-values; NaN stands for a test that could not be made, which does not
     *     count
     * @return the adjusted p-values, in the same order; NaN stays NaN
     */
    public static List<Double> adjust(List<Double> pValues) {
        List<Integer> ascending =
                IntStream.range(0, pValues.size())
                        .filter(i -> !pValues.get(i).isNaN())
                        .boxed()
                        .sorted(Comparator.comparing(pValues::get))
                        .toList();
        double[] adjusted = new double[pValues.size()];
        Arrays.fill(adjusted, Double.NaN);
        double largest = 0;
        for (int k = 0; k < ascending.size(); k++) {
            int index = ascending.get(k);
            largest = Math.max(largest, (ascending.size() - k) * pValues.get(index));
            adjusted[index] = Math.min(1, largest);
        }
        return Arrays.stream(adjusted).boxed().toList();
    }
}
