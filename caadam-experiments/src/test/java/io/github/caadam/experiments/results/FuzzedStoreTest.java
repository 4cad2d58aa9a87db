// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that somebody made to harm: no command reads, writes or deletes beside them. */
class FuzzedStoreTest {

    private static final int STORES = Integer.getInteger("caadam.fuzzed.stores", 200);

    private static final List<String> EVIL =
            List.of("../../outside/x", "..", "/tmp", "a/b", "", "0123456789abcdef/../..", "\\..\\");

    @TempDir private Path directory;

    @Test
    void nothingLeavesTheStore() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("precious.json"), "{}");
        Files.createDirectories(outside.resolve("0123456789abcdef"));
        Files.writeString(outside.resolve("0123456789abcdef/state"), "kept");
        Map<String, String> before = tree(outside);
        RunRecord whole = new RunRecordBuilder().run(99).build();
        for (int seed = 0; seed < STORES; seed++) {
            Random random = new Random(seed);
            Path evil = directory.resolve("evil" + seed);
            fill(evil, outside, random);
            Path target = directory.resolve("target" + seed);
            try {
                RunStore store = new RunStore(target);
                store.save(whole);
                StoreMerge merge = new StoreMerge(store);
                merge.add(RunStore.existing(evil));
                merge.finish();
            } catch (IOException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            }
            try {
                RunStore store = new RunStore(evil);
                store.clean();
                StudyRuns.of(store).write(evil);
            } catch (IOException e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            }
            assertThat(tree(outside)).as("seed %d", seed).isEqualTo(before);
            assertThat(RunStore.existing(target).all()).as("seed %d", seed).contains(whole);
        }
    }

    /** A good store of which some files, names and directories are replaced. */
    private static void fill(Path root, Path outside, Random random) throws IOException {
        RunStore store = new RunStore(root);
        List<PlannedRun> plan = new ArrayList<>();
        for (int run = 0; run < 3; run++) {
            RunRecord record = new RunRecordBuilder().run(run).build();
            store.save(record);
            plan.add(record.planned());
        }
        store.save(new RunFailure("0123456789abcdef", "label", "killed", 1, "", List.of()));
        store.plan("study", "", 1, plan);
        Files.createDirectories(root.resolve("checkpoints/0123456789abcdef"));
        List<Path> files;
        try (Stream<Path> paths = Files.walk(root)) {
            files = paths.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            switch (random.nextInt(6)) {
                case 0 -> Files.writeString(file, mutated(Files.readString(file), random));
                case 1 ->
                        Files.writeString(
                                file,
                                Files.readString(file)
                                        .replaceAll(
                                                "[0-9a-f]{16}",
                                                EVIL.get(random.nextInt(EVIL.size()))
                                                        .replace("\\", "\\\\\\\\")));
                case 2 -> {
                    Files.delete(file);
                    Files.createSymbolicLink(file, outside.resolve("precious.json"));
                }
                default -> {}
            }
        }
        if (random.nextInt(4) == 0) {
            String name = List.of("failed", "replicas", "checkpoints").get(random.nextInt(3));
            new Enclosure(root).delete(name);
            Files.createSymbolicLink(root.resolve(name), outside);
        }
    }

    private static String mutated(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
        }
        return new String(bytes, StandardCharsets.UTF_8);
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
}
