// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=cmd|' /C calc'!A0",
                "+1",
                "-1",
                "@SUM(A1)",
                "\t=1",
                "＝1",
                "'=1",
                "''-1",
                "=a\nb"
            })
    void whatASpreadsheetWouldRunIsTextAndComesBack(String text) {
        assertThat(CsvText.guard(text)).isEqualTo("'" + text);
        assertThat(CsvText.unguard(CsvText.guard(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64-32", "Adam none", "'quoted'", "'", "lr=0.1", "σ ≤ 2"})
    void allElseStaysAsItIs(String text) {
        assertThat(CsvText.guard(text)).isEqualTo(text);
        assertThat(CsvText.unguard(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\u0007", "a\nb", "\u202egnp", "a\u2028b", "\ud83d"})
    void whatCannotBePrintedIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CsvText.requirePrintable("optimizer", text))
                .withMessageStartingWith("The optimizer has characters that cannot be printed")
                .withMessageContaining("\ufffd");
    }

    @Test
    void lettersOfAllScriptsAndPicturesArePrintable() {
        assertThat(CsvText.requirePrintable("name", "größe 数据 \ud83d\ude00 σ²"))
                .isEqualTo("größe 数据 \ud83d\ude00 σ²");
    }
}
