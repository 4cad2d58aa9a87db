package com.acme;

import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.Options;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The median of the absolute errors. */
public final class MedianError implements MetricFactory {

    @Override
    public String name() {
        return "median-error";
    }

    @Override
    public String description() {
        return "the median of the absolute errors";
    }

    @Override
    public boolean lowerIsBetter() {
        return true;
    }

    @Override
    public String unit(DataSignature data) {
        return data.targets().unit();
    }

    @Override
    public Metric start(DataSignature data, Options options) {
        List<Float> errors = new ArrayList<>();
        return new Metric() {

            @Override
            public void add(float[] outputs, float[] targets, double loss) {
                for (int i = 0; i < targets.length; i++) {
                    errors.add(Math.abs(outputs[i] - targets[i]));
                }
            }

            @Override
            public double value() {
                Collections.sort(errors);
                return errors.get(errors.size() / 2);
            }
        };
    }
}
