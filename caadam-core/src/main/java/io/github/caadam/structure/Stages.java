// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertPretrainingBlock;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/** In which order the children of a block run. */
final class Stages {

    private Stages() {}

    /**
     * Returns the children of a block in the order in which they run, those that run side by side
     * in one list.
     */
    static List<List<Pair<String, Block>>> of(Block block) {
        List<List<Pair<String, Block>>> stages = new ArrayList<>();
        int index = 0;
        for (Pair<String, Block> child : block.getChildren()) {
            if (index == 0 || !runsBesideTheOneBefore(block, index)) {
                stages.add(new ArrayList<>());
            }
            stages.get(stages.size() - 1).add(child);
            index++;
        }
        return stages;
    }

    /** Returns whether a child, not the first, gets the input of the child before. */
    private static boolean runsBesideTheOneBefore(Block block, int child) {
        return block instanceof ParallelBlock
                || (block instanceof ScaledDotProductAttentionBlock && child <= 2)
                || (block instanceof BertBlock && child == 1)
                || (block instanceof BertPretrainingBlock && child == 2);
    }
}
