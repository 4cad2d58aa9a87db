// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.translate.TranslateException;
import ai.djl.util.Pair;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.Requirements;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.Accelerator;
import io.github.caadam.spi.NotAcceleratedException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Trainer} that is fast inside {@code EasyTrain.fit}. Everything that is not said here is
 * DJL's; it stands where {@code model.newTrainer(config)} stood:
 *
 * <pre>{@code
 * try (Trainer trainer =
 *         FusedTrainer.builder().setModel(model).setConfig(config).optCompiledEpochs().build()) {
 *     trainer.initialize(new Shape(1, 8));
 *     EasyTrain.fit(trainer, epochs, trainingSet, validationSet);
 * }
 * }</pre>
 *
 * <p><b>Fused steps</b> are made unless more is asked for: {@link #step} updates all parameters in
 * one call of the engine, in place of several calls for each parameter. The weights are those of
 * {@link Trainer#step} up to rounding in single precision, and the optimizer's state is the same
 * arrays, so both can take turns, and saving and loading work as ever. On CPU, moments that would
 * become denormal numbers are made zero every 32 steps, which moves no weight by more than rounding
 * and spares the processor its slow path.
 *
 * <p><b>Compiled steps</b>, with {@link Builder#optStepsPerExecution} or {@link
 * Builder#optCompiledEpochs}, are made many at a time: forward passes, losses, gradients and steps
 * of several batches in one call of a program, which {@link CompiledEpoch} describes with the
 * blocks and losses that it knows. Weights are the same as those of fused steps, bit for bit on CPU
 * where the network is a chain of {@code Linear} and ReLU. {@link #iterateDataset} hands out
 * <em>chunks</em> of batches, to validation, too, and the loop sees a chunk as one batch:
 *
 * <ul>
 *   <li>Rows come in the order in which the data set gives them; a sampler draws the same random
 *       numbers. The rows of an {@code ArrayDataset} without pipelines are gathered by one call for
 *       each chunk; the batches of any other data set are joined.
 *   <li>Evaluators and listeners get labels and predictions of all rows of the chunk, each
 *       prediction made before the step of its batch. DJL's losses, as evaluators, are means over
 *       batches: with chunks they weigh rows within a chunk, and chunks alike. The penalty that an
 *       {@link L2PenalizedLoss} reports is that of the weights behind the chunk's steps.
 *   <li>Learning rates of all steps of a chunk are asked for before its first step.
 *   <li>Evaluating a chunk trains nothing; it is done in pieces.
 *   <li>A loop must do with a chunk what {@code EasyTrain.fit} does: {@code
 *       EasyTrain.trainBatch(trainer, batch)}, {@link #step}, {@code batch.close()}. Otherwise,
 *       such as with a loss of its own or other arrays, an {@link IllegalStateException} says what
 *       to do, before weights are changed; for another loss, when its backward pass comes. Batches
 *       that are the caller's own are trained by fused steps.
 *   <li>Batches of a chunk have one size; where a smaller one follows, the chunk ends behind it,
 *       where a larger one follows, before it. Batches whose rows the network's program does not
 *       take are handed out as they are.
 * </ul>
 *
 * <p>If the optimizer averages weights, {@link #evaluate} uses the averages, and so does the
 * validation of {@code EasyTrain.fit}; the weights stay as they are.
 *
 * <p>Where the network, the loss or the data set cannot be compiled, training goes on with fused
 * steps, and the log says why once; see {@link #fallbackReason}. A network or loss that was refused
 * is not tried again by this trainer; each data set is.
 *
 * <p>Parameters may be frozen and unfrozen, layers replaced, and the optimizer loaded, between
 * steps, or between the chunks.
 *
 * <p>Steps are made parameter by parameter, as {@link Trainer} does, and the log says why once, if
 * the engine is not PyTorch or lacks what is needed, the training runs on several devices, the
 * optimizer is not a {@link StatefulOptimizer} or its factors depend on the gradient, parameters or
 * gradients are sparse, parameters are not contiguous in memory, or they lie on another device than
 * the training. What the engine throws once a step has begun to write is thrown on.
 *
 * <p>An optimizer that is neither this library's nor DJL's is given the gradient of the batch, and
 * the weight without its gradient, to be changed in place. With {@code model.newTrainer} such an
 * optimizer must zero the gradients itself: PyTorch adds each backward pass to them, and only DJL's
 * own optimizers zero them behind a step.
 *
 * <p>Unlike {@link Trainer#step}, the first step of a network whose gradients all are zero is a
 * step: a network may be dead, or a batch say nothing new. On several devices, or where parameters
 * lie on another device than the training, DJL makes the steps and refuses such a first one.
 *
 * @since 0.1.0
 */
public final class FusedTrainer extends Trainer {

    private static final Logger logger = LoggerFactory.getLogger(FusedTrainer.class);

    private final Optimizer optimizer;
    private final Optimizer stepping;
    private Accelerator accelerator;
    private boolean stepped;
    private FusedSteps steps;
    private ChunkLoop chunks;
    private AveragedParameters averages;
    private String fallbackReason;

    private FusedTrainer(Builder builder) {
        super(prepared(builder.model, builder.config), ForeignSteps.around(builder.config));
        optimizer = builder.config.getOptimizer();
        stepping = ForeignSteps.around(optimizer);
        if (optimizer instanceof StatefulOptimizer stateful && stateful.isAveraging()) {
            averages = new AveragedParameters(this, stateful);
        }
        try {
            accelerator = Accelerator.of(getManager().getEngine().getEngineName());
            steps = fusedSteps();
            if (!builder.chunkSize.isSingle()) {
                chunks = new ChunkLoop(this, (StatefulOptimizer) optimizer, builder.chunkSize);
            }
        } catch (NotAcceleratedException e) {
            fallBack(e);
        }
    }

    /**
     * Returns a builder.
     *
     * @return a builder of a trainer with fused steps
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link FusedTrainer}. */
    public static final class Builder {

        private Model model;
        private TrainingConfig config;
        private ChunkSize chunkSize = ChunkSize.of(1);

        private Builder() {}

        /**
         * Sets the model.
         *
         * @param model the model, whose block is set
         * @return this builder
         */
        public Builder setModel(Model model) {
            this.model = Objects.requireNonNull(model, "model");
            return this;
        }

        /**
         * Sets the configuration, as {@link Model#newTrainer} takes it.
         *
         * @param config the configuration
         * @return this builder
         */
        public Builder setConfig(TrainingConfig config) {
            this.config = Objects.requireNonNull(config, "config");
            return this;
        }

        /**
         * Sets how many steps one call of the engine makes (default: 1), as Keras does by {@code
         * steps_per_execution}. The batches of a call lie in memory together, with their
         * predictions.
         *
         * @param steps the most steps, 1 or more; 1 makes fused steps
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder optStepsPerExecution(int steps) {
            chunkSize = ChunkSize.of(Requirements.positive("number of steps", steps));
            return this;
        }

        /**
         * Lets one call of the engine make as many steps as memory allows, in place of a number:
         * the whole epoch, if its features, labels and predictions take 64 MiB or less, otherwise
         * as many batches as do, at least one.
         *
         * @return this builder
         */
        public Builder optCompiledEpochs() {
            chunkSize = ChunkSize.whole();
            return this;
        }

        /**
         * Builds the trainer, as {@link Model#newTrainer} does.
         *
         * @return the trainer
         * @throws IllegalStateException if the model or the configuration was not set; the model
         *     has no block; or the optimizer averages weights, and they cannot be evaluated in a
         *     part of the network, such as a TorchScript file
         * @throws IllegalArgumentException if the model's weights are to be bfloat16, of which DJL
         *     0.36 ends the process, or of another type than the optimizer takes
         */
        public FusedTrainer build() {
            if (model == null || config == null) {
                throw new IllegalStateException(
                        "A trainer needs both setModel(model) and setConfig(config).");
            }
            requireType(model.getDataType());
            return new FusedTrainer(this);
        }

        private void requireType(DataType type) {
            boolean isPlain = type == DataType.FLOAT32 || type == DataType.FLOAT64;
            boolean isOurs = config.getOptimizer() instanceof StatefulOptimizer;
            if (type == DataType.BFLOAT16 || (isOurs && !isPlain)) {
                throw new IllegalArgumentException(
                        "The model's weights are to be "
                                + type
                                + ": train them in float32, by"
                                + " model.setDataType(DataType.FLOAT32), and convert them"
                                + " afterwards.");
            }
        }
    }

    /**
     * Sets initializers and unfreezes a loaded block, which an engine does for new trainers; and
     * refuses a block that cannot be evaluated, before listeners know of a trainer.
     */
    private static Model prepared(Model model, TrainingConfig config) {
        DefaultTrainingConfig silent =
                new DefaultTrainingConfig(config.getLossFunction())
                        .optOptimizer(config.getOptimizer())
                        .optDevices(config.getDevices());
        for (Pair<Initializer, Predicate<Parameter>> pair : config.getInitializers()) {
            silent.optInitializer(pair.getKey(), pair.getValue());
        }
        model.newTrainer(silent).close();
        if (config.getOptimizer() instanceof StatefulOptimizer stateful && stateful.isAveraging()) {
            AveragedParameters.requireReplaceable(model.getBlock());
        }
        return model;
    }

    private FusedSteps fusedSteps() throws NotAcceleratedException {
        if (!(optimizer instanceof StatefulOptimizer stateful)) {
            throw new NotAcceleratedException(
                    "optimizer",
                    optimizer.getClass().getSimpleName() + " is not an optimizer of this library");
        }
        if (!stateful.isPlannable()) {
            throw new NotAcceleratedException(
                    "optimizer", "the factors of the steps depend on the gradient");
        }
        Device[] devices = getDevices();
        if (devices.length != 1) {
            throw new NotAcceleratedException(
                    "parameters", "the training runs on " + devices.length + " devices");
        }
        return new FusedSteps(stateful, getModel().getBlock(), devices[0], accelerator);
    }

    /**
     * Iterates through a data set, in chunks of batches where steps are compiled.
     *
     * @param dataset the data set
     * @return its batches, or chunks of them
     * @throws IllegalStateException if steps are to be compiled and the trainer was not initialized
     */
    @Override
    public Iterable<Batch> iterateDataset(Dataset dataset) throws IOException, TranslateException {
        if (chunks == null) {
            return super.iterateDataset(dataset);
        }
        chunks.begin();
        Optional<Iterator<Batch>> sampled = chunks.sampled(dataset);
        return chunks.handingOut(
                sampled.isPresent()
                        ? sampled.get()
                        : chunks.joined(super.iterateDataset(dataset).iterator()));
    }

    @Override
    public GradientCollector newGradientCollector() {
        GradientCollector collector = super.newGradientCollector();
        return chunks == null ? collector : chunks.collect(collector);
    }

    @Override
    public NDList forward(NDList input) {
        if (chunks != null) {
            chunks.requireNoChunk(input);
        }
        return super.forward(input);
    }

    /**
     * Applies the network to data as in training; to a chunk by making all its steps.
     *
     * @param data the data
     * @param labels the labels
     * @return the predictions
     * @throws IllegalStateException if a chunk is used as it must not be, or all parameters are
     *     frozen
     * @throws IllegalArgumentException if the data of a chunk is not such as network and loss take,
     *     or its last batch is too small for a batch normalisation; then nothing was changed
     */
    @Override
    public NDList forward(NDList data, NDList labels) {
        if (chunks != null) {
            long begin = System.nanoTime();
            Optional<NDList> predictions = chunks.forward(data, labels);
            if (predictions.isPresent()) {
                addMetric("forward", begin);
                return predictions.get();
            }
        }
        return super.forward(data, labels);
    }

    /**
     * Applies the network to data as after training. If the optimizer averages weights, the
     * averages take the place of the weights that are trained.
     *
     * @param input the data
     * @return the predictions
     */
    @Override
    public NDList evaluate(NDList input) {
        return chunks == null ? evaluateOnce(input) : chunks.evaluate(input, this::evaluateOnce);
    }

    private NDList evaluateOnce(NDList input) {
        return averages == null
                ? super.evaluate(input)
                : getModel().getBlock().forward(averages, input, false, null);
    }

    /**
     * Returns what {@link #evaluate} uses in place of a parameter's present values.
     *
     * @param parameter the parameter
     * @return the array; empty if the present values are used
     */
    Optional<NDArray> evaluated(Parameter parameter) {
        return averages == null ? Optional.empty() : averages.average(parameter, getDevices()[0]);
    }

    /** Returns whether weights were changed by a chunk that the loop has not brought to its end. */
    boolean isWithinChunk() {
        return chunks != null && chunks.isWithinChunk();
    }

    /**
     * Updates all trainable parameters once, and zeroes their gradients. Of a chunk all steps were
     * made before, and nothing is left to do.
     *
     * @throws IllegalStateException if no backward pass was made before the first step, or a chunk
     *     is used as it must not be
     */
    @Override
    public void step() {
        if (chunks != null) {
            long begin = System.nanoTime();
            if (chunks.step()) {
                addMetric("step", begin);
                return;
            }
            chunks.refusal().ifPresent(this::trainWithoutProgram);
        }
        if (!stepped) {
            requireGradients();
            stepped = true;
        }
        if (steps == null) {
            stepOneByOne();
            return;
        }
        long begin = System.nanoTime();
        try {
            steps.step();
            addMetric("step", begin);
        } catch (NotAcceleratedException e) {
            fallBack(e);
            stepOneByOne();
        }
    }

    /** Checks, where the engine can tell, that a backward pass was made; zeros are gradients. */
    private void requireGradients() {
        if (accelerator == null || !isHere()) {
            return;
        }
        for (NetworkParameters.Named named : trainable()) {
            NDArray array = named.parameter().getArray();
            if (array.hasGradient() && accelerator.hasGradient(array)) {
                return;
            }
        }
        throw new IllegalStateException(
                "There are no gradients: call backward(loss) of a gradient collector before the"
                        + " step.");
    }

    private List<NetworkParameters.Named> trainable() {
        return NetworkParameters.of(getModel().getBlock()).trainable();
    }

    /** Returns whether the parameters themselves are trained, and no copies on other devices. */
    private boolean isHere() {
        Device[] devices = getDevices();
        return devices.length == 1
                && trainable().stream()
                        .allMatch(n -> n.parameter().getArray().getDevice().equals(devices[0]));
    }

    /** Steps as DJL does, but for its refusal of a first step with gradients of zeros. */
    private void stepOneByOne() {
        if (accelerator == null || !isHere()) {
            super.step();
            return;
        }
        long begin = System.nanoTime();
        for (NetworkParameters.Named named : trainable()) {
            NDArray weight = named.parameter().getArray();
            try (NDArray accumulated = weight.getGradient();
                    NDArray gradient = accumulated.duplicate()) {
                stepping.update(named.parameter().getId(), weight, gradient);
            }
        }
        addMetric("step", begin);
    }

    /** Notes why steps that were to be compiled are not. */
    private void trainWithoutProgram(NotAcceleratedException e) {
        if (fallbackReason == null) {
            fallbackReason = e.part() + ": " + e.reason();
            logger.warn("Steps are not compiled, because of {}.", fallbackReason);
        }
    }

    private void fallBack(NotAcceleratedException e) {
        fallbackReason = e.reason();
        closeSteps();
        logger.warn("Steps are made parameter by parameter, because {}.", fallbackReason);
    }

    /**
     * Returns why steps are made in a slower way than was asked for: parameter by parameter, or
     * each by itself where they were to be compiled. It is known when the first such step was made.
     *
     * @return the reason; empty where steps are made as asked for
     */
    public Optional<String> fallbackReason() {
        return Optional.ofNullable(fallbackReason);
    }

    @Override
    public void close() {
        closeSteps();
        if (chunks != null) {
            chunks.close();
        }
        super.close();
    }

    private void closeSteps() {
        if (steps != null) {
            steps.close();
            steps = null;
        }
    }
}
