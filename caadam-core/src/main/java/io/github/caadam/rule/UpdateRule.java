// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The formula by which an optimizer turns gradients into steps. A rule is immutable. It is written
 * once, in the operations of {@link Step}; steps parameter by parameter, fused steps and compiled
 * epochs all execute it. An example, gradient descent with momentum:
 *
 * <pre>{@code
 * record Momentum(double beta) implements UpdateRule {
 *     public String name() {
 *         return "momentum";
 *     }
 *
 *     public Map<String, Object> describe() {
 *         return Map.of("beta", beta);
 *     }
 *
 *     public List<Slot> slots() {
 *         return List.of(Slot.zeros("velocity"));
 *     }
 *
 *     public void update(Step s) {
 *         Operand velocity = s.slot("velocity");
 *         s.mulInPlace(velocity, beta);
 *         s.addInPlace(velocity, s.gradients(), s.constant(1));
 *         s.addInPlace(s.weights(), velocity, s.number(n -> -n.rate()));
 *     }
 * }
 * }</pre>
 *
 * <p>Most rules look at one parameter at a time. One that works on the whole network has {@link
 * #networkNumbers}, and up to two phases before the update: {@link #gather} for each group of
 * parameters, and then {@link #settle} once. Such a rule needs to know the network, and trains on
 * one device.
 *
 * <p>A rule leaves out what every optimizer can do. The gradients that it sees are rescaled and
 * clipped, and have L2 decay in them. The weights have had their decoupled decay. The rate has the
 * scaling factor in it.
 *
 * @since 0.1.0
 */
public interface UpdateRule {

    /**
     * Returns the name of the rule, which descriptions and saved states carry.
     *
     * @return the name, such as {@code adam}
     */
    String name();

    /**
     * Describes the options of the rule as plain values: texts, truth values, numbers.
     *
     * @return the options by name
     */
    default Map<String, Object> describe() {
        return Map.of();
    }

    /**
     * Returns what is kept for each parameter.
     *
     * @return the slots, in the order in which they are saved
     */
    default List<Slot> slots() {
        return List.of();
    }

    /**
     * Returns what is kept of the whole network.
     *
     * @return the numbers, in the order in which they are saved; none where the rule looks at one
     *     parameter at a time, and then neither {@link #gather} nor {@link #settle} is called
     */
    default List<NetworkNumber> networkNumbers() {
        return List.of();
    }

    /**
     * Returns which slot is an average of the weights that belongs to the rule: where a network is
     * evaluated, its arrays take the place of the weights that are trained.
     *
     * @return the name of one of the {@link #slots} that start as copies of the weight; by default
     *     none
     */
    default Optional<String> average() {
        return Optional.empty();
    }

    /**
     * Returns whether the rule takes the decoupled weight decay {@code λ} itself, by {@link
     * StepNumbers#weightDecay} where {@link Step#decays}; otherwise the weights that it sees have
     * had it.
     *
     * @return whether it does; by default not
     */
    default boolean takesDecay() {
        return false;
    }

    /**
     * Looks at some parameters before the weights of any are changed: updates slots, and adds to
     * sums of the network by {@link Step#addToSum}. As {@link #update}, it must call the same
     * operations whatever the numbers are. The weights have not had their decoupled decay yet.
     *
     * @param step the step
     */
    default void gather(Step step) {}

    /**
     * Sets the numbers of the network for this step, once, after the last {@link #gather} and
     * before the first {@link #update}. It sees the whole network only, so that the rate of no
     * group of parameters gets into them.
     *
     * @param step the step
     */
    default void settle(NetworkStep step) {}

    /**
     * Returns all rules that parameters may follow.
     *
     * @return this one alone, unless {@link #ruleOf} says otherwise
     */
    default List<UpdateRule> rules() {
        return List.of(this);
    }

    /**
     * Returns the rule that a parameter follows. It must not change while a network is trained.
     *
     * @param parameter the parameter
     * @param network the network, with frozen parameters, by {@link
     *     io.github.caadam.structure.StructureConvention#PAPER}
     * @return one of {@link #rules}
     */
    default UpdateRule ruleOf(ParameterStructure parameter, NetworkStructure network) {
        return this;
    }

    /**
     * Returns what the learning rate of a parameter is multiplied by because of its shape.
     *
     * @param shape the shape
     * @return the number, finite, 0 or more
     */
    default double rateFactor(Shape shape) {
        return 1;
    }

    /**
     * Updates the weights and slots of some parameters in place. It must call the same operations
     * in the same order whatever the numbers of the step are: a program is written of them once,
     * and run for many steps.
     *
     * @param step the step
     */
    void update(Step step);
}
