// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.analysis.RunGroup;
import java.util.List;

/**
 * What the page says of a group of runs beyond what every study has. A {@link
 * java.util.ServiceLoader} finds it.
 *
 * @since 0.1.0
 */
public interface FurtherResults {

    /**
     * Says what holds over all problems.
     *
     * @param group the runs
     * @return sentences, or paragraphs of them; none where there is nothing to say
     */
    List<String> sentences(RunGroup group);

    /**
     * Makes tables.
     *
     * @param group the runs
     * @param index what the page calls problems, and the colours of configurations
     * @param id what the ids of the tables start with
     * @return the tables; none where the runs do not allow them
     */
    List<HtmlTable> tables(RunGroup group, PageIndex index, String id);
}
