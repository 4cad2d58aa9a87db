package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.structure.StructureConvention;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connection-aware Adam: Adam whose learning rate is multiplied, for each parameter, by a factor
 * {@code S} that depends on where the parameter sits in the network (Eq. 22 of <em>CaAdam:
 * Improving Adam optimizer using connection aware methods</em>, Genet and Inzirillo):
 *
 * <pre>θ ← θ − α·S·m̂/(√v̂+ε)</pre>
 *
 * <p>It runs on the engine's own Adam kernel. With {@link ScalingStrategy#none()} and the other
 * defaults it computes, bit for bit, what {@link ai.djl.training.optimizer.Adam} computes; with
 * {@link Builder#optDecoupledWeightDecay} as well, what {@link ai.djl.training.optimizer.AdamW}
 * computes.
 *
 * <p>What differs from DJL's Adam, apart from the factor: gradients are clipped to {@code [−c, c]}
 * (DJL's native kernel clips only from above); steps are counted per parameter <em>and</em> device
 * (DJL advances its count once per device); and the moments are owned by this optimizer, which
 * frees them when it is closed.
 *
 * <p>The block's structure is read at the first update, as the block is usually not initialized
 * when the optimizer is built, and read again in the first step after parameters were frozen or
 * unfrozen: the factors are always those of the network that is being trained.
 */
public final class CaAdam extends Optimizer implements AutoCloseable {

    private final ParameterTracker learningRateTracker;
    private final ScalingFactors factors;
    private final float beta1;
    private final float beta2;
    private final float epsilon;
    private final EpsilonPlacement epsilonPlacement;
    private final float decoupledWeightDecay;
    private final Map<StateKey, Moments> state = new ConcurrentHashMap<>();

    private CaAdam(Builder builder) {
        super(builder);
        learningRateTracker = builder.learningRateTracker;
        factors = new ScalingFactors(builder.block, builder.scaling, builder.convention);
        beta1 = builder.beta1;
        beta2 = builder.beta2;
        epsilon = builder.epsilon;
        epsilonPlacement = builder.epsilonPlacement;
        decoupledWeightDecay = builder.decoupledWeightDecay;
        requireDecay("weight decay", getWeightDecay());
        requireDecay("decoupled weight decay", decoupledWeightDecay);
        if (getWeightDecay() != 0 && decoupledWeightDecay != 0) {
            throw new IllegalArgumentException(
                    "Both optWeightDecays (L2 in the gradient) and optDecoupledWeightDecay were"
                            + " set; choose one.");
        }
        if (learningRateTracker instanceof Tracker tracker) {
            float first = tracker.getNewValue(1);
            if (!(first > 0) || Float.isInfinite(first)) {
                throw new IllegalArgumentException(
                        "The learning rate must be a finite number above 0, found " + first + ".");
            }
        }
    }

    private static void requireDecay(String name, float decay) {
        if (!(decay >= 0) || Float.isInfinite(decay)) {
            throw new IllegalArgumentException(
                    "The " + name + " must be a finite number, 0 or more, found " + decay + ".");
        }
    }

    /**
     * Updates a parameter by one step.
     *
     * @param parameterId the parameter's id
     * @param weight the parameter's values; changed in place, and its gradient is zeroed
     * @param grad the gradient, of the same shape
     * @throws IllegalStateException if the block that was set has no such trainable parameter
     * @throws IllegalArgumentException if the learning rate is negative or not a number
     */
    @Override
    public void update(String parameterId, NDArray weight, NDArray grad) {
        Device device = weight.getDevice();
        int step = updateCount(parameterId + '@' + device);
        float learningRate = learningRateTracker.getNewValue(parameterId, step);
        if (!(learningRate >= 0) || Float.isInfinite(learningRate)) {
            throw new IllegalArgumentException(
                    "The learning rate must be a finite number, 0 or more, found "
                            + learningRate
                            + " at step "
                            + step
                            + ".");
        }
        double firstMomentCorrection = 1.0 - Math.pow(beta1, step);
        double secondMomentCorrection = 1.0 - Math.pow(beta2, step);
        float stepSize =
                (float)
                        (factors.scale(learningRate, parameterId)
                                * Math.sqrt(secondMomentCorrection)
                                / firstMomentCorrection);
        Moments moments =
                state.computeIfAbsent(
                        new StateKey(parameterId, device), key -> Moments.zerosLike(weight));
        boolean decoupled = decoupledWeightDecay != 0;
        try (NDArray clipped = clip(grad)) {
            weight.getNDArrayInternal()
                    .adamUpdate(
                            new NDList(
                                    weight,
                                    clipped == null ? grad : clipped,
                                    moments.first,
                                    moments.second),
                            new NDList(weight),
                            learningRate,
                            stepSize,
                            decoupled ? decoupledWeightDecay : getWeightDecay(),
                            clipped == null ? rescaleGrad : 1f,
                            -1f,
                            beta1,
                            beta2,
                            (float) epsilonPlacement.nativeEpsilon(epsilon, secondMomentCorrection),
                            true,
                            decoupled);
        }
    }

    /** Returns the rescaled gradient clipped to both sides, or null if clipping is off. */
    private NDArray clip(NDArray grad) {
        if (clipGrad < 0) {
            return null;
        }
        if (rescaleGrad == 1f) {
            return grad.clip(-clipGrad, clipGrad);
        }
        try (NDArray rescaled = grad.mul(rescaleGrad)) {
            return rescaled.clip(-clipGrad, clipGrad);
        }
    }

    /** Frees the moments; a later update would start with new ones. */
    @Override
    public void close() {
        state.values().forEach(Moments::close);
        state.clear();
    }

    /** Returns the configuration in words. */
    @Override
    public String toString() {
        return "CaAdam("
                + factors
                + ", beta1="
                + beta1
                + ", beta2="
                + beta2
                + ", epsilon="
                + epsilon
                + " "
                + epsilonPlacement
                + ", weightDecay="
                + getWeightDecay()
                + ", decoupledWeightDecay="
                + decoupledWeightDecay
                + ", clipGrad="
                + clipGrad
                + ")";
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private record StateKey(String parameterId, Device device) {}

    /** The moments of one parameter on one device, in a manager of their own. */
    private static final class Moments implements AutoCloseable {

        private final NDManager manager;
        private final NDArray first;
        private final NDArray second;

        private Moments(NDManager manager, NDArray first, NDArray second) {
            this.manager = manager;
            this.first = first;
            this.second = second;
        }

        static Moments zerosLike(NDArray weight) {
            NDManager manager = weight.getManager().getEngine().newBaseManager(weight.getDevice());
            return new Moments(
                    manager,
                    manager.zeros(weight.getShape(), weight.getDataType()),
                    manager.zeros(weight.getShape(), weight.getDataType()));
        }

        @Override
        public void close() {
            manager.close();
        }
    }

    /**
     * Builds a {@link CaAdam}. Besides the options below it has those of DJL's builders: {@code
     * optWeightDecays} (L2: decay added to the gradient, unlike {@link #optDecoupledWeightDecay}),
     * {@code optClipGrad} (clips each gradient value to {@code [−c, c]}; off if negative), {@code
     * setRescaleGrad} and {@code optBeginNumUpdate}.
     */
    public static final class Builder extends OptimizerBuilder<Builder> {

        private Block block;
        private ScalingStrategy scaling;
        private StructureConvention convention = StructureConvention.PAPER;
        private ParameterTracker learningRateTracker = Tracker.fixed(0.001f);
        private float beta1 = 0.9f;
        private float beta2 = 0.999f;
        private float epsilon = 1e-8f;
        private EpsilonPlacement epsilonPlacement = EpsilonPlacement.UNCORRECTED;
        private float decoupledWeightDecay;

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * Sets the network that is trained; it need not be initialized yet.
         *
         * @param block the network
         * @return this builder
         */
        public Builder setBlock(Block block) {
            this.block = block;
            return this;
        }

        /**
         * Sets the formula of the factors.
         *
         * @param scaling the strategy
         * @return this builder
         */
        public Builder setScaling(ScalingStrategy scaling) {
            this.scaling = scaling;
            return this;
        }

        /**
         * Sets how connections and depth are counted (default {@link StructureConvention#PAPER}).
         *
         * @param convention the convention
         * @return this builder
         */
        public Builder optConvention(StructureConvention convention) {
            this.convention = Objects.requireNonNull(convention, "convention");
            return this;
        }

        /**
         * Sets the tracker of the learning rate {@code α} before scaling (default: a fixed 0.001).
         *
         * @param learningRateTracker the tracker
         * @return this builder
         */
        public Builder optLearningRateTracker(ParameterTracker learningRateTracker) {
            this.learningRateTracker =
                    Objects.requireNonNull(learningRateTracker, "learningRateTracker");
            return this;
        }

        /**
         * Sets the decay of the first moment (default 0.9).
         *
         * @param beta1 {@code β₁}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta1(float beta1) {
            this.beta1 = requireBeta("beta1", beta1);
            return this;
        }

        /**
         * Sets the decay of the second moment (default 0.999).
         *
         * @param beta2 {@code β₂}, in [0, 1)
         * @return this builder
         */
        public Builder optBeta2(float beta2) {
            this.beta2 = requireBeta("beta2", beta2);
            return this;
        }

        /**
         * Sets {@code ε} (default 1e-8; the published package has 1e-7).
         *
         * @param epsilon {@code ε}, above 0
         * @return this builder
         */
        public Builder optEpsilon(float epsilon) {
            if (!(epsilon > 0) || Float.isInfinite(epsilon)) {
                throw new IllegalArgumentException(
                        "Epsilon must be a finite number above 0, found " + epsilon + ".");
            }
            this.epsilon = epsilon;
            return this;
        }

        /**
         * Sets where {@code ε} is added (default {@link EpsilonPlacement#UNCORRECTED}, as in DJL's
         * Adam).
         *
         * @param epsilonPlacement the placement
         * @return this builder
         */
        public Builder optEpsilonPlacement(EpsilonPlacement epsilonPlacement) {
            this.epsilonPlacement = Objects.requireNonNull(epsilonPlacement, "epsilonPlacement");
            return this;
        }

        /**
         * Sets a decoupled weight decay (default 0): before the step, {@code θ ← θ − α·λ·θ}, as in
         * AdamW (Loshchilov and Hutter). The decay uses {@code α}, not {@code α·S}, as the
         * published package does.
         *
         * @param decoupledWeightDecay {@code λ}, 0 or more
         * @return this builder
         */
        public Builder optDecoupledWeightDecay(float decoupledWeightDecay) {
            this.decoupledWeightDecay = decoupledWeightDecay;
            return this;
        }

        /**
         * Builds the optimizer.
         *
         * @return the optimizer
         * @throws IllegalArgumentException if no block or no scaling was set, the learning rate is
         *     not above 0, a decay is negative, or both kinds of decay were set
         */
        public CaAdam build() {
            return new CaAdam(this);
        }

        private static float requireBeta(String name, float beta) {
            if (!(beta >= 0 && beta < 1)) {
                throw new IllegalArgumentException(
                        "The " + name + " must be in [0, 1), found " + beta + ".");
            }
            return beta;
        }
    }
}
