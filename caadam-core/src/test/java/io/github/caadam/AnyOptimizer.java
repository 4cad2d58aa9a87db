// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.optimizer.Optimizer.OptimizerBuilder;
import ai.djl.training.tracker.ParameterTracker;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An optimizer, ours or DJL's, of which is asked what it can do.
 *
 * @param name its name
 * @param ours its line in the table of ours; empty for one of DJL's
 * @param maker makes it for a block
 */
record AnyOptimizer(String name, Optional<LibraryOptimizer> ours, Maker maker) {

    /** Makes an optimizer with the options that all optimizers of DJL's have. */
    interface Maker {
        Optimizer make(Block block, ParameterTracker rate, Consumer<OptimizerBuilder<?>> options);
    }

    /** Returns all of ours, and all of DJL's. */
    static List<AnyOptimizer> all() {
        List<AnyOptimizer> all = new ArrayList<>();
        Arrays.stream(LibraryOptimizer.values()).map(AnyOptimizer::ours).forEach(all::add);
        all.add(
                djl(
                        "Sgd",
                        rate -> Optimizer.sgd().setLearningRateTracker(rate).optMomentum(0.9f),
                        b -> b.build()));
        all.add(djl("Adam", rate -> Optimizer.adam().optLearningRateTracker(rate), b -> b.build()));
        all.add(
                djl(
                        "AdamW",
                        rate -> Optimizer.adamW().optLearningRateTracker(rate),
                        b -> b.build()));
        all.add(
                djl(
                        "Nag",
                        rate -> Optimizer.nag().setLearningRateTracker(rate).setMomentum(0.9f),
                        b -> b.build()));
        all.add(
                djl(
                        "RmsProp",
                        rate -> Optimizer.rmsprop().optLearningRateTracker(rate),
                        b -> b.build()));
        all.add(
                djl(
                        "Adagrad",
                        rate -> Optimizer.adagrad().optLearningRateTracker(rate),
                        b -> b.build()));
        all.add(djl("Adadelta", rate -> Optimizer.adadelta(), b -> b.build()));
        return all;
    }

    private static AnyOptimizer ours(LibraryOptimizer one) {
        return new AnyOptimizer(
                one.type().getSimpleName(),
                Optional.of(one),
                (block, rate, options) ->
                        OptimizerCases.first(one)
                                .create(
                                        block,
                                        builder -> {
                                            builder.optLearningRateTracker(rate);
                                            options.accept(builder);
                                        }));
    }

    private static <B extends OptimizerBuilder<B>> AnyOptimizer djl(
            String name, Function<ParameterTracker, B> builders, Function<B, Optimizer> build) {
        return new AnyOptimizer(
                "DJL's " + name,
                Optional.empty(),
                (block, rate, options) -> {
                    B builder = builders.apply(rate);
                    options.accept(builder);
                    return build.apply(builder);
                });
    }

    /** Makes it with an option that only ours have; empty for one of DJL's. */
    Optional<Optimizer> with(
            Block block, ParameterTracker rate, Consumer<StatefulOptimizer.Builder<?>> option) {
        return ours.map(
                one ->
                        OptimizerCases.first(one)
                                .create(
                                        block,
                                        builder -> {
                                            builder.optLearningRateTracker(rate);
                                            option.accept(builder);
                                        }));
    }
}
