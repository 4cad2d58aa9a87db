// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {

    @ParameterizedTest
    @CsvSource({
        "California Housing 64-32, california-housing-64-32",
        "../../x, x",
        "σ ≤ ², unnamed",
        "'', unnamed",
        "C:\\con.txt, c-con-txt"
    })
    void whatFileNamesHadBetterNotHaveIsLeftOut(String text, String slug) {
        assertThat(FileNames.slug(text)).isEqualTo(slug);
    }

    @Test
    void namesAreNoLongerThanFileSystemsAllow() {
        assertThat(FileNames.slug("x".repeat(5_000))).hasSize(120);
    }

    @Test
    void aNameIsGivenOnce() {
        FileNames names = new FileNames();

        assertThat(names.unique("a")).isEqualTo("a");
        assertThat(names.unique("a")).isEqualTo("a-2");
        assertThat(names.unique("a-2")).isEqualTo("a-2-2");
        assertThat(names.unique("a")).isEqualTo("a-3");
    }
}
