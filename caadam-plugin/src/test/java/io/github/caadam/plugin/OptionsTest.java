// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsTest {

    private static final Option<Double> MOMENTUM =
            Option.number("momentum", "what is kept").within(0, 1).orElse(0.9);
    private static final Option<Integer> UNITS = Option.whole("units", "how many").atLeast(1);
    private static final Option<Task> TASK =
            Option.choice("task", "what for", Task.class).orElse(Task.REGRESSION);
    private static final Option<String> NOTE = Option.text("note", "a remark").optional();
    private static final Option<List<Double>> RATES =
            Option.numbers("rates", "several").above(0).optional();
    private static final List<Option<?>> ALL = List.of(MOMENTUM, UNITS, TASK, NOTE, RATES);

    @Test
    void defaultsFillWhatIsNotGiven() {
        Options options = Options.of(ALL, Map.of("units", 8L));

        assertThat(options.get(MOMENTUM)).isEqualTo(0.9);
        assertThat(options.get(UNITS)).isEqualTo(8);
        assertThat(options.get(TASK)).isEqualTo(Task.REGRESSION);
        assertThat(options.find(NOTE)).isEmpty();
        assertThat(options.asMap())
                .containsExactly(
                        Map.entry("momentum", 0.9),
                        Map.entry("task", "regression"),
                        Map.entry("units", 8));
    }

    @Test
    void changesAreChecked() {
        Options options = Options.of(ALL, Map.of("units", 8));

        assertThat(options.with(Map.of("task", "classification")).get(TASK))
                .isEqualTo(Task.CLASSIFICATION);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.with(Map.of("task", "guessing")))
                .withMessage("\"task\" must be one of regression, classification, found guessing.");
    }

    static List<Map<String, Object>> bad() {
        return List.of(
                Map.of(),
                Map.of("units", 2.5),
                Map.of("units", 0),
                Map.of("units", "8"),
                Map.of("units", 8, "momentum", 1.1),
                Map.of("units", 8, "momentum", Double.NaN),
                Map.of("units", 8, "momentun", 0.5),
                Map.of("units", 8, "rates", List.of(0.1, 0.0)),
                Map.of("units", 8, "rates", 0.1),
                Map.of("units", 8, "note", 3));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsNotAllowedIsRefused(Map<String, Object> given) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.of(ALL, given))
                .withMessageMatching("(There is no|The option|\"(units|momentum|rates|note)\").*");
    }

    @Test
    void messageNamesWhatThereIs() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.of(ALL, Map.of("momentun", 0.5)))
                .withMessage(
                        "There is no option \"momentun\"; there are momentum, units, task, note,"
                                + " rates.");
    }

    @Test
    void rangesAreSaidInWords() {
        assertThat(MOMENTUM.allowed()).isEqualTo("a number from 0 to 1");
        assertThat(UNITS.allowed()).isEqualTo("a whole number, 1 or more");
        assertThat(RATES.allowed()).isEqualTo("a list of numbers above 0");
        assertThat(Option.number("share", "").above(0).below(1).allowed())
                .isEqualTo("a number above 0 and below 1");
        assertThat(Option.number("share", "").above(0).within(0, 1).allowed())
                .isEqualTo("a number from 0 to 1");
        assertThat(Option.whole("most", "").below(3).allowed()).isEqualTo("a whole number below 3");
    }

    @Test
    void columnsAreNamesOrNumbers() {
        Option<List<String>> columns = Option.columns("ignore", "which");

        assertThat(columns.read(List.of("price", 3, 4L))).containsExactly("price", "3", "4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> columns.read(List.of(1.5)))
                .withMessage(
                        "\"ignore\" must be a list of names or numbers of columns, found [1.5].");
    }
}
