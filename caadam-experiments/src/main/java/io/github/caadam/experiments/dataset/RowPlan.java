// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Where each row of a table goes: to the training rows, after them those held out for validation,
 * to the test rows, or nowhere. Parts that are not drawn keep the order of the table.
 */
final class RowPlan {

    /** A part of the rows. */
    enum Part {
        /** The network is trained on them. */
        TRAIN,
        /** The data hold them out for validation. */
        VALIDATION,
        /** The network is tested on them once. */
        TEST,
        /** They are left out. */
        NONE
    }

    private final Part[] parts;
    private final int[] order;
    private final int[] index;
    private final Map<Part, Integer> counts = new EnumMap<>(Part.class);

    /** Sends rows to parts, in which they come in the given order. */
    private RowPlan(Part[] parts, int[] order) {
        this.parts = parts;
        this.order = order;
        index = new int[parts.length];
        for (Part part : Part.values()) {
            int next = 0;
            for (int row : order) {
                if (parts[row] == part) {
                    index[row] = next++;
                }
            }
            counts.put(part, next);
        }
    }

    /** Sends each row to a part; in it, rows keep their order. */
    static RowPlan of(Part[] parts) {
        return new RowPlan(parts, IntStream.range(0, parts.length).toArray());
    }

    /**
     * Draws test rows: the rows are shuffled as NumPy's {@code RandomState(seed).shuffle} does, and
     * the last ones are for testing. Training rows and test rows keep the order of the shuffle, so
     * that a table that is sorted by something is not sorted in its parts.
     *
     * @param rows how many rows there are
     * @param leftOut the rows that go nowhere; those behind {@code rows} say nothing
     * @param share the share for testing
     * @param seed the seed
     * @param classes the class of a row, each of which gives its share; one class for all where
     *     there are none
     * @param numberOfClasses how many classes there are
     */
    static RowPlan drawn(
            int rows,
            BitSet leftOut,
            double share,
            int seed,
            IntUnaryOperator classes,
            int numberOfClasses) {
        int[] kept = new int[rows - leftOut.get(0, rows).cardinality()];
        int[] ofClass = new int[numberOfClasses];
        for (int row = leftOut.nextClearBit(0), i = 0; row < rows; ) {
            kept[i++] = row;
            ofClass[classes.applyAsInt(row)]++;
            row = leftOut.nextClearBit(row + 1);
        }
        int[] wanted = new int[numberOfClasses];
        Arrays.setAll(wanted, c -> (int) Math.round(ofClass[c] * share));
        int[] order = NumPyShuffle.permutation(kept.length, seed);
        Part[] parts = new Part[rows];
        Arrays.fill(parts, Part.NONE);
        for (int i = order.length - 1; i >= 0; i--) {
            int row = kept[order[i]];
            parts[row] = wanted[classes.applyAsInt(row)]-- > 0 ? Part.TEST : Part.TRAIN;
        }
        return new RowPlan(parts, IntStream.of(order).map(place -> kept[place]).toArray());
    }

    /** Returns this plan with rows behind its own, which all go to one part in their order. */
    RowPlan with(Part part, int rows) {
        Part[] all = Arrays.copyOf(parts, parts.length + rows);
        Arrays.fill(all, parts.length, all.length, part);
        IntStream more = IntStream.range(parts.length, all.length);
        return new RowPlan(all, IntStream.concat(IntStream.of(order), more).toArray());
    }

    /** Returns this plan without some rows; the others of a part close up. */
    RowPlan without(BitSet leftOut) {
        Part[] all = parts.clone();
        leftOut.stream().forEach(row -> all[row] = Part.NONE);
        return new RowPlan(all, order);
    }

    Part part(int row) {
        return parts[row];
    }

    /** Returns the place of a row in its part's array; validation rows come after training rows. */
    int place(int row) {
        return index[row] + (parts[row] == Part.VALIDATION ? count(Part.TRAIN) : 0);
    }

    int count(Part part) {
        return counts.get(part);
    }

    int trainRows() {
        return count(Part.TRAIN) + count(Part.VALIDATION);
    }
}
