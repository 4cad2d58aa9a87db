// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.plugin.Metric;
import java.util.function.ToDoubleFunction;

/** What the errors of a regression sum up to. */
final class Errors implements Metric {

    private final ToDoubleFunction<Errors> measure;
    private double squares;
    private double absolutes;
    private double mean;
    private double spread;
    private int rows;

    private Errors(ToDoubleFunction<Errors> measure) {
        this.measure = measure;
    }

    /** Returns {@code √(Σe²/n)}. */
    static Errors rootMeanSquare() {
        return new Errors(errors -> Math.sqrt(errors.squares / errors.rows));
    }

    /** Returns {@code Σ|e|/n}. */
    static Errors meanAbsolute() {
        return new Errors(errors -> errors.absolutes / errors.rows);
    }

    /** Returns {@code 1 − Σe²/Σ(y−ȳ)²}; NaN if all targets are equal. */
    static Errors determination() {
        return new Errors(
                errors -> errors.spread > 0 ? 1 - errors.squares / errors.spread : Double.NaN);
    }

    @Override
    public void add(float[] outputs, float[] targets, double loss) {
        for (int i = 0; i < targets.length; i++) {
            double error = (double) outputs[i] - targets[i];
            squares += error * error;
            absolutes += Math.abs(error);
            double distance = targets[i] - mean;
            mean += distance / (rows + i + 1);
            spread += distance * (targets[i] - mean);
        }
        rows += targets.length;
    }

    @Override
    public double value() {
        return measure.applyAsDouble(this);
    }
}
