// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.caadam.experiments.Suite;
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
            format: 1
            name: x
            data: [friedman1]
            models: ["mlp:4"]
            optimizers:
              - adam
              - {name: nadam, options: {learning-rate: 0.01}}
            protocol: {batch-size: 64, epochs: 9}
            seeds: 3
            """;

    @TempDir private Path directory;

    /** Each replaces one part of a good file by a bad one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The format.
                "format: 1 | ' ' | 2:1: a study says \"format: 1\"; this is none, or one of"
                        + " before,",
                "format: 1 | format: 2 | 1:9: \"format\" must be 1, the only one that this version",
                // Whole numbers.
                "seeds: 3 | seeds: 2.9 | 9:8: the number of seeds must be a whole number, without"
                        + " leading zeros, found 2.9.",
                "seeds: 3 | seeds: 010 | 9:8: the number of seeds must be a whole number, without"
                        + " leading zeros, found 010.",
                "seeds: 3 | seeds: 0x10 | leading zeros, found 0x10.",
                "seeds: 3 | seeds: 1_000 | leading zeros, found \"1_000\".",
                "seeds: 3 | 'seeds: \"3\"' | leading zeros, found \"3\".",
                "seeds: 3 | seeds: many | leading zeros, found \"many\".",
                "seeds: 3 | seeds: | leading zeros, found nothing.",
                "seeds: 3 | seeds: [3] | leading zeros, found a list.",
                "seeds: 3 | seeds: 0 | must be 1 or more, found 0.",
                "seeds: 3 | seeds: -3 | must be 1 or more, found -3.",
                "seeds: 3 | seeds: 3000000000 | a whole number of 1 to 2147483647, found"
                        + " 3000000000.",
                "epochs: 9 | epochs: 1e3 | 8:36: \"epochs\" must be a whole number",
                "seeds: 3 | '' | 1:1: a study has no \"seeds\".",
                "', epochs: 9' | '' | 8:11: a protocol has no \"epochs\".",
                // Numbers.
                "0.01 | 1,5 | 7:46: a key must be text, found 5; put it in quotes.",
                "0.01 | '\"0.01\"' | 7:44: \"learning-rate\" must be a number above 0, found 0.01.",
                "0.01 | best | 7:44: \"learning-rate\" must be a number above 0, found best.",
                "0.01 | 00.1 | \"learning-rate\" must be a number such as 0.001 or 1e-3, found"
                        + " 00.1.",
                "0.01 | .nan | \"learning-rate\" must be a number such as 0.001 or 1e-3, found"
                        + " .nan.",
                "0.01 | 1e999 | 7:44: \"learning-rate\" must be a finite number, found 1e999.",
                "0.01 | -1 | 7:44: \"learning-rate\" must be a number above 0, found -1.",
                "0.01 | ~ | 7:44: \"learning-rate\" must be text, found nothing.",
                // Texts and lists.
                "name: x | name: 2024 | 2:7: the name must be text, found 2024; put it in quotes.",
                "name: x | name: true | found true; put it in quotes.",
                "name: x | name: [a] | the name must be text, found a list.",
                "name: x | name: ../../x | 2:7: A name is of letters, digits and . _ + -, begins"
                        + " with",
                "name: x | name: a/b | 2:7: A name is of letters, digits",
                "- adam | - | 6:4: the name of an optimizer must be text, found nothing.",
                "- adam | - ~ | 6:5: the name of an optimizer must be text, found nothing.",
                "- adam | - [adam] | 6:5: an optimizer must be a map of the keys name, class, file",
                "- adam | - {} | 6:5: an optimizer has no \"name\", \"class\" or \"file\".",
                "- adam | '- {name: adam, class: A}' | 6:5: an optimizer has exactly one of name,"
                        + " class and file, found both name and class.",
                "- adam | '- {file: adam.bin}' | 6:12: No file is an optimizer; give a name.",
                "- adam | - best | 6:5: There is no optimizer \"best\"; there are adadelta",
                "'[\"mlp:4\"]' | mlp:4 | 4:9: the models must be a list, found \"mlp:4\".",
                "'[\"mlp:4\"]' | '{}' | 4:9: the models must be a list, found a map with",
                "'[\"mlp:4\"]' | '[]' | 4:9: the models must not be empty.",
                "'[\"mlp:4\"]' | '[vgg]' | 4:10: There is no model \"vgg\"; there are",
                "'[\"mlp:4\"]' | '[{file: a.txt}]' | 4:17: The file of a model ends with one of"
                        + " .pt,",
                "'[\"mlp:4\"]' | '[{file: a.pt}]' | a.pt.",
                "'[\"mlp:4\"]' | '[{name: \"mlp:4\", seeds: 3}]' | 4:33: \"seeds\" must be fewer"
                        + " than the study's 3, found 3.",
                "'[\"mlp:4\"]' | '[{name: \"mlp:4\", seeds: 0}]' | \"seeds\" must be 1 or more,"
                        + " found 0.",
                "'[\"mlp:4\"]' | '[{name: \"mlp:4\", label: a}, {name: \"mlp:5\", label: a}]' |"
                        + " 4:37: two of the study's are called a; give one another",
                "friedman1 | mnist | 3:8: There is no data \"mnist\"; there are",
                "seeds: 3 | 'seeds: 3\n"
                        + "execution: fast' | 10:12: Unknown execution \"fast\"; valid are:",
                "'name: nadam, options: {learning-rate: 0.01}' | 'name: \"caadam:depth\", options:"
                        + " {factors: mean}' | 7:5: Unknown factors \"mean\"; valid are: averaged",
                "'name: nadam, options: {learning-rate: 0.01}' | 'name: \"caadam:depth\", options:"
                        + " {convention: keras}' | \"convention\" must be one of paper, reference,"
                        + " found keras.",
                // Protocols.
                "epochs: 9 | 'epochs: 9, loss: mse' | 8:45: There is no loss \"mse\"; there are"
                        + " mean-squared-error",
                "epochs: 9 | 'epochs: 9, schedule: steps' | There is no schedule \"steps\"; there"
                        + " are constant, cosine",
                "epochs: 9 | 'epochs: 9, validation: 0.2' | \"validation\" must be data, or a map",
                "epochs: 9 | 'epochs: 9, validation: {share: 1}' | validation rows must be above 0"
                        + " and below 1, found 1.0.",
                "epochs: 9 | 'epochs: 9, validation: {share: 0.1, take: first}' | \"take\" must be"
                        + " last or shuffled, found \"first\".",
                "epochs: 9 | 'epochs: 9, early-stopping: 20' | \"early-stopping\" must be none, or"
                        + " a map",
                "epochs: 9 | 'epochs: 9, monitor: mae' | \"monitor\" goes with early-stopping or"
                        + " the schedule plateau; nothing here looks at it",
                "epochs: 9 | 'epochs: 9, early-stopping: {restore: first}' | \"restore\" must be"
                        + " best or last",
                "epochs: 9 | 'epochs: 9, initial-weights: zero' | must be shared or by-seed, found",
                "epochs: 9 | 'epochs: 9, weights-seed: 3' | 8:53: \"weights-seed\" goes with"
                        + " initial-weights: shared.",
                "epochs: 9 | 'epochs: 9, l2: -1' | L2 must be 0 or more, found 0, 0 and -1.0.",
                // Grids, tuning, comparisons.
                "'options: {learning-rate: 0.01}' | 'grid: {learning_rate: [1]}' | 7:26:"
                        + " \"learning_rate\" is no option of nadam",
                "'options: {learning-rate: 0.01}' | 'grid: {learning-rate: 1}' | 7:41:"
                        + " \"learning-rate\" must be a list, found 1.",
                "'options: {learning-rate: 0.01}' | 'grid: {\"beta1, beta2\": [0.9]}' | values of"
                        + " beta1, beta2 must be a list",
                "'options: {learning-rate: 0.01}' | 'grid: {\"beta1, beta2\": [[0.9]]}' | 2 values"
                        + " stand together for beta1, beta2, found 1.",
                "'options: {learning-rate: 0.01}' | 'grid: {beta1: [0.9], \"beta2, beta1\": [[0,"
                        + " 0]]}' | the grid has \"beta1\" twice.",
                "'0.01}' | '0.01}, grid: {learning-rate: [1]}' | stands in the options and is"
                        + " tried, too.",
                "'0.01}' | '0.01}, tune: {beta1: [0.9, 0.8]}' | 1:1: The study x tunes, but does"
                        + " not say under \"tuning\"",
                "'0.01}' | '0.01}, tune: {as: adam}' | no optimizer with \"tune\" is called adam;"
                        + " there are []",
                "seeds: 3 | 'seeds: 3\n"
                        + "tuning: {seeds: 1}' | 10:9: \"tuning\" is for optimizers with \"tune\"",
                "seeds: 3 | 'seeds: 3\n"
                        + "compare: {baseline: best}' | 10:21: no row is called best; there are adam,"
                        + " nadam lr=0.01.",
                "seeds: 3 | 'seeds: 3\n"
                        + "compare: {margin: 0}' | 10:19: \"margin\" must be above 0, found 0.",
                "seeds: 3 | 'seeds: 3\n"
                        + "optimizer-defaults: {gamma: 1}' | 10:22: no optimizer of the study has the"
                        + " option gamma.",
                // Keys.
                "seeds: 3 | 'seeds: 3\nseeds: 4' | 10:1: the key \"seeds\" was given in line 9"
                        + " already.",
                "seeds: 3 | 'seeds: 3\n"
                        + "nonsense: 1' | 10:1: \"nonsense\" is no key of a study, which may have"
                        + " format, name, description, data,",
                "protocol | protocoll | 8:1: \"protocoll\" is no key of a study, which may have"
                        + " format,",
                "protocol | protocoll | ; did you mean \"protocol\"?",
                "options | optoins | 7:19: \"optoins\" is no key of an optimizer,",
                "options | optoins | ; did you mean \"options\"?",
                "learning-rate | learning_rate | 7:29: \"learning_rate\" is no option of nadam,"
                        + " which has",
                "learning-rate | learning_rate | ; did you mean \"learning-rate\"?",
                "name: nadam, | 'name: nadam, name: adam,' | the key \"name\" was given in line 7",
                "name: x | description: x | 1:1: a study has no \"name\".",
                "name: x | '1: x' | 2:1: a key must be text, found 1; put it in quotes.",
                "name: x | '[a]: x' | 2:1: a key must be text, found a list.",
                // What YAML has, and studies have not.
                "name: x | '<<: {seeds: 2}' | \"<<\" is no key of a study",
                "name: x | name: !!str x | 2:7: tags such as tag:yaml.org,2002:str are not read.",
                "seeds: 3 | 'seeds: 3\n---\nseeds: 4' | 10:1: a second document begins here; only",
                "seeds: 3 | '\tseeds: 3' | 9:1: this is not YAML: while scanning for the next"
                        + " token,",
                "'[\"mlp:4\"]' | '[' | is not YAML: while parsing a flow",
                "'[\"mlp:4\"]' | '&a [*a]' | 4:13: the alias *a names nothing that ends before it.",
                "'[\"mlp:4\"]' | '*nowhere' | 4:9: the alias *nowhere names nothing",
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
                "learning-rate: [0.1] | seeds: 1 | Tuning needs 2 or more values that are tried,"
                        + " found 1.",
                "learning-rate: [0, 0.1] | seeds: 1 | \"learning-rate\" must be a number above 0,"
                        + " found 0.",
                "learning-rate: [0.1, 1] | by: validation-loss | \"tuning\" has no \"seeds\".",
                "learning-rate: [0.1, 1] | seeds: 1.5 | \"seeds\" must be a whole number",
                "learning-rate: [0.1, 1] | 'seeds: 1, by: loss' | \"by\" must be validation-loss,",
            })
    void unclearBudgetsAreRefused(String tune, String tuning, String fault) throws IOException {
        assertRefused(
                STUDY.replace("options: {learning-rate: 0.01}", "tune: {" + tune + "}")
                        + "tuning: {"
                        + tuning
                        + "}\n",
                fault);
    }

    @ParameterizedTest
    @CsvSource({"'', holds nothing", "' ', holds nothing", "'# only a remark', holds nothing"})
    void emptyFilesAreRefused(String text, String fault) throws IOException {
        assertRefused(text, "1:1: the file " + fault);
    }

    @Test
    void filesThatHoldNoMapAreRefused() throws IOException {
        assertRefused("~", "1:1: a study says \"format: 1\"; this is none");
        assertRefused("hello", "1:1: a study says \"format: 1\"; this is none");
        assertRefused("[1, 2]", "1:1: a study says \"format: 1\"; this is none");
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
                .isThrownBy(() -> StudyReader.read(file, Suite.CATALOG))
                .withMessage(file + " has more than 1048576 bytes, which no study needs.");
    }

    @Test
    void textsInOtherEncodingsAreRefusedAndAByteOrderMarkIsNot() throws IOException {
        String plain = write(STUDY);
        Study expected = StudyReader.read(plain, Suite.CATALOG);

        assertThat(StudyReader.read(write("\uFEFF" + STUDY), Suite.CATALOG)).isEqualTo(expected);
        Files.write(Path.of(plain), STUDY.getBytes(StandardCharsets.UTF_16));
        assertThatIOException()
                .isThrownBy(() -> StudyReader.read(plain, Suite.CATALOG))
                .withMessage(plain + " is not text in UTF-8.");
    }

    @Test
    void aliasesMayBeUsedForWhatIsSaidTwice() throws IOException {
        String shared =
                STUDY.replace("0.01", "&rate 0.01")
                        .replace("- adam\n", "- adamax\n")
                        .replace(
                                "protocol",
                                "  - {name: adam, options: {learning-rate: *rate}}\nprotocol");

        assertThat(StudyReader.read(write(shared), Suite.CATALOG).optimizers())
                .extracting(row -> row.component().options().asMap().get("learning-rate"))
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
                StudyReader.read(write(text.toString()), Suite.CATALOG);
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
                .isThrownBy(() -> StudyReader.read(file, Suite.CATALOG))
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
