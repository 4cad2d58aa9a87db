// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.JsonUtils;
import com.google.gson.reflect.TypeToken;
import io.github.caadam.Networks;
import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;
import io.github.caadam.structure.StructureConvention;
import io.github.caadam.structure.StructureInspector;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a strategy is described as, what is rebuilt of it, and which descriptions are refused. */
class ScalingDescriptionTest {

    private static final String NAMES =
            "none, additive, multiplicative, multiplicative-signed, depth, fan-in, network-size,"
                    + " gradient-concentration, relative-step, relative-step-at-start, product,"
                    + " bounded, overridden";

    private static List<ScalingStrategy> strategies() {
        return List.of(
                ScalingStrategy.none(),
                ScalingStrategy.additive(0.5),
                ScalingStrategy.multiplicative(5),
                ScalingStrategy.multiplicativeSigned(2),
                ScalingStrategy.depth(1),
                ScalingStrategy.fanIn(0.5),
                ScalingStrategy.networkSize(1e6),
                ScalingStrategy.gradientConcentration(0.5),
                ScalingStrategy.relativeStep(0.1, 1e-4),
                ScalingStrategy.relativeStepAtStart(0.08),
                ScalingStrategy.relativeStep(0.1).times(ScalingStrategy.fanIn(1)).bounded(0, 1),
                ScalingStrategy.depth(1).times(ScalingStrategy.fanIn(1)),
                ScalingStrategy.depth(1).bounded(0.1, 10),
                ScalingStrategy.depth(1).overriding("^01", 0),
                ScalingStrategy.depth(1)
                        .times(ScalingStrategy.fanIn(1))
                        .bounded(0.1, 10)
                        .overriding("^01", 0));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void descriptionRebuildsTheStrategyThroughJson(ScalingStrategy scaling) {
        String json = JsonUtils.GSON.toJson(scaling.describe());
        Map<String, Object> read =
                JsonUtils.GSON.fromJson(json, new TypeToken<Map<String, Object>>() {}.getType());

        ScalingStrategy rebuilt = ScalingStrategy.fromDescription(read);

        assertThat(rebuilt).hasToString(scaling.toString());
        assertThat(rebuilt.describe()).isEqualTo(scaling.describe());
        NetworkStructure network = network();
        for (ParameterStructure parameter : network.parameters()) {
            assertThat(rebuilt.weightFactor(parameter, network))
                    .isEqualTo(scaling.weightFactor(parameter, network));
        }
    }

    @Test
    void everyNameThatAMessageListsIsThatOfAStrategy() {
        assertThat(strategies())
                .extracting(scaling -> scaling.describe().get("strategy"))
                .containsOnly((Object[]) NAMES.split(", "));
    }

    /** Names that no strategy has, or no longer. */
    @ParameterizedTest
    @MethodSource("unknownNames")
    void unknownNameIsRefusedWithTheValidOnes(Map<String, ?> description, String found) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.fromDescription(description))
                .withMessageContaining("Unknown strategy " + found)
                .withMessageContaining("valid are: " + NAMES + ".")
                .withMessageContaining("set it by setScaling");
    }

    private static Stream<Arguments> unknownNames() {
        return Stream.of(
                Arguments.of(Map.of("strategy", "cubic"), "\"cubic\""),
                Arguments.of(Map.of("strategy", ""), "\"\""),
                Arguments.of(Map.of("strategy", "None"), "\"None\""),
                Arguments.of(
                        Map.of("strategy", "averaged", "of", Map.of("strategy", "none")),
                        "\"averaged\""),
                Arguments.of(
                        Map.of("strategy", "log-normal", "deviation", 0.8, "seed", 2.9),
                        "\"log-normal\""),
                Arguments.of(Map.of("strategy", 3), "3"),
                Arguments.of(Map.of("strategy", List.of("none")), "[none]"),
                Arguments.of(withNull("strategy"), "null"),
                Arguments.of(Map.of(), "null"),
                Arguments.of(Map.of("gamma", 1.0), "null"));
    }

    @ParameterizedTest
    @MethodSource("valuesOfAnotherType")
    void valueOfAnotherTypeIsRefused(Map<String, ?> description, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.fromDescription(description))
                .withMessageContaining(reason);
    }

    private static Stream<Arguments> valuesOfAnotherType() {
        Map<String, ?> depth = ScalingStrategy.depth().describe();
        return Stream.of(
                Arguments.of(
                        Map.of("strategy", "depth"), "needs a number as \"gamma\", found null."),
                Arguments.of(
                        Map.of("strategy", "depth", "gamma", "0.9"),
                        "needs a number as \"gamma\", found \"0.9\"."),
                Arguments.of(
                        Map.of("strategy", "depth", "gamma", true),
                        "needs a number as \"gamma\", found true."),
                Arguments.of(
                        Map.of("strategy", "fan-in", "power", List.of(1)),
                        "needs a number as \"power\", found [1]."),
                Arguments.of(
                        Map.of("strategy", "product", "first", depth),
                        "needs a strategy as \"second\", found null."),
                Arguments.of(
                        Map.of("strategy", "product", "first", "depth", "second", depth),
                        "needs a strategy as \"first\", found \"depth\"."),
                Arguments.of(
                        Map.of("strategy", "bounded", "of", depth, "floor", 0, "ceiling", "3"),
                        "needs a number as \"ceiling\", found \"3\"."),
                Arguments.of(
                        Map.of(
                                "strategy",
                                "overridden",
                                "of",
                                depth,
                                "pathPattern",
                                1,
                                "factor",
                                1),
                        "needs a text as \"pathPattern\", found 1."),
                Arguments.of(
                        Map.of(
                                "strategy",
                                "overridden",
                                "of",
                                depth,
                                "pathPattern",
                                "(",
                                "factor",
                                1),
                        "Unclosed group"),
                Arguments.of(Map.of("strategy", "additive", "gamma", 2), "in [0, 1], found 2.0"),
                Arguments.of(
                        Map.of("strategy", "additive", "gamma", Double.NaN),
                        "in [0, 1], found NaN"));
    }

    @ParameterizedTest
    @MethodSource("extraKeys")
    void keyThatTheStrategyHasNotIsRefusedByName(Map<?, ?> description, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.fromDescription(untyped(description)))
                .withMessageContaining(reason);
    }

    private static Stream<Arguments> extraKeys() {
        Map<String, Object> inOrder = new LinkedHashMap<>();
        inOrder.put("strategy", "depth");
        inOrder.put("gamma", 0.5);
        inOrder.put("power", 2);
        inOrder.put("Gamma", 0.5);
        return Stream.of(
                Arguments.of(inOrder, "depth has no \"power\", \"Gamma\""),
                Arguments.of(Map.of("strategy", "none", "gamma", 0.5), "none has no \"gamma\""),
                Arguments.of(Map.of("strategy", "none", 7, 0.5), "keys that are texts, found 7"),
                Arguments.of(new TreeMap<>(Map.of(7, "none")), "keys that are texts, found 7"),
                Arguments.of(withNull(null), "keys that are texts, found null"));
    }

    /** Whatever is wrong is found at any depth. */
    @ParameterizedTest
    @MethodSource("wrongDescriptions")
    void nestedDescriptionIsReadAsStrictly(Map<?, ?> wrong) {
        String reason =
                catchThrowableOfType(
                                IllegalArgumentException.class,
                                () -> ScalingStrategy.fromDescription(untyped(wrong)))
                        .getMessage();
        Map<String, ?> nested =
                Map.of(
                        "strategy",
                        "product",
                        "first",
                        ScalingStrategy.none().describe(),
                        "second",
                        Map.of("strategy", "bounded", "of", wrong, "floor", 0, "ceiling", 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.fromDescription(nested))
                .withMessage(reason);
    }

    private static Stream<Object> wrongDescriptions() {
        return Stream.of(unknownNames(), valuesOfAnotherType(), extraKeys())
                .flatMap(cases -> cases)
                .map(arguments -> arguments.get()[0]);
    }

    @Test
    void strategyOfYourOwnIsDescribedByItsClassAndNotRebuilt() {
        ScalingStrategy custom = (parameter, network) -> 1;

        assertThat(custom.describe())
                .isEqualTo(Map.of("strategy", "custom", "class", custom.getClass().getName()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScalingStrategy.fromDescription(custom.describe()))
                .withMessageContaining(custom.getClass().getName())
                .withMessageContaining("code of your own");
        // What a strategy says of itself may have any keys.
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                ScalingStrategy.fromDescription(
                                        Map.of("strategy", "custom", "class", "Mine", "power", 2)))
                .withMessageContaining("Mine is code of your own");
    }

    @Test
    void missingDescriptionIsRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> ScalingStrategy.fromDescription(null))
                .withMessageContaining("what describe() returned");
    }

    @SuppressWarnings("unchecked") // What a caller with raw types may pass.
    private static Map<String, ?> untyped(Map<?, ?> description) {
        return (Map<String, ?>) description;
    }

    private static Map<String, Object> withNull(String key) {
        return Collections.unmodifiableMap(new HashMap<>(Collections.singletonMap(key, null)));
    }

    private static NetworkStructure network() {
        try (NDManager manager = NDManager.newBaseManager()) {
            return StructureInspector.inspect(
                    Networks.initialized(manager, Networks.mlp(64, 32, 1), new Shape(1, 8)),
                    StructureConvention.PAPER);
        }
    }
}
