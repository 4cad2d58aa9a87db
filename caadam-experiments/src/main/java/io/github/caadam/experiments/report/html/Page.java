// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import java.util.List;

/**
 * What the template {@code report.mustache} shows; its placeholders are the names here.
 *
 * @param title the title
 * @param introduction what the page is about, in a sentence or two
 * @param warnings what a reader must know first
 * @param pictures what came out, by the metric that the study compares by
 * @param further the same by its further metrics
 * @param groups the groups of runs
 * @param runCount how many runs there are
 * @param completeness what is missing
 * @param provenance where the runs come from
 * @param data the numbers for the script, as JSON that is safe in a script element
 * @param style the style sheet
 * @param script the script
 * @param policy the content security policy
 */
record Page(
        String title,
        String introduction,
        List<String> warnings,
        List<Shown> pictures,
        List<Shown> further,
        List<Group> groups,
        int runCount,
        Notes completeness,
        Notes provenance,
        String data,
        String style,
        String script,
        String policy) {

    boolean hasFurther() {
        return !further.isEmpty();
    }

    boolean hasNothingToCompare() {
        return pictures.isEmpty();
    }

    /**
     * A picture and the numbers behind it.
     *
     * @param picture the picture
     * @param numbers its verdicts
     */
    record Shown(Picture picture, List<HtmlTable> numbers) {}

    /**
     * A group of runs.
     *
     * @param id the id of its section
     * @param heading its heading
     * @param description data set, protocol, n, reductions, commit
     * @param sentences what else is to be said
     * @param figures its figures
     * @param tables its tables
     */
    record Group(
            String id,
            String heading,
            String description,
            List<String> sentences,
            List<Figures> figures,
            List<HtmlTable> tables) {}

    /**
     * A place where the script draws figures of a kind.
     *
     * @param kind which figures
     * @param heading their heading
     * @param note how they are read
     * @param places which problems or figures, by their places in the data, separated by spaces
     * @param tables tables of the same
     */
    record Figures(
            String kind, String heading, String note, String places, List<HtmlTable> tables) {}

    /**
     * Sentences, tables and logs.
     *
     * @param sentences the sentences
     * @param tables the tables
     * @param failures the ends of the logs of failed runs
     */
    record Notes(
            List<String> sentences,
            List<HtmlTable> tables,
            List<Completeness.FailureLog> failures) {}
}
