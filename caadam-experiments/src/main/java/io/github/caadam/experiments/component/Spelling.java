// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which word was meant. */
public final class Spelling {

    private Spelling() {}

    /**
     * Returns the end of a message about a word that is not known.
     *
     * @param typed what was written
     * @param words what could be meant
     * @return such as {@code ; did you mean "adam"?}; empty if nothing is near
     */
    public static String hint(String typed, Collection<String> words) {
        return nearest(typed, words).map(near -> "; did you mean \"" + near + "\"?").orElse("");
    }

    /**
     * Returns the word that takes the fewest letters to change, add or leave out.
     *
     * @param typed what was written
     * @param words what could be meant
     * @return a word that a third of the letters, or fewer, lie between
     */
    private static Optional<String> nearest(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> distance(typed, word) <= Math.max(1, word.length() / 3))
                .min(Comparator.comparingInt(word -> distance(typed, word)));
    }

    /** The distance of Levenshtein, where two letters that change places count as one. */
    private static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(rows[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            rows[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least =
                        Math.min(
                                rows[i - 1][j - 1] + change,
                                1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                rows[i][j] = swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
            }
        }
        return rows[a.length()][b.length()];
    }
}
