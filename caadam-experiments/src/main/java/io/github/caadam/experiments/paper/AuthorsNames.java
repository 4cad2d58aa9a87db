// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.results.FormerNames;
import java.util.Map;

/** What the authors' file of runs calls data sets. */
public final class AuthorsNames implements FormerNames {

    /** Makes the names, as {@link java.util.ServiceLoader} does. */
    public AuthorsNames() {}

    @Override
    public Map<String, String> datasets() {
        return Map.of("california", "california-housing");
    }
}
