package io.github.caadam.experiments.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class IdxFormatTest {

    private static final byte[] IMAGES = {
        0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40
    };
    private static final byte[] LABELS = {0, 0, 8, 1, 0, 0, 0, 2, 7, 9};

    @Test
    void imagesAndLabelsGoTogether() throws IOException {
        RawImages images = IdxFormat.read(IMAGES, LABELS);

        assertThat(images.shape()).isEqualTo(new Shape(1, 1, 2));
        assertThat(images.pixels()).containsExactly(10, 20, 30, 40);
        assertThat(images.targets()).containsExactly(7, 9);
        assertThat(images.meanImage()).containsExactly(20, 30);
    }

    @Test
    void malformedFilesAreRefused() {
        assertThatIOException()
                .isThrownBy(() -> IdxFormat.read(LABELS, LABELS))
                .withMessageContaining("the file of images does not start as an idx file");
        assertThatIOException()
                .isThrownBy(() -> IdxFormat.read(Arrays.copyOf(IMAGES, 18), LABELS))
                .withMessage(
                        "the file of images announces [2, 1, 2] values but has 2 bytes of them");
        assertThatIOException()
                .isThrownBy(() -> IdxFormat.read(IMAGES, new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 7}))
                .withMessage("there are 2 images, but 1 labels");
    }
}
