// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.control;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Descriptions of strategies in the library's form: a name, then the values in their order. */
final class Descriptions {

    private Descriptions() {}

    /** Describes a strategy by its name and pairs of a key and a plain value. */
    static Map<String, Object> of(String name, Object... keysAndValues) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("strategy", name);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            description.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return Collections.unmodifiableMap(description);
    }
}
