// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.NameFamily;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the page of the study format to the code; {@code -Dstudies.write=true} writes it anew. */
class StudyDocumentTest {

    private static final Path PAGE = Path.of("../docs/studies.md");
    private static final String BEGIN = "<!-- format: begin -->\n";
    private static final String END = "<!-- format: end -->\n";

    private static final Catalog CATALOG = Catalog.ofSuite();

    @Test
    void pageHasEveryKeyAndEveryComponent() throws IOException {
        String page = Files.readString(PAGE);
        int from = page.indexOf(BEGIN) + BEGIN.length();
        int to = page.indexOf(END);
        String made = "\n" + keys() + components() + "\n";
        if (Boolean.getBoolean("studies.write")) {
            Files.writeString(PAGE, page.substring(0, from) + made + page.substring(to));
        } else {
            assertThat(page.substring(from, to))
                    .as("docs/studies.md; -Dstudies.write=true writes it")
                    .isEqualTo(made);
        }
    }

    private static String keys() {
        StringBuilder text = new StringBuilder();
        table(text, "A study", StudyFormat.STUDY);
        text.append(
                """
                A component is a name, or a map with one of `name`, `class` and `file`. Beside it may stand `options`.
                Data, models and optimizers may also have:

                | key | what it says |
                |---|---|
                | `label` | What tables call it. |
                | `seeds` | Fewer runs than the study's `seeds`. |
                | `grid` | A row for each combination of values: `{beta: [0.9, 0.99]}`. Coupled keys go together: `{"beta, weight-decays": [[0.9, 0], [0.99, 0.01]]}`. |
                | `tune` | Values of which one is chosen for each row and problem: `{learning-rate: [0.001, 0.01]}`; or `{as: LABEL}`, what was chosen for another row. |

                """);
        for (FormatKey key : StudyFormat.STUDY) {
            nested(text, key);
        }
        return text.toString();
    }

    private static void nested(StringBuilder text, FormatKey key) {
        if (key.value() instanceof FormatKey.Nested map) {
            table(text, "`" + key.name() + "`", map.keys());
            map.keys().forEach(inner -> nested(text, inner));
        }
    }

    private static void table(StringBuilder text, String title, List<FormatKey> keys) {
        text.append("### ")
                .append(title)
                .append("\n\n| key | value | what it says |\n|---|---|---|\n");
        for (FormatKey key : keys) {
            text.append("| `")
                    .append(key.name())
                    .append("` | ")
                    .append(value(key))
                    .append(" | ")
                    .append(key.description())
                    .append(" |\n");
        }
        text.append('\n');
    }

    private static String value(FormatKey key) {
        String value = words(key);
        return value + (key.required() ? "; **required**" : "");
    }

    private static String words(FormatKey key) {
        if (key.value() instanceof FormatKey.Plain plain) {
            return plain.option().allowed() + fallback(plain.option());
        }
        if (key.value() instanceof FormatKey.Nested nested) {
            return "a map" + (nested.word().isEmpty() ? "" : ", or " + nested.word());
        }
        if (key.value() instanceof FormatKey.OneComponent one) {
            return one.kind().noun();
        }
        if (key.value() instanceof FormatKey.Components several) {
            return "a list of components: " + several.kind().word();
        }
        if (key.value() instanceof FormatKey.Words words) {
            return "a list of " + String.join(", ", words.known());
        }
        if (key.value() instanceof FormatKey.NumbersByName numbers) {
            return "lists of numbers by " + numbers.description();
        }
        return "a map of options";
    }

    private static String fallback(Option<?> option) {
        return option.written().map(value -> "; " + value + " by default").orElse("");
    }

    private static String components() {
        StringBuilder text = new StringBuilder();
        for (Kind kind : Kind.values()) {
            text.append("### Names: ").append(kind.word()).append("\n\n");
            text.append("| name | what it is | options |\n|---|---|---|\n");
            for (Catalog.Entry entry : CATALOG.entries(kind)) {
                row(text, entry.factory().name(), entry.factory());
            }
            for (NameFamily family : CATALOG.families(kind)) {
                row(text, family.usage(), family);
            }
            text.append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static void row(StringBuilder text, String name, Named factory) {
        text.append("| `")
                .append(name)
                .append("` | ")
                .append(factory.description())
                .append(" | ")
                .append(
                        factory.options().stream()
                                .map(StudyDocumentTest::option)
                                .collect(Collectors.joining(" · ")))
                .append(" |\n");
    }

    private static String option(Option<?> option) {
        return "`"
                + option.name()
                + "` "
                + option.written()
                        .map(value -> "(" + value + ")")
                        .orElse(option.isRequired() ? "(**required**)" : "");
    }
}
