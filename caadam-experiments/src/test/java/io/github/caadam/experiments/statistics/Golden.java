// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Values of SciPy and statsmodels; scripts/golden has the scripts that wrote them. */
final class Golden {

    private Golden() {}

    static Stream<JsonNode> list(String file, String name) throws IOException {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
            return StreamSupport.stream(
                    new ObjectMapper().readTree(in).get(name).spliterator(), false);
        }
    }

    static Sample sample(JsonNode node, String name) {
        return Sample.of(doubles(node, name));
    }

    static double[] doubles(JsonNode node, String name) {
        return StreamSupport.stream(node.get(name).spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    static double number(JsonNode node, String name) {
        return node.get(name).asDouble();
    }
}
