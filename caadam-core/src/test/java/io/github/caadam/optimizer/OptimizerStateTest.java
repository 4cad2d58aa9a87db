// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.HeldParameters;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.internal.StateFile;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerStateTest {

    private static final int BEFORE = 7;
    private static final int AFTER = 10;

    @TempDir private Path directory;

    static Stream<OptimizerCase> kinds() {
        return Stream.concat(OptimizerCase.settings(), OptimizerCase.byParameter());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void trainingGoesOnBitForBitInARebuiltNetwork(OptimizerCase kind) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        List<float[]> whole;
        List<float[]> before;
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            replay.step(optimizer, 0, BEFORE);
            optimizer.save(file);
            before = replay.weights();
            replay.step(optimizer, BEFORE, BEFORE + AFTER);
            whole = replay.weights();
        }

        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            replay.setWeights(before);
            optimizer.load(file);
            replay.step(optimizer, BEFORE, BEFORE + AFTER);

            assertThat(replay.weights()).containsExactlyElementsOf(whole);
        }
        assertThat(whole.get(0)).isNotEqualTo(before.get(0));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void savingWhatWasLoadedGivesTheSameBytes(OptimizerCase kind) throws IOException {
        Path first = directory.resolve("first.npz");
        Path second = directory.resolve("second.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            replay.step(optimizer, 0, BEFORE);
            optimizer.save(first);
            optimizer.load(first);
            optimizer.save(second);
        }

        assertThat(entries(second)).containsExactlyElementsOf(entries(first));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void descriptionInTheFileRebuildsTheOptimizer(OptimizerCase kind) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = kind.create(replay.block())) {
            optimizer.save(file);
            var description = StatefulOptimizer.readDescription(file);
            LibraryOptimizer same =
                    Stream.of(LibraryOptimizer.values())
                            .filter(line -> line.type() == optimizer.getClass())
                            .findFirst()
                            .orElseThrow();
            try (StatefulOptimizer rebuilt =
                    same.create(replay.block(), builder -> builder.optDescription(description))) {
                assertThat(rebuilt.describe()).isEqualTo(optimizer.describe());
            }
        }
    }

    @Test
    void namesTheArraysByParameterPath() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        OptimizerCase.CAADAM_ADDITIVE.create(replay.block())) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
        }

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(Collections.list(zip.entries()))
                    .extracting(ZipEntry::getName)
                    .contains(
                            "01Linear_weight/first_moment.npy",
                            "01Linear_weight/second_moment.npy",
                            "01Linear_weight/step.npy",
                            "03Linear_bias/step.npy",
                            "configuration.npy")
                    .hasSize(4 * 3 + 1);
        }
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void stateOfAnotherNetworkIsRefusedByParameterName() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(replay.block())) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
        }

        assertRefused(
                file,
                Networks.mlp(4, 2, 1),
                "missing there: [05Linear_weight, 05Linear_bias]",
                "03Linear_weight/first_moment (float32 (1, 4) there, float32 (2, 4) here)");
        assertRefused(
                file, Networks.mlp(4), "not in this network: [03Linear_bias, 03Linear_weight]");
    }

    /** Both ways: in either, the moments would be mixed with weights of another precision. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void stateOfAnotherNumberTypeIsRefusedWithBothTypes(DataType saved) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        DataType other = saved == DataType.FLOAT32 ? DataType.FLOAT64 : DataType.FLOAT32;
        try (NDManager manager = NDManager.newBaseManager()) {
            Block there = Networks.mlp(1);
            there.initialize(manager, saved, new Shape(1, 2));
            Block here = Networks.mlp(1);
            here.initialize(manager, other, new Shape(1, 2));
            try (StatefulOptimizer first = OptimizerCase.ADAMAX.create(there);
                    StatefulOptimizer second = OptimizerCase.ADAMAX.create(here)) {
                first.save(file);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> second.load(file))
                        .withMessageContaining(
                                "01Linear_bias/first_moment ("
                                        + saved
                                        + " (1) there, "
                                        + other
                                        + " (1) here)");
            }
        }
    }

    @Test
    void stepThatCannotBeOneIsRefusedByPath() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                NDManager manager = NDManager.newBaseManager();
                StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(replay.block())) {
            optimizer.save(file);
            byte[] whole = Files.readAllBytes(file);
            Map<String, NDArray> steps = new LinkedHashMap<>();
            steps.put("-1", manager.create(-1L));
            steps.put("2147483648", manager.create(Integer.MAX_VALUE + 1L));
            steps.put("float32 ()", manager.create(1.5f));
            steps.put("int64 (2)", manager.create(new long[] {1, 2}));
            for (Map.Entry<String, NDArray> step : steps.entrySet()) {
                Files.write(file, whole);
                rewrite(file, arrays -> arrays.put("03Linear_bias/step", step.getValue()));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> optimizer.load(file))
                        .withMessageContaining("has " + step.getKey() + " as 03Linear_bias/step");
            }

            Files.write(file, whole);
            rewrite(file, arrays -> arrays.put("03Linear_bias/step", manager.create(1L << 30)));
            optimizer.load(file);
            assertThat(optimizer.latestStep()).isEqualTo(1 << 30);
        }
    }

    @Test
    void slotsThatAreMissingOrTooManyAreRefusedByName() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                NDManager manager = NDManager.newBaseManager();
                StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(replay.block())) {
            optimizer.save(file);
            byte[] whole = Files.readAllBytes(file);

            rewrite(file, arrays -> arrays.remove("01Linear_bias/first_moment"));
            assertRefused(optimizer, file, "missing there: [01Linear_bias/first_moment]");
            Files.write(file, whole);
            rewrite(file, arrays -> arrays.remove("01Linear_bias/step"));
            assertRefused(optimizer, file, "missing there: [01Linear_bias/step]");
            Files.write(file, whole);
            rewrite(file, arrays -> arrays.put("01Linear_bias/third", manager.create(1f)));
            assertRefused(optimizer, file, "not in this network: [01Linear_bias/third]");
            Files.write(file, whole);
            rewrite(file, arrays -> arrays.put("scale", manager.create(1f)));
            assertRefused(optimizer, file, "not in this network: [scale]");

            Files.write(file, whole);
            optimizer.load(file);
        }
    }

    private static void assertRefused(StatefulOptimizer optimizer, Path file, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> optimizer.load(file))
                .withMessageContaining(message);
    }

    @Test
    void configurationThatIsMissingOrNoObjectIsRefused() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                NDManager manager = NDManager.newBaseManager();
                StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(replay.block())) {
            optimizer.save(file);
            byte[] whole = Files.readAllBytes(file);
            rewrite(file, arrays -> arrays.remove("configuration"));
            assertThatIOException()
                    .isThrownBy(() -> optimizer.load(file))
                    .withMessage(file + " is not a saved optimizer: it has no configuration.");

            for (String json : List.of("[1]", "3", "null", "{\"algorithm\":")) {
                Files.write(file, whole);
                byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
                NDArray text =
                        manager.create(
                                ByteBuffer.wrap(bytes), new Shape(bytes.length), DataType.UINT8);
                rewrite(file, arrays -> arrays.put("configuration", text));
                assertThatIOException()
                        .isThrownBy(() -> optimizer.load(file))
                        .withMessageContaining("its configuration is no JSON object");
                assertThatIOException()
                        .isThrownBy(() -> StatefulOptimizer.readDescription(file))
                        .withMessageContaining("its configuration is no JSON object");
            }
        }
    }

    /** What another version saved is neither half understood nor half loaded. */
    @ParameterizedTest
    @ValueSource(strings = {"\"format\":2,", "\"format\":1.5,", "\"format\":\"1\",", ""})
    void anotherFormatIsRefusedAndNothingChanged(String format) throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                NDManager manager = NDManager.newBaseManager();
                StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer untouched = OptimizerCase.ADAMAX.create(other.block())) {
            replay.step(optimizer, 0, BEFORE);
            other.step(untouched, 0, BEFORE);
            optimizer.save(file);
            byte[] json =
                    ("{" + format + "\"algorithm\":\"adamax\"}").getBytes(StandardCharsets.UTF_8);
            NDArray text =
                    manager.create(ByteBuffer.wrap(json), new Shape(json.length), DataType.UINT8);
            rewrite(file, arrays -> arrays.put("configuration", text));
            byte[] before = Files.readAllBytes(file);

            assertThatIOException()
                    .isThrownBy(() -> optimizer.load(file))
                    .withMessageContaining(format.isEmpty() ? "without a format" : "of format ")
                    .withMessageContaining("reads format 1 only")
                    .withMessageContaining("the version that saved it");
            assertThatIOException()
                    .isThrownBy(() -> StatefulOptimizer.readDescription(file))
                    .withMessageContaining("reads format 1 only");

            assertThat(Files.readAllBytes(file)).isEqualTo(before);
            replay.step(optimizer, BEFORE, BEFORE + AFTER);
            other.step(untouched, BEFORE, BEFORE + AFTER);
            assertThat(replay.weights()).containsExactlyElementsOf(other.weights());
        }
    }

    @Test
    void theDescriptionInTheFileIsTheOptimizersAlone() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(replay.block())) {
            replay.block().getParameters().valueAt(0).freeze(true);
            optimizer.save(file);

            assertThat(StatefulOptimizer.readDescription(file))
                    .isEqualTo(StateFile.asRead(optimizer.describe()));
        }
    }

    /**
     * Unfrozen before it is loaded, as where all of a network is tuned in a second run, or after.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasFrozenWhenItWasSavedStartsFromZerosOnceItIsTrained(boolean unfrozenBefore)
            throws IOException {
        Path file = directory.resolve("optimizer.npz");
        for (LibraryOptimizer line : LibraryOptimizer.values()) {
            try (GradientReplay replay = new GradientReplay();
                    StatefulOptimizer optimizer = averaging(line, replay.block());
                    GradientReplay other = new GradientReplay();
                    StatefulOptimizer resumed = averaging(line, other.block())) {
                replay.block().getChildren().get("01Linear").freezeParameters(true);
                replay.step(optimizer, 0, BEFORE);
                optimizer.save(file);
                other.setWeights(replay.weights());
                replay.block().getChildren().get("01Linear").freezeParameters(false);
                replay.step(optimizer, BEFORE, BEFORE + AFTER);

                Block first = other.block().getChildren().get("01Linear");
                first.freezeParameters(!unfrozenBefore);
                resumed.load(file);
                first.freezeParameters(false);
                other.step(resumed, BEFORE, BEFORE + AFTER);

                assertThat(other.weights())
                        .as("%s", line)
                        .containsExactlyElementsOf(replay.weights());
                assertThat(averages(resumed, other.block()))
                        .as("%s", line)
                        .containsExactlyElementsOf(averages(optimizer, replay.block()));
            }
        }
    }

    /** So no parameter knows how many steps the network has made. */
    @Test
    void scheduleGoesOnWhereNoParameterWasTrainedInAllSteps() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerCase.CAADAM_ADDITIVE.create(replay.block());
                GradientReplay other = new GradientReplay();
                StatefulOptimizer resumed = OptimizerCase.CAADAM_ADDITIVE.create(other.block())) {
            Block first = replay.block().getChildren().get("01Linear");
            Block last = replay.block().getChildren().get("03Linear");
            first.freezeParameters(true);
            replay.step(optimizer, 0, BEFORE);
            first.freezeParameters(false);
            last.freezeParameters(true);
            replay.step(optimizer, BEFORE, BEFORE + AFTER);
            optimizer.save(file);

            resumed.load(file);
            assertThat(optimizer.latestStep()).isEqualTo(BEFORE + AFTER);
            assertThat(resumed.latestStep()).isEqualTo(BEFORE + AFTER);
            assertThat(StatefulOptimizer.readDescription(file))
                    .isEqualTo(StateFile.asRead(optimizer.describe()));
        }
    }

    private static StatefulOptimizer averaging(LibraryOptimizer line, Block block) {
        return line.create(
                block,
                builder ->
                        builder.optLearningRateTracker(Tracker.fixed(0.01f))
                                .optWeightAverage(0.75f));
    }

    private static List<float[]> averages(StatefulOptimizer optimizer, Block block) {
        return block.getParameters().values().stream()
                .map(p -> optimizer.averageOf(p.getId(), Device.cpu()).orElseThrow())
                .map(NDArray::toFloatArray)
                .toList();
    }

    /** Changes the arrays of a file. */
    private static void rewrite(Path file, Consumer<Map<String, NDArray>> change)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> arrays = new LinkedHashMap<>();
            for (NDArray array : NDList.decode(manager, Files.readAllBytes(file))) {
                arrays.put(array.getName(), array);
            }
            change.accept(arrays);
            NDList list = new NDList();
            arrays.forEach(
                    (name, array) -> {
                        array.setName(name);
                        list.add(array);
                    });
            Files.write(file, list.encode(NDList.Encoding.NPZ));
        }
    }

    @Test
    void stateSurvivesTheScopeInWhichItWasLoaded() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        Path again = directory.resolve("again.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(replay.block())) {
            replay.step(optimizer, 0, 2);
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                optimizer.save(file);
                optimizer.load(file);
            }
            optimizer.save(again);
        }
        assertThat(entries(again)).containsExactlyElementsOf(entries(file));
    }

    /** As in a network whose last layer has the embedding's weight. */
    @Test
    void sharedParameterIsSavedAndLoadedOnce() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = HeldParameters.tiedEmbedding();
            Networks.initialized(manager, block, new Shape(1));
            try (StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(block)) {
                optimizer.save(file);
                optimizer.load(file);
            }
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(Collections.list(zip.entries()))
                    .extracting(ZipEntry::getName)
                    .contains("01HeldParameters_embedding/step.npy")
                    .hasSize(2 * 3 + 1);
        }
    }

    @Test
    void descriptionsOfAnotherTypeOrWithUnknownKeysAreRefusedByKey() {
        assertRefused("amsgrad", "true", "expected true or false");
        assertRefused("beta1", Double.NaN, "expected a finite number");
        assertRefused("beta1", "0.9", "expected a finite number");
        assertRefused("scaling", "depth", "expected a nested description");
        assertRefused("convention", 3, "expected one of [PAPER, REFERENCE]");
        assertRefused("decayExclusions", 3, "expected a list of regular expressions");
        assertRefused("decayExclusions", List.of("^01", 3), "expected a list of texts");
        assertRefused("decayExclusions", List.of("("), "expected a list of regular expressions");
        assertRefused("beta_1", 0.8, "has unknown keys: [beta_1]; valid are: [algorithm, amsgrad,");
    }

    private static void assertRefused(String key, Object value, String message) {
        try (CaAdam optimizer =
                CaAdam.builder()
                        .setBlock(Networks.mlp(1))
                        .setScaling(ScalingStrategy.depth())
                        .optDecoupledWeightDecay(0.1f)
                        .build()) {
            Map<String, Object> description = new LinkedHashMap<>(optimizer.describe());
            CaAdam.builder().optDescription(description);
            description.put(key, value);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CaAdam.builder().optDescription(description))
                    .withMessageContainingAll(key, message);
        }
    }

    @Test
    void patternsOfDecayExclusionsMustNotBeNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> DecayExclusions.matching("_bias$", null))
                .withMessage("pathPattern");
        assertThatNullPointerException()
                .isThrownBy(() -> DecayExclusions.matching((String[]) null))
                .withMessage("pathPatterns");
    }

    private static void assertRefused(Path file, Block other, String... messages) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Networks.initialized(manager, other, new Shape(1, GradientReplay.INPUTS));
            try (StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(other)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> optimizer.load(file))
                        .withMessageContainingAll(messages);
            }
        }
    }

    @Test
    void stateOfAnotherAlgorithmIsRefused() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer saved = OptimizerCase.ADAMAX.create(replay.block());
                StatefulOptimizer nadam = OptimizerCase.NADAM.create(replay.block());
                StatefulOptimizer plain = OptimizerCase.CAADAM_ADDITIVE.create(replay.block());
                StatefulOptimizer amsgrad = OptimizerCase.CAADAM_AMSGRAD.create(replay.block())) {
            saved.save(file);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> nadam.load(file))
                    .withMessageContaining("algorithm=adamax there, nadam here");

            plain.save(file);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> amsgrad.load(file))
                    .withMessageContaining("amsgrad=false there, true here");
        }
    }

    @Test
    void fileThatIsTruncatedOrNoStateIsRefused() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                StatefulOptimizer optimizer =
                        OptimizerCase.CAADAM_ADDITIVE.create(replay.block())) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
            byte[] whole = Files.readAllBytes(file);
            for (int length : new int[] {0, 5, 60, whole.length / 2, whole.length - 400}) {
                Files.write(file, Arrays.copyOf(whole, length));

                assertThatExceptionOfType(IOException.class)
                        .as("%d of %d bytes", length, whole.length)
                        .isThrownBy(() -> optimizer.load(file))
                        .withMessageContaining("is not a saved optimizer");
            }
        }
    }

    @Test
    void savingNeedsTheNetworkInitialized() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (Adamax optimizer = Adamax.builder().build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.save(file))
                    .withMessageContaining("optBlock");
        }
        try (Adamax optimizer = Adamax.builder().optBlock(Networks.mlp(1)).build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> optimizer.load(file))
                    .withMessageContaining("initialize the block first");
        }
    }

    @Test
    void customStrategyIsSavedButNotRebuilt() throws IOException {
        Path file = directory.resolve("optimizer.npz");
        try (GradientReplay replay = new GradientReplay();
                CaAdam optimizer =
                        CaAdam.builder()
                                .setBlock(replay.block())
                                .setScaling((parameter, network) -> 2)
                                .build()) {
            replay.step(optimizer, 0, 1);
            optimizer.save(file);
            optimizer.load(file);
            var description = StatefulOptimizer.readDescription(file);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CaAdam.builder().optDescription(description))
                    .withMessageContaining("cannot be rebuilt")
                    .withMessageContaining("setScaling");
        }
        assertThat(ScalingStrategy.none().describe()).containsEntry("strategy", "none");
    }

    private static List<byte[]> entries(Path file) throws IOException {
        List<byte[]> entries = new ArrayList<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                entries.add(zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }
}
