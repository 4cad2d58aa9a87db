// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.execution.FirstFormat.Earlier;
import io.github.caadam.experiments.results.JsonFile;
import io.github.caadam.experiments.results.Place;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Provenance;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.results.RunFailure;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunStatus;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.results.RunsCsv;
import io.github.caadam.experiments.results.Stint;
import io.github.caadam.experiments.results.StoreLayout;
import io.github.caadam.experiments.results.StoreLock;
import io.github.caadam.experiments.results.StudyRuns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Copies a store of format 1, or a {@code runs.csv} of such a one, into a new directory in the
 * present format. What came out of runs is taken over unchanged, and what a run asks is believed
 * only if its id of old is the digest of it. That id becomes an alias.
 */
public final class Migration {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FirstFormat format;
    private final List<String> notes = new ArrayList<>();
    private int runs;

    private Migration(List<Earlier> earlier) {
        format = new FirstFormat(earlier);
    }

    /**
     * Migrates a directory, and the runs that tried learning rates below it.
     *
     * @param from the directory of format 1
     * @param to the new directory, which must not exist
     * @param places a file that says more of places of earlier epochs than the first format kept: a
     *     list of {@code {"was": WORDS, "to": EPOCH, "commit": COMMIT, "place": {FACT: VALUE}}}
     * @return what was migrated, a sentence each
     * @throws IOException if something is not of format 1, cannot be read or not be written; the
     *     new directory is then to be removed
     */
    public static List<String> migrate(Path from, Path to, Optional<Path> places)
            throws IOException {
        if (Files.exists(to)) {
            throw new IOException(to + " is there already; name a new directory.");
        }
        List<Earlier> earlier = new ArrayList<>();
        if (places.isPresent()) {
            try {
                earlier.addAll(List.of(JsonFile.read(places.get(), JSON, Earlier[].class)));
            } catch (JacksonException e) {
                throw new IOException(
                        places.get() + " is no list of places: " + JsonFile.reason(e), e);
            }
        }
        Migration migration = new Migration(earlier);
        migration.directory(from, to);
        migration.notes.add(0, migration.runs + " runs of " + from + " are in " + to + ".");
        return migration.notes;
    }

    private void directory(Path from, Path to) throws IOException {
        if (Files.isDirectory(from.resolve(StoreLayout.RUNS))) {
            store(from, to);
        } else if (Files.exists(from.resolve(StoreLayout.LINES))) {
            lines(from, to);
        } else {
            throw new IOException(from + " holds neither runs nor a " + StoreLayout.LINES + ".");
        }
        Path trials = StoreLayout.tuning(from);
        if (Files.isDirectory(trials)) {
            directory(trials, StoreLayout.tuning(to));
        }
    }

    @SuppressWarnings("try") // The lock is held, not used.
    private void store(Path from, Path to) throws IOException {
        Map<String, RunRecord> byFormerId = new LinkedHashMap<>();
        Map<String, PlannedRun> byConfiguration = new HashMap<>();
        for (Path file : jsonFiles(from.resolve(StoreLayout.RUNS))) {
            try {
                JsonNode json = tree(file);
                RunRecord run = record(json, question(file, json));
                byConfiguration.put(run.planned().configuration(), run.planned());
                byFormerId.put(json.path("id").asText(), run);
            } catch (JacksonException e) {
                notes.add(file + " cannot be read; its run is missing, and can be made again.");
            }
        }
        RunStore store = new RunStore(to);
        try (StoreLock lock = store.lock()) {
            for (RunRecord run : byFormerId.values()) {
                store.save(run);
                runs++;
            }
            Map<String, String> ids = new HashMap<>();
            if (Files.exists(from.resolve(StoreLayout.FIRST_PLAN))) {
                ids.putAll(
                        plan(
                                from.resolve(StoreLayout.FIRST_PLAN),
                                store,
                                byFormerId,
                                byConfiguration));
            }
            for (Path file : jsonFiles(from.resolve(StoreLayout.FAILED))) {
                failure(file, ids).ifPresent(failure -> keep(store, failure));
            }
            StudyRuns.of(store).write(to);
        }
    }

    private static void keep(RunStore store, RunFailure failure) {
        try {
            store.save(failure);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Question question(Path file, JsonNode json) throws IOException {
        return FirstFormat.question(
                        json.path("id").asText(),
                        json.path("dataset").asText(),
                        json.path("dataDigest").asText(),
                        json.path("architecture").asText(),
                        json.path("settings").path("optimizer"),
                        json.path("settings").path("protocol"),
                        json.path("run").asInt())
                .orElseThrow(
                        () ->
                                new IOException(
                                        file
                                                + " is of a version whose results are others: its"
                                                + " id is not that of its options."));
    }

    private RunRecord record(JsonNode json, Question question) {
        int epochs = json.path("epochs").asInt();
        List<EpochRecord> history = new ArrayList<>();
        for (JsonNode epoch : json.path("history")) {
            history.add(
                    new EpochRecord(
                            epoch.path("loss").asDouble(),
                            epoch.path("validationLoss").asDouble(),
                            epoch.path("learningRate").asDouble(),
                            null));
        }
        Map<String, Double> factors = new LinkedHashMap<>();
        json.path("settings")
                .path("factors")
                .properties()
                .forEach(one -> factors.put(one.getKey(), one.getValue().asDouble()));
        return new RunRecord(
                question.id(),
                List.of(json.path("id").asText()),
                json.path("study").asText(),
                status(json),
                question.dataset(),
                json.path("dataSource").asText(),
                json.path("architecture").asText(),
                json.path("optimizer").asText(),
                json.path("strategy").asText(),
                json.path("settings").path("protocol").path("name").asText(),
                question.seed(),
                question,
                factors,
                json.path("metric").asText(),
                number(json.path("value")),
                number(json.path("secondary")),
                Map.of(),
                number(json.path("validationLoss")),
                json.path("seconds").asDouble(),
                epochs,
                json.path("steps").asLong(),
                json.path("bestEpoch").asInt(),
                history,
                format.stints(json.path("environment"), epochs));
    }

    /** That of the file; but where a metric is not finite, the run is no finished one. */
    private static RunStatus status(JsonNode json) {
        RunStatus status = RunStatus.byLabel(json.path("status").asText());
        boolean finite =
                number(json.path("value")) != null && number(json.path("secondary")) != null;
        return status != RunStatus.FINISHED || finite ? status : RunStatus.INVALID;
    }

    /** A finite number, or null; NaN and infinities are texts in JSON. */
    private static Double number(JsonNode node) {
        return node.isNumber() && Double.isFinite(node.doubleValue()) ? node.doubleValue() : null;
    }

    /** Takes the plan over; returns the ids of its runs by those of old. */
    private Map<String, String> plan(
            Path file,
            RunStore store,
            Map<String, RunRecord> byFormerId,
            Map<String, PlannedRun> byConfiguration)
            throws IOException {
        JsonNode json;
        try {
            json = tree(file);
        } catch (JacksonException e) {
            notes.add(file + " cannot be read; the study plans its runs again.");
            return Map.of();
        }
        List<PlannedRun> planned = new ArrayList<>();
        Map<String, String> ids = new HashMap<>();
        int unknown = 0;
        for (JsonNode one : json.path("runs")) {
            String former = one.path("id").asText();
            PlannedRun sibling = byConfiguration.get(one.path("configuration").asText());
            if (byFormerId.containsKey(former)) {
                planned.add(byFormerId.get(former).planned());
            } else if (sibling != null) {
                planned.add(missing(sibling, one.path("seed").asInt(), former));
            } else {
                unknown++;
                continue;
            }
            ids.put(former, planned.get(planned.size() - 1).id());
        }
        if (unknown > 0) {
            notes.add(
                    unknown
                            + " planned runs of configurations that have none yet were left out;"
                            + " \"caadam run\" plans them again.");
        }
        store.plan(
                json.path("study").asText(),
                json.path("reductions").asText(),
                Math.max(1, json.path("workers").asInt()),
                planned);
        return ids;
    }

    private static PlannedRun missing(PlannedRun other, int seed, String former) {
        return new PlannedRun(
                other.question().withSeed(seed),
                List.of(former),
                other.dataset(),
                other.architecture(),
                other.optimizer(),
                other.strategy(),
                other.protocol(),
                other.metric(),
                other.secondaryMetric(),
                other.unit(),
                other.lowerIsBetter(),
                other.also());
    }

    private Optional<RunFailure> failure(Path file, Map<String, String> ids) throws IOException {
        try {
            ObjectNode json = (ObjectNode) tree(file);
            String id = ids.get(json.path("id").asText());
            return id == null
                    ? Optional.empty()
                    : Optional.of(JSON.treeToValue(json.put("id", id), RunFailure.class));
        } catch (JacksonException | ClassCastException e) {
            notes.add(file + " cannot be read; its run is missing, and can be made again.");
            return Optional.empty();
        }
    }

    /** Of runs of which there are their lines and what they have in common. */
    private void lines(Path from, Path to) throws IOException {
        Path file = from.resolve(StoreLayout.PROVENANCE);
        if (!Files.exists(file)) {
            throw new IOException(
                    from
                            + " has no "
                            + StoreLayout.PROVENANCE
                            + ", so that nobody knows what its runs ask.");
        }
        JsonNode provenance = tree(file);
        Map<String, String> digests = new HashMap<>();
        for (JsonNode data : provenance.path("data")) {
            String text = data.asText();
            digests.put(
                    text.substring(0, text.indexOf(": ")),
                    text.substring(text.lastIndexOf(' ') + 1));
        }
        List<JsonNode> protocols = new ArrayList<>();
        for (JsonNode one : provenance.path("protocols")) {
            protocols.add(one);
        }
        List<JsonNode> optimizers = new ArrayList<>();
        for (JsonNode one : provenance.path("optimizers")) {
            optimizers.add(one);
        }
        Set<JsonNode> askedProtocols = new LinkedHashSet<>();
        Set<JsonNode> askedOptimizers = new LinkedHashSet<>();
        List<RunRow> rows = new ArrayList<>();
        for (RunRow row : RunsCsv.read(from.resolve(StoreLayout.LINES))) {
            Question question =
                    question(row, digests.get(row.dataset()), optimizers, protocols)
                            .orElseThrow(
                                    () ->
                                            new IOException(
                                                    from.resolve(StoreLayout.LINES)
                                                            + ": the id "
                                                            + row.id()
                                                            + " is of none of the options in "
                                                            + file
                                                            + "."));
            Place place = place(row.commit(), provenance.path("environments"));
            rows.add(migrated(row, question.id(), place));
            ObjectNode protocol = JSON.createObjectNode().put("name", row.protocol());
            askedProtocols.add(protocol.setAll((ObjectNode) question.part(Question.PROTOCOL)));
            askedOptimizers.add(question.part(Question.OPTIMIZER));
        }
        RunsCsv.write(to.resolve(StoreLayout.LINES), rows);
        runs += rows.size();
        Set<Map<String, String>> places = new LinkedHashSet<>();
        for (JsonNode environment : provenance.path("environments")) {
            Map<String, String> facts = new TreeMap<>(FirstFormat.place(environment).facts());
            facts.put("commit", environment.path("commit").asText());
            places.add(facts);
        }
        new Provenance(
                        provenance.path("runs").asInt(),
                        provenance.path("study").asText(),
                        provenance.path("reductions").asText(),
                        texts(provenance.path("data")),
                        List.copyOf(askedProtocols),
                        List.copyOf(askedOptimizers),
                        rows.stream().map(RunRow::run).distinct().sorted().toList(),
                        List.copyOf(places),
                        provenance.path("firstStarted").asText(),
                        provenance.path("lastStarted").asText(),
                        provenance.path("trainingSeconds").asDouble(),
                        List.of())
                .write(to.resolve(StoreLayout.PROVENANCE));
    }

    private static Optional<Question> question(
            RunRow row, String digest, List<JsonNode> optimizers, List<JsonNode> protocols) {
        return protocols.stream()
                .filter(one -> one.path("name").asText().equals(row.protocol()))
                .flatMap(
                        protocol ->
                                optimizers.stream()
                                        .filter(one -> FirstFormat.isOf(row, one, protocol))
                                        .flatMap(
                                                one ->
                                                        FirstFormat.question(
                                                                row.id(),
                                                                row.dataset(),
                                                                digest,
                                                                row.architecture(),
                                                                one,
                                                                protocol,
                                                                row.run())
                                                                .stream()))
                .findFirst();
    }

    /** What all environments of a commit have in common. */
    private static Place place(String commit, JsonNode environments) {
        Map<String, String> common = null;
        for (JsonNode environment : environments) {
            if (environment.path("commit").asText().equals(commit)) {
                Map<String, String> facts = FirstFormat.place(environment).facts();
                if (common == null) {
                    common = new TreeMap<>(facts);
                } else {
                    common.entrySet().retainAll(facts.entrySet());
                }
            }
        }
        return Place.of(common == null ? Map.of() : common);
    }

    private static RunRow migrated(RunRow row, String id, Place place) {
        return new RunRow(
                row.dataset(),
                row.architecture(),
                row.optimizer(),
                row.strategy(),
                row.run(),
                row.metric(),
                row.value(),
                row.secondary(),
                row.seconds(),
                row.epochs(),
                row.learningRate(),
                row.stepsPerSecond(),
                row.validationLoss(),
                row.factors(),
                row.study(),
                row.protocol(),
                row.reductions(),
                id,
                row.commit(),
                row.status(),
                row.id(),
                Stint.describe(
                        List.of(new Stint(1, Math.max(1, row.epochs()), place, "", "", Map.of()))),
                row.secondaryMetric(),
                row.unit(),
                row.lowerIsBetter());
    }

    private static JsonNode tree(Path file) throws IOException {
        return JsonFile.read(file, JSON, JsonNode.class);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(one -> texts.add(one.asText()));
        return texts;
    }

    private static List<Path> jsonFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
