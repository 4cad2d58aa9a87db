// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import io.github.caadam.internal.Description;
import io.github.caadam.structure.ParameterStructure;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which parameters a decoupled weight decay leaves alone: by default biases and the parameters of
 * normalisations, that is, everything but weights of rank 2 or more; otherwise those whose path one
 * of some patterns matches.
 */
final class DecayExclusions {

    private static final String BIASES_AND_NORMS = "biases and norms";

    private static final DecayExclusions DEFAULT = new DecayExclusions(true, List.of());

    private final boolean biasesAndNorms;
    private final List<Pattern> patterns;

    private DecayExclusions(boolean biasesAndNorms, List<Pattern> patterns) {
        this.biasesAndNorms = biasesAndNorms;
        this.patterns = patterns;
    }

    /**
     * Excludes biases and the parameters of normalisations.
     *
     * @return the default
     */
    static DecayExclusions biasesAndNorms() {
        return DEFAULT;
    }

    /**
     * Excludes the parameters whose path, such as {@code 01Linear_bias}, has a part that one of the
     * patterns matches.
     *
     * @param pathPatterns regular expressions; none excludes nothing
     * @return the exclusions
     * @throws java.util.regex.PatternSyntaxException if one is no regular expression
     * @throws NullPointerException if one is null
     */
    static DecayExclusions matching(String... pathPatterns) {
        Objects.requireNonNull(pathPatterns, "pathPatterns");
        for (String pathPattern : pathPatterns) {
            Objects.requireNonNull(pathPattern, "pathPattern");
        }
        return new DecayExclusions(
                false, Arrays.stream(pathPatterns).map(Pattern::compile).toList());
    }

    /**
     * Reads the exclusions of a description; the default where it has none.
     *
     * @throws IllegalArgumentException if it has something else
     */
    static DecayExclusions fromDescription(Description description, String key) {
        if (!description.has(key) || BIASES_AND_NORMS.equals(description.values().get(key))) {
            return DEFAULT;
        }
        String expected = "a list of regular expressions or \"" + BIASES_AND_NORMS + '"';
        if (!(description.values().get(key) instanceof List<?>)) {
            throw description.wrong(key, expected);
        }
        try {
            return matching(description.texts(key).toArray(String[]::new));
        } catch (PatternSyntaxException e) {
            throw (IllegalArgumentException) description.wrong(key, expected).initCause(e);
        }
    }

    Object describe() {
        return biasesAndNorms ? BIASES_AND_NORMS : patterns.stream().map(Pattern::pattern).toList();
    }

    boolean isDefault() {
        return biasesAndNorms;
    }

    /** Returns whether a parameter has to be known to tell whether it is excluded. */
    boolean needNames() {
        return biasesAndNorms || !patterns.isEmpty();
    }

    boolean excludes(ParameterStructure parameter) {
        return biasesAndNorms
                ? !parameter.isWeight()
                : patterns.stream().anyMatch(pattern -> pattern.matcher(parameter.path()).find());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DecayExclusions that && describe().equals(that.describe());
    }

    @Override
    public int hashCode() {
        return Objects.hash(describe());
    }

    @Override
    public String toString() {
        return describe().toString();
    }
}
