// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.caadam.HeldParameters;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Saves checkpoints in a process of its own, which may die of it. */
final class SaveInAnotherProcess {

    private SaveInAnotherProcess() {}

    /** Where the process is killed or waits: within the directory of the checkpoint. */
    private static final class Weights extends AbstractBlock {

        private final String mode;

        Weights(String mode) {
            addParameter(HeldParameters.weight("w", new Shape(3)));
            this.mode = mode;
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> params) {
            return inputs;
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputShapes) {
            return inputShapes;
        }

        @Override
        public void saveParameters(DataOutputStream os) throws IOException {
            os.flush();
            if (mode.equals("halt")) {
                Runtime.getRuntime().halt(9);
            } else if (mode.equals("wait")) {
                System.out.println("saving");
                System.in.read();
            }
            super.saveParameters(os);
        }
    }

    static Process start(String mode, Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SaveInAnotherProcess.class.getName(),
                        mode,
                        directory.toString())
                .redirectError(new File("/dev/null"))
                .start();
    }

    static Model model(String mode) {
        Model model = Model.newInstance("saved", "PyTorch");
        model.setBlock(new Weights(mode));
        model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
        return model;
    }

    static StatefulOptimizer optimizer(Model model) {
        return Adamax.builder().optBlock(model.getBlock()).build();
    }

    /** Saves epoch 1 once, or again and again in the mode "loop". */
    public static void main(String[] args) throws IOException {
        try (Model model = model(args[0]);
                StatefulOptimizer optimizer = optimizer(model)) {
            float number = 0;
            do {
                number++;
                for (var parameter : List.copyOf(model.getBlock().getParameters().values())) {
                    parameter.getArray().set(new float[] {number, number, number});
                }
                Checkpoint.save(Path.of(args[1]), 1, model, optimizer, 1);
                if (number == 1) {
                    System.out.println("saved");
                }
            } while (args[0].equals("loop"));
        }
    }
}
