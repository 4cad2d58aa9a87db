// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What the runs of a study have in common, and where they differ: written beside {@code runs.csv}.
 *
 * @param runs how many runs
 * @param study the study
 * @param reductions what was reduced against the full protocol
 * @param data source and digest of the data
 * @param protocols the protocols with all their options
 * @param optimizers the optimizers with all their options
 * @param seeds the seeds
 * @param places where they were made: commit, versions, machine, threads
 * @param firstStarted when the first run started, UTC; empty if not known
 * @param lastStarted when the last run started, UTC; empty if not known
 * @param trainingSeconds the wall time of all trainings together
 * @param plugins the jars that the runs take something of, with their digests
 */
public record Provenance(
        int runs,
        String study,
        String reductions,
        List<String> data,
        List<JsonNode> protocols,
        List<JsonNode> optimizers,
        List<Integer> seeds,
        List<Map<String, String>> places,
        String firstStarted,
        String lastStarted,
        double trainingSeconds,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> plugins) {

    private static final String COMMIT = "commit";

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Copies the lists. */
    public Provenance {
        data = List.copyOf(data);
        protocols = List.copyOf(protocols);
        optimizers = List.copyOf(optimizers);
        seeds = List.copyOf(seeds);
        places = List.copyOf(places);
        plugins = plugins == null ? List.of() : List.copyOf(plugins);
    }

    /**
     * Sums up runs.
     *
     * @param study the study
     * @param reductions what the study reduces against the full protocol; empty if nothing
     * @param runs the runs, 1 or more
     * @return their provenance
     */
    public static Provenance of(String study, String reductions, List<RunRecord> runs) {
        List<String> started =
                runs.stream().map(RunRecord::started).filter(time -> !time.isEmpty()).toList();
        return new Provenance(
                runs.size(),
                study,
                reductions,
                distinct(
                        runs,
                        run ->
                                run.dataset()
                                        + ": "
                                        + run.dataSource()
                                        + ", SHA-256 "
                                        + run.question().dataDigest()),
                distinct(runs, Provenance::protocol),
                distinct(runs, run -> run.question().part(Question.OPTIMIZER)),
                distinct(runs, RunRecord::run),
                places(runs),
                started.stream().min(String::compareTo).orElse(""),
                started.stream().max(String::compareTo).orElse(""),
                runs.stream().mapToDouble(RunRecord::seconds).sum(),
                plugins(runs));
    }

    /** The protocol with its name, which is no part of the question. */
    private static JsonNode protocol(RunRecord run) {
        ObjectNode protocol = JSON.createObjectNode().put("name", run.protocol());
        protocol.setAll((ObjectNode) run.question().part(Question.PROTOCOL));
        return protocol;
    }

    private static List<String> plugins(List<RunRecord> runs) {
        return runs.stream()
                .flatMap(run -> run.stints().stream())
                .flatMap(stint -> stint.plugins().entrySet().stream())
                .map(jar -> jar.getKey() + ": SHA-256 " + jar.getValue())
                .distinct()
                .sorted()
                .toList();
    }

    private static List<Map<String, String>> places(List<RunRecord> runs) {
        return runs.stream()
                .flatMap(run -> run.stints().stream())
                .map(
                        stint -> {
                            Map<String, String> facts = new TreeMap<>(stint.place().facts());
                            if (!stint.commit().isEmpty()) {
                                facts.put(COMMIT, stint.commit());
                            }
                            return facts;
                        })
                .distinct()
                .toList();
    }

    private static <T> List<T> distinct(List<RunRecord> runs, Function<RunRecord, T> property) {
        return runs.stream().map(property).distinct().toList();
    }

    /**
     * Returns the places without the commits of the code that ran there.
     *
     * @return the places, each once
     */
    public List<Place> eachPlace() {
        return places.stream()
                .map(
                        facts -> {
                            Map<String, String> rest = new TreeMap<>(facts);
                            rest.remove(COMMIT);
                            return Place.of(rest);
                        })
                .distinct()
                .toList();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param file the file
     * @return the provenance, or empty if there is no such file
     * @throws IOException if it cannot be read; the message says which file
     */
    public static Optional<Provenance> find(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JsonFile.read(file, JSON, Provenance.class));
        } catch (JacksonException e) {
            throw new IOException(
                    file
                            + " is not the provenance of runs: "
                            + JsonFile.reason(e)
                            + " Mend it, move it away, or, if an older version wrote it, use"
                            + " \"caadam migrate\".",
                    e);
        }
    }

    /**
     * Writes it as JSON; the file is complete or unchanged.
     *
     * @param file the file
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        WholeFile.write(file, JSON.writeValueAsString(this) + "\n");
    }
}
