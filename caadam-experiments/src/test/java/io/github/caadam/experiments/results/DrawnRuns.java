// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs for tests that drew factors for a weight and a bias. */
public final class DrawnRuns {

    private DrawnRuns() {}

    /**
     * Makes 40 runs whose error, test and validation alike, is 0.5 + 0.04·log₂ of the weight's
     * factor, without noise. The factors lie on two circles, so that log₂ of them has 1 as its mean
     * square.
     */
    public static List<RunRow> linear(String architecture) {
        Random random = new Random(1);
        List<RunRow> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            double angle = 2 * Math.PI * random.nextDouble();
            double length = i % 2 == 0 ? Math.sqrt(3.5) : Math.sqrt(0.5);
            double weight = length * Math.cos(angle);
            Map<String, Double> factors = new LinkedHashMap<>();
            factors.put("01Linear_weight", Math.pow(2, weight));
            factors.put("01Linear_bias", Math.pow(2, length * Math.sin(angle)));
            double error = 0.5 + 0.04 * weight;
            rows.add(
                    new RunRowBuilder()
                            .on("california-housing", architecture)
                            .by("CaAdam", "log-normal tuned")
                            .run(i)
                            .result("rmse", error, 0)
                            .validationLoss(error * error)
                            .factors(factors)
                            .build());
        }
        return rows;
    }
}
