// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.optimizer.StatefulOptimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** The states of optimizers, each in the form that it has. */
final class OptimizerStates {

    private OptimizerStates() {}

    /** Returns the state of an optimizer, or refuses it in words. */
    static Resumable of(Optimizer optimizer, Block block) {
        Objects.requireNonNull(block, "block");
        requireKnown(optimizer);
        if (optimizer instanceof StatefulOptimizer stateful) {
            return new OfStateful(stateful);
        }
        return optimizer instanceof Resumable resumable
                ? resumable
                : new DjlOptimizerState(optimizer, block);
    }

    /**
     * Checks that the state of an optimizer can be saved.
     *
     * @throws IllegalArgumentException if not, with the alternatives
     */
    static void requireKnown(Optimizer optimizer) {
        Objects.requireNonNull(optimizer, "optimizer");
        if (!(optimizer instanceof StatefulOptimizer || optimizer instanceof Resumable)) {
            DjlOptimizerState.requireKnown(optimizer);
        }
    }

    private record OfStateful(StatefulOptimizer optimizer) implements Resumable {

        @Override
        public void save(Path file) throws IOException {
            optimizer.save(file);
        }

        @Override
        public void load(Path file) throws IOException {
            optimizer.load(file);
        }
    }
}
