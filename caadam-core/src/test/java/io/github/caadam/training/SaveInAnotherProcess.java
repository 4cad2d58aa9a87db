// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Model;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.caadam.HeldParameters;
import io.github.caadam.optimizer.Adamax;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Saves checkpoints in a process of its own, which may die of it. */
final class SaveInAnotherProcess {

    private SaveInAnotherProcess() {}

    /** What is kept; in between the process is killed or waits. */
    static Map<String, Resumable> parts(Model model, StatefulOptimizer optimizer, String mode) {
        Map<String, Resumable> parts = new LinkedHashMap<>();
        parts.put("weights.npz", Resumable.ofWeights(model.getBlock()));
        parts.put("between", new Between(mode));
        parts.put("optimizer.npz", Resumable.ofOptimizer(optimizer, model.getBlock()));
        return parts;
    }

    private record Between(String mode) implements Resumable {

        @Override
        public void save(Path file) throws IOException {
            Files.writeString(file, mode);
            if (mode.equals("halt")) {
                Runtime.getRuntime().halt(9);
            } else if (mode.equals("wait")) {
                System.out.println("saving");
                System.in.read();
            }
        }

        @Override
        public void load(Path file) {}
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

    static Model model() {
        Model model = Model.newInstance("saved", "PyTorch");
        model.setBlock(new HeldParameters(HeldParameters.weight("w", new Shape(3))));
        model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3));
        return model;
    }

    static StatefulOptimizer optimizer(Model model) {
        return Adamax.builder().optBlock(model.getBlock()).build();
    }

    /** Saves epoch 1 once, or again and again in the mode "loop". */
    public static void main(String[] args) throws IOException {
        try (Model model = model();
                StatefulOptimizer optimizer = optimizer(model)) {
            float number = 0;
            do {
                number++;
                for (var parameter : List.copyOf(model.getBlock().getParameters().values())) {
                    parameter.getArray().set(new float[] {number, number, number});
                }
                Checkpoint.save(Path.of(args[1]), 1, parts(model, optimizer, args[0]), 1);
                if (number == 1) {
                    System.out.println("saved");
                }
            } while (args[0].equals("loop"));
        }
    }
}
