// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Says what is wrong with a YAML file in the words of the file, not of the program. */
final class YamlFaults {

    private static final Map<Class<?>, String> KINDS =
            Map.of(
                    int.class, "a whole number",
                    Integer.class, "a whole number",
                    Double.class, "a number",
                    String.class, "text");

    private YamlFaults() {}

    /** Describes a fault in one line, with the line of the file where it is known. */
    static String describe(JsonProcessingException fault) {
        JsonLocation location = fault.getLocation();
        String line =
                location == null || location.getLineNr() < 1
                        ? ""
                        : " (line " + location.getLineNr() + ")";
        return reason(fault).replaceAll("\\s+", " ").trim() + line + ".";
    }

    private static String reason(JsonProcessingException fault) {
        if (fault instanceof UnrecognizedPropertyException unknown) {
            return "unknown key \""
                    + unknown.getPropertyName()
                    + "\"; valid are: "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        if (fault instanceof MismatchedInputException mismatch) {
            return subject(mismatch) + " must be " + kind(mismatch.getTargetType());
        }
        return fault.getOriginalMessage();
    }

    private static String kind(Class<?> type) {
        return Collection.class.isAssignableFrom(type)
                ? "a list"
                : KINDS.getOrDefault(type, "a map of keys and their values");
    }

    /** The innermost key that the fault lies under; a place in a list has none of its own. */
    private static String subject(JsonMappingException fault) {
        String subject = "it";
        for (JsonMappingException.Reference reference : fault.getPath()) {
            if (reference.getFieldName() != null) {
                subject = "\"" + reference.getFieldName() + "\"";
            }
        }
        return subject;
    }
}
