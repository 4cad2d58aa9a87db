// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Every command on stores that somebody broke: none leaves the store, hangs, shows a stack trace or
 * loses what is whole.
 */
class FuzzedCommandsTest {

    /** How many stores; more by -Dcaadam.fuzzed.command.stores=500 and the like. */
    private static final int STORES = Integer.getInteger("caadam.fuzzed.command.stores", 6);

    private static final long FIRST_SEED = Long.getLong("caadam.fuzzed.command.seed", 0);

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String STUDY =
            """
            format: 1
            name: tiny
            data: [friedman1]
            models: ["mlp:2"]
            tuning: {seeds: 1}
            optimizers: [adam, {name: adam, tune: {learning-rate: [0.001, 0.01]}}]
            protocol: {batch-size: 64, epochs: 40}
            seeds: 2
            """;

    private static final List<String> NUMBERS =
            List.of(
                    "-1",
                    "2147483648",
                    "1e999",
                    "9".repeat(30),
                    "0",
                    "1e300",
                    "NaN",
                    "0.5",
                    "null");

    private static final List<String> NAMES =
            List.of(
                    "../../outside/x",
                    "..",
                    "/tmp",
                    "",
                    "0123456789abcdef/../..",
                    "<script>alert(1)</script>",
                    "=cmd|' /C calc'!A0",
                    "\\\\input{/etc/passwd}",
                    "a\\nb",
                    "\\u0000",
                    "\\ud800");

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(E-?\\d+)?");
    private static final Pattern TEXT = Pattern.compile("(?<=\")[^\"]*(?=\")");

    @TempDir private static Path directory;

    private static Path whole;
    private static Path study;
    private static Path outside;
    private static Map<String, RunRecord> expected;

    private final StringWriter printed = new StringWriter();

    @BeforeAll
    static void makeStore() throws Exception {
        study = Files.writeString(directory.resolve("tiny.yaml"), STUDY);
        whole = directory.resolve("whole");
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("precious.json"), "{}");
        Path kept = keptState();
        FuzzedCommandsTest test = new FuzzedCommandsTest();
        assertThat(test.caadam("run", "--in-process", study.toString(), "--out", whole.toString()))
                .as(test.printed::toString)
                .isZero();
        expected = runs(whole);
        String missing = kept.getFileName().toString();
        String id =
                expected.keySet().stream().filter(one -> !one.equals(missing)).findFirst().get();
        Path run = whole.resolve("runs").resolve(id + ".json");
        Path other = copy(whole, "other").resolve("runs").resolve(id + ".json");
        Files.writeString(other, Files.readString(run).replace("\"cpu\" : \"", "\"cpu\" : \"Z80 "));
        assertThat(
                        test.caadam(
                                "collect",
                                directory.resolve("other").toString(),
                                "--out",
                                whole.toString()))
                .isZero();
        Files.createDirectories(whole.resolve("failed"));
        Files.writeString(
                whole.resolve("failed/0123456789abcdef.json"),
                """
                {"id": "0123456789abcdef", "label": "l", "reason": "r", "attempts": 1, "when": "",
                 "logTail": []}
                """);
        Files.delete(whole.resolve("runs").resolve(missing + ".json"));
        Path checkpoints = Files.createDirectories(whole.resolve("checkpoints"));
        PathUtils.copyDirectory(kept, checkpoints.resolve(missing));
        Files.writeString(whole.resolve("worker-1.log"), "started");
    }

    /** The state of a run that was killed between two epochs. */
    private static Path keptState() throws Exception {
        Path states = whole.resolve("checkpoints");
        // It may come to its end before it is killed.
        for (int i = 0; i < 4 && states(states).isEmpty(); i++) {
            Process process =
                    RunEngineTest.caadam(
                                    directory.resolve("log"),
                                    "run",
                                    "--in-process",
                                    study.toString(),
                                    "--out",
                                    whole.toString())
                            .start();
            while (states(states).isEmpty() && process.isAlive()) {
                process.waitFor(1, TimeUnit.MILLISECONDS);
            }
            process.destroyForcibly().waitFor();
        }
        Path state = states(states).get(0);
        Path kept = directory.resolve(state.getFileName());
        PathUtils.copyDirectory(state, kept);
        return kept;
    }

    /** Lists without walking, as what is there comes and goes. */
    private static List<Path> states(Path checkpoints) {
        return names(checkpoints)
                .map(checkpoints::resolve)
                .filter(run -> names(run).anyMatch(name -> name.matches("epoch-\\d+")))
                .toList();
    }

    private static Stream<String> names(Path directory) {
        String[] names = directory.toFile().list();
        return names == null ? Stream.empty() : Arrays.stream(names);
    }

    @Test
    void brokenStoresHarmNothingAndLoseNothingWhole() throws Exception {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + STORES; seed++) {
            Random random = new Random(seed);
            Path store = copy(whole, "store" + seed);
            List<String> faults = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                faults.add(breakSomething(store, random));
            }
            Map<Path, byte[]> kept = wholeRuns(store);
            String about = "seed " + seed + ": " + faults;
            tryAll(store, about);
            kept.forEach((file, bytes) -> assertThat(file).as(about).hasBinaryContent(bytes));
            PathUtils.deleteDirectory(store);
        }
    }

    private void tryAll(Path store, String about) throws Exception {
        String at = store.toString();
        String made = directory.resolve("made").toString();
        Path target = copy(whole, "target");
        List<List<String>> commands =
                List.of(
                        List.of("status", at),
                        List.of("plan", study.toString(), "--out", at),
                        List.of("tables", at, "--out", made),
                        List.of("figures", at, "--out", made),
                        List.of("report", at, "--out", made + "/report.html"),
                        List.of("compare", "--paper", at),
                        List.of("compare", at, at, "--out", made),
                        List.of("collect", at, "--out", target.toString()),
                        List.of("migrate", at, made + "/migrated"),
                        List.of(
                                "run",
                                "--in-process",
                                study.toString(),
                                "--reuse",
                                at,
                                "--out",
                                made),
                        List.of("collect", whole.toString(), "--out", at),
                        List.of("run", "--in-process", study.toString(), "--out", at));
        Map<String, String> before = tree(outside);
        Set<String> forged = forged(store);
        int code = 0;
        for (List<String> command : commands) {
            printed.getBuffer().setLength(0);
            String[] arguments = command.toArray(String[]::new);
            code = assertTimeoutPreemptively(PATIENCE, () -> caadam(arguments), about + command);
            assertThat(code).as("%s %s: %s", about, command, printed).isBetween(0, Main.BAD_INPUT);
            assertThat(printed.toString())
                    .as("%s %s", about, command)
                    .doesNotContain("\tat ", "java.lang.", "Exception:");
            assertThat(tree(outside)).as("%s %s", about, command).isEqualTo(before);
        }
        assertThat(runs(target)).as(about).containsAllEntriesOf(runs(whole));
        if (code == 0) {
            Map<String, RunRecord> after = runs(store);
            for (RunRecord run : expected.values()) {
                assertThat(after).as(about).containsKey(run.id());
                assertThat(after.get(run.id()).hasSameResultAs(run) || forged.contains(run.id()))
                        .as("%s of %s", run.id(), about)
                        .isTrue();
            }
        }
        PathUtils.deleteDirectory(target);
        if (Files.exists(directory.resolve("made"))) {
            PathUtils.deleteDirectory(directory.resolve("made"));
        }
    }

    /** Runs with other numbers that could be true; nothing in a file says that they are not. */
    private static Set<String> forged(Path store) {
        Set<String> forged = new HashSet<>();
        try {
            for (RunRecord run : runs(store).values()) {
                RunRecord original = expected.get(run.id());
                if (original != null && !original.hasSameResultAs(run)) {
                    forged.add(run.id());
                }
            }
        } catch (IOException e) {
            forged.clear();
        }
        return forged;
    }

    /** Breaks a file or a directory, or puts one where none was; says what it did. */
    private static String breakSomething(Path store, Random random) throws Exception {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(store)) {
            paths.filter(path -> !path.equals(store)).sorted().forEach(all::add);
        }
        for (String name :
                List.of(
                        ".lock",
                        "tuning.csv",
                        "loss-curves.csv",
                        "study.json",
                        "runs/0123456789abcdef.json",
                        "runs/$(x).json",
                        "runs/%2e%2e.json",
                        "runs/a\nb.json",
                        "failed/x.json",
                        "replicas/..json")) {
            all.add(store.resolve(name));
        }
        // Below what was broken before, there is nothing to break.
        all.removeIf(path -> !path.getParent().toFile().isDirectory() || leaves(path, store));
        Path file = all.get(random.nextInt(all.size()));
        boolean regular =
                Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) < 1 << 20;
        int kind = random.nextInt(regular ? 14 : 6);
        if (kind < 6) {
            replace(file, kind);
        } else {
            Files.write(file, changed(Files.readAllBytes(file), kind, random));
        }
        return store.relativize(file) + " by " + kind;
    }

    private static boolean leaves(Path path, Path store) {
        try {
            return !path.getParent().toRealPath().startsWith(store.toRealPath());
        } catch (IOException e) {
            return true;
        }
    }

    private static void replace(Path file, int kind) throws Exception {
        if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            PathUtils.deleteDirectory(file);
        } else {
            Files.deleteIfExists(file);
        }
        switch (kind) {
            case 0 -> Files.createSymbolicLink(file, outside);
            case 1 -> Files.createSymbolicLink(file, outside.resolve("precious.json"));
            case 2 -> Files.writeString(Files.createDirectory(file).resolve("in.json"), "{}");
            case 3 ->
                    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                            .isZero();
            case 4 -> {
                Path socket = Files.createTempDirectory("f").resolve("s");
                ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(socket))
                        .close();
                Files.move(socket, file);
                Files.delete(socket.getParent());
            }
            default -> {
                try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(1L << 33);
                }
            }
        }
    }

    private static byte[] changed(byte[] bytes, int kind, Random random) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return switch (kind) {
            case 6 -> new byte[0];
            case 7 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 8 -> {
                for (int i = 0; i < 3 && bytes.length > 0; i++) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                yield bytes;
            }
            case 9 -> "[".repeat(100_000).getBytes(StandardCharsets.UTF_8);
            case 10, 11 -> some(text, NUMBER, NUMBERS, random);
            default -> some(text, TEXT, NAMES, random);
        };
    }

    /** Puts something else in place of one of what matches. */
    private static byte[] some(String text, Pattern what, List<String> others, Random random) {
        List<MatchResult> found = what.matcher(text).results().toList();
        String changed = text;
        if (!found.isEmpty()) {
            MatchResult one = found.get(random.nextInt(found.size()));
            changed =
                    text.substring(0, one.start())
                            + others.get(random.nextInt(others.size()))
                            + text.substring(one.end());
        }
        return changed.getBytes(StandardCharsets.UTF_8);
    }

    /** The files of runs that are as they were. */
    private static Map<Path, byte[]> wholeRuns(Path store) throws IOException {
        Map<Path, byte[]> files = new HashMap<>();
        for (String below : List.of("runs", "tuning/runs", "replicas")) {
            Path there = store.resolve(below);
            if (!Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)
                    || !Files.isDirectory(there.getParent(), LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            try (Stream<Path> all = Files.list(whole.resolve(below))) {
                for (Path original : all.toList()) {
                    Path file = there.resolve(original.getFileName());
                    byte[] bytes = Files.readAllBytes(original);
                    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                            && Files.size(file) == bytes.length
                            && Arrays.equals(Files.readAllBytes(file), bytes)) {
                        files.put(file, bytes);
                    }
                }
            }
        }
        return files;
    }

    private static Map<String, RunRecord> runs(Path store) throws IOException {
        Map<String, RunRecord> runs = new TreeMap<>();
        RunStore.existing(store).all().forEach(run -> runs.put(run.id(), run));
        return runs;
    }

    private static Path copy(Path from, String name) throws IOException {
        Path to = directory.resolve(name);
        PathUtils.copyDirectory(from, to);
        return to;
    }

    private static Map<String, String> tree(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.toList()) {
                files.put(
                        root.relativize(path).toString(),
                        Files.isRegularFile(path) ? Files.readString(path) : "");
            }
        }
        return files;
    }

    private int caadam(String... arguments) {
        PrintWriter writer = new PrintWriter(printed, true);
        CommandLine command = Main.commandLine().setOut(writer).setErr(writer);
        return command.execute(arguments);
    }
}
