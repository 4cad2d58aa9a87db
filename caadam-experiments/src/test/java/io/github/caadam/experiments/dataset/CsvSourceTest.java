// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvSourceTest {

    private static final CsvSource CSV = new CsvSource();

    @TempDir private Path folder;
    private DataContext context;

    @BeforeEach
    void here() {
        context = new DataDirectories(List.of(folder), folder).relativeTo(folder);
    }

    /** Eight rows of a table of everything, of which the last two are for testing. */
    private static final String HOUSES =
            """
            rooms,kind,sold,price,part
            1,flat,2020-01-01,10,train
            2,house,2020-01-02,20,train
            3,flat,2020-01-03,30.5,train
            4,barn,2020-01-04,40,train
            5,house,2020-01-05,50,validation
            6,flat,2020-01-06,60,train
            7,tent,2020-01-07,70,test
            8,house,2020-01-08,80,test
            """;

    private DataSplit load(String text, Object... options) throws IOException {
        Files.writeString(folder.resolve("t.csv"), text);
        return again(options);
    }

    private DataSplit again(Object... options) throws IOException {
        Map<String, Object> given = new HashMap<>(Map.of("file", "t.csv"));
        for (int i = 0; i < options.length; i += 2) {
            given.put((String) options[i], options[i + 1]);
        }
        return CSV.load(context, CSV.complete(Options.of(CSV.options(), given)));
    }

    private static float[] train(DataSplit split) {
        return ((TableSamples) split.trainSamples()).values();
    }

    private static float[] test(DataSplit split) {
        return ((TableSamples) split.testSamples()).values();
    }

    @Test
    void columnSplitsTheRowsAndWhatIsKnownOfThemIsTheTrainingRows() throws IOException {
        DataSplit split =
                load(
                        HOUSES,
                        "target",
                        "price",
                        "split-column",
                        "part",
                        "ignore",
                        List.of("sold"),
                        "standardise",
                        "none",
                        "unit",
                        "EUR");

        assertThat(split.signature().task()).isEqualTo(Task.REGRESSION);
        assertThat(split.signature().targets()).isEqualTo(new TargetScale(0, 1, "EUR"));
        // rooms, barn, flat, house; no row to train on is a tent.
        assertThat(split.sampleShape()).isEqualTo(new Shape(4));
        assertThat(split.validationRows()).isOne();
        assertThat(train(split))
                .containsExactly(
                        1, 0, 1, 0, //
                        2, 0, 0, 1, //
                        3, 0, 1, 0, //
                        4, 1, 0, 0, //
                        6, 0, 1, 0, //
                        5, 0, 0, 1);
        assertThat(split.trainTargets()).containsExactly(10, 20, 30.5f, 40, 60, 50);
        assertThat(test(split)).containsExactly(7, 0, 0, 0, 8, 0, 0, 1);
        assertThat(split.testTargets()).containsExactly(70, 80);
        assertThat(split.source()).isEqualTo("t.csv");
    }

    @Test
    void numbersAndTargetAreStandardisedByTheRowsToTrainOn() throws IOException {
        DataSplit split =
                load(HOUSES, "target", "price", "split-column", "part", "unsuitable", "ignore");

        // Of 1, 2, 3, 4, 6 and of 10, 20, 30.5, 40, 60; by NumPy's mean and std.
        double mean = 3.2;
        double deviation = 1.7204650534085253;
        float[] rooms = {1, 2, 3, 4, 6, 5};
        for (int i = 0; i < rooms.length; i++) {
            assertThat(train(split)[4 * i])
                    .isCloseTo((float) ((rooms[i] - mean) / deviation), within(1e-6f));
        }
        assertThat(test(split)[0]).isCloseTo((float) ((7 - mean) / deviation), within(1e-6f));
        TargetScale scale = split.signature().targets();
        assertThat(scale.mean()).isCloseTo(32.1, within(1e-12));
        assertThat(scale.deviation()).isCloseTo(17.19418506356146, within(1e-12));
        assertThat(scale.restore(split.trainTargets()))
                .containsExactly(new float[] {10, 20, 30.5f, 40, 60, 50}, within(1e-5f));
        assertThat(split.source()).isEqualTo("t.csv, without sold");
    }

    @Test
    void standardisingKeepsTheDigitsOfLargeNumbers() throws IOException {
        StringBuilder text = new StringBuilder("time,y\n");
        for (int i = 0; i < 100; i++) {
            text.append(1_700_000_000L + i).append(',').append(i * 0.5).append('\n');
        }

        DataSplit split = load(text.toString(), "target", "y", "test", 0.2);

        float[] times = train(split);
        float[] targets = split.trainTargets();
        for (int i = 0; i < times.length; i++) {
            assertThat(times[i]).isCloseTo(targets[i], within(1e-6f));
        }
    }

    @Test
    void shareDrawsRowsByTheSeed() throws IOException {
        String text =
                "x,y\n"
                        + IntStream.range(0, 50)
                                .mapToObj(i -> i + "," + i * 1.5)
                                .collect(Collectors.joining("\n"));

        DataSplit split =
                load(text, "target", "y", "test", 0.2, "split-seed", 7, "standardise", "none");

        // numpy.random.RandomState(7).shuffle(numpy.arange(50))
        int[] order = NumPyShuffle.permutation(50, 7);
        assertThat(split.trainRows()).isEqualTo(40);
        assertThat(split.testRows()).isEqualTo(10);
        for (int i = 0; i < 50; i++) {
            float x = i < 40 ? train(split)[i] : test(split)[i - 40];
            float y = i < 40 ? split.trainTargets()[i] : split.testTargets()[i - 40];
            assertThat(x).isEqualTo(order[i]);
            assertThat(y).isEqualTo(1.5f * order[i]);
        }
        assertThat(again("target", "y", "test", 0.2, "split-seed", 8).digest())
                .isNotEqualTo(again("target", "y", "test", 0.2, "split-seed", 9).digest());
        assertThat(again("target", "y", "test", 0.2).digest())
                .isEqualTo(again("target", "y", "test", 0.2, "split-seed", 0).digest());
    }

    @Test
    void eachClassGivesItsShare() throws IOException {
        StringBuilder text = new StringBuilder("x,y\n");
        for (int i = 0; i < 100; i++) {
            text.append(i).append(i % 10 == 0 ? ",rare\n" : ",common\n");
        }

        DataSplit split = load(text.toString(), "target", "y", "test", 0.2);

        assertThat(split.signature().task()).isEqualTo(Task.CLASSIFICATION);
        assertThat(split.outputs()).isEqualTo(2);
        assertThat(split.testTargets()).containsOnly(0, 1).hasSize(20);
        int rare = 0;
        for (float target : split.testTargets()) {
            rare += (int) target;
        }
        assertThat(rare).isEqualTo(2);
        assertThat(split.signature().targets().isIdentity()).isTrue();
    }

    @Test
    void otherFilesAreForValidationAndTest() throws IOException {
        Files.writeString(folder.resolve("v.csv"), "y,b,a\n7.5,1,2\n");
        Files.writeString(folder.resolve("e.csv"), "a,b,y,more\n3,1,9.5,x\n4,0,8.5,x\n");

        DataSplit split =
                load(
                        "a,b,y\n1,0,1.5\n2,1,2.5\n",
                        "target",
                        "y",
                        "validation-file",
                        "v.csv",
                        "test-file",
                        "e.csv",
                        "standardise",
                        "none");

        assertThat(train(split)).containsExactly(1, 0, 2, 1, 2, 1);
        assertThat(split.trainTargets()).containsExactly(1.5f, 2.5f, 7.5f);
        assertThat(split.validationRows()).isOne();
        assertThat(test(split)).containsExactly(3, 1, 4, 0);
        assertThat(split.testTargets()).containsExactly(9.5f, 8.5f);
    }

    @Test
    void missingValuesFollowTheRule() throws IOException {
        String text =
                """
                a,c,y,part
                1,u,1.5,train
                ,u,2.5,train
                3,v,3.5,train
                8,?,4.5,train
                NA,v,5.5,test
                1,,NaN,test
                """;
        Object[] rest = {"target", "y", "split-column", "part", "standardise", "none"};

        assertThatIOException()
                .isThrownBy(() -> load(text, rest))
                .withMessage(
                        "t.csv:3: column \"a\": the value is missing, as in 2 of 6 rows. Say what"
                                + " to do about it: missing: drop, mean or median.");
        assertThatIOException()
                .isThrownBy(() -> load(text, with(rest, "missing", "mean")))
                .withMessage(
                        "t.csv:7: column \"y\": the value is missing, as in 1 of 6 rows. Say what"
                                + " to do about it: missing: drop.");
        String complete = text.replace("1,,NaN,test\n", "1,,6.5,test\n");
        assertThat(train(load(complete, with(rest, "missing", "mean"))))
                .containsExactly(1, 1, 0, 0, 4, 1, 0, 0, 3, 0, 1, 0, 8, 0, 0, 1);
        DataSplit median = load(complete, with(rest, "missing", "median"));
        assertThat(train(median)[4]).isEqualTo(3);
        assertThat(test(median)).containsExactly(3, 0, 1, 0, 1, 0, 0, 1);
        assertThatIOException()
                .isThrownBy(() -> load(text, with(rest, "missing", "drop")))
                .withMessageContaining("leaves no rows to test on");
        DataSplit dropped = load(text + "9,u,7.5,test\n", with(rest, "missing", "drop"));
        assertThat(train(dropped)).containsExactly(1, 1, 0, 3, 0, 1);
        assertThat(dropped.testTargets()).containsExactly(7.5f);
        assertThat(dropped.source()).isEqualTo("t.csv, 4 of 7 rows dropped");
    }

    private static Object[] with(Object[] options, Object... more) {
        Object[] all = Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return all;
    }

    @Test
    void droppedRowsAreNoneOfThoseThatAreDrawn() throws IOException {
        StringBuilder text = new StringBuilder("x,y\n");
        for (int i = 0; i < 60; i++) {
            text.append(i % 6 == 0 ? "" : i).append(',').append(i / 2.0).append('\n');
        }

        DataSplit split =
                load(
                        text.toString(),
                        "target",
                        "y",
                        "test",
                        0.2,
                        "missing",
                        "drop",
                        "standardise",
                        "none");

        assertThat(split.trainRows()).isEqualTo(40);
        assertThat(split.testRows()).isEqualTo(10);
        assertThat(split.source()).isEqualTo("t.csv, 10 of 60 rows dropped");
        for (int i = 0; i < 40; i++) {
            assertThat(train(split)[i]).isEqualTo(2 * split.trainTargets()[i]);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b,y\n1.5,u,2.5\n2.5,v,3.5\n3.5,u,4.5\n",
                "a;b;y\n1,5;u;2,5\n2,5;v;3,5\n3,5;u;4,5\n",
                "a\tb\ty\r\n1.5\tu\t2.5\r\n2.5\tv\t3.5\r\n\r\n3.5\tu\t4.5",
                "a|b|y\r1.5|u|2.5\r2.5|v|3.5\r3.5|u|4.5\r",
                "  a  b\t y\n 1.5   u 2.5  \n2.5 v\t\t3.5\n3.5 u 4.5\n\n",
                "a, b, y\n1.5, u, 2.5\n2.5, \"v\", 3.5\n3.5, u, 4.5\n",
                "'a','b','y'\n'1.5','u','2.5'\n'2.5','v','3.5'\n'3.5','u','4.5'\n",
                "\"a\",\"b\",\"y\"\n\"1,5\",\"u\",\"2,5\"\n\"2,5\",\"v\",\"3,5\"\n\"3,5\",\"u\","
                        + "\"4,5\"\n"
            })
    void formatIsFound(String text) throws IOException {
        DataSplit split =
                load(text, "target", "y", "test", 0.34, "standardise", "none", "split-seed", 1);

        assertThat(split.digest())
                .isEqualTo(
                        load(
                                        "1.5~u~2.5\n2.5~v~3.5\n3.5~u~4.5",
                                        "target",
                                        3,
                                        "test",
                                        0.34,
                                        "standardise",
                                        "none",
                                        "split-seed",
                                        1,
                                        "separator",
                                        "~")
                                .digest());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "windows-1252", "UTF-16LE", "UTF-16BE", "UTF-32LE"})
    void encodingIsFound(String encoding) throws IOException {
        String text = "größe,kind,y\n1,é,2.5\n2,ü,3.5\n3,é,4.5\n";
        String mark = encoding.startsWith("UTF-") ? "\uFEFF" : "";
        Files.write(folder.resolve("t.csv"), (mark + text).getBytes(Charset.forName(encoding)));

        DataSplit split = again("target", "y", "test", 0.34, "types", Map.of("größe", "category"));

        assertThat(split.sampleShape()).isEqualTo(new Shape(4));
        assertThat(load(text, "target", "y", "test", 0.34, "types", Map.of("größe", "category")))
                .extracting(DataSplit::digest)
                .isEqualTo(split.digest());
    }

    @Test
    void bytesThatAreNoLettersAreNamed() throws IOException {
        byte[] text = "a,y\nu,1.5\nv,2.5\n".getBytes(StandardCharsets.UTF_8);
        text[8] = (byte) 0x81; // Of no letter in windows-1252 either.
        Files.write(folder.resolve("t.csv"), text);

        assertThatIOException()
                .isThrownBy(() -> again("target", "y", "test", 0.5))
                .withMessageStartingWith("t.csv:2: column 2 has bytes that are no letters in");
        Files.write(
                folder.resolve("t.csv"), "a,y\nu,1.5\nv,2.5\n".getBytes(StandardCharsets.UTF_16LE));
        assertThatIOException()
                .isThrownBy(() -> again("target", "y", "test", 0.5))
                .withMessageContaining("encoding: UTF-16LE");
        assertThat(
                        again("target", 1, "test-file", "t.csv", "encoding", "UTF-16LE")
                                .signature()
                                .task())
                .isEqualTo(Task.CLASSIFICATION);
    }

    @Test
    void gzipIsDecompressed() throws IOException {
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("t.csv.gz")))) {
            out.write(HOUSES.getBytes(StandardCharsets.UTF_8));
        }
        Object[] rest = {"target", "price", "split-column", "part", "unsuitable", "ignore"};

        assertThat(again(with(rest, "file", "t.csv.gz")).digest())
                .isEqualTo(load(HOUSES, rest).digest());
    }

    @Test
    void quotedValuesMayHaveSeparatorsQuotesAndLines() throws IOException {
        DataSplit split =
                load(
                        "c,y\n\"a, \"\"b\"\"\n\",1.5\n\"d\",2.5\n,3.5\n",
                        "target",
                        "y",
                        "test-file",
                        "t.csv",
                        "missing",
                        "mean",
                        "standardise",
                        "none");

        assertThat(train(split)).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1);
        assertThatIOException()
                .isThrownBy(
                        () ->
                                load(
                                        "c,y\n\"a\n\",1.5\n\"b\",2.5\nu,oops\n",
                                        "target",
                                        "y",
                                        "task",
                                        "regression",
                                        "test",
                                        0.5))
                .withMessageStartingWith("t.csv:5: column \"y\": the target \"oops\"");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({
        "'0,1,0,1', CLASSIFICATION, 2",
        "'1.0,1,2,2', CLASSIFICATION, 2",
        "'a,b,c,a', CLASSIFICATION, 3",
        "'true,false,true,false', CLASSIFICATION, 2",
        "'0.5,1,0.5,1', REGRESSION, 1",
        "'-5,1e3,.5,7.', REGRESSION, 1"
    })
    void taskIsFound(String targets, Task task, int outputs) throws IOException {
        DataSplit split = load(rows(targets), "target", "y", "test-file", "t.csv");

        assertThat(split.signature().task()).isEqualTo(task);
        assertThat(split.outputs()).isEqualTo(outputs);
    }

    private static String rows(String targets) {
        return "x,y\n0," + targets.replace(",", "\n0,").replaceFirst("0,", "1,") + "\n";
    }

    @Test
    void classesAreInTheOrderOfTheirNumbers() throws IOException {
        DataSplit split =
                load(
                        rows("10,9,10.0,2"),
                        "target",
                        "y",
                        "task",
                        "classification",
                        "test-file",
                        "t.csv");

        assertThat(split.trainTargets()).containsExactly(2, 1, 2, 0);
        assertThatIOException()
                .isThrownBy(() -> again("target", "y", "test-file", "t.csv"))
                .withMessage(
                        "t.csv: column \"y\": the target has 3 different whole numbers, which may"
                                + " be classes or amounts. Say task: classification or task:"
                                + " regression.");
    }

    @Test
    void typesOverrideWhatIsFound() throws IOException {
        String text = "zip,y\n01000,1.5\n02000,2.5\n1000,3.5\n";

        assertThat(load(text, "target", "y", "test-file", "t.csv").sampleShape())
                .isEqualTo(new Shape(1));
        assertThat(
                        load(
                                        text,
                                        "target",
                                        "y",
                                        "test-file",
                                        "t.csv",
                                        "types",
                                        Map.of("zip", "category"))
                                .sampleShape())
                .isEqualTo(new Shape(3));
    }

    static List<Object[]> refused() {
        return List.of(
                refused("", "is empty"),
                refused("x,y\n", "t.csv has no rows below its header"),
                refused("x,y\n1;2;3\n1\t2\t3\t4\n", "separator: comma"),
                refused("x,y\n1,2.5\n1,2,3\n", "t.csv:3: the row has 3 values"),
                refused(
                        "x,y\n1,2.5\n1,2,3\n",
                        "t.csv:3: the row has 3 values, but there are 2 columns",
                        "separator",
                        "comma"),
                refused("x,y\n1,2.5\n2,3.5\n", "has no column \"z\"", "target", "z"),
                refused("x,y\n1,2.5\n2,3.5\n", "there are x, y.", "ignore", List.of(3)),
                refused(
                        "x,x\n1,2.5\n2,3.5\n",
                        "columns 1 and 2 are both named \"x\"",
                        "header",
                        true),
                refused("x,y\n1,2.5\n2,3.5\n", "no column left", "ignore", List.of("x")),
                refused("x,y\n1,2.5\n2,3.5\n", "cannot be ignored", "ignore", List.of("y")),
                refused(
                        "x,y\n2020-01-02,2.5\n2020-01-03,3.5\n",
                        "t.csv:2: column \"x\": \"2020-01-02\" is a date"),
                refused(
                        "x,y\na,2.5\nb,3.5\nc,4.5\n",
                        "t.csv:2: column \"x\": \"a\" is no number, and there are more than 2",
                        "category-limit",
                        2),
                refused(
                        "x,y\n1.5,2.5\n\"1,234\",3.5\n1.2.3,4.5\n",
                        "t.csv:3: column \"x\": \"1,234\" is no number",
                        "types",
                        Map.of("x", "number")),
                refused("x;y\n1,234;2\n1,235;3\n", "may be a fraction or thousands"),
                refused(
                        "x,y\n1,2.5\n2,3.5\n3,4.5\n",
                        "more than 2 different values",
                        "types",
                        Map.of("x", "category"),
                        "category-limit",
                        2),
                refused(
                        "x,y\n1,a\n2,b\n3,b\n",
                        "the class \"a\" is in no training row",
                        "test",
                        0.6),
                refused("x,y\n1,2.5\n1,3.5\n1,4.5\n", "all features are the same"),
                refused("x,y\n1,2.5\n2,2.5\n3,2.5\n", "the target is the same"),
                refused("x,y\n1,a\n2,a\n3,a\n", "one class only"),
                refused("x,z,y\n1,,2.5\n2,,3.5\n", "column \"z\": it has no value in any row"),
                refused("x,y\n1,1e99\n2,3.5\n3,4.5\n", "t.csv:2: column \"y\": 1e99 is too large"),
                refused("x,y\n1e60,1.5\n2,3.5\n3,4.5\n", "t.csv:2: column \"x\": 1e60 is too"),
                refused("x,y\n1,\"2.5\n2,3.5\n", "quote", "separator", "comma"),
                refused(
                        "x,y\n\"1\"2,2.5\n2,3.5\n", "t.csv:2: something follows a closed quote",
                        "separator", "comma"),
                refused("PK\u0003\u0004", "a workbook or a zip archive"),
                refused("x,y\n1,2.5\n2,3.5\n", "There is no file", "file", "none.csv"),
                refused("x,y\n1,2.5\n2,3.5\n", "is a directory", "file", "."),
                refused(
                        "x,y,p\n1,2.5,train\n2,3.5,tset\n",
                        "it says \"tset\"",
                        "test",
                        null,
                        "split-column",
                        "p"),
                refused(
                        "x,y,p\n1,2.5,train\n2,3.5,train\n",
                        "no rows to test on",
                        "test",
                        null,
                        "split-column",
                        "p"));
    }

    private static Object[] refused(String text, String message, Object... options) {
        return new Object[] {text, message, options};
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNoTableIsRefusedWithThePlace(String text, String message, Object[] options)
            throws IOException {
        Files.writeString(folder.resolve("t.csv"), text);
        Map<String, Object> given = new HashMap<>(Map.of("file", "t.csv"));
        given.put("target", "y");
        given.put("test", 0.34);
        for (int i = 0; i < options.length; i += 2) {
            given.put((String) options[i], options[i + 1]);
        }
        given.values().removeIf(Objects::isNull);
        Options all = CSV.complete(Options.of(CSV.options(), given));

        assertThatIOException()
                .isThrownBy(() -> CSV.load(context, all))
                .withMessageContaining(message);
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> again("target", "y"))
                .withMessageContaining("found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> again("target", "y", "test", 0.2, "test-file", "e.csv"))
                .withMessageContaining("found several");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> again("target", "y", "test", 1))
                .withMessageContaining("above 0 and below 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> again("target", "y", "test-file", "e.csv", "split-seed", 1))
                .withMessageContaining("\"split-seed\" draws");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> again("target", "y", "test", 0.2, "types", Map.of("x", "date")))
                .withMessageContaining("number or category");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> again("target", "y", "test", 0.2, "separator", "::"))
                .withMessageContaining("one character");
    }

    @Test
    void rowThatDoesNotEndIsRefusedBeforeItFillsTheMemory() throws IOException {
        Path file = folder.resolve("t.csv");
        Files.writeString(file, "x,y\n1,2.5\n");
        byte[] line = "\"2,3.5\n".repeat(1 << 13).getBytes(StandardCharsets.UTF_8);
        line[0] = '"';
        for (int i = 1; i < line.length; i++) {
            line[i] = line[i] == '"' ? (byte) '1' : line[i];
        }
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            out.write(line);
            line[0] = '1';
            for (int i = 0; i < 400; i++) {
                out.write(line);
            }
        }

        assertThatIOException()
                .isThrownBy(() -> again("target", "y", "test", 0.2, "separator", "comma"))
                .withMessageStartingWith("t.csv:3: the row is longer than 16,777,216 letters");
    }

    @Test
    void onlyTheFirstRowsAreRead() throws IOException {
        DataSplit split =
                load("x,y\n1,1.5\n2,2.5\n3,3.5\n4,oops\n", "target", "y", "test", 0.34, "rows", 3);

        assertThat(split.trainRows() + split.testRows()).isEqualTo(3);
    }

    @Test
    void tableThatDoesNotFitIsRefusedWithWhatToDo() {
        assertThatIOException()
                .isThrownBy(
                        () ->
                                DataMemory.require(
                                        "t.csv", 10_000_000, 100, "Or ignore columns.", 1L << 31))
                .withMessage(
                        "t.csv: 10,000,000 rows of 100 numbers take 4.1 GB. This Java may use 2.1"
                                + " GB, of which data may take 60 %. Give it more, such as"
                                + " JAVA_TOOL_OPTIONS=-Xmx7g. Or ignore columns.");
        assertThatIOException()
                .isThrownBy(
                        () -> DataMemory.require("t.csv", 1 << 30, 2, "Or less.", Long.MAX_VALUE))
                .withMessageContaining("More than 2,000,000,000 numbers");
    }

    @Test
    void digestIsOfTheValuesAndTheSplit() throws IOException {
        Object[] rest = {"target", "price", "split-column", "part", "unsuitable", "ignore"};
        DataSplit split = load(HOUSES, rest);

        // Written in another way, the table is the same one.
        assertThat(load(HOUSES.replace(",", ";").replace(".5", ".50"), rest).digest())
                .isEqualTo(split.digest());
        assertThat(load(HOUSES.replace("30.5", "30.6"), rest).digest())
                .isNotEqualTo(split.digest());
        assertThat(load(HOUSES, with(rest, "standardise", "features")).digest())
                .isNotEqualTo(split.digest());
        assertThat(load(HOUSES.replace("validation", "train"), rest).digest())
                .isNotEqualTo(split.digest());
        assertThat(ByteBuffer.wrap(HexFormat.of().parseHex(split.digest())).remaining())
                .isEqualTo(32);
    }
}
