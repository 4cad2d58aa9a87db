// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

/**
 * A part of a study's runs: those whose position, counted from 0, leaves the remainder {@code index
 * − 1} when divided by {@code count}.
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

    boolean contains(int position) {
        return position % count == index - 1;
    }

    @Override
    public String toString() {
        return index + "/" + count;
    }
}
