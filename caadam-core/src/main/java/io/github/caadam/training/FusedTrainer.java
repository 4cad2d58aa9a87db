// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.Pair;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.spi.Accelerator;
import io.github.caadam.spi.NotAcceleratedException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Trainer} whose {@link #step} updates all parameters in one call of the engine, in place
 * of several calls for each parameter. Everything else is DJL's; it stands where {@code
 * model.newTrainer(config)} stood:
 *
 * <pre>{@code
 * try (Trainer trainer = new FusedTrainer(model, config)) {
 *     trainer.initialize(new Shape(1, 8));
 *     EasyTrain.fit(trainer, epochs, trainingSet, validationSet);
 * }
 * }</pre>
 *
 * <p>The weights are those of {@link Trainer#step} up to rounding in single precision, and the
 * optimizer's state is the same arrays, so both can take turns, and saving and loading work as
 * ever. On CPU, moments that would become denormal numbers are made zero every 32 steps, which
 * moves no weight by more than rounding and spares the processor its slow path.
 *
 * <p>Parameters may be frozen and unfrozen, layers replaced, and the optimizer loaded, between
 * steps.
 *
 * <p>Steps are made parameter by parameter, as {@link Trainer} does, and the log says why once, if
 * the engine is not PyTorch or lacks what is needed, the training runs on several devices, the
 * optimizer is not a {@link StatefulOptimizer} or its factors depend on the gradient, parameters or
 * gradients are sparse, parameters are not contiguous in memory, or they lie on another device than
 * the training. What the engine throws once a step has begun to write is thrown on.
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
    private Accelerator accelerator;
    private boolean stepped;
    private FusedSteps steps;
    private String fallbackReason;

    /**
     * Creates a trainer, as {@link Model#newTrainer} does.
     *
     * @param model the model, whose block is set
     * @param config the configuration
     * @throws IllegalStateException if the model has no block
     */
    public FusedTrainer(Model model, TrainingConfig config) {
        super(prepared(model, config), config);
        optimizer = config.getOptimizer();
        try {
            accelerator = Accelerator.of(getManager().getEngine().getEngineName());
            steps = fusedSteps();
        } catch (NotAcceleratedException e) {
            fallBack(e);
        }
    }

    /** Sets initializers and unfreezes a loaded block, which an engine does for new trainers. */
    private static Model prepared(Model model, TrainingConfig config) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(config, "config");
        DefaultTrainingConfig silent =
                new DefaultTrainingConfig(config.getLossFunction())
                        .optOptimizer(config.getOptimizer())
                        .optDevices(config.getDevices());
        for (Pair<Initializer, Predicate<Parameter>> pair : config.getInitializers()) {
            silent.optInitializer(pair.getKey(), pair.getValue());
        }
        model.newTrainer(silent).close();
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
     * Updates all trainable parameters once, and zeroes their gradients.
     *
     * @throws IllegalStateException if no backward pass was made before the first step
     */
    @Override
    public void step() {
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
                optimizer.update(named.parameter().getId(), weight, gradient);
            }
        }
        addMetric("step", begin);
    }

    private void fallBack(NotAcceleratedException e) {
        fallbackReason = e.reason();
        closeSteps();
        logger.warn("Steps are made parameter by parameter, because {}.", fallbackReason);
    }

    /**
     * Returns why steps are made parameter by parameter.
     *
     * @return the reason, as a clause; empty where steps are made in one call
     */
    public Optional<String> fallbackReason() {
        return Optional.ofNullable(fallbackReason);
    }

    @Override
    public void close() {
        closeSteps();
        super.close();
    }

    private void closeSteps() {
        if (steps != null) {
            steps.close();
            steps = null;
        }
    }
}
