// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Question;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Options of which none could be chosen, as each candidate lost a run.
 *
 * @param tuner what was tried
 * @param reason what became of it, as the end of a sentence
 */
public record Unchosen(Tuner tuner, String reason) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Checks that nothing is missing. */
    public Unchosen {
        Objects.requireNonNull(tuner, "tuner");
        Objects.requireNonNull(reason, "reason");
    }

    /**
     * Plans a run that cannot be made. It asks for the best of what was tried, and not for any of
     * it, so that it is no run that another row has.
     *
     * @param run the run, at any candidate
     * @return the run without the options that were to be chosen
     */
    PlannedRun planned(PlannedRun run) {
        ObjectNode question = run.question().json();
        ObjectNode optimizer = (ObjectNode) question.get(Question.OPTIMIZER);
        ArrayNode tried = optimizer.putArray(Question.TRIED);
        for (Tuner.Candidate candidate : tuner.candidates()) {
            if (optimizer.get("options") instanceof ObjectNode options) {
                options.remove(candidate.options().keySet());
            }
            tried.add(JSON.valueToTree(new TreeMap<>(candidate.options())));
        }
        return run.asking(Question.of(question));
    }
}
