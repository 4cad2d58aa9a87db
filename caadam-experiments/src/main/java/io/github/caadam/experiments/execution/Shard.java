// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.results.PlannedRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a study's runs, in whole blocks: all optimizers of one seed on one data set and network
 * are in the same part, so that what is compared was made in one place. Of the blocks, counted from
 * 0, it has those whose number leaves the remainder {@code index − 1} when divided by {@code
 * count}.
 *
 * @param index which part, from 1 to {@code count}
 * @param count the number of parts
 */
public record Shard(int index, int count) {

    /** The whole study. */
    public static final Shard WHOLE = new Shard(1, 1);

    /** Checks the range. */
    public Shard {
        if (index < 1 || index > count) {
            throw new IllegalArgumentException(
                    "A shard is I/N with I from 1 to N, found " + index + "/" + count + ".");
        }
    }

    /**
     * Reads a shard.
     *
     * @param text such as {@code 2/8}
     * @return the shard
     * @throws IllegalArgumentException if it is not of that form
     */
    public static Shard parse(String text) {
        if (!text.matches("[0-9]{1,6}/[0-9]{1,6}")) {
            throw new IllegalArgumentException(
                    "A shard is I/N with I from 1 to N, such as 2/8, found \"" + text + "\".");
        }
        int slash = text.indexOf('/');
        return new Shard(
                Integer.parseInt(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1)));
    }

    /** The runs of this part, in their order. */
    List<PlannedRun> of(Collection<PlannedRun> runs) {
        Map<List<Object>, Integer> blocks = new HashMap<>();
        List<PlannedRun> part = new ArrayList<>();
        for (PlannedRun run : runs) {
            List<Object> block =
                    List.of(run.question().dataset(), run.question().model(), run.seed());
            int number = blocks.computeIfAbsent(block, unseen -> blocks.size());
            if (number % count == index - 1) {
                part.add(run);
            }
        }
        return part;
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
