// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.core.util.JsonParserSequence;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the JSON files that the suite wrote. Somebody may have put anything in their place: a pipe,
 * which is never read to its end, a directory, or more than fits into memory.
 *
 * @since 0.1.0
 */
public final class JsonFile {

    /** More than the plan of a hundred thousand runs takes. */
    private static final long MOST_BYTES = 1L << 28;

    private static final String NOTHING = "It holds nothing.";

    private JsonFile() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @param json what reads it
     * @param type the type of what it holds
     * @param <T> the type of what it holds
     * @return what it holds, never null
     * @throws JacksonException if it is no such file, or holds something else or too much
     * @throws IOException if the disk fails
     */
    public static <T> T read(Path file, ObjectMapper json, Class<T> type) throws IOException {
        return read(file, bytes -> json.readValue(bytes, type));
    }

    /**
     * Reads the part of a file in front of a field. What stands behind it must be JSON, and is not
     * understood.
     *
     * @param file the file, an object
     * @param json what reads it
     * @param type the type of what it holds
     * @param field the field of the file's object at which reading stops
     * @param rest an object whose fields stand in place of those that are not read
     * @param <T> the type of what it holds
     * @return what it holds, never null
     * @throws JacksonException as {@link #read(Path, ObjectMapper, Class)}
     * @throws IOException if the disk fails
     */
    static <T> T readHead(Path file, ObjectMapper json, Class<T> type, String field, String rest)
            throws IOException {
        return read(
                file,
                bytes -> {
                    try (JsonParser head = new Head(json.createParser(bytes), field);
                            JsonParser others = json.createParser(rest)) {
                        others.nextToken();
                        return json.readValue(
                                JsonParserSequence.createFlattened(false, head, others), type);
                    }
                });
    }

    /** Ends at a field, having gone through the rest of the object. */
    private static final class Head extends JsonParserDelegate {

        private final String field;

        Head(JsonParser parser, String field) {
            super(parser);
            this.field = field;
        }

        @Override
        public JsonToken nextToken() throws IOException {
            JsonToken token = super.nextToken();
            if (token == null) {
                throw new JsonMappingException(this, NOTHING);
            }
            boolean isAt =
                    token == JsonToken.FIELD_NAME
                            && getParsingContext().getParent().inRoot()
                            && field.equals(currentName());
            if (!isAt) {
                return token;
            }
            while (!getParsingContext().inRoot()) {
                super.nextToken();
            }
            return null;
        }
    }

    /** Makes a value of the bytes of a file. */
    @FunctionalInterface
    private interface Reader<T> {

        T read(byte[] bytes) throws IOException;
    }

    private static <T> T read(Path file, Reader<T> reader) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new JsonMappingException(null, "It is no file.");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new JsonMappingException(
                    null, "It has more than " + MOST_BYTES + " bytes, as no such file has.");
        }
        T value;
        try {
            value = reader.read(Files.readAllBytes(file));
        } catch (CharConversionException e) {
            throw new JsonMappingException(null, "It is not text: " + e.getMessage(), e);
        }
        if (value == null) {
            throw new JsonMappingException(null, NOTHING);
        }
        return value;
    }

    /**
     * Says why a file could not be read, in words for its reader.
     *
     * @param fault what {@link #read} threw
     * @return the reason
     */
    public static String reason(JacksonException fault) {
        if (!(fault instanceof ValueInstantiationException)) {
            return fault.getOriginalMessage();
        }
        Throwable cause = fault.getCause();
        return cause == null || cause instanceof NullPointerException
                ? "A part of it is missing."
                : String.valueOf(cause.getMessage());
    }
}
