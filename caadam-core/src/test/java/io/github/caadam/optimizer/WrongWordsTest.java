// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.LibraryOptimizer;
import io.github.caadam.Networks;
import io.github.caadam.OptimizerCases;
import io.github.caadam.pytorch.OptimizerCase;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.MeanSquaredError;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong in a description, or null, is refused at once and in words. */
class WrongWordsTest {

    /** The description of an optimizer with all options that can be set together. */
    private static Map<String, Object> whole(LibraryOptimizer line) {
        try (StatefulOptimizer optimizer =
                line.create(
                        Networks.mlp(1),
                        builder -> {
                            LibraryOptimizer.scale(builder, ScalingStrategy.depth());
                            builder.optFactorBounds(0.5, 2)
                                    .optFactorOverride("_bias$", 0.25)
                                    .optDecoupledWeightDecay(0.125f)
                                    .optDecayExclusions("^03")
                                    .optClipNorm(0.75f)
                                    .optGradientAccumulationSteps(4)
                                    .optWeightAverage(0.875f);
                            builder.setRescaleGrad(0.5f);
                        })) {
            return new LinkedHashMap<>(optimizer.describe());
        }
    }

    private static void assertRefused(
            LibraryOptimizer line, Map<String, ?> description, String... words) {
        assertThatIllegalArgumentException()
                .as("%s of %s", description, line)
                .isThrownBy(() -> line.builder().optDescription(description))
                .withMessageContainingAll(words);
    }

    @ParameterizedTest
    @EnumSource
    void aDescriptionWithAValueOfAnotherTypeIsRefusedByKey(LibraryOptimizer line) {
        Map<String, Object> whole = whole(line);
        line.builder().optDescription(whole);
        whole.forEach(
                (key, value) -> {
                    for (Object other : othersThan(value)) {
                        Map<String, Object> wrong = new LinkedHashMap<>(whole);
                        wrong.put(key, other);
                        assertRefused(line, wrong, '"' + key + '"', "expected");
                    }
                });
    }

    private static List<Object> othersThan(Object value) {
        List<Object> others = new ArrayList<>(List.of(new Object(), new int[1]));
        if (!(value instanceof Number)) {
            others.add(3);
            others.add(3.5);
        } else {
            others.addAll(List.of(Double.NaN, Double.POSITIVE_INFINITY, "0.5"));
        }
        if (!(value instanceof Boolean)) {
            others.add(true);
        }
        if (!(value instanceof String) && !(value instanceof List)) {
            others.add("no such word");
        }
        // Several words stand for a list, as "first, last and look-ups" does.
        boolean isList = value instanceof String text && text.indexOf(' ') > 0;
        if (!(value instanceof List) && !isList) {
            others.add(List.of("_bias$"));
        }
        if (!(value instanceof Map)) {
            others.add(Map.of("strategy", "depth"));
        }
        return others;
    }

    /** Numbers of JSON have but one type. */
    @ParameterizedTest
    @EnumSource
    void numbersMayBeOfAnyType(LibraryOptimizer line) {
        Map<String, Object> whole = whole(line);
        whole.replaceAll(
                (key, value) ->
                        value instanceof Number number && number.doubleValue() == 0.5
                                ? (Object) 0.5f
                                : value);

        assertThatCode(() -> line.builder().optDescription(whole)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void aDescriptionWithUnknownKeysIsRefusedByThem(LibraryOptimizer line) {
        Map<String, Object> whole = whole(line);
        whole.put("clip_norm", 1);

        assertRefused(line, whole, "[clip_norm]", "clipNorm");
    }

    @ParameterizedTest
    @EnumSource
    void aDescriptionWithKeysThatAreNoTextsIsRefused(LibraryOptimizer line) {
        for (Object key : new Object[] {3, List.of(), null}) {
            Map<Object, Object> wrong = new HashMap<>(whole(line));
            wrong.put(key, 1);
            @SuppressWarnings("unchecked") // As a map that was read from JSON may be.
            Map<String, Object> read = (Map<String, Object>) (Map<?, ?>) wrong;
            assertRefused(line, read, "the key " + key, "expected texts");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDescriptionOfAnotherOptimizerIsRefused(LibraryOptimizer line) {
        for (LibraryOptimizer other : LibraryOptimizer.values()) {
            if (other != line) {
                assertRefused(line, whole(other), "\"algorithm\"");
            }
        }
        assertRefused(line, Map.of(), "\"algorithm\"", "nothing");
        assertThatNullPointerException()
                .isThrownBy(() -> line.builder().optDescription(null))
                .withMessage("description");
    }

    @ParameterizedTest
    @EnumSource
    void aScalingThatCannotBeRebuiltIsRefused(LibraryOptimizer line) {
        List<Map<String, Object>> strategies =
                List.of(
                        Map.of(),
                        Map.of("strategy", "no such strategy"),
                        Map.of("strategy", 3),
                        Map.of("strategy", "additive"),
                        Map.of("strategy", "additive", "gamma", "0.5"),
                        Map.of("strategy", "additive", "gamma", 0.5, "delta", 1),
                        Map.of("strategy", "custom"));
        for (Map<String, Object> strategy : strategies) {
            Map<String, Object> wrong = whole(line);
            wrong.put("scaling", strategy);
            assertRefused(line, wrong, "strateg");
        }
        Map<String, Object> unclear = whole(line);
        unclear.remove("convention");
        assertRefused(line, unclear, "\"convention\"");
    }

    /** A null counts as missing, which a scaling may be, but not where the optimizer needs one. */
    @ParameterizedTest
    @EnumSource
    void aScalingOfNullIsNoneOrRefused(LibraryOptimizer line) {
        Map<String, Object> whole = whole(line);
        whole.put("scaling", null);
        whole.remove("convention");
        if (line == LibraryOptimizer.CAADAM) {
            assertRefused(line, whole, "\"scaling\"", "nothing");
        } else {
            try (StatefulOptimizer optimizer =
                    line.create(Networks.mlp(1), builder -> builder.optDescription(whole))) {
                assertThat(optimizer.describe()).doesNotContainKeys("scaling", "convention");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void optionsOutsideTheirRangeAreRefusedByName(LibraryOptimizer line) {
        Set<String> refused = new TreeSet<>();
        for (Map<String, ?> options : line.refused()) {
            Map<String, Object> wrong = OptimizerCases.defaults(line);
            assertThat(wrong).containsKeys(options.keySet().toArray(String[]::new));
            wrong.putAll(options);
            refused.addAll(options.keySet());
            assertThatIllegalArgumentException()
                    .as("%s of %s", options, line)
                    .isThrownBy(() -> line.create(Networks.mlp(1), b -> b.optDescription(wrong)))
                    .satisfies(
                            e ->
                                    assertThat(options.keySet())
                                            .anyMatch(
                                                    key ->
                                                            e.getMessage()
                                                                    .toLowerCase(Locale.ROOT)
                                                                    .contains(words(key))));
        }
        OptimizerCases.defaults(line)
                .forEach(
                        (key, value) -> {
                            if (value instanceof Number) {
                                assertThat(refused).as("%s refuses", line).contains(key);
                            }
                        });
    }

    /** The words of a key, as a message has them. */
    private static String words(String key) {
        return key.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** Every method of the optimizer's own builder that takes a number. */
    @ParameterizedTest
    @EnumSource
    void optionsThatAreNoFiniteNumbersAreRefused(LibraryOptimizer line) {
        Class<?> builder = line.builder().getClass();
        for (Method method : builder.getDeclaredMethods()) {
            if (method.getName().startsWith("opt")
                    && Arrays.equals(method.getParameterTypes(), new Class<?>[] {float.class})) {
                for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                    assertThatIllegalArgumentException()
                            .as("%s(%s) of %s", method.getName(), value, line)
                            .isThrownBy(
                                    () -> line.create(Networks.mlp(1), b -> set(b, method, value)))
                            .withMessageContaining("found " + value);
                }
            }
        }
    }

    private static void set(Object builder, Method method, float value) {
        try {
            method.invoke(builder, value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every public method of a builder that takes one reference. */
    @TestFactory
    Stream<DynamicTest> buildersRefuseNullInTheirSetters() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Class<?> type : builders()) {
            for (Method method : type.getMethods()) {
                if (method.getParameterCount() == 1
                        && !method.getParameterTypes()[0].isPrimitive()
                        && !method.isBridge()
                        && method.getName().matches("(opt|set|add).*")) {
                    String name = type.getName().replaceFirst(".*\\.", "") + "." + method.getName();
                    tests.add(DynamicTest.dynamicTest(name, () -> requireRefused(type, method)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    private static void requireRefused(Class<?> type, Method method) throws Exception {
        Method start = type.getEnclosingClass().getMethod("builder");
        Object builder = start.invoke(null);
        Throwable thrown = catchThrowable(() -> method.invoke(builder, new Object[] {null}));

        assertThat(thrown).isInstanceOf(InvocationTargetException.class);
        assertThat(thrown.getCause())
                .isInstanceOf(NullPointerException.class)
                .message()
                .matches("[a-zA-Z]+");
    }

    /** The public builders of the library, by what was compiled. */
    private static List<Class<?>> builders() throws Exception {
        Path root =
                Path.of(
                        StatefulOptimizer.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        List<Class<?>> builders = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith("Builder.class")).sorted().toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replace('\\', '.');
                Class<?> type = Class.forName(name.substring(0, name.length() - 6));
                if (Modifier.isPublic(type.getModifiers())
                        && !Modifier.isAbstract(type.getModifiers())) {
                    builders.add(type);
                }
            }
        }
        assertThat(builders).contains(CaAdam.Builder.class, ConnectionAwareTracker.Builder.class);
        return builders;
    }

    @ParameterizedTest
    @EnumSource
    void anOverrideRefusesNullAndAPatternThatIsNone(LibraryOptimizer line) {
        assertThatNullPointerException()
                .isThrownBy(() -> line.builder().optFactorOverride(null, 1))
                .withMessage("pathPattern");
        assertThatNullPointerException()
                .isThrownBy(() -> line.builder().optDecayExclusions("_bias$", null))
                .withMessage("pathPattern");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> line.builder().optDecayExclusions("("))
                .withMessageContaining("(");
    }

    @Test
    void aCompiledEpochShowsItsSourceBeforeItsFirstRun() throws Exception {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Block block = Networks.initialized(manager, Networks.mlp(3, 1), new Shape(1, 2));
            try (StatefulOptimizer optimizer = OptimizerCase.ADAMAX.create(block);
                    CompiledEpoch epoch =
                            CompiledEpoch.compile(block, new MeanSquaredError(), optimizer, 4)) {
                String before = epoch.source();
                assertThat(before).contains("def forward(self", "torch._foreach_maximum_");

                epoch.run(
                        manager.ones(new Shape(8, 2)),
                        manager.ones(new Shape(8, 1)),
                        new int[] {0, 1, 2, 3, 4, 5, 6, 7});
                assertThat(epoch.source()).isEqualTo(before);
            }
        }
    }
}
