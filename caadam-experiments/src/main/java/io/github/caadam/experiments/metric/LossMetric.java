// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.Options;

/** The loss that was minimized, with the network's penalty if it has one. */
final class LossMetric implements MetricFactory {

    static final String NAME = "loss";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "the loss that is minimized, penalties included";
    }

    @Override
    public boolean lowerIsBetter() {
        return true;
    }

    @Override
    public Metric start(DataSignature data, Options options) {
        return new Mean();
    }

    /** The mean over rows. */
    private static final class Mean implements Metric {

        private double losses;
        private int rows;

        @Override
        public void add(float[] outputs, float[] targets, double loss) {
            losses += loss * targets.length;
            rows += targets.length;
        }

        @Override
        public double value() {
            return losses / rows;
        }
    }
}
