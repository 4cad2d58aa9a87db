// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import io.github.caadam.rule.StepNumbers;
import io.github.caadam.spi.UpdatePlan;

/**
 * What each of the next batches of a plan does, in a {@link TrainingProgram}: its numbers, in a row
 * for each batch. Behind those that the program asked for stands, where gradients are accumulated,
 * a 1 if the batch makes a step and a 0 if it does not; and last a 1 if denormal numbers are to be
 * flushed behind the batch, or else a 0. A batch that makes no step has zeros only.
 */
final class BatchSchedule {

    private final UpdatePlan plan;
    private final int batches;
    private final float[][] rates;
    private final StepGroups groups;

    /**
     * Asks for the learning rates of the steps, and groups the parameters.
     *
     * @param plan the plan
     * @param batches how many batches, beginning with the next, 1 or more
     */
    BatchSchedule(UpdatePlan plan, int batches) {
        this.plan = plan;
        this.batches = batches;
        rates = new float[plan.steps(batches)][];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = plan.rates(i + 1);
        }
        groups = StepGroups.of(plan, rates);
    }

    /** Returns the groups whose numbers are alike in all of the steps. */
    StepGroups groups() {
        return groups;
    }

    /**
     * Returns the rows.
     *
     * @param table the numbers that the program asked for
     * @param flushed whether denormal numbers are flushed
     */
    double[] rows(NumberTable table, boolean flushed) {
        boolean accumulates = plan.recipe().accumulates();
        int width = table.size() + (accumulates ? 2 : 1);
        double[] rows = new double[batches * width];
        int firstStep = groups.groups().get(0).first().step() + 1;
        int step = 0;
        for (int i = 0; i < batches; i++) {
            if (plan.isStep(i + 1)) {
                StepNumbers[] numbers = groups.numbers(rates[step], step + 1);
                table.fill(numbers, plan.networkStep(step + 1, rates[step]), rows, i * width);
                int end = (i + 1) * width;
                if (accumulates) {
                    rows[end - 2] = 1;
                }
                rows[end - 1] = flushed && DenormalCode.isDue(firstStep + step) ? 1 : 0;
                step++;
            }
        }
        return rows;
    }
}
