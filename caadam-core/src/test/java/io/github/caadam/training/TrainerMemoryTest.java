// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.training.EasyTrain;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.ResidentMemory;
import io.github.caadam.Trainers;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What trainers leave behind that were created, run in {@code EasyTrain.fit} and closed. With
 * {@code -Dcaadam.trainers=1000} there are as many, otherwise a few hundred.
 */
class TrainerMemoryTest {

    private static final int SAMPLES = ResidentMemory.SAMPLES;
    private static final int TRAINERS = Integer.getInteger("caadam.trainers", 13 * SAMPLES);

    /** What is not freed at once is so by the time that caches are full. */
    private static final int WARM_UP = 60;

    /**
     * DJL's own trainers were seen to leave 1 to 3 KB each and these 5 to 20, less with time. One
     * that is not closed leaves 3,000.
     */
    private static final long ALLOWED_KILOBYTES = 60;

    private static final List<SmallTraining> UNCLOSED = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"fused", "compiled", "averaged"})
    void residentMemoryStaysFlatOverTrainers(String way) throws Exception {
        int trainers = TRAINERS / SAMPLES;
        long growth = ResidentMemory.growthOf(TrainerMemoryTest.class, way, trainers);

        System.out.printf(
                Locale.ROOT,
                "Native memory over %d %s trainers: median growth %.2f KB per trainer%n",
                TRAINERS,
                way,
                (double) growth / trainers);
        assertThat(growth).as("KB").isLessThan(ALLOWED_KILOBYTES * trainers);
    }

    /** The measurement sees what it is to find. */
    @Test
    void trainersThatAreNotClosedShow() throws Exception {
        assertThat(ResidentMemory.growthOf(TrainerMemoryTest.class, "unclosed", 4))
                .as("KB")
                .isGreaterThan(4 * 10 * ALLOWED_KILOBYTES);
    }

    public static void main(String[] arguments) throws IOException {
        String way = arguments[0];
        train(way, WARM_UP);
        ResidentMemory.printGrowth(() -> train(way, Integer.parseInt(arguments[1])));
    }

    private static void train(String way, int trainers) {
        for (int i = 0; i < trainers; i++) {
            train(way);
        }
    }

    private static void train(String way) {
        SmallTraining training =
                new SmallTraining(
                        SmallTraining.Network.MLP.block(),
                        SmallTraining.Network.MLP.input(),
                        Device.cpu(),
                        block ->
                                LibraryOptimizer.CAADAM.create(
                                        block,
                                        builder -> {
                                            LibraryOptimizer.scale(
                                                    builder, ScalingStrategy.additive());
                                            if (way.equals("averaged")) {
                                                builder.optWeightAverage(0.9f);
                                            }
                                        }),
                        way.equals("fused") ? Trainers.FUSED : Trainers.COMPILED);
        try {
            EasyTrain.fit(training.trainer(), 2, training.dataset(), training.dataset());
            if (training.fused().fallbackReason().isPresent()) {
                throw new IllegalStateException(training.fused().fallbackReason().get());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        if (!way.equals("unclosed")) {
            training.close();
            ((StatefulOptimizer) training.optimizer()).close();
        } else {
            UNCLOSED.add(training);
        }
    }
}
