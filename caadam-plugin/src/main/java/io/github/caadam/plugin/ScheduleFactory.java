// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

/**
 * A learning-rate schedule that a study can name.
 *
 * @since 0.1.0
 */
public interface ScheduleFactory extends Named {

    /**
     * Starts the schedule of one training.
     *
     * @param base the learning rate that the optimizer is given
     * @param context what is trained
     * @param options the options that the study gives
     * @return a new schedule
     * @throws IllegalArgumentException if the options do not go together
     */
    Schedule create(double base, TrainingContext context, Options options);
}
