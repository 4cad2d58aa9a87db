// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import ai.djl.nn.Block;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rule each parameter of a network follows. Freezing changes nothing of that, as what is kept
 * for a parameter depends on it. The block is read when somebody asks for a parameter that is not
 * known.
 */
final class ParameterRules {

    private final Block block;
    private final UpdateRule rule;
    private final Map<String, UpdateRule> byId = new HashMap<>();

    /**
     * Reads nothing yet.
     *
     * @param block the network; null is enough where all parameters follow one rule
     * @param rule the rule, which says what others there are
     */
    ParameterRules(Block block, UpdateRule rule) {
        this.block = block;
        this.rule = rule;
    }

    /** Returns whether rules depend on the network. */
    boolean differ() {
        return rule.rules().size() > 1;
    }

    /**
     * Returns the rule that a parameter follows; the first where the block has no such parameter.
     *
     * @throws IllegalStateException if it depends on the block, which was not initialized
     */
    UpdateRule of(String id) {
        if (differ() && !byId.containsKey(id)) {
            NetworkStructure whole =
                    StructureInspector.inspectWhole(block, StructureConvention.PAPER);
            for (ParameterStructure parameter : whole.parameters()) {
                byId.putIfAbsent(parameter.id(), rule.ruleOf(parameter, whole));
            }
            byId.putIfAbsent(id, rule); // A running statistic, or of a layer that was replaced.
        }
        return byId.getOrDefault(id, rule);
    }
}
