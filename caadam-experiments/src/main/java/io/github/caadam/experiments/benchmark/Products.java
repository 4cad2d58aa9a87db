// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.optimizer.RuleOptimizer;
import io.github.caadam.rule.NewtonSchulz;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import java.util.List;

/**
 * Muon's products by themselves: the gradients of hidden matrices are made orthogonal and taken
 * from the weights. All other parameters stay as they are.
 */
final class Products implements UpdateRule {

    /** What a request calls it, in place of an optimizer. */
    static final String NAME = "newton-schulz";

    private static final UpdateRule NOTHING = new Nothing();

    /** Those of PyTorch's Muon. */
    private static final NewtonSchulz ITERATION =
            new NewtonSchulz(3.4445, -4.7750, 2.0315, 5, 1e-7);

    static Optimizer optimizer(Block block, float learningRate) {
        return RuleOptimizer.builder()
                .setRule(new Products())
                .optBlock(block)
                .optLearningRateTracker(Tracker.fixed(learningRate))
                .build();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Slot> slots() {
        return List.of();
    }

    @Override
    public List<UpdateRule> rules() {
        return List.of(this, NOTHING);
    }

    @Override
    public UpdateRule ruleOf(ParameterStructure parameter, NetworkStructure network) {
        boolean isHidden = parameter.depth() > 0 && parameter.depth() < network.totalDepth() - 1;
        return parameter.isWeight() && isHidden && parameter.fanIn() > 1 ? this : NOTHING;
    }

    @Override
    public void update(Step s) {
        s.addInPlace(
                s.weights(), s.orthogonalize(s.gradients(), ITERATION), s.number(n -> -n.rate()));
    }

    /** The rule of all other parameters. */
    private static final class Nothing implements UpdateRule {

        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public List<Slot> slots() {
            return List.of();
        }

        @Override
        public void update(Step s) {
            // They stay as they are.
        }
    }
}
