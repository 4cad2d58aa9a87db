// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where and with what epochs were made: whatever may change the last digits of a result or the time
 * that it takes, but is no part of its question. Two places with equal facts are alike.
 */
public final class Place {

    /** Where to train: {@code cpu()} or {@code gpu(0)}. */
    public static final String DEVICE = "device";

    /** The GPU's name. */
    public static final String GPU = "gpu";

    /** The version of the GPU's driver. */
    public static final String DRIVER = "driver";

    /** The version of CUDA. */
    public static final String CUDA = "cuda";

    /** The processor. */
    public static final String CPU = "cpu";

    /** How many cores the process may use. */
    public static final String CORES = "cores";

    /** The operating system. */
    public static final String OS = "os";

    /** The version of Java. */
    public static final String JAVA = "java";

    /** The flags of its virtual machine. */
    public static final String FLAGS = "flags";

    /** The version of DJL. */
    public static final String DJL = "djl";

    /** The engine and its version. */
    public static final String ENGINE = "engine";

    /** The version and flavour of the engine's native library. */
    public static final String NATIVE = "native";

    /** How many threads the engine uses. */
    public static final String THREADS = "threads";

    /** Whether MKL computes alike on all processors. */
    public static final String MKL = "mkl";

    /** How epochs are executed: {@code compiled} or {@code eager}. */
    public static final String PATH = "path";

    /** How many runs are made side by side. */
    public static final String WORKERS = "workers";

    /** The order of a description; what is not known is left out of it. */
    private static final List<String> ORDER =
            List.of(
                    DEVICE, GPU, DRIVER, CUDA, CPU, CORES, OS, JAVA, FLAGS, DJL, ENGINE, NATIVE,
                    THREADS, MKL, PATH, WORKERS);

    private static final Shared<Place> PLACES = new Shared<>();

    private final Map<String, String> facts;
    private final String text;

    private Place(Map<String, String> facts) {
        this.facts = Collections.unmodifiableMap(new TreeMap<>(facts));
        text = describe(facts);
    }

    /**
     * Takes the facts of a place.
     *
     * @param facts what is known, by names such as {@link #DEVICE}
     * @return the place; equal ones are one object
     */
    @JsonCreator
    public static Place of(Map<String, String> facts) {
        return PLACES.one(new Place(facts), place -> {});
    }

    /**
     * Takes a place of which there is the description only.
     *
     * @param text what {@link #describe} returned
     * @return a place that is described by the same text
     */
    public static Place described(String text) {
        return new Place(text.isEmpty() ? Map.of() : Map.of("", text));
    }

    /**
     * Returns what is known.
     *
     * @return the facts by name
     */
    @JsonValue
    public Map<String, String> facts() {
        return facts;
    }

    /**
     * Returns this place with another fact.
     *
     * @param name such as {@link #PATH}
     * @param value what is known
     * @return the place
     */
    public Place with(String name, String value) {
        Map<String, String> more = new TreeMap<>(facts);
        more.put(name, value);
        return new Place(more);
    }

    /**
     * Returns the place in one line, which is equal for places that are alike and for no others.
     *
     * @return such as {@code device cpu(), cpu AMD EPYC, engine PyTorch 2.7.1}; empty if nothing is
     *     known
     */
    public String describe() {
        return text;
    }

    private static String describe(Map<String, String> facts) {
        Map<String, String> rest = new TreeMap<>(facts);
        List<String> parts = new ArrayList<>();
        for (String name : ORDER) {
            String value = rest.remove(name);
            if (value != null) {
                parts.add(name + " " + value);
            }
        }
        rest.forEach((name, value) -> parts.add(name.isEmpty() ? value : name + " " + value));
        return String.join(", ", parts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Place place && place.facts.equals(facts);
    }

    @Override
    public int hashCode() {
        return facts.hashCode();
    }

    /** Returns {@link #describe}. */
    @Override
    public String toString() {
        return describe();
    }
}
