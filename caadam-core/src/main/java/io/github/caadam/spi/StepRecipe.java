// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spi;

import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.UpdateRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a step is, from gradients as they are to zeroed gradients: their mean over some batches,
 * their treatment, decoupled weight decay, the rule, and the average of the weights. Every
 * execution follows this one.
 *
 * @param rule the rule, which says what other rules there are
 * @param treatment what happens to the gradients first
 * @param accumulationSteps of how many batches a step takes the mean gradient; 1 or more
 * @param averageDecay the decay of the average of the weights, below 1; negative for no average
 * @since 0.1.0
 */
public record StepRecipe(
        UpdateRule rule, GradientTreatment treatment, int accumulationSteps, float averageDecay) {

    /** The slot of the sum of the gradients of batches that made no step yet. */
    public static final String ACCUMULATED_GRADIENT = "accumulated_gradient";

    /** The slot of the average of the weights. */
    public static final String AVERAGE = "average";

    /** What {@link #describe} calls the number of batches of a step. */
    public static final String ACCUMULATION_STEPS = "gradientAccumulationSteps";

    /** What {@link #describe} calls the decay of the average of the weights. */
    public static final String WEIGHT_AVERAGE = "weightAverage";

    /**
     * Checks the ranges.
     *
     * @param rule the rule
     * @param treatment what happens to the gradients first
     * @param accumulationSteps of how many batches a step takes the mean gradient
     * @param averageDecay the decay of the average of the weights
     * @throws IllegalArgumentException if a number is out of its range, the rule has a slot of a
     *     name that a recipe has for its own, two slots or numbers of the network of one name, or
     *     an average that is none of its slots
     */
    public StepRecipe {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(treatment, "treatment");
        if (accumulationSteps < 1) {
            throw new IllegalArgumentException(
                    "The number of gradient accumulation steps must be 1 or more, found "
                            + accumulationSteps
                            + ".");
        }
        if (!(averageDecay < 1) || Float.isInfinite(averageDecay)) {
            throw new IllegalArgumentException(
                    "The decay of the weight average must be below 1, or negative for none, found "
                            + averageDecay
                            + ".");
        }
        for (Slot slot : rule.rules().stream().flatMap(one -> one.slots().stream()).toList()) {
            if (slot.name().equals(ACCUMULATED_GRADIENT) || slot.name().equals(AVERAGE)) {
                throw new IllegalArgumentException(
                        "The rule \""
                                + rule.name()
                                + "\" has a slot \""
                                + slot.name()
                                + "\", which every optimizer has for an option of its own; give"
                                + " the slot another name.");
            }
        }
        requireNumbers(rule);
        rule.average().ifPresent(name -> requireAverage(rule, name));
    }

    private static void requireNumbers(UpdateRule rule) {
        Set<String> names = new HashSet<>();
        rule.slots().forEach(slot -> names.add(slot.name()));
        for (NetworkNumber number : rule.networkNumbers()) {
            if (!names.add(number.name())) {
                throw new IllegalArgumentException(
                        "The rule \""
                                + rule.name()
                                + "\" has two slots or numbers of the name \""
                                + number.name()
                                + "\"; give one another name.");
            }
        }
    }

    private static void requireAverage(UpdateRule rule, String name) {
        if (rule.slots().stream().noneMatch(s -> s.ofWeight() && s.name().equals(name))) {
            throw new IllegalArgumentException(
                    "The rule \""
                            + rule.name()
                            + "\" calls \""
                            + name
                            + "\" its average, but has no such slot that starts as a copy of the"
                            + " weight.");
        }
    }

    /**
     * A recipe of a step for each batch, without an average of the weights.
     *
     * @param rule the rule
     * @param treatment what happens to the gradients first
     */
    public StepRecipe(UpdateRule rule, GradientTreatment treatment) {
        this(rule, treatment, 1, -1);
    }

    /**
     * Returns whether there are batches that make no step.
     *
     * @return whether there are
     */
    public boolean accumulates() {
        return accumulationSteps > 1;
    }

    /**
     * Returns whether an average of the weights is kept.
     *
     * @return whether it is
     */
    public boolean averages() {
        return averageDecay >= 0;
    }

    /**
     * Returns which slot is evaluated in place of the weights: the average that an option asks for,
     * otherwise the rule's own.
     *
     * @return its name; empty where weights are evaluated themselves
     */
    public Optional<String> evaluatedSlot() {
        return averages() ? Optional.of(AVERAGE) : rule.average();
    }

    /**
     * Returns whether the rule keeps something of the whole network.
     *
     * @return whether it has numbers of the network
     */
    public boolean isOfNetwork() {
        return !rule.networkNumbers().isEmpty();
    }

    /**
     * Returns whether a step needs the gradients of all parameters before it changes the first.
     *
     * @return whether gradients are clipped by their global norm, or the rule is of the network
     */
    public boolean needsAllGradients() {
        return treatment.clipsAll() || isOfNetwork();
    }

    /**
     * Returns all that is kept for a parameter.
     *
     * @param rule the rule that it follows
     * @return the slots of the rule, and behind them those of the options
     */
    public List<Slot> slots(UpdateRule rule) {
        if (!accumulates() && !averages()) {
            return rule.slots();
        }
        List<Slot> slots = new ArrayList<>(rule.slots());
        if (accumulates()) {
            slots.add(Slot.zeros(ACCUMULATED_GRADIENT));
        }
        if (averages()) {
            slots.add(Slot.ofWeight(AVERAGE));
        }
        return List.copyOf(slots);
    }

    /**
     * Describes the options, without the rule and the treatment, as plain values.
     *
     * @return the numbers by name; what is off is left out
     */
    public Map<String, Object> describe() {
        Map<String, Object> description = new LinkedHashMap<>();
        if (accumulates()) {
            description.put(ACCUMULATION_STEPS, accumulationSteps);
        }
        if (averages()) {
            description.put(WEIGHT_AVERAGE, Double.parseDouble(Float.toString(averageDecay)));
        }
        return description;
    }

    /**
     * Adds the gradients of a batch that makes no step to those before it, and zeroes them.
     *
     * @param groups all parameters that are trained, in groups
     */
    public void accumulate(List<? extends GroupStep> groups) {
        for (GroupStep group : groups) {
            add(group);
            group.clearGradients();
        }
    }

    private static Operand add(GroupStep group) {
        Operand sum = group.slot(ACCUMULATED_GRADIENT);
        group.addInPlace(sum, group.treated(), group.constant(1));
        return sum;
    }

    /**
     * Makes a step of a rule that looks at one parameter at a time.
     *
     * @param groups all parameters that are trained, in groups; where not {@link
     *     #needsAllGradients}, some of them
     */
    public void apply(List<? extends GroupStep> groups) {
        if (treatment.clipsAll()) {
            clipAll(groups);
            groups.forEach(this::update);
        } else {
            for (GroupStep group : groups) {
                prepare(group);
                clip(group);
                update(group);
            }
        }
    }

    /**
     * Makes a step of any rule.
     *
     * @param groups all parameters that are trained, in groups
     * @param network what the groups have in common; not used where the rule keeps nothing of the
     *     network
     */
    public void apply(List<? extends GroupStep> groups, WholeStep network) {
        if (!isOfNetwork()) {
            apply(groups);
            return;
        }
        if (treatment.clipsAll()) {
            clipAll(groups);
        } else {
            groups.forEach(this::prepare);
            groups.forEach(this::clip);
        }
        for (GroupStep group : groups) {
            group.join(network);
            group.setWeightDecay(treatment.weightDecay());
            group.rule().gather(group);
        }
        rule.settle(network);
        groups.forEach(this::update);
    }

    private void clipAll(List<? extends GroupStep> groups) {
        groups.forEach(this::prepare);
        List<Operand> norms = groups.stream().map(g -> g.norm(g.treated())).toList();
        Operand total = groups.get(0).totalNorm(norms);
        for (GroupStep group : groups) {
            double limit = treatment.globalClipNorm();
            group.treat(group.scaledDown(group.treated(), limit, total));
        }
    }

    /** Takes the mean over the batches, in the slot of their sum, and rescales. */
    private void prepare(GroupStep group) {
        if (accumulates()) {
            Operand sum = add(group);
            group.mulInPlace(sum, 1.0 / accumulationSteps);
            group.treat(sum);
        }
        if (treatment.rescale() != 1) {
            group.treat(group.mul(group.treated(), group.constant(treatment.rescale())));
        }
    }

    private void clip(GroupStep group) {
        Operand gradients = group.treated();
        if (treatment.clipValue() >= 0) {
            group.treat(group.clamp(gradients, -treatment.clipValue(), treatment.clipValue()));
        } else if (treatment.clipNorm() >= 0) {
            double limit = treatment.clipNorm();
            Operand norms = group.clampMin(group.norm(gradients), limit);
            group.treat(group.div(group.mul(gradients, group.constant(limit)), norms));
        }
    }

    private void update(GroupStep group) {
        if (group.decays() && !group.rule().takesDecay()) {
            group.decay();
        }
        group.setWeightDecay(treatment.weightDecay());
        group.rule().update(group);
        if (averages()) {
            group.lerpInPlace(group.slot(AVERAGE), group.weights(), 1.0 - averageDecay);
        }
        if (accumulates()) {
            group.clear(group.slot(ACCUMULATED_GRADIENT));
        }
        group.clearGradients();
    }
}
