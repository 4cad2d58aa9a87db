// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import ai.djl.Model;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import io.github.caadam.training.FusedTrainer;
import java.util.function.BiFunction;

/** The trainers of the library, made as {@code Model::newTrainer} makes DJL's. */
public final class Trainers {

    /** Makes a step in one call of the engine. */
    public static final BiFunction<Model, TrainingConfig, Trainer> FUSED =
            (model, config) -> FusedTrainer.builder().setModel(model).setConfig(config).build();

    /** Makes as many steps as memory allows in one call. */
    public static final BiFunction<Model, TrainingConfig, Trainer> COMPILED =
            (model, config) ->
                    FusedTrainer.builder()
                            .setModel(model)
                            .setConfig(config)
                            .optCompiledEpochs()
                            .build();

    private Trainers() {}

    /** Makes several steps in one call. */
    public static BiFunction<Model, TrainingConfig, Trainer> compiled(int steps) {
        return (model, config) ->
                FusedTrainer.builder()
                        .setModel(model)
                        .setConfig(config)
                        .optStepsPerExecution(steps)
                        .build();
    }
}
