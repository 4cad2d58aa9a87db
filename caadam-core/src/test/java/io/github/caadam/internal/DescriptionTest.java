// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class DescriptionTest {

    @Test
    void valuesAreReadByTheirTypes() {
        Description description =
                Description.of(
                        Map.of(
                                "rate",
                                0.5,
                                "seed",
                                3.0,
                                "on",
                                true,
                                "name",
                                "depth",
                                "paths",
                                List.of("a", "b"),
                                "unit",
                                "DAYS",
                                "of",
                                Map.of("gamma", 2)));

        assertThat(description.floatNumber("rate")).isEqualTo(0.5f);
        assertThat(description.floatNumber("other", 7)).isEqualTo(7f);
        assertThat(description.doubleNumber("rate")).isEqualTo(0.5);
        assertThat(description.wholeNumber("seed")).isEqualTo(3);
        assertThat(description.flag("on")).isTrue();
        assertThat(description.text("name")).isEqualTo("depth");
        assertThat(description.texts("paths")).containsExactly("a", "b");
        assertThat(description.constant("unit", TimeUnit.class)).isEqualTo(TimeUnit.DAYS);
        assertThat(description.nested("of").doubleNumber("gamma")).isEqualTo(2);
        description.requireNoOthers();
    }

    @Test
    void valuesOfAnotherTypeAreRefusedWithKeyValueAndWhatIsExpected() {
        assertRefused("true", Description::flag, "true or false");
        assertRefused(0, Description::flag, "true or false");
        assertRefused("0.9", Description::floatNumber, "a finite number");
        assertRefused(Double.NaN, Description::floatNumber, "a finite number");
        assertRefused(1e300, Description::floatNumber, "a finite number");
        assertRefused(Double.POSITIVE_INFINITY, Description::doubleNumber, "a finite number");
        assertRefused(List.of(1), Description::doubleNumber, "a finite number");
        assertRefused(1.5, Description::wholeNumber, "a whole number");
        assertRefused(1e10, Description::wholeNumber, "a whole number");
        assertRefused(Double.NaN, Description::wholeNumber, "a whole number");
        assertRefused(1, Description::text, "a text");
        assertRefused(2, Description::texts, "a list of texts");
        assertRefused(List.of("a", 2), Description::texts, "a list of texts");
        assertRefused(Arrays.asList("a", null), Description::texts, "a list of texts");
        assertRefused("depth", Description::nested, "a nested description");
        assertRefused("YEARS", (d, key) -> d.constant(key, Side.class), "one of [LEFT, RIGHT]");
        assertRefused(1, (d, key) -> d.constant(key, Side.class), "one of [LEFT, RIGHT]");
        assertRefused(1, (d, key) -> d.requireText(key, "adam"), "\"adam\"");
    }

    private enum Side {
        LEFT,
        RIGHT
    }

    private static void assertRefused(
            Object value, BiConsumer<Description, String> read, String expected) {
        Description description = Description.of(Map.of("key", value));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read.accept(description, "key"))
                .withMessageContaining("has " + value + " as \"key\", expected " + expected + ".");
    }

    @Test
    void missingValuesAndNullsAreNothing() {
        Map<String, Object> values = new HashMap<>();
        values.put("null", null);
        Description description = Description.of(values);

        assertThat(description.has("null")).isFalse();
        for (String key : List.of("null", "absent")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> description.flag(key))
                    .withMessageContaining(
                            "has nothing as \"" + key + "\", expected true or false.");
        }
    }

    @Test
    void keysMustBeTextsAtEveryDepth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Description.of(Map.of(1, 2)))
                .withMessageContaining("has the key 1, expected texts as keys");
        Description outer = Description.of(Map.of("of", Map.of(true, 2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> outer.nested("of"))
                .withMessageContaining("has the key true, expected texts as keys");
        assertThatNullPointerException()
                .isThrownBy(() -> Description.of(null))
                .withMessage("description");
    }

    @Test
    void keysThatNobodyAskedForAreRefusedWithTheValidOnes() {
        Description description = Description.of(Map.of("beta1", 0.9, "beta_2", 0.99));
        description.floatNumber("beta1");
        description.floatNumber("beta2", 0.999f);

        assertThatIllegalArgumentException()
                .isThrownBy(description::requireNoOthers)
                .withMessageContaining("has unknown keys: [beta_2]; valid are: [beta1, beta2].");
    }
}
