// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.Verdict;

/**
 * How the page marks a verdict: by a shape and a word, and only then by a colour.
 *
 * @param shape the shape, which the template draws once
 * @param css the class with the colour
 * @param word the verdict in words
 */
record Mark(String shape, String css, String word) {

    static Mark of(Verdict verdict) {
        String word = verdict.label();
        return switch (verdict) {
            case BETTER -> new Mark("up", "is-better", word);
            case BETTER_WITHIN -> new Mark("up-within", "is-better", word);
            case WORSE -> new Mark("down", "is-worse", word);
            case WORSE_WITHIN -> new Mark("down-within", "is-worse", word);
            case EQUIVALENT -> new Mark("same", "is-equivalent", word);
            case UNDECIDED -> new Mark("open", "is-open", word);
            case UNTESTABLE, LOST -> new Mark("none", "is-open", word);
        };
    }
}
