package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.internal.Description;
import io.github.caadam.internal.NetworkParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the optimizers of this library have in common: they own their state and free it when they
 * are closed, count steps per parameter <em>and</em> device, and save and load their state by
 * parameter path.
 *
 * <p>Differences to DJL's own optimizers, which these follow otherwise: gradients are clipped to
 * both sides (DJL's native kernels clip only from above); a second device does not advance the step
 * count of the first; and a parameter that starts to be trained later, because it was frozen,
 * starts with the bias correction of its own first step, as in PyTorch.
 */
public abstract sealed class StatefulOptimizer extends Optimizer implements AutoCloseable
        permits CaAdam, Adamax, Nadam {

    private final OptimizerSettings settings;
    private final ParameterTracker learningRateTracker;
    private final OptimizedNetwork network;
    private final int firstStep;
    private final AtomicInteger latestStep = new AtomicInteger();
    private final AtomicInteger stateGeneration = new AtomicInteger();
    private final Map<StateKey, ParameterState> states = new ConcurrentHashMap<>();
    private final Map<String, Float> decays = new ConcurrentHashMap<>();
    private SavedStates saved = SavedStates.NONE;
    private volatile BiasCorrections latestCorrections;

    StatefulOptimizer(Builder<?> builder, Algorithm algorithm) {
        super(builder);
        settings =
                new OptimizerSettings(
                        algorithm,
                        builder.beta1,
                        builder.beta2,
                        builder.epsilon,
                        builder.epsilonPlacement,
                        builder.amsgrad,
                        getWeightDecay(),
                        builder.decoupledWeightDecay,
                        builder.decayExclusions,
                        rescaleGrad,
                        clipGrad,
                        builder.clipNorm);
        latestCorrections = BiasCorrections.of(settings, 0);
        learningRateTracker = builder.learningRateTracker;
        network = new OptimizedNetwork(builder.block);
        // DJL keeps the builder's beginNumUpdate to itself; the first count is one above it.
        firstStep = updateCount("") - 1;
        requireNames(builder);
        requireFirstRate();
    }

    private void requireNames(Builder<?> builder) {
        if (builder.block == null
                && settings.decoupledWeightDecay() != 0
                && settings.decayExclusions().needNames()) {
            throw new IllegalArgumentException(
                    "A weight decay that leaves biases, norms or parameters by name alone needs the"
                            + " network: call optBlock(model.getBlock()), or"
                            + " optDecayExclusions() to exclude nothing.");
        }
    }

    private void requireFirstRate() {
        if (learningRateTracker instanceof Tracker tracker) {
            float first = tracker.getNewValue(firstStep + 1);
            if (!(first > 0) || Float.isInfinite(first)) {
                throw new IllegalArgumentException(
                        "The learning rate must be a finite number above 0, found " + first + ".");
            }
        }
    }

    /**
     * Updates a parameter by one step.
     *
     * @param parameterId the parameter's id
     * @param weight the parameter's values; changed in place, and the gradient that the engine
     *     accumulates for it is zeroed
     * @param grad the gradient, of the same shape
     * @throws IllegalStateException if the block that was set has no such trainable parameter
     * @throws IllegalArgumentException if the learning rate is negative or not a number
     */
    @Override
    public final void update(String parameterId, NDArray weight, NDArray grad) {
        update(new StateKey(parameterId, weight.getDevice()), weight, grad);
    }

    /** Updates a parameter's copy on a device. */
    final void update(StateKey key, NDArray weight, NDArray grad) {
        String parameterId = key.parameterId();
        ParameterState state = states.computeIfAbsent(key, k -> newState(parameterId, weight));
        float rate = rate(parameterId, noteStep(state.step() + 1));
        float decay = decay(parameterId);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray gradient = clip(grad);
            float scaledRate = scale(rate, parameterId, gradient);
            state.advance(1);
            StepCoefficients coefficients =
                    coefficients(state, state.step(), scaledRate, rate * decay);
            if (settings.algorithm() == Algorithm.ADAM && !settings.amsgrad()) {
                AdamRule.applyKernel(weight, gradient, state, rate, decay, coefficients, settings);
            } else {
                applyRule(weight, gradient, state, coefficients);
            }
        }
    }

    /** Returns the numbers of a step. */
    final StepCoefficients coefficients(
            ParameterState state, int step, float scaledRate, float decay) {
        return settings.algorithm()
                .coefficients(settings, corrections(step), state, scaledRate, decay);
    }

    private BiasCorrections corrections(int step) {
        BiasCorrections latest = latestCorrections;
        if (latest.step() != step) {
            latest = BiasCorrections.of(settings, step);
            latestCorrections = latest;
        }
        return latest;
    }

    private void applyRule(
            NDArray weight, NDArray gradient, ParameterState state, StepCoefficients coefficients) {
        NDArray values = weight.stopGradient();
        if (coefficients.decay() != 0) {
            values.subi(values.mul((float) coefficients.decay()));
        }
        NDArray decayed =
                settings.weightDecay() == 0
                        ? gradient
                        : gradient.add(values.mul(settings.weightDecay()));
        settings.algorithm().rule().apply(values, decayed, state, coefficients, settings);
        if (weight.hasGradient()) {
            ParameterState.assign(weight.getGradient(), weight.zerosLike());
        }
    }

    /** Returns the highest number of a step of any parameter so far. */
    final int noteStep(int step) {
        return latestStep.accumulateAndGet(step, Math::max);
    }

    /** Returns the highest number of a step of any parameter so far. */
    final int latestStep() {
        return latestStep.get();
    }

    /** Returns a number that changes whenever the states are closed or replaced. */
    final int stateGeneration() {
        return stateGeneration.get();
    }

    /** Returns the learning rate of a parameter at a step. */
    final float rate(String parameterId, int step) {
        float rate = learningRateTracker.getNewValue(parameterId, step);
        if (!(rate >= 0) || Float.isInfinite(rate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be a finite number, 0 or more, found "
                            + rate
                            + " at step "
                            + step
                            + ".");
        }
        return rate;
    }

    /** Returns the decoupled weight decay of a parameter. */
    private float decay(String parameterId) {
        if (settings.decoupledWeightDecay() == 0 || !settings.decayExclusions().needNames()) {
            return settings.decoupledWeightDecay();
        }
        return decays.computeIfAbsent(
                parameterId,
                id ->
                        settings.decayExclusions().excludes(network.structure(id))
                                ? 0f
                                : settings.decoupledWeightDecay());
    }

    /** Returns the gradient rescaled and clipped. */
    private NDArray clip(NDArray grad) {
        NDArray gradient =
                settings.rescaleGradient() == 1f ? grad : grad.mul(settings.rescaleGradient());
        if (settings.clipValue() >= 0) {
            return gradient.clip(-settings.clipValue(), settings.clipValue());
        }
        if (settings.clipNorm() >= 0) {
            NDArray norm = gradient.norm().maximum(settings.clipNorm());
            return gradient.mul(settings.clipNorm()).divi(norm);
        }
        return gradient;
    }

    /**
     * Returns the learning rate times the factor of a parameter.
     *
     * @param rate the learning rate
     * @param parameterId the parameter
     * @param gradient its gradient, rescaled and clipped
     */
    float scale(float rate, String parameterId, NDArray gradient) {
        return rate;
    }

    /**
     * Plans steps of parameters for somebody else to make.
     *
     * @param weights the parameters' values on one device, by parameter id, in the order that the
     *     plan is to have
     * @return the plan; it holds until other parameters are frozen or unfrozen, or until it {@link
     *     UpdatePlan#isStale is stale}
     * @throws IllegalStateException if {@link #isPlannable} says no, or the block that was set has
     *     no such trainable parameter
     */
    public final UpdatePlan plan(Map<String, NDArray> weights) {
        if (!isPlannable()) {
            throw new IllegalStateException(
                    "Factors that depend on the gradient cannot be planned: " + this);
        }
        List<UpdatePlan.Entry> entries = new ArrayList<>();
        for (Map.Entry<String, NDArray> entry : weights.entrySet()) {
            String id = entry.getKey();
            NDArray weight = entry.getValue();
            ParameterState state =
                    states.computeIfAbsent(
                            new StateKey(id, weight.getDevice()), key -> newState(id, weight));
            entries.add(new UpdatePlan.Entry(this, id, weight, state, factor(id), decay(id)));
        }
        return new UpdatePlan(this, entries);
    }

    /**
     * Returns whether steps can be planned, which they can unless the factors depend on the
     * gradient of the step.
     *
     * @return whether they can
     */
    public boolean isPlannable() {
        return true;
    }

    /** Returns the factor of a parameter, where it does not depend on the gradient. */
    double factor(String parameterId) {
        return 1;
    }

    private ParameterState newState(String parameterId, NDArray weight) {
        return saved.find(parameterId)
                .map(state -> ParameterState.copyOf(state.arrays(), weight, state.step()))
                .orElseGet(() -> ParameterState.zeros(weight, arrayNames(), firstStep));
    }

    private List<String> arrayNames() {
        return settings.algorithm().arrays(settings.amsgrad());
    }

    /**
     * Saves the moments and step counts of every parameter, by path, and the configuration. The
     * file appears under its name when it is complete. NumPy opens it: {@code
     * np.load(file)["01Linear_weight/first_moment"]}; {@code PATH/step} is the number of steps, and
     * {@code configuration} holds {@link #describe()} as UTF-8 bytes of JSON. Save between steps,
     * not while parameters are updated.
     *
     * @param file the file, usually ending in {@code .npz}; replaced if it exists
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if no block was set, or it was not initialized
     */
    public void save(Path file) throws IOException {
        try (SavedStates snapshot = snapshot()) {
            snapshot.write(file, describe());
        }
    }

    private SavedStates snapshot() {
        SavedStates snapshot = new SavedStates();
        for (NetworkParameters.Named named : network.parameters()) {
            Parameter parameter = named.parameter();
            List<ParameterState> onDevices =
                    states.entrySet().stream()
                            .filter(e -> e.getKey().parameterId().equals(parameter.getId()))
                            .map(Map.Entry::getValue)
                            .toList();
            if (!onDevices.isEmpty()) {
                requireSameStep(named.path(), onDevices);
                snapshot.add(named, onDevices.get(0).arrays(), onDevices.get(0).step());
            } else if (saved.find(parameter.getId()).isPresent()) {
                SavedStates.Saved state = saved.find(parameter.getId()).get();
                snapshot.add(named, state.arrays(), state.step());
            } else if (parameter.requiresGradient()) {
                try (ParameterState zeros =
                        ParameterState.zeros(parameter.getArray(), arrayNames(), firstStep)) {
                    snapshot.add(named, zeros.arrays(), firstStep);
                }
            }
        }
        return snapshot;
    }

    private static void requireSameStep(String path, List<ParameterState> onDevices) {
        if (onDevices.stream().mapToInt(ParameterState::step).distinct().count() > 1) {
            throw new IllegalStateException(
                    "The parameter "
                            + path
                            + " has taken different numbers of steps on different devices; save"
                            + " between steps.");
        }
    }

    /**
     * Loads what {@link #save} wrote, so that training goes on exactly as if it had not stopped.
     * The block may be another instance with other parameter ids, as after a restart; it must be
     * initialized. Settings that differ from the saved ones, such as another weight decay, are
     * those of this optimizer, and each is logged as a warning.
     *
     * @param file the file
     * @throws IOException if it cannot be read or is not a saved optimizer
     * @throws IllegalArgumentException if the file is of another algorithm, or its parameters are
     *     not those of the block; the message names the parameters that are missing, extra or of
     *     another shape
     * @throws IllegalStateException if no block was set, or it was not initialized
     */
    public void load(Path file) throws IOException {
        SavedStates loaded = SavedStates.read(file, describe(), arrayNames(), network.parameters());
        close();
        saved = loaded;
        latestStep.set(loaded.latestStep());
    }

    /**
     * Reads the configuration of a saved optimizer, to rebuild it by {@link
     * Builder#optDescription}.
     *
     * @param file a file that {@link #save} wrote
     * @return what {@link #describe} returned for it
     * @throws IOException if it cannot be read or is not a saved optimizer
     */
    public static Map<String, Object> readDescription(Path file) throws IOException {
        return SavedStates.readDescription(file);
    }

    /**
     * Returns what this optimizer does, apart from the network and the learning rate.
     *
     * @return the settings
     */
    public OptimizerSettings settings() {
        return settings;
    }

    /**
     * Describes the configuration as plain values (texts, numbers, lists and nested maps), to be
     * kept as JSON. The learning-rate tracker and the block are not part of it.
     *
     * @return the description, which {@link Builder#optDescription} takes
     */
    public Map<String, Object> describe() {
        return settings.describe();
    }

    /** Frees the moments; a later update would start with new ones. */
    @Override
    public void close() {
        stateGeneration.incrementAndGet();
        states.values().forEach(ParameterState::close);
        states.clear();
        saved.close();
        saved = SavedStates.NONE;
        latestStep.set(0);
    }

    /** Returns the configuration in words. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + describe();
    }

    /**
     * Where a state belongs.
     *
     * @param parameterId the parameter
     * @param device the device of the parameter's copy
     */
    record StateKey(String parameterId, Device device) {}

    /**
     * The options that all optimizers of this library have. Those of DJL's builders come besides:
     * {@code optWeightDecays} (L2: {@code λθ} added to the gradient of every parameter, unlike
     * {@link #optDecoupledWeightDecay}), {@code optClipGrad} (clips each value of a gradient to
     * {@code [−c, c]}; off if negative), {@code setRescaleGrad} and {@code optBeginNumUpdate}.
     *
     * @param <B> the builder itself
     */
    public abstract static class Builder<B extends Builder<B>> extends OptimizerBuilder<B> {

        Block block;
        EpsilonPlacement epsilonPlacement = EpsilonPlacement.UNCORRECTED;
        boolean amsgrad;
        private ParameterTracker learningRateTracker = Tracker.fixed(0.001f);
        private float beta1 = 0.9f;
        private float beta2 = 0.999f;
        private float epsilon;
        private float decoupledWeightDecay;
        private DecayExclusions decayExclusions = DecayExclusions.biasesAndNorms();
        private float clipNorm = -1;

        Builder(float epsilon) {
            this.epsilon = epsilon;
        }

        /**
         * Sets the tracker of the learning rate {@code α} (default: a fixed 0.001).
         *
         * @param learningRateTracker the tracker
         * @return this builder
         */
        public B optLearningRateTracker(ParameterTracker learningRateTracker) {
            this.learningRateTracker =
                    Objects.requireNonNull(learningRateTracker, "learningRateTracker");
            return self();
        }

        /**
         * Sets the decay of the first moment (default 0.9).
         *
         * @param beta1 {@code β₁}, in [0, 1)
         * @return this builder
         */
        public B optBeta1(float beta1) {
            this.beta1 = beta1;
            return self();
        }

        /**
         * Sets the decay of the second moment, or of Adamax's infinity norm (default 0.999).
         *
         * @param beta2 {@code β₂}, in [0, 1)
         * @return this builder
         */
        public B optBeta2(float beta2) {
            this.beta2 = beta2;
            return self();
        }

        /**
         * Sets {@code ε} (default 1e-8 for CaAdam, as in the paper; 1e-7 for the others, as in
         * Keras).
         *
         * @param epsilon {@code ε}, above 0
         * @return this builder
         */
        public B optEpsilon(float epsilon) {
            this.epsilon = epsilon;
            return self();
        }

        /**
         * Sets a decoupled weight decay (default 0): before the step, {@code θ ← θ − α·λ·θ}, as in
         * AdamW (Loshchilov and Hutter, <em>Decoupled Weight Decay Regularization</em>, 2019). It
         * uses {@code α}, not {@code α·S}, as the published package does, and leaves biases and
         * normalisations alone unless {@link #optDecayExclusions} says otherwise.
         *
         * @param decoupledWeightDecay {@code λ}, 0 or more; Keras' default for AdamW is 0.004,
         *     PyTorch's and DJL's 0.01
         * @return this builder
         */
        public B optDecoupledWeightDecay(float decoupledWeightDecay) {
            this.decoupledWeightDecay = decoupledWeightDecay;
            return self();
        }

        /**
         * Sets which parameters the decoupled weight decay leaves alone, in place of the default,
         * which is biases and the parameters of normalisations.
         *
         * @param pathPatterns regular expressions, found anywhere in a parameter's path, such as
         *     {@code "_bias$"}; none lets every parameter decay, as Keras, PyTorch and DJL do by
         *     default
         * @return this builder
         * @throws java.util.regex.PatternSyntaxException if one is no regular expression
         */
        public B optDecayExclusions(String... pathPatterns) {
            decayExclusions = DecayExclusions.matching(pathPatterns);
            return self();
        }

        /**
         * Scales a parameter's gradient down to a largest Euclidean norm (default: off), as Keras
         * does by its option of that name: {@code g·c/max(‖g‖, c)}.
         *
         * @param clipNorm the {@code c}, above 0; negative turns it off
         * @return this builder
         */
        public B optClipNorm(float clipNorm) {
            this.clipNorm = clipNorm;
            return self();
        }

        /**
         * Sets all options that a description holds; the block and the learning rate are not part
         * of it.
         *
         * @param description what {@link StatefulOptimizer#describe} returned, before or after a
         *     way through JSON
         * @return this builder
         * @throws IllegalArgumentException if it is not a description of this optimizer; the
         *     message says why
         */
        public B optDescription(Map<String, ?> description) {
            Description read = Description.of(description);
            read(read);
            read.requireNoOthers();
            return self();
        }

        /** Sets the options that a description holds. */
        void read(Description description) {
            description.requireText("algorithm", algorithm().label());
            beta1 = description.floatNumber("beta1");
            beta2 = description.floatNumber("beta2");
            epsilon = description.floatNumber("epsilon");
            optWeightDecays(description.floatNumber("weightDecay", 0));
            decoupledWeightDecay = description.floatNumber("decoupledWeightDecay", 0);
            decayExclusions = DecayExclusions.fromDescription(description, "decayExclusions");
            setRescaleGrad(description.floatNumber("rescaleGradient", 1));
            optClipGrad(description.floatNumber("clipValue", -1));
            clipNorm = description.floatNumber("clipNorm", -1);
        }

        abstract Algorithm algorithm();

        @Override
        protected abstract B self();
    }
}
