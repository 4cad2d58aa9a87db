package io.github.caadam.training;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.initializer.Initializer;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.util.Pair;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.util.Optional;
import java.util.ServiceLoader;
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
 * the engine is not PyTorch, the training runs on several devices, the optimizer is not a {@link
 * StatefulOptimizer} or its factors depend on the gradient, parameters are sparse or not contiguous
 * in memory, or lie on another device than the training.
 */
public final class FusedTrainer extends Trainer {

    private static final Logger logger = LoggerFactory.getLogger(FusedTrainer.class);

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
        try {
            steps = fusedSteps(config.getOptimizer());
        } catch (NotFusableException e) {
            fallBack(e);
        }
    }

    /** Sets initializers and unfreezes a loaded block, which an engine does for new trainers. */
    private static Model prepared(Model model, TrainingConfig config) {
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

    private FusedSteps fusedSteps(Optimizer optimizer) throws NotFusableException {
        if (!(optimizer instanceof StatefulOptimizer stateful)) {
            throw new NotFusableException(
                    optimizer.getClass().getSimpleName() + " is not an optimizer of this library");
        }
        if (!stateful.isPlannable()) {
            throw new NotFusableException("the factors of the steps depend on the gradient");
        }
        Device[] devices = getDevices();
        if (devices.length != 1) {
            throw new NotFusableException("the training runs on " + devices.length + " devices");
        }
        return new FusedSteps(stateful, getModel().getBlock(), devices[0], fuser());
    }

    private StepFuser fuser() throws NotFusableException {
        String engine = getManager().getEngine().getEngineName();
        for (StepFuser fuser : ServiceLoader.load(StepFuser.class)) {
            if (fuser.engineName().equals(engine)) {
                return fuser;
            }
        }
        throw new NotFusableException("there is no fused step for the engine " + engine);
    }

    /**
     * Updates all trainable parameters once, and zeroes their gradients.
     *
     * @throws IllegalStateException if no backward pass was made before the first step
     */
    @Override
    public void step() {
        if (steps == null) {
            super.step();
            return;
        }
        if (!stepped) {
            requireGradients();
            stepped = true;
        }
        long begin = System.nanoTime();
        try {
            steps.step();
            addMetric("step", begin);
        } catch (NotFusableException e) {
            fallBack(e);
            super.step();
        }
    }

    /** Checks what {@link Trainer#step} checks in its first step. */
    private void requireGradients() {
        for (Parameter parameter : getModel().getBlock().getParameters().values()) {
            if (parameter.requiresGradient() && hasGradient(parameter.getArray())) {
                return;
            }
        }
        throw new IllegalStateException(
                "All gradients are zero: call backward(loss) of a gradient collector before the"
                        + " step.");
    }

    private static boolean hasGradient(NDArray array) {
        if (!array.hasGradient()) {
            return false;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray largest = array.getGradient().abs().max();
            return largest.toType(DataType.FLOAT32, false).getFloat() != 0;
        }
    }

    private void fallBack(NotFusableException reason) {
        fallbackReason = reason.getMessage();
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
