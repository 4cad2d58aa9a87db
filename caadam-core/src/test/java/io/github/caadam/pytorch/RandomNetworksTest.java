// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import ai.djl.util.Pair;
import io.github.caadam.Trainers;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * Networks, losses, optimizers, trackers and batch sizes drawn by chance, each trained from the
 * same weights by DJL's loop, by a {@link FusedTrainer} and by a {@link CompiledEpoch}.
 *
 * <p>To see one again: {@code -Dtest=RandomNetworksTest -DrandomNetworks.seed=17}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RandomNetworksTest {

    private static final int SEEDS = 200;
    private static final int EPOCHS = 4;
    private static final int STEPS_AN_EPOCH = 5;

    /**
     * The difference of two weights, relative to the parameter's largest value or to 1. Single
     * precision rounds by 6e-8; Adam's quotient makes a rounding error of a small gradient a part
     * of a step, and 20 steps of 0.002 carry that on.
     */
    private static final double TOLERANCE = 5e-6;

    /**
     * With batch normalisation, whose gradient is a difference of sums of one size: what is left of
     * it has fewer digits.
     */
    private static final double NORMALIZED_TOLERANCE = 5e-5;

    /** Of a loss, relative to its value or to 1. */
    private static final double LOSS_TOLERANCE = 1e-5;

    private static final int SHOWN = Integer.getInteger("randomNetworks.shown", 5);

    private final Report weights = new Report();
    private final Report trackers = new Report();
    private int compiled;
    private int chains;

    @BeforeAll
    void trainAll() {
        for (int seed : seeds()) {
            try (Case drawn = new Case(seed)) {
                drawn.train();
                weights.add(seed, drawn, drawn.differences());
                trackers.add(seed, drawn, drawn.wrongQuestions());
            }
        }
    }

    private static int[] seeds() {
        Integer one = Integer.getInteger("randomNetworks.seed");
        return one == null ? IntStream.range(0, SEEDS).toArray() : new int[] {one};
    }

    @Test
    void threeExecutionsTrainTheSameWeights() {
        weights.requireNone();
    }

    @Test
    void threeExecutionsAskTheTrackerOnceForEachParameterAndStep() {
        trackers.requireNone();
    }

    @Test
    void mostNetworksAreCompiledAndManyAreChains() {
        assertThat(compiled).as("networks compiled").isGreaterThan(seeds().length / 2);
        assertThat(chains).as("chains compiled").isGreaterThan(seeds().length / 10);
    }

    /** What is wrong, by seed. */
    private static final class Report {

        private final List<Integer> seeds = new ArrayList<>();
        private final List<String> cases = new ArrayList<>();

        void add(int seed, Case drawn, List<String> problems) {
            if (!problems.isEmpty()) {
                seeds.add(seed);
                cases.add(drawn + "\n  " + String.join("\n  ", problems));
            }
        }

        void requireNone() {
            assertThat(cases.stream().limit(SHOWN))
                    .as("%d of %d seeds fail, %s; the first", seeds.size(), seeds().length, seeds)
                    .isEmpty();
        }
    }

    /** What one seed draws. */
    private final class Case implements AutoCloseable {

        private final int seed;
        private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        private final int batch;
        private final int rows;
        private final int lossKind;
        private final boolean classes;
        private final Freezing freezing;
        private final List<Execution> executions = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();

        Case(int seed) {
            this.seed = seed;
            Random random = new Random(~seed);
            RandomNetwork network = RandomNetwork.draw(new Random(seed));
            batch = network.isNormalized() || random.nextBoolean() ? 16 : 8;
            // A norm of two or three rows has gradients that are next to nothing but rounding.
            int fewest = network.isNormalized() ? 8 : 1;
            int last = random.nextBoolean() ? batch : fewest + random.nextInt(batch - fewest);
            rows = (STEPS_AN_EPOCH - 1) * batch + last;
            // Under a squared error, gradients of a chain are written out.
            lossKind = random.nextInt(network.isChain() && random.nextBoolean() ? 3 : 8);
            classes = lossKind >= 5;
            freezing =
                    switch (random.nextInt(7)) {
                        case 0 -> Freezing.ALWAYS;
                        case 1 -> Freezing.AT_FIRST;
                        case 2 -> Freezing.IN_BETWEEN;
                        default -> Freezing.NEVER;
                    };
        }

        private Loss loss(Block block) {
            return switch (lossKind) {
                case 0, 1 -> new MeanSquaredError();
                case 2 -> Loss.l2Loss();
                case 3 -> new L2PenalizedLoss(new MeanSquaredError(), block, 0.01f, "_weight$");
                case 4 -> new L2PenalizedLoss(Loss.l2Loss(), block, 0.01f, "^01");
                case 5, 6 -> new SoftmaxCrossEntropyLoss();
                default ->
                        new L2PenalizedLoss(
                                new SoftmaxCrossEntropyLoss(), block, 0.01f, "_weight$");
            };
        }

        /** Trains in three ways. */
        void train() {
            run("eager", Model::newTrainer);
            run("fused", Trainers.FUSED);
            run("compiled", Model::newTrainer);
            compiled += executions.size() == 3 && executions.get(2).isTrained() ? 1 : 0;
        }

        private void run(String name, BiFunction<Model, TrainingConfig, Trainer> trainers) {
            try {
                Execution execution = new Execution(name, trainers);
                executions.add(execution);
                execution.run();
            } catch (RuntimeException | LinkageError e) {
                faults.add(name + ": " + e.toString().lines().findFirst().orElseThrow());
            }
        }

        /** Returns how the trained networks differ, and what was thrown. */
        List<String> differences() {
            List<String> problems = new ArrayList<>(faults);
            if (executions.size() < 3 || !executions.get(0).isTrained()) {
                return problems;
            }
            Execution eager = executions.get(0);
            Execution fused = executions.get(1);
            Execution whole = executions.get(2);
            double tolerance = eager.network.isNormalized() ? NORMALIZED_TOLERANCE : TOLERANCE;
            if (fused.isTrained()) {
                problems.addAll(fused.differences(eager, tolerance));
            }
            if (whole.isTrained()) {
                problems.addAll(whole.differences(eager, tolerance));
            }
            if (whole.isTrained() && fused.isTrained()) {
                chains += whole.network.isChain() ? 1 : 0;
                problems.addAll(whole.differences(fused, tolerance));
            }
            return problems;
        }

        /** Returns what the trackers were asked against the rule. */
        List<String> wrongQuestions() {
            return executions.stream()
                    .filter(Execution::isTrained)
                    .flatMap(execution -> execution.wrongQuestions().stream())
                    .toList();
        }

        @Override
        public void close() {
            executions.forEach(Execution::close);
            manager.close();
        }

        @Override
        public String toString() {
            Execution first = executions.isEmpty() ? null : executions.get(0);
            return String.format(
                    "%nSEED %d: %d rows in batches of %d, %s, frozen %s%s%n%s%n%s, tracker %s",
                    seed,
                    rows,
                    batch,
                    lossName(),
                    freezing,
                    first == null ? "" : first.network.traits(),
                    first == null ? "no network" : first.side.block(),
                    first == null ? "no optimizer" : first.optimizer.optimizer(),
                    first == null ? "none" : first.optimizer.recorder());
        }

        private String lossName() {
            return List.of(
                            "MeanSquaredError",
                            "MeanSquaredError",
                            "L2Loss",
                            "L2PenalizedLoss of weights, MeanSquaredError",
                            "L2PenalizedLoss of the first layer, L2Loss",
                            "SoftmaxCrossEntropyLoss",
                            "SoftmaxCrossEntropyLoss",
                            "L2PenalizedLoss of weights, SoftmaxCrossEntropyLoss")
                    .get(lossKind);
        }

        /** A network of the case's weights, trained in one way. */
        private final class Execution implements AutoCloseable {

            private final String name;
            private final RandomNetwork network = RandomNetwork.draw(new Random(seed));
            private final Twins.Side side;
            private final TestData data;
            private final List<Integer> toFreeze = new ArrayList<>();
            private RandomOptimizer optimizer;
            private double lastLoss;
            private double evaluated;
            private boolean trained;

            Execution(String name, BiFunction<Model, TrainingConfig, Trainer> trainers) {
                this.name = name;
                data = data(network);
                side =
                        new Twins.Side(
                                Device.cpu(),
                                network.block(),
                                block -> {
                                    optimizer = RandomOptimizer.draw(new Random(seed), block);
                                    return optimizer.optimizer();
                                },
                                (Function<Block, Loss>) Case.this::loss,
                                batch,
                                network.sample(),
                                trainers);
                Random random = new Random(seed);
                int count = parameters().size();
                for (int i = 0; i < count; i++) {
                    if (random.nextInt(5) < 2) {
                        toFreeze.add(i);
                    }
                }
                if (toFreeze.size() == count) {
                    toFreeze.remove(count - 1);
                }
            }

            private TestData data(RandomNetwork drawn) {
                Random random = new Random(seed);
                Shape shape = new Shape(rows).addAll(drawn.sample());
                float[] features = gaussians(random, (int) shape.size());
                if (!classes) {
                    float[] labels = gaussians(random, rows * drawn.outputs());
                    return new TestData(
                            manager.create(features, shape),
                            manager.create(labels, new Shape(rows, drawn.outputs())));
                }
                int[] labels = random.ints(rows, 0, drawn.outputs()).toArray();
                return new TestData(manager.create(features, shape), manager.create(labels));
            }

            /** The trainable parameters, each once. */
            private List<Parameter> parameters() {
                Set<Parameter> distinct = new LinkedHashSet<>();
                for (Parameter parameter : side.block().getParameters().values()) {
                    String kind = parameter.getName();
                    if (!kind.equals("runningMean") && !kind.equals("runningVar")) {
                        distinct.add(parameter);
                    }
                }
                return List.copyOf(distinct);
            }

            private void freeze(int epoch) {
                List<Parameter> parameters = parameters();
                for (int i = 0; i < parameters.size(); i++) {
                    if (isSometimesFrozen(i)) {
                        parameters.get(i).freeze(freezing.isFrozen(epoch));
                    }
                }
            }

            /**
             * Under cross entropy the gradients of a last bias sum to zero, which alone DJL's
             * trainer takes for none.
             */
            private boolean isSometimesFrozen(int parameter) {
                return toFreeze.contains(parameter) && (parameter > 0 || !classes);
            }

            void run() {
                if (name.equals("compiled")) {
                    compile();
                } else {
                    train();
                }
            }

            boolean isTrained() {
                return trained;
            }

            private void train() {
                for (int epoch = 0; epoch < EPOCHS; epoch++) {
                    freeze(epoch);
                    lastLoss =
                            side.trainEagerly(
                                    data.features(), data.labels(), TestData.order(rows, epoch));
                }
                evaluated = side.evaluateEagerly(data.features(), data.labels());
                trained = true;
            }

            private void compile() {
                try (CompiledEpoch epoch =
                        CompiledEpoch.compile(
                                side.block(), loss(side.block()), side.optimizer(), batch)) {
                    for (int i = 0; i < EPOCHS; i++) {
                        freeze(i);
                        lastLoss =
                                epoch.run(data.features(), data.labels(), TestData.order(rows, i));
                    }
                    evaluated = epoch.evaluate(data.features(), data.labels());
                    trained = true;
                } catch (NotAcceleratedException e) {
                    if (!mayBeRefused()) {
                        faults.add("compiled: refused, " + e.getMessage());
                    }
                }
            }

            /** A block of the user's, factors of the gradient; shared parameters by name. */
            private boolean mayBeRefused() {
                return network.isCustom() || network.isTied() || optimizer.isGradientAware();
            }

            List<String> differences(Execution other, double tolerance) {
                List<String> problems = new ArrayList<>();
                double worst = -1;
                String where = "";
                for (Pair<String, Parameter> pair : side.block().getParameters()) {
                    double difference =
                            difference(
                                    pair.getValue().getArray().toFloatArray(),
                                    other.side.parameter(pair.getKey()).toFloatArray());
                    difference =
                            Math.max(
                                    difference,
                                    Executions.differenceOfAverages(
                                            side, other.side, pair.getKey()));
                    if (!(difference <= worst)) {
                        worst = difference;
                        where = pair.getKey();
                    }
                }
                if (!(worst <= tolerance)) {
                    problems.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s and %s: %s differs by %.3g, more than %.1g",
                                    name,
                                    other.name,
                                    where,
                                    worst,
                                    tolerance));
                }
                requireLoss(problems, "last loss", lastLoss, other.lastLoss, other.name);
                requireLoss(problems, "evaluation", evaluated, other.evaluated, other.name);
                return problems;
            }

            private void requireLoss(
                    List<String> problems, String what, double found, double expected, String of) {
                double bound =
                        LOSS_TOLERANCE
                                * Math.max(1, Math.abs(expected))
                                * (network.isNormalized() ? 10 : 1);
                if (!(Math.abs(found - expected) <= bound)) {
                    problems.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s and %s: %s %.8g and %.8g",
                                    name,
                                    of,
                                    what,
                                    found,
                                    expected));
                }
            }

            /** Each parameter once a step, steps in order, by the number of the network's step. */
            List<String> wrongQuestions() {
                List<String> problems = new ArrayList<>();
                List<RandomOptimizer.Question> questions = optimizer.recorder().questions();
                int latest = 0;
                for (RandomOptimizer.Question question : questions) {
                    if (question.step() < latest) {
                        problems.add(
                                String.format(
                                        "%s: the tracker is asked for step %d after step %d",
                                        name, question.step(), latest));
                        break;
                    }
                    latest = question.step();
                }
                List<Parameter> parameters = parameters();
                for (int i = 0; i < parameters.size(); i++) {
                    String id = parameters.get(i).getId();
                    int[] asked =
                            questions.stream()
                                    .filter(question -> question.parameterId().equals(id))
                                    .mapToInt(RandomOptimizer.Question::step)
                                    .toArray();
                    int[] expected = stepsOf(isSometimesFrozen(i));
                    if (!Arrays.equals(asked, expected)) {
                        problems.add(
                                String.format(
                                        "%s: the tracker is asked for steps %s of parameter %d",
                                        name, Arrays.toString(asked), i));
                        break;
                    }
                }
                return problems;
            }

            private int[] stepsOf(boolean sometimesFrozen) {
                List<Integer> steps = new ArrayList<>();
                int batches = optimizer.batchesOfStep();
                for (int batch = batches; batch <= EPOCHS * STEPS_AN_EPOCH; batch += batches) {
                    int epoch = (batch - 1) / STEPS_AN_EPOCH;
                    if (!sometimesFrozen || !freezing.isFrozen(epoch)) {
                        steps.add(batch / batches);
                    }
                }
                return steps.stream().mapToInt(Integer::intValue).toArray();
            }

            @Override
            public void close() {
                side.close();
            }
        }
    }

    /** When the parameters that are chosen for it are frozen. */
    private enum Freezing {
        NEVER,
        ALWAYS,
        AT_FIRST,
        IN_BETWEEN;

        boolean isFrozen(int epoch) {
            return switch (this) {
                case NEVER -> false;
                case ALWAYS -> true;
                case AT_FIRST -> epoch < 2;
                case IN_BETWEEN -> epoch == 1 || epoch == 2;
            };
        }
    }

    private static float[] gaussians(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** The largest difference, relative to the largest value or to 1; not a number if one is. */
    private static double difference(float[] found, float[] expected) {
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double here = Math.abs((double) found[i] - expected[i]);
            difference = here <= difference ? difference : here;
        }
        return difference / largest;
    }
}
