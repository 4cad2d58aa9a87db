// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.rule;

import java.util.List;
import java.util.Map;

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
     * Updates the weights and slots of some parameters in place. It must call the same operations
     * in the same order whatever the numbers of the step are: a program is written of them once,
     * and run for many steps.
     *
     * @param step the step
     */
    void update(Step step);
}
