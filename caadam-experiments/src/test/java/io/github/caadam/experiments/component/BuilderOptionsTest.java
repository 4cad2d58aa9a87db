// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.optimizer.Sgd;
import io.github.caadam.plugin.Option;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BuilderOptionsTest {

    private static <T> BuilderOptions<T> of(Class<T> type, Supply... supplies) {
        return BuilderOptions.of(type, type, List.of(supplies));
    }

    private static <T> T build(Class<T> type, Map<String, ?> given) {
        BuilderOptions<T> options = of(type);
        return options.build(options.complete(given), Map.of());
    }

    /** What a stranger's class might look like. */
    public static final class Everything {
        private final Builder values;

        private Everything(Builder values) {
            this.values = values;
        }

        /** Begins one. */
        public static Builder builder() {
            return new Builder();
        }

        /** Some words. */
        public enum Mode {
            SLOW_AND_SURE,
            FAST
        }

        /** A builder by DJL's conventions. */
        @SuppressWarnings("UnusedVariable") // The suite reads the fields.
        public static final class Builder extends Base<Builder> {
            private float beta = 0.9f;
            private double clipGrad = -1;
            private int units;
            private Long steps;
            private boolean nesterov = true;
            private boolean called;
            private String note = "none";
            private Mode mode = Mode.SLOW_AND_SURE;
            private Duration pause = Duration.ofSeconds(90);
            private Path file;
            private File other;
            private int[] sizes = {1, 2};
            private List<Double> rates = List.of();
            private String[] names = {};
            private Map<String, String> types = Map.of();
            private Shape kernel = new Shape(3, 3);
            private Object part;
            private Function<String, String> function;

            /** β. */
            public Builder optBeta(float value) {
                beta = value;
                return this;
            }

            /** Of two, the wider counts. */
            public Builder optBeta(int value) {
                beta = -value;
                return this;
            }

            public Builder optClipGrad(double value) {
                clipGrad = value;
                return this;
            }

            public Builder setUnits(int value) {
                units = value;
                return this;
            }

            public void optSteps(Long value) {
                steps = value;
            }

            public Builder optNesterov(boolean value) {
                nesterov = value;
                return this;
            }

            public Builder optCalled() {
                called = true;
                return this;
            }

            public Builder optNote(String value) {
                note = value;
                return this;
            }

            public Builder optMode(Mode value) {
                mode = value;
                return this;
            }

            public Builder optPause(Duration value) {
                pause = value;
                return this;
            }

            public Builder optFile(Path value) {
                file = value;
                return this;
            }

            public Builder optOther(File value) {
                other = value;
                return this;
            }

            public Builder optSizes(int... value) {
                sizes = value;
                return this;
            }

            public Builder optRates(List<Double> value) {
                rates = value;
                return this;
            }

            public Builder optNames(String... value) {
                names = value;
                return this;
            }

            public Builder optTypes(Map<String, String> value) {
                types = value;
                return this;
            }

            public Builder optKernel(Shape value) {
                kernel = value;
                return this;
            }

            public Builder optPart(Part value) {
                part = value;
                return this;
            }

            public Builder optFunction(Function<String, String> value) {
                function = value;
                return this;
            }

            public Everything build() {
                return new Everything(this);
            }
        }
    }

    /** What a builder inherits. */
    @SuppressWarnings("UnusedVariable") // The suite reads the field.
    public abstract static class Base<B> {
        private float rescale = 1.0f;

        /** Is no requirement, as it has a value. */
        public B setRescale(float value) {
            rescale = value;
            return null;
        }
    }

    /** A component of a component. */
    public interface Part {
        /** Something. */
        double value();
    }

    /** One of them. */
    public record Fixed(double value, Shape shape) implements Part {

        /** Checks the value. */
        public Fixed {
            if (value < 0) {
                throw new IllegalArgumentException("The value is 0 or more, found " + value + ".");
            }
        }
    }

    @Test
    void verbsOfBuildersAreOptions() {
        BuilderOptions<Everything> options = of(Everything.class);

        assertThat(options.options().stream().map(Option::toString))
                .containsExactly(
                        "beta: a number",
                        "called: true or false",
                        "clip-grad: a number",
                        "file: the path of a file",
                        "kernel: a list of numbers",
                        "mode: one of slow-and-sure, fast",
                        "names: a list of texts",
                        "nesterov: true or false",
                        "note: a text",
                        "other: the path of a file",
                        "part: a name, or a map with name or class and options",
                        "pause: a text",
                        "rates: a list of numbers",
                        "rescale: a number",
                        "sizes: a list of numbers",
                        "steps: a whole number",
                        "types: a map of texts",
                        "units: a whole number");
        assertThat(options.options().stream().filter(Option::isRequired).map(Option::name))
                .containsExactly("units");
        assertThat(options.complete(Map.of("units", 8)).asMap().toString())
                .isEqualTo(
                        "{beta=0.9, called=false, clip-grad=-1.0, kernel=[3.0, 3.0],"
                                + " mode=slow-and-sure, names=[], nesterov=true, note=none,"
                                + " pause=PT1M30S, rates=[], rescale=1.0, sizes=[1.0, 2.0],"
                                + " types={}, units=8}");
    }

    @Test
    void valuesReachTheBuilder() {
        Everything.Builder built =
                build(
                                Everything.class,
                                Map.ofEntries(
                                        Map.entry("beta", 0.5),
                                        Map.entry("called", true),
                                        Map.entry("clip-grad", 2),
                                        Map.entry("file", "/tmp/a"),
                                        Map.entry("kernel", List.of(5, 4)),
                                        Map.entry("mode", "fast"),
                                        Map.entry("names", List.of("a", "b")),
                                        Map.entry("nesterov", false),
                                        Map.entry("note", "some"),
                                        Map.entry("other", "/tmp/b"),
                                        Map.entry("pause", "PT5S"),
                                        Map.entry("rates", List.of(0.1, 1)),
                                        Map.entry("rescale", 0.25),
                                        Map.entry("sizes", List.of(7)),
                                        Map.entry("steps", 12),
                                        Map.entry("types", Map.of("zip", "category")),
                                        Map.entry("units", 8),
                                        Map.entry(
                                                "part",
                                                Map.of(
                                                        "class",
                                                        Fixed.class.getName(),
                                                        "options",
                                                        Map.of(
                                                                "value",
                                                                2.5,
                                                                "shape",
                                                                List.of(3))))))
                        .values;

        assertThat(built)
                .extracting(
                        "beta",
                        "called",
                        "clipGrad",
                        "file",
                        "kernel",
                        "mode",
                        "nesterov",
                        "note",
                        "other",
                        "pause",
                        "rates",
                        "steps",
                        "types",
                        "units",
                        "part")
                .containsExactly(
                        0.5f,
                        true,
                        2.0,
                        Path.of("/tmp/a"),
                        new Shape(5, 4),
                        Everything.Mode.FAST,
                        false,
                        "some",
                        new File("/tmp/b"),
                        Duration.ofSeconds(5),
                        List.of(0.1, 1.0),
                        12L,
                        Map.of("zip", "category"),
                        8,
                        new Fixed(2.5, new Shape(3)));
        assertThat(built.names).containsExactly("a", "b");
        assertThat(built.sizes).containsExactly(7);
        assertThat(built).hasFieldOrPropertyWithValue("rescale", 0.25f);
    }

    static List<Map<String, Object>> bad() {
        return List.of(
                Map.of(),
                Map.of("units", 2.5),
                Map.of("units", 8, "mode", "faster"),
                Map.of("units", 8, "pause", "five"),
                Map.of("units", 8, "sizes", List.of(1.5)),
                Map.of("units", 8, "part", Map.of("class", "java.lang.String")),
                Map.of("units", 8, "part", Map.of("class", "com.acme.None")),
                Map.of("units", 8, "part", Map.of("class", Fixed.class.getName())),
                Map.of("units", 8, "part", Map.of("class", Part.class.getName())),
                Map.of("units", 8, "part", Map.of("class", Fixed.class.getName(), "opt", 1)),
                Map.of("units", 8, "function", "x"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsNotAllowedIsRefusedBeforeAnythingIsBuilt(Map<String, Object> given) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Everything.class).complete(given))
                .withMessageMatching(
                        "(?s)(The option \"units\" is missing|There is no option \"function\""
                                + "|\"(units|mode|pause|sizes|part)\").*");
    }

    @Test
    void whatAClassThrowsNamesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(Fixed.class, Map.of("value", -1, "shape", List.of(1))))
                .withMessageContaining("Fixed refuses its options: The value is 0 or more");
        assertThatIllegalStateException()
                .isThrownBy(() -> build(Failing.class, Map.of()))
                .withMessageContaining("Failing cannot be built: java.lang.ArithmeticException");
    }

    /** Cannot be built. */
    public static final class Failing {
        /** Fails. */
        public Failing() {
            throw new ArithmeticException("no");
        }
    }

    /** Several constructors and setters, as beans have. */
    public static final class Bean {
        private final List<Object> all;
        private double rate;

        /** The one that counts. */
        public Bean(Optimizer optimizer) {
            all = List.of(optimizer);
        }

        /** Has no words in a study. */
        public Bean(Function<String, String> function, Object a, Object b) {
            all = List.of();
        }

        /** Is optional. */
        public void setRate(double rate) {
            this.rate = rate;
        }
    }

    @Test
    void constructorIsGivenWhatTheSuiteFillsIn() {
        Optimizer sgd = Optimizer.sgd().setLearningRateTracker((id, step) -> 1).build();
        BuilderOptions<Bean> options = of(Bean.class, Supply.ofType("optimizer", Optimizer.class));
        Bean bean = options.build(options.complete(Map.of("rate", 0.5)), Map.of("optimizer", sgd));

        assertThat(bean.all).containsExactly(sgd);
        assertThat(bean.rate).isEqualTo(0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.complete(Map.of("optimizer", "sgd")));
    }

    /** Cannot be described. */
    public static final class Wordless {
        /** Needs a function. */
        public Wordless(Function<String, String> function) {}
    }

    /** Cannot be reached. */
    public static final class Hidden {
        private Hidden() {}
    }

    @Test
    void classThatCannotBeBuiltSaysWhatItNeeds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Wordless.class))
                .withMessageContaining("no words for the java.util.function.Function");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(Hidden.class))
                .withMessageContaining("neither a public builder() nor a public constructor");
    }

    @Test
    void builderOfAClassAboveCounts() {
        BuilderOptions<Optimizer> options =
                BuilderOptions.of(Sgd.class, Optimizer.class, List.of());

        assertThat(options.options().stream().map(Option::name))
                .contains("momentum", "weight-decays", "clip-grad");
        assertThat(options.options().stream().map(Option::name)).doesNotContain("function");
    }

    @ParameterizedTest
    @CsvSource({
        "clipGrad, clip-grad",
        "beta1, beta1",
        "l2Penalty, l2-penalty",
        "useBNLayers, use-bn-layers",
        "URL, url",
        "max_norm, max-norm"
    })
    void namesOfJavaAreWrittenAsStudiesDo(String camelCase, String option) {
        assertThat(Slot.optionName(camelCase)).isEqualTo(option);
    }
}
