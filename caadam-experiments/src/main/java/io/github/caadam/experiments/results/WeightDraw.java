// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * The one draw of initial weights that all runs of a protocol start from, whatever their seed. What
 * such runs say holds for that draw.
 *
 * @param protocol the protocol but for its name and the draw, in canonical form; equal for
 *     protocols that differ in the draw only
 * @param seed the seed of the draw
 * @since 0.1.0
 */
public record WeightDraw(String protocol, int seed) {

    private static final String NAME = "name";
    private static final String INITIAL_WEIGHTS = "initial-weights";
    private static final String SHARED = "shared";
    private static final String SEED = "weights-seed";

    /**
     * Finds the draw of a protocol.
     *
     * @param protocol the protocol, as a run's question or the provenance has it
     * @return the draw; empty if every run draws weights of its own
     */
    static Optional<WeightDraw> of(JsonNode protocol) {
        if (!SHARED.equals(protocol.path(INITIAL_WEIGHTS).asText())) {
            return Optional.empty();
        }
        ObjectNode rest = protocol.deepCopy();
        rest.remove(NAME);
        rest.remove(SEED);
        return Optional.of(new WeightDraw(CanonicalJson.write(rest), protocol.path(SEED).asInt()));
    }
}
