// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.translate.TranslateException;
import ai.djl.util.Utils;
import io.github.caadam.optimizer.OnDevice;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.EpochListener;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.MeanSquaredError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** What an optimizer may be able to do, found out by a small training. */
enum Capability {
    STEP_BY_STEP("step by step") {
        @Override
        String of(AnyOptimizer optimizer) {
            return trains(optimizer, Model::newTrainer);
        }
    },

    FUSED("fused step") {
        @Override
        String of(AnyOptimizer optimizer) {
            return trains(optimizer, Trainers.FUSED);
        }
    },

    COMPILED("compiled epoch") {
        @Override
        String of(AnyOptimizer optimizer) {
            try (Model model = model(DataType.FLOAT32, network());
                    NDManager manager = NDManager.newBaseManager()) {
                Block block = model.getBlock();
                block.initialize(manager, DataType.FLOAT32, new Shape(ROWS, 3));
                if (!(optimizer.maker().make(block, RATE, Capability::noOptions)
                        instanceof StatefulOptimizer ours)) {
                    return NO;
                }
                try (ours;
                        CompiledEpoch epoch =
                                CompiledEpoch.compile(block, new MeanSquaredError(), ours, BATCH)) {
                    return epoch.source().isEmpty() ? NO : YES;
                }
            } catch (NotAcceleratedException e) {
                return NO;
            }
        }
    },

    COMPILED_IN_FIT("compiled in `fit`") {
        @Override
        String of(AnyOptimizer optimizer) {
            return trains(optimizer, Trainers.COMPILED);
        }
    },

    RESUME("resumed") {
        @Override
        String of(AnyOptimizer optimizer) {
            Function<Block, Optimizer> maker =
                    block -> optimizer.maker().make(block, RATE, Capability::noOptions);
            Path directory = null;
            try {
                directory = Files.createTempDirectory("capability");
                boolean exactly = true;
                for (int i = 0; i < (optimizer.ours().isPresent() ? EXECUTIONS.size() : 1); i++) {
                    Path own = directory.resolve("execution" + i);
                    List<float[]> whole = fit(maker, EXECUTIONS.get(i), 4, null).weights();
                    fit(maker, EXECUTIONS.get(i), 2, own);
                    List<float[]> resumed = fit(maker, EXECUTIONS.get(i), 4, own).weights();
                    exactly &= same(whole, resumed, 0);
                }
                return exactly ? "to the bit" : "not exactly";
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                return NO;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                Utils.deleteQuietly(directory);
            }
        }
    },

    CLIP_VALUE("clip by value") {
        @Override
        String of(AnyOptimizer optimizer) {
            try {
                boolean above = clips(optimizer, 1);
                boolean below = clips(optimizer, -1);
                return above && below ? YES : above ? "from above only" : NO;
            } catch (UnsupportedOperationException e) {
                return NO;
            }
        }
    },

    CLIP_NORM("clip by norm") {
        @Override
        String of(AnyOptimizer optimizer) {
            return inThreeExecutions(optimizer, builder -> builder.optClipNorm(1e-3f));
        }
    },

    CLIP_GLOBAL_NORM("clip by global norm") {
        @Override
        String of(AnyOptimizer optimizer) {
            return inThreeExecutions(optimizer, builder -> builder.optGlobalClipNorm(1e-3f));
        }
    },

    ACCUMULATION("gradient accumulation") {
        @Override
        String of(AnyOptimizer optimizer) {
            return inThreeExecutions(optimizer, builder -> builder.optGradientAccumulationSteps(3));
        }
    },

    AVERAGE("average of weights") {
        @Override
        String of(AnyOptimizer optimizer) {
            Function<Block, Optional<Optimizer>> averaging =
                    block -> optimizer.with(block, RATE, b -> b.optWeightAverage(0.5f));
            if (optimizer.ours().isEmpty()) {
                return NO;
            }
            List<List<float[]>> averages = new ArrayList<>();
            for (BiFunction<Model, TrainingConfig, Trainer> trainers : EXECUTIONS) {
                Result result = fit(block -> averaging.apply(block).get(), trainers, 2, null);
                averages.add(result.averages());
            }
            return same(averages.get(0), averages.get(1), ROUNDING)
                            && same(averages.get(0), averages.get(2), ROUNDING)
                    ? YES
                    : NO;
        }
    },

    FLOAT64("float64 weights") {
        @Override
        String of(AnyOptimizer optimizer) {
            return steps(optimizer, DataType.FLOAT64);
        }
    },

    FLOAT16("float16 weights") {
        @Override
        String of(AnyOptimizer optimizer) {
            return steps(optimizer, DataType.FLOAT16);
        }
    },

    DEVICES("several devices") {
        @Override
        String of(AnyOptimizer optimizer) {
            try {
                return countsStepsOnTwoDevices(optimizer) ? "step by step" : "counts each device";
            } catch (UnsupportedOperationException e) {
                return NO;
            } catch (IllegalStateException e) {
                return "refused";
            }
        }
    };

    private static final String YES = "yes";
    private static final String NO = "–";
    private static final int ROWS = 48;
    private static final int BATCH = 8;
    private static final double ROUNDING = 1e-5;

    /** Falls, so that it shows how steps are counted. */
    private static final ParameterTracker RATE = (parameter, step) -> 0.02f / step;

    private static final List<BiFunction<Model, TrainingConfig, Trainer>> EXECUTIONS =
            List.of(Model::newTrainer, Trainers.FUSED, Trainers.COMPILED);

    private final String title;

    Capability(String title) {
        this.title = title;
    }

    private static void noOptions(Optimizer.OptimizerBuilder<?> builder) {}

    /** Returns the capability in words. */
    String title() {
        return title;
    }

    /** Returns in a word whether an optimizer has it. */
    abstract String of(AnyOptimizer optimizer);

    /**
     * What a training came to.
     *
     * @param weights the weights
     * @param averages the averages of the weights, if the optimizer has them
     * @param fallback why the trainer does not do what it is for
     */
    private record Result(
            List<float[]> weights, List<float[]> averages, Optional<String> fallback) {}

    private static String trains(
            AnyOptimizer optimizer, BiFunction<Model, TrainingConfig, Trainer> trainers) {
        try {
            Result result =
                    fit(
                            block -> optimizer.maker().make(block, RATE, Capability::noOptions),
                            trainers,
                            2,
                            null);
            Result untrained =
                    fit(
                            block -> optimizer.maker().make(block, RATE, Capability::noOptions),
                            trainers,
                            0,
                            null);
            boolean moved = !same(result.weights(), untrained.weights(), 0);
            return moved && result.fallback().isEmpty() ? YES : NO;
        } catch (UnsupportedOperationException e) {
            return NO;
        }
    }

    private static String inThreeExecutions(
            AnyOptimizer optimizer, Consumer<StatefulOptimizer.Builder<?>> option) {
        if (optimizer.ours().isEmpty()) {
            return NO;
        }
        Function<Block, Optimizer> with = block -> optimizer.with(block, RATE, option).get();
        Result plain =
                fit(
                        block -> optimizer.maker().make(block, RATE, Capability::noOptions),
                        Model::newTrainer,
                        2,
                        null);
        List<Result> results =
                EXECUTIONS.stream().map(trainers -> fit(with, trainers, 2, null)).toList();
        boolean agree =
                results.stream()
                        .allMatch(
                                r ->
                                        r.fallback().isEmpty()
                                                && same(
                                                        r.weights(),
                                                        results.get(0).weights(),
                                                        ROUNDING));
        return agree && !same(plain.weights(), results.get(0).weights(), 0) ? YES : NO;
    }

    /** Trains on fixed data from fixed weights; goes on from a checkpoint if there is one. */
    private static Result fit(
            Function<Block, Optimizer> optimizers,
            BiFunction<Model, TrainingConfig, Trainer> trainers,
            int epochs,
            Path checkpoints) {
        try (Model model = model(DataType.FLOAT32, network())) {
            Block block = model.getBlock();
            Optimizer optimizer = optimizers.apply(block);
            DefaultTrainingConfig config =
                    new DefaultTrainingConfig(new MeanSquaredError()).optOptimizer(optimizer);
            EpochListener listener = null;
            if (checkpoints != null) {
                listener = EpochListener.builder().optCheckpoints(checkpoints, optimizer).build();
                config.addTrainingListeners(listener);
            }
            try (Trainer trainer = trainers.apply(model, config)) {
                trainer.initialize(new Shape(BATCH, 3));
                set(block);
                int done = listener == null ? 0 : listener.resume(trainer);
                EasyTrain.fit(trainer, epochs - done, data(trainer.getManager()), null);
                return new Result(
                        Networks.values(block),
                        averages(block, optimizer),
                        trainer instanceof FusedTrainer fused
                                ? fused.fallbackReason()
                                : Optional.empty());
            } finally {
                if (optimizer instanceof StatefulOptimizer ours) {
                    ours.close();
                }
            }
        } catch (IOException | TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<float[]> averages(Block block, Optimizer optimizer) {
        List<float[]> averages = new ArrayList<>();
        if (optimizer instanceof StatefulOptimizer ours && ours.isAveraging()) {
            for (Parameter parameter : block.getParameters().values()) {
                ours.averageOf(parameter.getId(), parameter.getArray().getDevice())
                        .ifPresent(average -> averages.add(average.toFloatArray()));
            }
        }
        return averages;
    }

    private static Model model(DataType type, Block block) {
        Model model = Model.newInstance("capability", "PyTorch");
        model.setDataType(type);
        model.setBlock(block);
        return model;
    }

    private static Block network() {
        return new SequentialBlock()
                .add(Linear.builder().setUnits(4).build())
                .add(Activation.tanhBlock())
                .add(Linear.builder().setUnits(1).build());
    }

    private static void set(Block block) {
        Random random = new Random(3);
        for (Parameter parameter : block.getParameters().values()) {
            parameter.getArray().set(gaussians(random, (int) parameter.getShape().size()));
        }
    }

    private static ArrayDataset data(NDManager manager) {
        Random random = new Random(5);
        return new ArrayDataset.Builder()
                .setData(manager.create(gaussians(random, ROWS * 3), new Shape(ROWS, 3)))
                .optLabels(manager.create(gaussians(random, ROWS), new Shape(ROWS, 1)))
                .setSampling(BATCH, false)
                .build();
    }

    private static float[] gaussians(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static boolean same(List<float[]> first, List<float[]> second, double tolerance) {
        if (first.isEmpty() || first.size() != second.size()) {
            return false;
        }
        for (int i = 0; i < first.size(); i++) {
            for (int k = 0; k < first.get(i).length; k++) {
                if (!(Math.abs(first.get(i)[k] - second.get(i)[k]) <= tolerance)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Clips a large gradient before a small one: both must count as the small one, twice. */
    private static boolean clips(AnyOptimizer optimizer, float sign) {
        float[] clipped = update(optimizer, 0.1f, sign * 10, sign * 0.1f);
        float[] plain = update(optimizer, 0, sign * 0.1f, sign * 0.1f);
        return same(List.of(clipped), List.of(plain), 1e-6);
    }

    private static float[] update(AnyOptimizer optimizer, float clip, float... gradients) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
            Optimizer made =
                    optimizer
                            .maker()
                            .make(
                                    block,
                                    RATE,
                                    builder -> {
                                        if (clip > 0) {
                                            builder.optClipGrad(clip);
                                        }
                                    });
            Parameter first = block.getParameters().valueAt(0);
            block.getParameters().values().forEach(other -> other.freeze(other != first));
            NDArray weight = first.getArray();
            weight.set(new float[(int) weight.size()]);
            for (float gradient : gradients) {
                made.update(first.getId(), weight, weight.onesLike().mul(gradient));
            }
            return weight.toFloatArray();
        }
    }

    private static String steps(AnyOptimizer optimizer, DataType type) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network();
            block.initialize(manager, type, new Shape(1, 3));
            Optimizer made = optimizer.maker().make(block, RATE, Capability::noOptions);
            for (Parameter parameter : block.getParameters().values()) {
                NDArray weight = parameter.getArray();
                made.update(parameter.getId(), weight, weight.onesLike());
            }
            return YES;
        } catch (IllegalArgumentException e) {
            return "refused";
        } catch (UnsupportedOperationException e) {
            return NO;
        }
    }

    /** Updates each parameter on two devices, and looks at which steps rates are asked for. */
    private static boolean countsStepsOnTwoDevices(AnyOptimizer optimizer) {
        List<Integer> asked = new ArrayList<>();
        ParameterTracker recording =
                (parameter, step) -> {
                    asked.add(step);
                    return 0.01f;
                };
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = network();
            block.initialize(manager, DataType.FLOAT32, new Shape(1, 3));
            Optimizer made = optimizer.maker().make(block, recording, Capability::noOptions);
            Set<Integer> steps = new HashSet<>();
            for (int step = 1; step <= 3; step++) {
                for (Parameter parameter : block.getParameters().values()) {
                    NDArray gradient = parameter.getArray().onesLike();
                    for (Device device : List.of(Device.cpu(), Device.gpu())) {
                        if (made instanceof StatefulOptimizer ours) {
                            NDArray copy = parameter.getArray().duplicate();
                            OnDevice.update(ours, parameter.getId(), device, copy, gradient);
                        } else {
                            // DJL's count knows no devices.
                            made.update(parameter.getId(), parameter.getArray(), gradient);
                        }
                    }
                }
                steps.add(step);
            }
            return steps.equals(Set.copyOf(asked));
        }
    }
}
