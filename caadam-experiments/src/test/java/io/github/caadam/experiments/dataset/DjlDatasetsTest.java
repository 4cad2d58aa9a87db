// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.basicdataset.nlp.AmazonReview;
import ai.djl.basicdataset.tabular.AmesRandomAccess;
import ai.djl.basicdataset.tabular.CsvDataset;
import ai.djl.basicdataset.tabular.DailyDelhiClimate;
import ai.djl.basicdataset.tabular.MovieLens100k;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.util.Progress;
import io.github.caadam.experiments.RealData;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DjlDatasetsTest {

    private static final String CACHE = "DJL_CACHE_DIR";

    @TempDir private Path folder;
    private DataContext context;

    @BeforeEach
    void keepDjlsCacheApart() {
        Engine.getInstance(); // Its libraries stay where they are.
        System.setProperty(CACHE, folder.resolve("cache").toString());
        context = new DataDirectories(List.of(folder), folder);
    }

    @AfterEach
    void giveItBack() {
        System.clearProperty(CACHE);
    }

    private DataSource inRepository(String name, String application, Map<String, byte[]> files)
            throws IOException {
        return DjlTestRepository.source(folder, name, application, files);
    }

    private DataSplit load(DataSource source, Map<String, Object> given) throws IOException {
        return source.load(context, source.complete(Options.of(source.options(), given)));
    }

    private static byte[] random(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Images of CIFAR-10, the first of each class in turn. */
    private static byte[] cifar(int images, int seed) {
        byte[] bytes = random(images * 3073, seed);
        for (int i = 0; i < images; i++) {
            bytes[i * 3073] = (byte) (i % 10);
        }
        return bytes;
    }

    @Test
    void cifarHasThePixelsOfItsFiles() throws IOException {
        holdsPixels(cifar(300, 1), cifar(20, 2));
    }

    @Test
    void realCifarHasThePixelsOfItsFiles() throws IOException {
        Path files = RealData.directory().resolve("cifar-10-batches-bin");
        assumeThat(files.resolve("test_batch.bin")).exists();

        holdsPixels(
                Files.readAllBytes(files.resolve("data_batch_1.bin")),
                Files.readAllBytes(files.resolve("test_batch.bin")));
    }

    private void holdsPixels(byte[] train, byte[] test) throws IOException {
        DataSplit split =
                load(
                        inRepository(
                                "djl:cifar10",
                                "cv",
                                Map.of("data_batch.bin", train, "test_batch.bin", test)),
                        Map.of());

        assertThat(split.signature().task()).isEqualTo(Task.CLASSIFICATION);
        assertThat(split.outputs()).isEqualTo(10);
        assertThat(split.sampleShape()).isEqualTo(new Shape(3, 32, 32));
        assertPixels(train, split.trainSamples(), split.trainTargets());
        assertPixels(test, split.testSamples(), split.testTargets());
    }

    private static void assertPixels(
            byte[] file, io.github.caadam.plugin.Samples samples, float[] targets) {
        float[] values = ((ArraySamples) samples).values();
        assertThat(targets).hasSize(file.length / 3073);
        int wrong = 0;
        for (int i = 0; i < file.length; i++) {
            int image = i / 3073;
            int place = i % 3073 - 1;
            float found = place < 0 ? targets[image] : values[image * 3072 + place] * 255;
            wrong += Math.abs(found - Byte.toUnsignedInt(file[i])) > 1e-3 ? 1 : 0;
        }
        assertThat(wrong).isZero();
    }

    @Test
    void airfoilIsDrawnAndStandardisedAsItIsAsked() throws IOException {
        StringBuilder text = new StringBuilder();
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            text.append(
                    String.format(
                            "%d\t%.1f\t0.3\t%.2f\t%.4f\t%.3f%n",
                            800 + i,
                            random.nextDouble(),
                            random.nextDouble(),
                            random.nextDouble(),
                            120 + random.nextDouble()));
        }
        DataSource airfoil =
                inRepository(
                        "djl:airfoil",
                        "tabular",
                        Map.of(
                                "airfoil_self_noise.dat",
                                text.toString().getBytes(StandardCharsets.UTF_8)));

        assertThatIOException()
                .isThrownBy(() -> load(airfoil, Map.of()))
                .withMessage(
                        "djl:airfoil has no test rows of its own. Say which share of its rows to"
                                + " test on, such as test: 0.2.");
        DataSplit split =
                load(airfoil, Map.of("test", 0.25, "split-seed", 5, "standardise", "all"));
        assertThat(split.signature().task()).isEqualTo(Task.REGRESSION);
        assertThat(split.trainRows()).isEqualTo(30);
        assertThat(split.testRows()).isEqualTo(10);
        assertThat(split.sampleShape()).isEqualTo(new Shape(4)); // The chord is the same in all.
        assertThat(split.signature().targets().mean()).isBetween(120.0, 121.0);
    }

    @Test
    void classesAreBuiltByTheirOptions() throws IOException {
        Component component =
                Catalog.ofSuite()
                        .resolve(
                                Kind.DATA,
                                Component.Source.CLASS,
                                Squares.class.getName(),
                                Map.of("count", 8, "task", "regression"));
        DataSplit split = component.factory(DataSource.class).load(context, component.options());

        assertThat(((ArraySamples) split.trainSamples()).values())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(split.trainTargets()).containsExactly(0, 1, 4, 9, 16, 25, 36, 49);
        assertThat(split.testTargets()).containsExactly(0, 3, 12, 27, 48, 75, 108, 147);
    }

    @Test
    void setThatCannotBeMadeIsNamedWithWhatItSays() {
        DataSource squares = (DataSource) new DjlDatasets().of(Squares.class);

        assertThatIOException()
                .isThrownBy(() -> load(squares, Map.of("count", 8, "fault", true)))
                .withMessageStartingWith(Squares.class.getName() + " could not be made by DJL (")
                .withMessageContaining("no more squares");
        assertThatIOException()
                .isThrownBy(() -> load(squares, Map.of("count", 8, "two", true)))
                .withMessageContaining("has 2 arrays of data in a row; a study needs one.");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                AmazonReview.class,
                AmesRandomAccess.class,
                CsvDataset.class,
                DailyDelhiClimate.class,
                MovieLens100k.class
            })
    void tableWithoutWordsForItsFeaturesIsRefusedWithWhatToDo(Class<?> table) {
        DataSource source = (DataSource) new DjlDatasets().of(table);

        assertThatIOException()
                .isThrownBy(() -> load(source, Map.of("test", 0.2)))
                .withMessage(
                        table.getName()
                                + " is told its features by Java code, for which a study has no"
                                + " words: give its table to csv instead, such as {name: csv,"
                                + " options: {file: TABLE.csv, target: COLUMN, test: 0.2}}, or name"
                                + " a class of your own whose builder() adds them.");
    }

    @Test
    void catalogNamesDjlsSets() {
        assertThat(Catalog.ofSuite().names(Kind.DATA))
                .contains("csv", "npz", "djl:cifar10", "djl:fashion-mnist", "djl:airfoil");
    }

    /** A data set as somebody may write it, who knows DJL only. */
    public static final class Squares extends RandomAccessDataset {

        private final Builder builder;

        private Squares(Builder builder) {
            super(builder);
            this.builder = builder;
        }

        /** Starts a builder. */
        public static Builder builder() {
            return new Builder();
        }

        @Override
        public Record get(NDManager manager, long index) {
            float factor = builder.usage == Usage.TEST ? 3 : 1;
            NDList data = new NDList(manager.create((float) index));
            if (builder.two) {
                data.add(manager.create(1f));
            }
            return new Record(data, new NDList(manager.create(factor * index * index)));
        }

        @Override
        protected long availableSize() {
            return builder.count;
        }

        @Override
        public void prepare(Progress progress) throws IOException {
            if (builder.fault) {
                throw new IOException("no more squares");
            }
        }

        /** Its builder. */
        public static final class Builder extends BaseBuilder<Builder> {

            private int count;
            private boolean fault;
            private boolean two;
            private Usage usage = Usage.TRAIN;

            /** Sets the rows. */
            public Builder setCount(int rows) {
                count = rows;
                return this;
            }

            /** Sets which rows. */
            public Builder optUsage(Usage rows) {
                usage = rows;
                return this;
            }

            /** Fails. */
            public Builder optFault(boolean fails) {
                fault = fails;
                return this;
            }

            /** Has two arrays. */
            public Builder optTwo(boolean has) {
                two = has;
                return this;
            }

            @Override
            protected Builder self() {
                return this;
            }

            /** Builds the set. */
            public Squares build() {
                return new Squares(this);
            }
        }
    }
}
