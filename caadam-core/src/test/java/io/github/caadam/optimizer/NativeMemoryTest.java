// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import io.github.caadam.Networks;
import io.github.caadam.ResidentMemory;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.training.MeanSquaredError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of trainings in one JVM. What is measured is the resident memory of the process without
 * the Java heap, and the slope of the line through it, in kilobytes per training; each training of
 * a 256-512-512-1 MLP has some 3,100 KB of moments.
 */
class NativeMemoryTest {

    private static final int WARM_UP = 300;
    private static final int TRAININGS = 300;
    private static final int UNITS = 512;
    private static final int INPUTS = 256;

    @Test
    void residentMemoryStaysFlatOverTrainings() throws Exception {
        double slope = ResidentMemory.slopeOf(NativeMemoryTest.class, WARM_UP, TRAININGS, true);

        System.out.printf(
                Locale.ROOT,
                "Native memory over %d trainings: slope %.1f KB per training%n",
                TRAININGS,
                slope);
        // A thirtieth of what a training that is not freed leaves; memory may also be given back.
        assertThat(slope).as("KB per training").isLessThan(100.0);
    }

    /** The measurement sees what it is to find: moments that are not freed. */
    @Test
    void optimizersThatAreNotClosedShow() throws Exception {
        assertThat(ResidentMemory.slopeOf(NativeMemoryTest.class, 5, 40, false))
                .as("KB per training")
                .isGreaterThan(2_000);
    }

    /**
     * Prints the slope of this process.
     *
     * @param arguments trainings before the measurement, trainings measured, and whether their
     *     optimizers are closed
     */
    public static void main(String[] arguments) throws IOException {
        OptimizerCase[] kinds = OptimizerCase.settings().toArray(OptimizerCase[]::new);
        boolean close = Boolean.parseBoolean(arguments[2]);
        List<StatefulOptimizer> open = new ArrayList<>();
        try {
            ResidentMemory.printSlope(
                    Integer.parseInt(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    i -> {
                        StatefulOptimizer optimizer = train(kinds[i % kinds.length]);
                        if (close) {
                            optimizer.close();
                        } else {
                            open.add(optimizer);
                        }
                    });
        } finally {
            open.forEach(StatefulOptimizer::close);
        }
    }

    private static StatefulOptimizer train(OptimizerCase kind) {
        try (Model model = Model.newInstance("trained", "PyTorch")) {
            Block block = Networks.mlp(UNITS, UNITS, 1);
            model.setBlock(block);
            StatefulOptimizer optimizer = kind.create(block);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError()).optOptimizer(optimizer);
            try (Trainer trainer = model.newTrainer(config)) {
                trainer.initialize(new Shape(4, INPUTS));
                try (NDManager manager = trainer.getManager().newSubManager()) {
                    NDList features = new NDList(manager.ones(new Shape(4, INPUTS)));
                    NDList labels = new NDList(manager.ones(new Shape(4, 1)));
                    for (int step = 0; step < 3; step++) {
                        try (GradientCollector collector = trainer.newGradientCollector()) {
                            collector.backward(
                                    trainer.getLoss().evaluate(labels, trainer.forward(features)));
                        }
                        trainer.step();
                    }
                }
            }
            return optimizer;
        }
    }
}
