// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxFormatTest {

    private static final byte[] IMAGES = {
        0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40
    };
    private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 7, 9};

    @Test
    void imagesAndLabelsGoTogether() throws IOException {
        RawImages images = IdxFormat.read(IMAGES, LABELS, 10);

        assertThat(images.shape()).isEqualTo(new Shape(1, 1, 2));
        assertThat(images.pixels()).containsExactly(10, 20, 30, 40);
        assertThat(images.targets()).containsExactly(7, 9);
        assertThat(images.meanImage()).containsExactly(20, 30);
    }

    @Test
    void malformedFilesAreRefused() {
        assertThatIOException()
                .isThrownBy(() -> IdxFormat.read(LABELS, LABELS, 10))
                .withMessageContaining("the file of images does not start as an idx file");
        assertThatIOException()
                .isThrownBy(() -> IdxFormat.read(Arrays.copyOf(IMAGES, 18), LABELS, 10))
                .withMessage(
                        "the file of images announces [2, 1, 2] values but has 2 bytes of them");
        assertThatIOException()
                .isThrownBy(
                        () -> IdxFormat.read(IMAGES, new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7}, 10))
                .withMessage("there are 2 images, but 1 labels");
    }

    @Test
    void aLabelThatNamesNoClassIsRefused() {
        assertThatIOException()
                .isThrownBy(() -> IdxFormat.read(IMAGES, LABELS, 9))
                .withMessage("image 1 has the label 9, but classes are numbered from 0 to 8");
    }

    /** The type 9 is that of signed bytes; the third number counts the dimensions. */
    @ParameterizedTest
    @CsvSource({"2, 9", "3, 1", "0, 1"})
    void aWrongMagicNumberIsRefused(int position, byte value) {
        byte[] images = IMAGES.clone();
        images[position] = value;

        assertThatIOException()
                .isThrownBy(() -> IdxFormat.read(images, LABELS, 10))
                .withMessage(
                        "the file of images does not start as an idx file of unsigned bytes in 3"
                                + " dimensions");
    }
}
