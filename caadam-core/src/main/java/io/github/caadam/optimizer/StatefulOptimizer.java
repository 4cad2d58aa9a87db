// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.ParameterTracker;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.internal.Description;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.internal.OwnedArrays;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.spi.ArrayStep;
import io.github.caadam.spi.ArrayWholeStep;
import io.github.caadam.spi.GradientTreatment;
import io.github.caadam.spi.RelativeRate;
import io.github.caadam.spi.StepRecipe;
import io.github.caadam.spi.UpdatePlan;
import io.github.caadam.structure.StructureConvention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What the optimizers of this library have in common. They execute an {@link UpdateRule}; they own
 * their state and free it when they are closed, count steps per parameter <em>and</em> device, and
 * save and load their state by parameter path. Scaling, weight decay and clipping are options of
 * each of them.
 *
 * <p>Differences to DJL's own optimizers, which these follow otherwise:
 *
 * <ul>
 *   <li>Gradients are clipped to both sides. DJL's native kernels clip only from above.
 *   <li>A second device does not advance the step count of the first.
 *   <li>A parameter that was frozen and is trained from now on starts with the bias correction of
 *       its own first step, as in PyTorch. Its learning rate is that of the network's present step.
 *   <li>The learning-rate tracker is asked once for each parameter and step, in the order of steps.
 * </ul>
 *
 * <p>Two options are made for every optimizer alike, in each execution. {@link
 * Builder#optGradientAccumulationSteps} makes a step of several batches; {@link
 * Builder#optWeightAverage} keeps an exponential moving average of the weights.
 *
 * <p>Several threads may call the methods; they take turns.
 *
 * @since 0.1.0
 */
public abstract class StatefulOptimizer extends Optimizer implements AutoCloseable {

    private static final String SCALING = "scaling";
    private static final String CONVENTION = "convention";

    private final StepRecipe recipe;
    private final float decoupledWeightDecay;
    private final DecayExclusions decayExclusions;
    private final TrainedNetwork network;
    private final ParameterRules rules;
    private final LearningRates rates;
    private final int firstStep;
    private final StepCounter counter;
    private final Map<StateKey, ParameterState> states = new HashMap<>();
    private final List<Deferred> deferred = new ArrayList<>();
    private SavedStates saved = SavedStates.NONE;
    private NetworkState networkState;
    private BiasCorrections latestCorrections = new BiasCorrections(0);
    private int stateGeneration;
    private int noticedReadings;
    private boolean closed;

    /**
     * Takes the options of a builder.
     *
     * @param builder the builder
     * @param rule the rule, of the options that are the optimizer's own
     */
    StatefulOptimizer(Builder<?> builder, UpdateRule rule) {
        super(builder);
        recipe =
                new StepRecipe(
                        rule,
                        new GradientTreatment(
                                rescaleGrad,
                                clipGrad,
                                builder.clipNorm,
                                builder.globalClipNorm,
                                getWeightDecay()),
                        builder.accumulationSteps,
                        builder.averageDecay);
        networkState = initialNetworkState();
        counter = new StepCounter(recipe.accumulationSteps());
        decoupledWeightDecay = builder.decoupledWeightDecay;
        decayExclusions = builder.decayExclusions;
        Ranges.requireNotNegative("decoupled weight decay", decoupledWeightDecay);
        requireAgreement();
        network =
                new TrainedNetwork(
                        builder.block,
                        builder.wholeScaling(),
                        builder.convention,
                        decoupledWeightDecay == 0 ? DecayExclusions.matching() : decayExclusions);
        rules = new ParameterRules(builder.block, rule);
        requireNetwork();
        rates = new LearningRates(builder.tracker(network.scaling()));
        // DJL keeps the builder's beginNumUpdate to itself; the first count is one above it.
        firstStep = updateCount("") - 1;
        counter.reset(firstStep, 0);
    }

    private void requireAgreement() {
        if (recipe.treatment().weightDecay() != 0 && decoupledWeightDecay != 0) {
            throw new IllegalArgumentException(
                    "Both optWeightDecays (L2 in the gradient) and optDecoupledWeightDecay were"
                            + " set; choose one.");
        }
        if (decoupledWeightDecay == 0 && !decayExclusions.isDefault()) {
            throw new IllegalArgumentException(
                    "Decay exclusions were set without a decoupled weight decay: set"
                            + " optDecoupledWeightDecay too (optWeightDecays applies to all"
                            + " parameters).");
        }
    }

    private void requireNetwork() {
        if (network.isKnown()) {
            return;
        }
        if (rules.differ()) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName()
                            + " needs the network, to know which rule a parameter follows: call"
                            + " optBlock(model.getBlock()).");
        }
        if (network.scaling() != null) {
            throw new IllegalArgumentException(
                    "Scaling needs the network: call optBlock(model.getBlock()).");
        }
        if (decoupledWeightDecay != 0 && decayExclusions.needNames()) {
            throw new IllegalArgumentException(
                    "A weight decay that leaves biases, norms or parameters by name alone needs the"
                            + " network: call optBlock(model.getBlock()), or"
                            + " optDecayExclusions() to exclude nothing.");
        }
        if (recipe.isOfNetwork()) {
            throw new IllegalArgumentException(
                    "The rule \""
                            + recipe.rule().name()
                            + "\" works on the whole network, and must know when all gradients"
                            + " are there: call optBlock(model.getBlock()).");
        }
        if (recipe.treatment().clipsAll()) {
            throw new IllegalArgumentException(
                    "Clipping by the global norm needs the network, to know when all gradients are"
                            + " there: call optBlock(model.getBlock()).");
        }
        if (recipe.accumulates()) {
            throw new IllegalArgumentException(
                    "Accumulating gradients needs the network, to know when a batch ends: call"
                            + " optBlock(model.getBlock()).");
        }
        if (recipe.averages()) {
            throw new IllegalArgumentException(
                    "Averaging weights needs the network, whose parameters take the averages: call"
                            + " optBlock(model.getBlock()).");
        }
    }

    /**
     * Updates a parameter by one step. With {@link Builder#optGlobalClipNorm}, or a rule that works
     * on the whole network, the gradients of a step are kept until that of the last trainable
     * parameter is there; then all are updated. With {@link Builder#optGradientAccumulationSteps}
     * only the last of so many batches updates it.
     *
     * @param parameterId the parameter's id
     * @param weight the parameter's values, float32 or float64; changed in place, and the gradient
     *     that the engine accumulates for it is zeroed
     * @param grad the gradient, of the same shape; dense or sparse
     * @throws IllegalStateException if this was closed; if factors or decay depend on where a
     *     parameter sits, and the block that was set has no such trainable parameter; if the step
     *     cannot be counted, because the block is not known and the parameter was not trained from
     *     the beginning; or if gradients are clipped by their global norm, or the rule works on the
     *     whole network, and the training runs on several devices, or the last step was not
     *     complete
     * @throws IllegalArgumentException if the learning rate is negative or not a number, or the
     *     weight has another type
     */
    @Override
    public final void update(String parameterId, NDArray weight, NDArray grad) {
        update(new StateKey(parameterId, weight.getDevice()), weight, grad);
    }

    /** Updates a parameter's copy on a device. */
    final synchronized void update(StateKey key, NDArray weight, NDArray grad) {
        requireOpen();
        boolean begins = counter.begins(key, network.trainable());
        boolean known = network.requireKnown(key.parameterId());
        if (known && begins) {
            requireCompleteStep();
            network.refresh();
            counter.begin();
            if (counter.isStep()) {
                network.measure(key.device());
            }
        }
        noticeReading();
        if (!known && recipe.isOfNetwork()) {
            // DJL goes on with parameters of layers that were replaced; they have no gradient.
            return;
        }
        ParameterState state = state(key, weight, counter.cycle());
        if (known) {
            requireCountable(state);
            counter.add(key);
        }
        if (counter.isStep()) {
            // DJL goes on with parameters of layers that were replaced; they have no gradient.
            int step = known ? counter.step() : Math.max(counter.step(), state.step() + 1);
            float rate = rates.of(key.parameterId()).at(step, step);
            if (known && recipe.needsAllGradients()) {
                defer(key, weight, grad, state, rate);
            } else {
                make(List.of(step(key.parameterId(), weight, grad, state, rate)), recipe::apply);
                advance(state, 1);
            }
        } else {
            make(List.of(step(key.parameterId(), weight, grad, state, 0)), recipe::accumulate);
            advance(state, 0);
        }
    }

    private static void make(List<ArrayStep> steps, Consumer<List<ArrayStep>> action) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            action.accept(steps);
        }
    }

    /** Counts what was done with a parameter in the present batch, or up to it. */
    private void advance(ParameterState state, int steps) {
        state.advance(steps, counter.accumulated(), counter.cycle());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "This optimizer was closed, and its state is gone; build another one, and load"
                            + " the state if it was saved.");
        }
    }

    /** Without the block, it cannot be told to which step a parameter belongs that comes late. */
    private void requireCountable(ParameterState state) {
        if (!network.isKnown() && !rates.isFixed() && state.step() + 1 != counter.step()) {
            throw new IllegalStateException(
                    "A parameter was not trained in all steps so far, so that the step of its"
                            + " learning rate is not known: tell the optimizer its network by"
                            + " optBlock(model.getBlock()).");
        }
    }

    private ArrayStep step(
            String id, NDArray weight, NDArray grad, ParameterState state, float rate) {
        BiasCorrections corrections = corrections(state.step() + 1);
        float decay = decay(id);
        UpdateRule rule = rules.of(id);
        double ofRule = rule.rateFactor(weight.getShape());
        return new ArrayStep(
                rule,
                recipe.slots(rule),
                weight,
                grad,
                state.arrays(),
                decay != 0,
                gradient ->
                        new StepNumbers(corrections, rate, network.factor(id, gradient), decay)
                                .withRuleFactor(ofRule)
                                .times(network.relativeRate(id)));
    }

    private BiasCorrections corrections(int step) {
        if (latestCorrections.step() != step) {
            latestCorrections = new BiasCorrections(step);
        }
        return latestCorrections;
    }

    /**
     * A gradient that waits for the others of its step.
     *
     * @param id the parameter
     * @param weight its values
     * @param gradient a copy of its gradient
     * @param owner who owns the copy
     * @param state what is kept for it
     * @param rate its learning rate
     */
    private record Deferred(
            String id,
            NDArray weight,
            NDArray gradient,
            OwnedArrays owner,
            ParameterState state,
            float rate) {}

    private void defer(
            StateKey key, NDArray weight, NDArray grad, ParameterState state, float rate) {
        requireOneDevice(weight, key.device());
        OwnedArrays owner = OwnedArrays.beside(weight);
        NDArray copy;
        try (NDArray dense = grad.isSparse() ? grad.toDense() : grad.stopGradient()) {
            copy = owner.copyOf(dense);
        }
        deferred.add(new Deferred(key.parameterId(), weight, copy, owner, state, rate));
        if (counter.isComplete(network.trainable())) {
            make(
                    deferred.stream()
                            .map(d -> step(d.id, d.weight, d.gradient, d.state, d.rate))
                            .toList(),
                    steps -> recipe.apply(steps, wholeStep(key.device())));
            deferred.forEach(d -> advance(d.state(), 1));
            forgetDeferred();
        }
    }

    /** Checks that a step of all parameters is made on one device. */
    private void requireOneDevice(NDArray weight, Device device) {
        if (recipe.isOfNetwork()) {
            try {
                networkState.beside(weight, device);
            } catch (IllegalStateException e) {
                forgetDeferred();
                throw e;
            }
        } else if (!deferred.isEmpty() && !deferred.get(0).weight().getDevice().equals(device)) {
            forgetDeferred();
            throw new IllegalStateException(
                    "Gradients of several devices cannot be clipped by their global norm; train on"
                            + " one device, or use optClipNorm.");
        }
    }

    private ArrayWholeStep wholeStep(Device device) {
        float[] rates = new float[deferred.size()];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = deferred.get(i).rate();
        }
        return new ArrayWholeStep(
                recipe.rule().networkNumbers(),
                networkState.beside(deferred.get(0).weight(), device),
                UpdatePlan.ofNetwork(counter.step(), rates));
    }

    private void forgetDeferred() {
        deferred.forEach(d -> d.owner().close());
        deferred.clear();
    }

    private void requireCompleteStep() {
        if (!deferred.isEmpty()) {
            List<String> missing = network.paths(counter.missing(network.trainable()));
            forgetDeferred();
            counter.end();
            throw new IllegalStateException(
                    (recipe.isOfNetwork()
                                    ? "The rule \""
                                            + recipe.rule().name()
                                            + "\" works on the whole network"
                                    : "Gradients are clipped by their global norm")
                            + ", but the last step had none for "
                            + missing
                            + ", so that it was not made; freeze what is not trained.");
        }
    }

    /** Checks what was read of the network, if it was read anew. */
    private void noticeReading() {
        if (network.readings() != noticedReadings) {
            network.requireTypes();
            forgetVanished();
            noticedReadings = network.readings();
        }
    }

    /** Frees what is kept for parameters that the network no longer has. */
    private void forgetVanished() {
        Set<String> ids = network.ids();
        rates.retain(ids);
        states.entrySet()
                .removeIf(
                        entry -> {
                            boolean vanished = !ids.contains(entry.getKey().parameterId());
                            if (vanished) {
                                entry.getValue().close();
                            }
                            return vanished;
                        });
    }

    /** Returns the decoupled weight decay of a parameter. */
    private float decay(String parameterId) {
        return decoupledWeightDecay != 0 && network.decays(parameterId) ? decoupledWeightDecay : 0;
    }

    private List<Slot> slots(String parameterId) {
        return recipe.slots(rules.of(parameterId));
    }

    /** Returns what is kept for a parameter, ready for a batch of a cycle. */
    private ParameterState state(StateKey key, NDArray weight, int cycle) {
        ParameterState state = states.get(key);
        if (state == null) {
            TrainedNetwork.requireType("The parameter with id " + key.parameterId(), weight);
            List<Slot> slots = slots(key.parameterId());
            state =
                    saved.stateOf(key.parameterId(), weight, weight.getDevice(), slots)
                            .orElseGet(() -> ParameterState.initial(weight, slots, firstStep));
            states.put(key, state);
        }
        state.prepare(weight, cycle);
        return state;
    }

    /**
     * Plans steps of parameters for somebody else to make. This is for the trainers and compiled
     * epochs of this library.
     *
     * @param weights the parameters' values on one device, by parameter id, in the order that the
     *     plan is to have
     * @return the plan; it holds until other parameters are frozen or unfrozen, or until it {@link
     *     UpdatePlan#isStale is stale}
     * @throws IllegalStateException if {@link #isPlannable} says no, this was closed, or the block
     *     that was set has no such trainable parameter
     * @throws IllegalArgumentException if a weight is neither float32 nor float64
     */
    public final synchronized UpdatePlan plan(Map<String, NDArray> weights) {
        requireOpen();
        requireCompleteStep();
        if (!isPlannable()) {
            throw new IllegalStateException(
                    "Factors that depend on the gradient cannot be planned: " + this);
        }
        network.refresh();
        weights.keySet().forEach(network::requireKnown);
        noticeReading();
        List<UpdatePlan.Entry> entries = new ArrayList<>();
        Map<Object, RelativeRate> shared = new HashMap<>();
        weights.forEach(
                (id, weight) -> {
                    StateKey key = new StateKey(id, weight.getDevice());
                    ParameterState state = state(key, weight, counter.nextCycle());
                    UpdateRule rule = rules.of(id);
                    entries.add(
                            new UpdatePlan.Entry(
                                    id,
                                    rule,
                                    weight,
                                    state,
                                    network.factor(id),
                                    network.relativeRate(id, shared),
                                    decay(id)));
                });
        return new UpdatePlan(recipe, entries, new PlannedSteps(entries));
    }

    /** The steps of a plan, which count here as those do that are made here. */
    private final class PlannedSteps implements UpdatePlan.Owner {

        private final int generation = stateGeneration;
        private final NDList networkNumbers;
        private final LearningRates.OfParameter[] ofEntries;

        private PlannedSteps(List<UpdatePlan.Entry> entries) {
            NDArray first = entries.isEmpty() ? null : entries.get(0).weight();
            networkNumbers =
                    first == null ? new NDList() : networkState.beside(first, first.getDevice());
            ofEntries =
                    entries.stream()
                            .map(entry -> rates.of(entry.parameterId()))
                            .toArray(LearningRates.OfParameter[]::new);
        }

        @Override
        public float[] rates(int ahead) {
            float[] asked = new float[ofEntries.length];
            synchronized (StatefulOptimizer.this) {
                int made = counter.step();
                for (int i = 0; i < asked.length; i++) {
                    asked[i] = ofEntries[i].at(made + ahead, made + 1);
                }
            }
            return asked;
        }

        @Override
        public int step() {
            synchronized (StatefulOptimizer.this) {
                return counter.step();
            }
        }

        @Override
        public NDList networkNumbers() {
            return networkNumbers;
        }

        @Override
        public int accumulated() {
            synchronized (StatefulOptimizer.this) {
                return counter.accumulated();
            }
        }

        @Override
        public void advance(List<UpdatePlan.Entry> entries, int batches) {
            synchronized (StatefulOptimizer.this) {
                int steps = counter.advance(batches);
                entries.forEach(
                        entry ->
                                StatefulOptimizer.this.advance(
                                        (ParameterState) entry.slots(), steps));
            }
        }

        @Override
        public boolean isCurrent() {
            synchronized (StatefulOptimizer.this) {
                return generation == stateGeneration;
            }
        }
    }

    /**
     * Returns whether steps can be planned, which they can unless the factors depend on the
     * gradient of the step.
     *
     * @return whether they can
     */
    public final boolean isPlannable() {
        return network.scaling() == null || !network.scaling().isGradientAware();
    }

    /**
     * Saves the moments and step counts of every parameter, by path, and the configuration. The
     * file appears under its name when it is complete. NumPy opens it: {@code
     * np.load(file)["01Linear_weight/first_moment"]}; {@code PATH/step} is the number of steps, and
     * {@code configuration} holds {@link #describe()} and the format of the file as UTF-8 bytes of
     * JSON; also the number of steps of the network, {@code networkStep}, where no parameter took
     * part in all of them. Save between batches, not while parameters are updated.
     *
     * <p>A rule that works on the whole network has its numbers in {@code networkNumbers/NAME}.
     *
     * <p>Accumulated gradients are saved, as {@code PATH/accumulated_gradient}, their sum, and
     * {@code PATH/accumulated}, of how many batches they are; and averages of weights as {@code
     * PATH/average}.
     *
     * @param file the file, usually ending in {@code .npz}; replaced if it exists
     * @throws IOException if it cannot be written
     * @throws IllegalStateException if no block was set, it was not initialized, or this was closed
     */
    public final synchronized void save(Path file) throws IOException {
        requireOpen();
        requireCompleteStep();
        try (SavedStates snapshot = snapshot()) {
            snapshot.write(file, describe());
        }
    }

    private SavedStates snapshot() {
        SavedStates snapshot = new SavedStates();
        snapshot.setNetworkStep(counter.step());
        snapshot.setStarts(network.starts());
        snapshot.setNetworkNumbers(networkState.values());
        states.values().forEach(state -> state.forgetBefore(counter.nextCycle()));
        for (NetworkParameters.Named named : network.byPath()) {
            Parameter parameter = named.parameter();
            List<ParameterState> onDevices =
                    states.entrySet().stream()
                            .filter(e -> e.getKey().parameterId().equals(parameter.getId()))
                            .map(Map.Entry::getValue)
                            .filter(ParameterState::hasBegun)
                            .toList();
            if (!onDevices.isEmpty()) {
                requireSameStep(named.path(), onDevices);
                ParameterState state = onDevices.get(0);
                snapshot.add(named, state.arrays(), state.step(), state.accumulated());
            } else if (saved.find(parameter.getId()).isPresent()) {
                // Loaded and not trained since; the cycle in which it was loaded has the number 0.
                SavedStates.Saved state = saved.find(parameter.getId()).get();
                boolean late = state.accumulated() > 0 && counter.nextCycle() != 0;
                snapshot.add(
                        named,
                        late ? state.withoutAccumulated() : state.arrays(),
                        state.step(),
                        late ? 0 : state.accumulated());
            } else if (parameter.requiresGradient()) {
                snapshot.addInitial(named, slots(parameter.getId()), firstStep);
            } else {
                snapshot.addUntrained(named);
            }
        }
        return snapshot;
    }

    private static void requireSameStep(String path, List<ParameterState> onDevices) {
        if (onDevices.stream().mapToInt(ParameterState::step).distinct().count() > 1
                || onDevices.stream().mapToInt(ParameterState::accumulated).distinct().count()
                        > 1) {
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
     * those of this optimizer, and each is logged as a warning: an average that was not kept begins
     * anew, and gradients that were accumulated for steps of another number of batches are dropped.
     * What was never trained because it was frozen when this was saved starts as in a new optimizer
     * once it is trained.
     *
     * <p>In main memory, the arrays that are read become the state. So a new optimizer takes the
     * memory of its state, and of the largest array once more while it reads. What an optimizer had
     * before is freed when all was read.
     *
     * @param file the file
     * @throws IOException if it cannot be read, is not a saved optimizer, or has a format that this
     *     version of the library does not know; nothing is changed then
     * @throws IllegalArgumentException if the file is of another algorithm, or its parameters are
     *     not those of the block; the message names the parameters that are missing, extra or of
     *     another shape
     * @throws IllegalStateException if no block was set, it was not initialized, or this was closed
     */
    public final synchronized void load(Path file) throws IOException {
        requireOpen();
        SavedStates loaded =
                SavedStates.read(file, describe(), recipe, this::slots, network.byPath());
        forgetState();
        saved = loaded;
        network.setStarts(loaded.starts());
        networkState = NetworkState.of(recipe.rule().name(), loaded.networkNumbers());
        counter.reset(Math.max(firstStep, loaded.latestStep()), loaded.accumulated());
    }

    /**
     * Returns a number that the optimizer's rule keeps of the whole network, such as the {@code d}
     * of {@link Prodigy}, to log it. On a GPU it waits until the steps so far are done.
     *
     * @param name the name of one of the rule's {@link UpdateRule#networkNumbers}
     * @return its value after the last step
     * @throws IllegalArgumentException if the rule has no number of this name
     * @throws IllegalStateException if this was closed
     */
    public final synchronized double networkNumber(String name) {
        Objects.requireNonNull(name, "name");
        requireOpen();
        Map<String, Double> values = networkState.values();
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The rule \""
                            + recipe.rule().name()
                            + "\" keeps no number \""
                            + name
                            + "\" of the network; it keeps "
                            + values.keySet()
                            + ".");
        }
        return value;
    }

    /**
     * Returns whether an average of the weights is kept, which is to be evaluated in their place.
     *
     * @return whether {@link Builder#optWeightAverage} was set, or the rule has an average of its
     *     own, as that of {@link ScheduleFreeAdamW}
     */
    public final boolean isAveraging() {
        return recipe.evaluatedSlot().isPresent();
    }

    /**
     * Returns the average of a parameter's weights: that of {@link Builder#optWeightAverage}, and
     * otherwise the rule's own. It is the array that is kept, not a copy: it changes with the next
     * step, and must not be closed. What is written into it is the average from then on.
     *
     * @param parameterId the parameter's id
     * @param device the device of the copy of the parameter that was trained
     * @return the average, of the shape, type and device of the weight; empty before its first
     *     step, unless it was loaded, and where no average is kept, the parameter is frozen or the
     *     block has none of this id
     * @throws IllegalStateException if this was closed, or the block was not initialized
     */
    public final synchronized Optional<NDArray> averageOf(String parameterId, Device device) {
        Objects.requireNonNull(parameterId, "parameterId");
        Objects.requireNonNull(device, "device");
        requireOpen();
        String slot = recipe.evaluatedSlot().orElse(null);
        if (slot == null) {
            return Optional.empty();
        }
        Parameter parameter = network.find(parameterId).orElse(null);
        if (parameter == null || !parameter.requiresGradient()) {
            return Optional.empty();
        }
        StateKey key = new StateKey(parameterId, device);
        if (!states.containsKey(key) && saved.has(parameterId, slot)) {
            saved.stateOf(parameterId, parameter.getArray(), device, slots(parameterId))
                    .ifPresent(state -> states.put(key, state));
        }
        return Optional.ofNullable(states.get(key))
                .filter(ParameterState::hasStepped)
                .map(state -> state.arrays().get(slot));
    }

    /**
     * Copies the averages into the block's own parameters, in the place of their weights, as Keras
     * does by {@code finalize_variable_values}: to predict with them, or to save them as a model.
     * The averages stay, and training may go on from there. Parameters that are frozen, or made no
     * step yet, keep their weights.
     *
     * <p>Where a training ran on other devices than the parameters lie on, DJL copies its weights
     * back when the trainer is closed; call this afterwards.
     *
     * @throws IllegalStateException if no average is kept, this was closed, or the block was not
     *     initialized
     */
    public final synchronized void applyAverage() {
        requireOpen();
        if (!isAveraging()) {
            throw new IllegalStateException(
                    "No average of the weights is kept: set optWeightAverage when the optimizer is"
                            + " built.");
        }
        for (NetworkParameters.Named named : network.trainableNow()) {
            String id = named.parameter().getId();
            averageOf(id, named.device())
                    .or(() -> anyAverageOf(id))
                    .ifPresent(average -> write(average, named.parameter().getArray()));
        }
    }

    private Optional<NDArray> anyAverageOf(String id) {
        return states.keySet().stream()
                .filter(key -> key.parameterId().equals(id))
                .flatMap(key -> averageOf(id, key.device()).stream())
                .findFirst();
    }

    private static void write(NDArray average, NDArray weight) {
        try (OwnedArrays beside = OwnedArrays.beside(weight)) {
            ParameterState.copy(beside.copyOf(average), weight);
        }
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
     * Describes the configuration as plain values (texts, numbers, lists and nested maps), to be
     * kept as JSON. The learning-rate tracker and the block are not part of it.
     *
     * @return the description, which {@link Builder#optDescription} takes
     */
    public final Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        if (network.scaling() != null) {
            description.put(SCALING, network.scaling().describe());
            description.put(CONVENTION, network.convention().name());
        }
        description.put("algorithm", recipe.rule().name());
        description.putAll(recipe.rule().describe());
        if (recipe.treatment().weightDecay() != 0) {
            description.put("weightDecay", Ranges.decimal(recipe.treatment().weightDecay()));
        }
        if (decoupledWeightDecay != 0) {
            description.put("decoupledWeightDecay", Ranges.decimal(decoupledWeightDecay));
            description.put("decayExclusions", decayExclusions.describe());
        }
        description.putAll(recipe.treatment().describe());
        description.putAll(recipe.describe());
        return Collections.unmodifiableMap(description);
    }

    /** Frees the moments. A closed optimizer makes no more steps; closing it again does nothing. */
    @Override
    public final synchronized void close() {
        closed = true;
        forgetState();
    }

    /** Returns how many steps the network has made, which the next step of a schedule follows. */
    final synchronized int latestStep() {
        return counter.step();
    }

    private NetworkState initialNetworkState() {
        return NetworkState.initial(recipe.rule().name(), recipe.rule().networkNumbers());
    }

    private void forgetState() {
        stateGeneration++;
        networkState.close();
        networkState = initialNetworkState();
        forgetDeferred();
        states.values().forEach(ParameterState::close);
        states.clear();
        saved.close();
        saved = SavedStates.NONE;
        rates.clear();
        network.setStarts(Map.of());
        counter.reset(firstStep, 0);
    }

    /** Returns the configuration in words. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + describe();
    }

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
        ScalingStrategy scaling;
        private final Map<String, Double> factorOverrides = new LinkedHashMap<>();
        private UnaryOperator<ScalingStrategy> factorBounds = UnaryOperator.identity();
        private StructureConvention convention = StructureConvention.PAPER;
        private ParameterTracker learningRateTracker;
        private float defaultLearningRate = 0.001f;
        private float decoupledWeightDecay;
        private DecayExclusions decayExclusions = DecayExclusions.biasesAndNorms();
        private float clipNorm = -1;
        private float globalClipNorm = -1;
        private int accumulationSteps = 1;
        private float averageDecay = -1;

        Builder() {}

        /** Sets the learning rate that holds where no tracker is set, nor relative steps. */
        final void defaultLearningRate(float rate) {
            defaultLearningRate = rate;
        }

        private ParameterTracker tracker(ScalingStrategy scaling) {
            if (learningRateTracker != null) {
                return learningRateTracker;
            }
            boolean isRelative = scaling != null && scaling.isWeightAware();
            return Tracker.fixed(isRelative ? 1 : defaultLearningRate);
        }

        /**
         * Sets the tracker of the learning rate {@code α} (default: a fixed 0.001, unless the
         * optimizer's builder names another; with {@link ScalingStrategy#relativeStep} a fixed 1).
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
         * Sets how connections and depth are counted (default {@link StructureConvention#PAPER}).
         *
         * @param convention the convention
         * @return this builder
         */
        public B optConvention(StructureConvention convention) {
            this.convention = Objects.requireNonNull(convention, CONVENTION);
            return self();
        }

        /**
         * Sets a floor and a ceiling of the scaling factors (default: none).
         *
         * @param floor the smallest factor, 0 or more
         * @param ceiling the largest factor, finite, not below the floor
         * @return this builder
         * @see ScalingStrategy#bounded
         */
        public B optFactorBounds(double floor, double ceiling) {
            factorBounds = strategy -> strategy.bounded(floor, ceiling);
            return self();
        }

        /**
         * Sets the scaling factor of some parameters by name, whatever strategy and bounds say. Of
         * several that match a parameter, the last one counts.
         *
         * @param pathPattern a regular expression, found anywhere in a parameter's path, such as
         *     {@code "_bias$"}
         * @param factor the factor; finite, 0 or more
         * @return this builder
         * @see ScalingStrategy#overriding
         */
        public B optFactorOverride(String pathPattern, double factor) {
            Objects.requireNonNull(pathPattern, "pathPattern");
            factorOverrides.remove(pathPattern);
            factorOverrides.put(pathPattern, factor);
            return self();
        }

        /** Returns the scaling with its bounds and overrides, or null for none. */
        private ScalingStrategy wholeScaling() {
            if (scaling == null && factorOverrides.isEmpty()) {
                return null;
            }
            ScalingStrategy whole =
                    factorBounds.apply(scaling == null ? ScalingStrategy.none() : scaling);
            for (Map.Entry<String, Double> override : factorOverrides.entrySet()) {
                whole = whole.overriding(override.getKey(), override.getValue());
            }
            return whole;
        }

        /**
         * Sets a decoupled weight decay (default 0, of {@link Lamb} 0.01): before the step, {@code
         * θ ← θ − α·λ·θ}, as in AdamW (Loshchilov and Hutter, <em>Decoupled Weight Decay
         * Regularization</em>, 2019). It uses {@code α}, not {@code α·S}, as the published package
         * does, and leaves biases and normalisations alone unless {@link #optDecayExclusions} says
         * otherwise. {@link Lamb} adds {@code λθ} to its update instead; {@link Prodigy} has its
         * estimate in {@code α} here, and {@link ScheduleFreeAdamW} its warm-up.
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
         * Scales all gradients down by one factor, so that the Euclidean norm of all of them
         * together is no larger than a bound (default: off): {@code g·c/max(‖(g₁, g₂, …)‖, c)}, as
         * Keras' {@code global_clipnorm} and PyTorch's {@code clip_grad_norm_} do. It needs the
         * network, and a training on one device.
         *
         * @param globalClipNorm the {@code c}, above 0; negative turns it off
         * @return this builder
         */
        public B optGlobalClipNorm(float globalClipNorm) {
            this.globalClipNorm = globalClipNorm;
            return self();
        }

        /**
         * Makes a step at every {@code k}-th batch only, from the mean of the gradients of the last
         * {@code k} batches (default 1), as Keras does by its {@code gradient_accumulation_steps}
         * and optax by {@code MultiSteps}. So a step sees {@code k} times the rows that fit into
         * memory at once; batches count alike, whatever their rows. The batches between add their
         * gradients to an array that is kept for each parameter, and change no weight.
         *
         * <p>What has been accumulated when an epoch ends is not lost: it carries over to the next,
         * and into a saved state. Learning-rate schedules, bias corrections and numbers of steps
         * count steps, not batches. Clipping, rescaling and decay work on the mean. A batch in
         * which a parameter was frozen counts as a gradient of zeros. It needs the network.
         *
         * @param steps {@code k}, 1 or more
         * @return this builder
         */
        public B optGradientAccumulationSteps(int steps) {
            this.accumulationSteps = steps;
            return self();
        }

        /**
         * Keeps an exponential moving average {@code θ̄} of each weight (default: none), which
         * often predicts better than the weight: after every step {@code θ̄ ← d·θ̄ + (1−d)·θ}.
         * Training itself does not see it. {@link StatefulOptimizer#averageOf} gives it, {@link
         * StatefulOptimizer#applyAverage} puts it into the network, and it is saved with the state.
         *
         * <p>It begins as a copy of the weight before the first step, as that of TensorFlow's
         * {@code ExponentialMovingAverage} does. Keras' {@code use_ema} and PyTorch's {@code
         * get_ema_multi_avg_fn} begin with the weight behind the first step, from which this
         * differs by {@code dᵗ} times that step after {@code t} steps; optax' {@code ema} begins
         * with zeros and divides by {@code 1−dᵗ} unless {@code debias} is off. After many steps all
         * are alike. Keras also averages at batches that only accumulate gradients; this does at
         * steps only.
         *
         * <p>Parameters that are frozen have no average in use; running statistics of
         * normalisations are not weights and are not averaged. It needs the network.
         *
         * @param decay {@code d}, below 1, such as 0.999; negative turns it off
         * @return this builder
         */
        public B optWeightAverage(float decay) {
            this.averageDecay = decay;
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
            readScaling(read);
            readRule(read);
            optWeightDecays(read.floatNumber("weightDecay", 0));
            decoupledWeightDecay = read.floatNumber("decoupledWeightDecay", 0);
            decayExclusions = DecayExclusions.fromDescription(read, "decayExclusions");
            setRescaleGrad(read.floatNumber("rescaleGradient", 1));
            optClipGrad(read.floatNumber("clipValue", -1));
            clipNorm = read.floatNumber("clipNorm", -1);
            globalClipNorm = read.floatNumber("globalClipNorm", -1);
            accumulationSteps =
                    read.has(StepRecipe.ACCUMULATION_STEPS)
                            ? read.wholeNumber(StepRecipe.ACCUMULATION_STEPS)
                            : 1;
            averageDecay = read.floatNumber(StepRecipe.WEIGHT_AVERAGE, -1);
            read.requireNoOthers();
            return self();
        }

        private void readScaling(Description description) {
            factorOverrides.clear();
            factorBounds = UnaryOperator.identity();
            if (description.has(SCALING)) {
                scaling = ScalingStrategy.fromDescription(description.nested(SCALING).values());
                convention = description.constant(CONVENTION, StructureConvention.class);
            } else {
                scaling = null;
                convention = StructureConvention.PAPER;
            }
        }

        /** Sets the options of the rule, and checks that the description is of such a rule. */
        abstract void readRule(Description description);

        @Override
        protected abstract B self();
    }

    /**
     * The options of optimizers that can do without scaling and without knowing the network.
     *
     * @param <B> the builder itself
     */
    public abstract static class ScalableBuilder<B extends ScalableBuilder<B>> extends Builder<B> {

        ScalableBuilder() {}

        /**
         * Sets the network that is trained; it need not be initialized yet. Saving the state, a
         * scaling, a weight decay that excludes parameters, clipping by the global norm, and a
         * schedule for parameters that are unfrozen late need it.
         *
         * @param block the network
         * @return this builder
         */
        public B optBlock(Block block) {
            this.block = Objects.requireNonNull(block, "block");
            return self();
        }

        /**
         * Sets the formula of the factors that learning rates are multiplied by (default: none).
         *
         * @param scaling the strategy
         * @return this builder
         */
        public B optScaling(ScalingStrategy scaling) {
            this.scaling = Objects.requireNonNull(scaling, SCALING);
            return self();
        }
    }
}
