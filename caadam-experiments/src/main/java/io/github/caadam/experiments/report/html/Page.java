// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.report.html.Findings.Finding;
import java.util.List;

/**
 * What the template {@code report.mustache} shows; its placeholders are the names here.
 *
 * @param title the title
 * @param introduction what the page is about, in a sentence or two
 * @param warnings what a reader must know first
 * @param groups the groups of runs
 * @param runs the table of all runs
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
        List<Group> groups,
        HtmlTable runs,
        int runCount,
        Notes completeness,
        Notes provenance,
        String data,
        String style,
        String script,
        String policy) {

    /**
     * A group of runs.
     *
     * @param id the id of its section
     * @param heading its heading
     * @param several whether the page has more than one group
     * @param baseline what the others are compared with
     * @param description data set, protocol, n, reductions, commit
     * @param overview what holds over all problems
     * @param findings what holds for each problem
     * @param means the table of means
     * @param comparisons the tables of comparisons, if there are any
     * @param effects the figure of effects, if there are any
     * @param distributions a figure per problem
     * @param curves a figure per problem whose runs have histories
     * @param curvesNote which runs have a curve
     */
    record Group(
            String id,
            String heading,
            boolean several,
            String baseline,
            String description,
            List<String> overview,
            List<Finding> findings,
            HtmlTable means,
            List<HtmlTable> comparisons,
            List<Figure> effects,
            List<Figure> distributions,
            List<Figure> curves,
            String curvesNote) {

        boolean hasCurves() {
            return !curves.isEmpty();
        }
    }

    /**
     * A place where the script draws a figure.
     *
     * @param kind which figure
     * @param index of which group or problem
     * @param caption the caption
     */
    record Figure(String kind, int index, String caption) {}

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
