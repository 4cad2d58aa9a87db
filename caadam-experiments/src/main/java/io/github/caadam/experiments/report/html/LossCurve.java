// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * The losses of a run by epoch, as the page draws them: rounded to five significant digits, and
 * thinned out where epochs are many, so that the page stays small.
 *
 * @param every how many epochs there are from one value to the next; the last value is that of the
 *     last epoch
 * @param loss training losses; null where not finite
 * @param validation validation losses; null where not finite
 */
record LossCurve(int every, List<Double> loss, List<Double> validation) {

    /** The most values of a curve, where the page has few. */
    static final int MOST = 250;

    private static final MathContext DIGITS = new MathContext(5);

    /** Thins out the losses of a run to so many values at most, 2 or more. */
    static LossCurve of(List<EpochRecord> history, int most) {
        int last = history.size() - 1;
        int every = Math.max(1, ceilDiv(last, most - 1));
        List<Double> loss = new ArrayList<>();
        List<Double> validation = new ArrayList<>();
        for (int i = 0; i <= ceilDiv(last, every); i++) {
            EpochRecord epoch = history.get(Math.min(i * every, last));
            loss.add(rounded(epoch.loss()));
            validation.add(rounded(epoch.validationLoss()));
        }
        return new LossCurve(every, loss, validation);
    }

    private static int ceilDiv(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private static Double rounded(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : null;
    }
}
