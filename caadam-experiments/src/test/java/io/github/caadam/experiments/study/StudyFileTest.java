// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no studies: one sentence with file, line, column and what is allowed. */
class StudyFileTest {

    private static final String STUDY =
            """
            name: x
            dataset: friedman1
            models: ["mlp:4"]
            optimizers:
              - adam
              - {name: nadam, learning-rate: 0.01}
            protocol: paper
            runs: 3
            """;

    @TempDir private Path directory;

    /** Each replaces one part of a good file by a bad one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Whole numbers.
                "runs: 3 | runs: 2.9 | 8:7: the number of runs must be a whole number, without"
                        + " leading zeros, found 2.9.",
                "runs: 3 | runs: 010 | 8:7: the number of runs must be a whole number, without"
                        + " leading zeros, found 010.",
                "runs: 3 | runs: 0x10 | leading zeros, found 0x10.",
                "runs: 3 | runs: 1_000 | leading zeros, found \"1_000\".",
                "runs: 3 | 'runs: \"3\"' | leading zeros, found \"3\".",
                "runs: 3 | runs: many | leading zeros, found \"many\".",
                "runs: 3 | runs: | leading zeros, found nothing.",
                "runs: 3 | runs: [3] | leading zeros, found a list.",
                "runs: 3 | runs: 0 | must be 1 or more, found 0.",
                "runs: 3 | runs: -3 | must be 1 or more, found -3.",
                "runs: 3 | runs: 3000000000 | a whole number of 1 to 2147483647, found 3000000000.",
                "runs: 3 | 'runs: 3\n"
                        + "max-epochs: 1e3' | 9:13: \"max-epochs\" must be a whole number",
                // Numbers.
                "0.01 | 1,5 | 6:36: a key must be text, found 5; put it in quotes.",
                "0.01 | '\"0.01\"' | 6:34: \"learning-rate\" must be a number, tuned or {tuned-as:"
                        + " OPTIMIZER}, found \"0.01\".",
                "0.01 | best | must be a number, tuned or {tuned-as: OPTIMIZER}, found \"best\".",
                "0.01 | 00.1 | OPTIMIZER}, found 00.1.",
                "0.01 | .nan | OPTIMIZER}, found .nan.",
                "0.01 | 1e999 | 6:34: \"learning-rate\" must be a finite number, found 1e999.",
                "0.01 | -1 | 6:5: The learning rate must be a finite number above 0, found -1.0.",
                "0.01 | '{tuned-as: sgd}' | Unknown optimizer \"sgd\"; valid are: adam",
                "0.01 | '{tunedas: adam}' | \"tunedas\" is no key of a learning rate, which may"
                        + " have tuned-as; did you mean \"tuned-as\"?",
                "0.01 | tuned | 1:1: The study x has tuned learning rates, but does not say under",
                // Texts and lists.
                "name: x | name: 2024 | 1:7: the name must be text, found 2024; put it in quotes.",
                "name: x | name: true | found true; put it in quotes.",
                "name: x | name: [a] | the name must be text, found a list.",
                "name: x | name: ../../x | 1:7: A name is of letters, digits and . _ + -, begins"
                        + " with",
                "name: x | name: a/b | 1:7: A name is of letters, digits",
                "- adam | - | 5:4: an optimizer must be text, found nothing.",
                "- adam | - ~ | 5:5: an optimizer must be text, found nothing.",
                "- adam | - [adam] | 5:5: an optimizer must be a map of the keys name, gamma",
                "- adam | - {} | 5:5: an optimizer has no \"name\".",
                "- adam | - sgd | 5:5: Unknown optimizer \"sgd\"; valid are: adam, adamw",
                "'[\"mlp:4\"]' | mlp:4 | 3:9: the models must be a list, found \"mlp:4\".",
                "'[\"mlp:4\"]' | '{}' | 3:9: the models must be a list, found a map with",
                "'[\"mlp:4\"]' | '[]' | 3:9: the models must not be empty.",
                "'[\"mlp:4\"]' | '[vgg]' | 3:10: Unknown model \"vgg\"; valid are mlp: followed by",
                "'[\"mlp:4\"]' | '[\"mlp:4\", resnet20]' | 3:19: the model resnet20 cannot be"
                        + " trained on friedman1, a regression on a table; models for it are mlp:"
                        + " followed",
                "friedman1 | cifar10 | 3:10: the model mlp:4 cannot be trained on cifar10, a"
                        + " classification of images; the model for it is resnet20.",
                "'[\"mlp:4\"]' | '[{name: \"mlp:4\", runs: 3}]' | 3:32: \"runs\" must be fewer than"
                        + " the study's 3, found 3.",
                "'[\"mlp:4\"]' | '[{name: \"mlp:4\", runs: 0}]' | \"runs\" must be 1 or more, found"
                        + " 0.",
                "friedman1 | mnist | 2:10: Unknown data set \"mnist\"; valid are:"
                        + " california-housing",
                "paper | notbook | 7:11: Unknown protocol \"notbook\"; valid are: paper, notebook",
                "runs: 3 | 'runs: 3\n"
                        + "execution: fast' | 9:12: Unknown execution \"fast\"; valid are:",
                "name: nadam, | 'name: \"caadam:depth\", factors: mean, ' | Unknown factors"
                        + " \"mean\"; valid are: averaged",
                "name: nadam, | 'name: nadam, convention: keras,' | must be paper or reference,"
                        + " found",
                "runs: 3 | 'runs: 3\n"
                        + "tune: {learning-rates: [0.1, 1], runs: 1}' | 9:7: \"tune\" says which"
                        + " learning rates are tried, but no optimizer has",
                // Keys.
                "runs: 3 | 'runs: 3\nruns: 4' | 9:1: the key \"runs\" was given in line 8 already.",
                "runs: 3 | 'runs: 3\n"
                        + "nonsense: 1' | 9:1: \"nonsense\" is no key of a study, which may have name,"
                        + " description, dataset, datasets,",
                "protocol | protocoll | 7:1: \"protocoll\" is no key of a study, which may have"
                        + " name,",
                "protocol | protocoll | ; did you mean \"protocol\"?",
                "learning-rate | learning_rate | 6:19: \"learning_rate\" is no key of an"
                        + " optimizer,",
                "name: nadam, | 'name: nadam, name: adam,' | the key \"name\" was given in line 6",
                "name: x | description: x | 1:1: a study has no \"name\".",
                "runs: 3 | 'runs: 3\ndatasets: [friedman1]' | 9:11: a study has \"dataset\" or",
                "name: x | '1: x' | 1:1: a key must be text, found 1; put it in quotes.",
                "name: x | '[a]: x' | 1:1: a key must be text, found a list.",
                // What YAML has, and studies have not.
                "name: x | '<<: {runs: 2}' | \"<<\" is no key of a study",
                "name: x | name: !!str x | 1:7: tags such as tag:yaml.org,2002:str are not read.",
                "runs: 3 | 'runs: 3\n---\nruns: 4' | 9:1: a second document begins here; only one",
                "runs: 3 | '\truns: 3' | 8:1: this is not YAML: while scanning for the next token,",
                "'[\"mlp:4\"]' | '[' | is not YAML: while parsing a flow",
                "'[\"mlp:4\"]' | '&a [*a]' | 3:13: the alias *a names nothing that ends before it.",
                "'[\"mlp:4\"]' | '*nowhere' | 3:9: the alias *nowhere names nothing",
                "name: x | 'name: \"\\0\"' | A name is of letters, digits",
            })
    void brokenFilesAreRefusedInOneSentence(String good, String bad, String fault)
            throws IOException {
        assertThat(STUDY).contains(good);

        assertRefused(STUDY.replaceFirst(Pattern.quote(good), quoted(bad)), fault);
    }

    private static String quoted(String text) {
        return Matcher.quoteReplacement(text == null ? "" : text.replace("\\0", "\\u0007"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tune: {learning-rates: [0.1], runs: 1} | Tuning needs 2 or more learning rates",
                "tune: {learning-rates: [0, 0.1], runs: 1} | needs 2 or more learning rates above"
                        + " 0",
                "tune: {learning-rates: [0.1, 1]} | \"tune\" has no \"runs\".",
                "tune: {learning-rates: [0.1, 1], runs: 1.5} | \"runs\" must be a whole number",
            })
    void unclearBudgetsAreRefused(String tune, String fault) throws IOException {
        assertRefused(STUDY.replace("0.01", "tuned") + tune + "\n", fault);
    }

    @ParameterizedTest
    @CsvSource({"'', holds nothing", "' ', holds nothing", "'# only a remark', holds nothing"})
    void emptyFilesAreRefused(String text, String fault) throws IOException {
        assertRefused(text, "1:1: the file " + fault);
    }

    @Test
    void filesThatHoldNoMapAreRefused() throws IOException {
        assertRefused("~", "1:1: a study must be a map of the keys name, description");
        assertRefused("hello", "1:1: a study must be a map of the keys");
        assertRefused("[1, 2]", "1:1: a study must be a map of the keys");
    }

    @Test
    @Timeout(20)
    void aliasesThatUnfoldToVeryManyValuesAreRefused() throws IOException {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String before = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + (before + ", ").repeat(9) + before + "]\n");
        }
        assertRefused(bomb.toString(), "there are more than 100000 values, aliases unfolded.");
    }

    @Test
    @Timeout(20)
    void deepAndLongFilesAreRefused() throws IOException {
        assertRefused("[".repeat(400_000), "1:22: lists and maps are nested more than 20 deep.");
        assertRefused("{a: ".repeat(100_000), "lists and maps are nested more than 20 deep.");
        assertRefused("[x" + ",x".repeat(200_000) + "]", "there are more than 100000 values");
        String file = write("# " + "x".repeat(1 << 20));
        assertThatIOException()
                .isThrownBy(() -> StudyReader.read(file))
                .withMessage(file + " has more than 1048576 bytes, which no study needs.");
    }

    @Test
    void textsInOtherEncodingsAreRefusedAndAByteOrderMarkIsNot() throws IOException {
        String plain = write(STUDY);
        Study expected = StudyReader.read(plain);

        assertThat(StudyReader.read(write("\uFEFF" + STUDY))).isEqualTo(expected);
        Files.write(Path.of(plain), STUDY.getBytes(StandardCharsets.UTF_16));
        assertThatIOException()
                .isThrownBy(() -> StudyReader.read(plain))
                .withMessage(plain + " is not text in UTF-8.");
    }

    @Test
    void aliasesMayBeUsedForWhatIsSaidTwice() throws IOException {
        String shared =
                STUDY.replace("0.01", "&rate 0.01")
                        .replace("- adam\n", "- adamax\n")
                        .replace("protocol", "  - {name: adam, learning-rate: *rate}\nprotocol");

        assertThat(StudyReader.read(write(shared)).optimizers())
                .extracting(optimizer -> optimizer.learningRate())
                .containsExactly(0.001, 0.01, 0.01);
    }

    /** Random cuts, swaps and insertions in a good file. */
    @Test
    @Timeout(60)
    void nothingButASentenceComesOfDamagedFiles() throws IOException {
        Random random = new Random(23);
        String pieces = "\t\n :-[]{}&*!|>'\"%@`#,?~\u0000\u00e4\ud83d0.";
        List<String> messages = new ArrayList<>();
        for (int trial = 0; trial < 2_000; trial++) {
            StringBuilder text = new StringBuilder(STUDY);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                    default -> text.setCharAt(at, text.charAt(random.nextInt(text.length())));
                }
            }
            try {
                StudyReader.read(write(text.toString()));
            } catch (IOException e) {
                messages.add(e.getMessage());
            }
        }

        assertThat(messages)
                .hasSizeGreaterThan(1_000)
                .allMatch(
                        message -> message.matches(".*study.yaml(:\\d+:\\d+:)? [^\\n\\r\\t]*[.?]"));
    }

    private void assertRefused(String text, String fault) throws IOException {
        String file = write(text);
        assertThatIOException()
                .isThrownBy(() -> StudyReader.read(file))
                .withMessageStartingWith(file + ":")
                .withMessageContaining(fault)
                .withMessageNotContainingAny("\n", "\r");
    }

    private String write(String text) throws IOException {
        Path file = directory.resolve("study.yaml");
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        return file.toString();
    }
}
