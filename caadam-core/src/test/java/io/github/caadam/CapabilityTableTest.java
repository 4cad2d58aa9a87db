// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Finds out by trainings what each optimizer can do, and holds the table in the docs to it. With
 * {@code -Dcapabilities.write} it writes the table.
 */
class CapabilityTableTest {

    private static final Path PAGE = Path.of("../docs/capabilities.md");
    private static final String BEGIN = "<!-- the table: made by CapabilityTableTest -->\n";
    private static final String END = "<!-- end of the table -->\n";

    @Test
    void docsSayWhatTrainingsShow() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String expected = head + table() + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("capabilities.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(PAGE)
                .as("The table; to write it anew, run this test with -Dcapabilities.write=true")
                .hasContent(expected);
    }

    private static String table() {
        List<AnyOptimizer> optimizers = AnyOptimizer.all();
        StringBuilder table = new StringBuilder();
        List<String> header = new ArrayList<>(List.of(""));
        optimizers.forEach(one -> header.add(one.name()));
        line(table, header);
        table.append("|---".repeat(header.size())).append("|\n");
        for (Capability capability : Capability.values()) {
            List<String> row = new ArrayList<>(List.of(capability.title()));
            optimizers.forEach(one -> row.add(capability.of(one)));
            line(table, row);
        }
        return table.toString();
    }

    private static void line(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
