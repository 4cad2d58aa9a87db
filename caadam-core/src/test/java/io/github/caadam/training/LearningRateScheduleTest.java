// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.training.tracker.Tracker;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.caadam.training.WarmUpStableDecaySchedule.Decay;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rates against torch's and optax', made by scripts/golden/schedules.py, and the edges. */
class LearningRateScheduleTest {

    /** Relative; rates are floats, and the golden ones have nine digits. */
    private static final double TOLERANCE = 1e-6;

    private static final CosineSchedule COSINE =
            CosineSchedule.builder().setPeak(1).setSteps(4).build();

    static Stream<Arguments> cases() throws IOException {
        try (Reader reader =
                new InputStreamReader(
                        LearningRateScheduleTest.class.getResourceAsStream(
                                "/golden/schedules.json"),
                        StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader)
                    .getAsJsonObject()
                    .getAsJsonObject("cases")
                    .entrySet()
                    .stream()
                    .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void ratesAreThoseOfTorchAndOptax(String name, JsonObject golden) {
        LearningRateSchedule schedule = schedule(golden.getAsJsonObject("settings"));
        JsonArray made = golden.getAsJsonArray("made");

        assertThat(made).isNotEmpty();
        for (int i = 0; i < made.size(); i++) {
            double expected = golden.getAsJsonArray("rates").get(i).getAsDouble();
            assertThat((double) schedule.getNewValue(made.get(i).getAsInt() + 1))
                    .as("%s after %s steps", schedule, made.get(i))
                    .isCloseTo(expected, within(TOLERANCE * expected));
        }
    }

    private static LearningRateSchedule schedule(JsonObject s) {
        int stepsPerEpoch = (int) number(s, "stepsPerEpoch", 0);
        LearningRateSchedule byStep = byStep(s);
        return stepsPerEpoch == 0 ? byStep : byStep.byEpoch(stepsPerEpoch);
    }

    private static LearningRateSchedule byStep(JsonObject s) {
        return switch (s.get("kind").getAsString()) {
            case "constant" -> LearningRateSchedule.constant(number(s, "rate"));
            case "cosine" ->
                    CosineSchedule.builder()
                            .setPeak(number(s, "peak"))
                            .setSteps((int) number(s, "steps"))
                            .optFloor(number(s, "floor", 0))
                            .build();
            case "oneCycle" -> oneCycle(s);
            case "restarts" ->
                    WarmRestartsSchedule.builder()
                            .setPeak(number(s, "peak"))
                            .setFirstPeriod((int) number(s, "firstPeriod"))
                            .optFactor((int) number(s, "factor", 1))
                            .optFloor(number(s, "floor", 0))
                            .build();
            case "exponential" -> exponential(s);
            case "stable" ->
                    WarmUpStableDecaySchedule.builder()
                            .setPeak(number(s, "peak"))
                            .setSteps((int) number(s, "steps"))
                            .setDecaySteps((int) number(s, "decaySteps"))
                            .optWarmUpSteps((int) number(s, "warmUpSteps"))
                            .optStart(number(s, "start", 0))
                            .optFloor(number(s, "floor", 0))
                            .optDecay(Decay.valueOf(s.get("decay").getAsString()))
                            .build();
            case "warmUp" ->
                    WarmUpSchedule.builder()
                            .setSteps((int) number(s, "steps"))
                            .setNext(schedule(s.getAsJsonObject("next")))
                            .optStart(number(s, "start", 0))
                            .build();
            case "piecewise" -> {
                JoinedSchedule.Builder builder =
                        JoinedSchedule.builder().setFirst(number(s, "first"));
                for (int i = 0; i < s.getAsJsonArray("boundaries").size(); i++) {
                    builder.addAfter(
                            s.getAsJsonArray("boundaries").get(i).getAsInt(),
                            s.getAsJsonArray("rates").get(i).getAsDouble());
                }
                yield builder.build();
            }
            case "joined" -> {
                JsonArray all = s.getAsJsonArray("schedules");
                JoinedSchedule.Builder builder =
                        JoinedSchedule.builder().setFirst(schedule(all.get(0).getAsJsonObject()));
                for (int i = 1; i < all.size(); i++) {
                    builder.addAfter(
                            s.getAsJsonArray("boundaries").get(i - 1).getAsInt(),
                            schedule(all.get(i).getAsJsonObject()));
                }
                yield builder.build();
            }
            default -> throw new IllegalArgumentException(s.toString());
        };
    }

    private static LearningRateSchedule oneCycle(JsonObject s) {
        OneCycleSchedule.Builder builder =
                OneCycleSchedule.builder()
                        .setPeak(number(s, "peak"))
                        .setSteps((int) number(s, "steps"));
        if (s.has("rise")) {
            builder.optRise(number(s, "rise"));
        }
        if (s.has("divisor")) {
            builder.optDivisor(number(s, "divisor")).optFinalDivisor(number(s, "finalDivisor"));
        }
        return (s.has("linear") ? builder.optLinear() : builder).build();
    }

    private static LearningRateSchedule exponential(JsonObject s) {
        ExponentialSchedule.Builder builder =
                ExponentialSchedule.builder()
                        .setPeak(number(s, "peak"))
                        .setFactor(number(s, "factor"))
                        .optSteps((int) number(s, "steps", 1))
                        .optFloor(number(s, "floor", 0));
        return (s.has("stairs") ? builder.optStairs() : builder).build();
    }

    private static double number(JsonObject settings, String key) {
        return settings.get(key).getAsDouble();
    }

    private static double number(JsonObject settings, String key, double ifMissing) {
        JsonElement value = settings.get(key);
        return value == null ? ifMissing : value.getAsDouble();
    }

    /** One of each kind. */
    static List<LearningRateSchedule> kinds() {
        return List.of(
                LearningRateSchedule.constant(0.1),
                LearningRateSchedule.of(step -> 1.0 / step),
                LearningRateSchedule.of(
                        Tracker.cosine()
                                        .setBaseValue(0.1f)
                                        .optFinalValue(0.01f)
                                        .setMaxUpdates(9)
                                        .build()
                                ::getNewValue),
                COSINE,
                COSINE.byEpoch(3),
                OneCycleSchedule.builder().setPeak(1).setSteps(9).build(),
                WarmUpStableDecaySchedule.builder()
                        .setPeak(1)
                        .setSteps(9)
                        .setDecaySteps(3)
                        .optWarmUpSteps(2)
                        .optStart(0.1)
                        .build(),
                WarmRestartsSchedule.builder().setPeak(1).setFirstPeriod(2).optFactor(2).build(),
                ExponentialSchedule.builder().setPeak(1).setFactor(0.5).build(),
                WarmUpSchedule.builder().setSteps(3).setNext(COSINE).optStart(0.1).build(),
                JoinedSchedule.builder().setFirst(0.1).addAfter(3, COSINE).build());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void stepOneIsTheFirstAndStepZeroIsTheSame(LearningRateSchedule schedule) {
        assertThat(schedule.getNewValue(0)).isEqualTo(schedule.getNewValue(1));
        assertThat(schedule.getNewValue(1)).isEqualTo((float) schedule.after(0));
        assertThat(schedule.getNewValue(2)).isEqualTo((float) schedule.after(1));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void ratesDependOnTheStepAlone(LearningRateSchedule schedule) {
        float[] rates = new float[20];
        for (int step = 1; step < rates.length; step++) {
            rates[step] = schedule.getNewValue(step);
        }
        for (int step = rates.length - 1; step > 0; step--) {
            assertThat(schedule.getNewValue("any parameter", step)).isEqualTo(rates[step]);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void latestStepsHaveARateAndStepsThatRanOverAreRefused(LearningRateSchedule schedule) {
        assertThat(schedule.getNewValue(Integer.MAX_VALUE)).isBetween(0f, 1f);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule.getNewValue(Integer.MAX_VALUE + 1))
                .withMessageContaining("found -2147483648")
                .withMessageContaining("count from 1");
    }

    /** The lines of the README. */
    @Test
    void exampleOfTheReadmeWarmsUpAndFallsToItsFloor() {
        LearningRateSchedule schedule =
                WarmUpSchedule.builder()
                        .setSteps(500)
                        .setNext(
                                CosineSchedule.builder()
                                        .setPeak(1e-3)
                                        .setSteps(9_500)
                                        .optFloor(1e-5)
                                        .build())
                        .build();
        PlateauTracker onTop =
                PlateauTracker.builder().optSchedule(schedule).optFactor(0.5).build();

        assertThat(schedule.getNewValue(1)).isZero();
        assertThat((double) schedule.getNewValue(251)).isCloseTo(5e-4, within(5e-4 * TOLERANCE));
        assertThat(schedule.getNewValue(501)).isEqualTo(1e-3f);
        assertThat(schedule.getNewValue(10_001)).isEqualTo(1e-5f);
        assertThat(onTop.getNewValue(501)).isEqualTo(1e-3f);
    }

    @Test
    void whatHasAnEndStaysThere() {
        for (int step : new int[] {9, 10, 11, 1_000_000, Integer.MAX_VALUE}) {
            assertThat(OneCycleSchedule.builder().setPeak(1).setSteps(9).build().getNewValue(step))
                    .isEqualTo((float) (1 / 25.0 / 1e4));
            assertThat(COSINE.getNewValue(step)).isZero();
        }
    }

    @Test
    void lengthsMayBeTheLargestThereAre() {
        int max = Integer.MAX_VALUE;
        LearningRateSchedule warmUp =
                WarmUpSchedule.builder()
                        .setSteps(max)
                        .setNext(LearningRateSchedule.constant(1))
                        .build();
        assertThat((double) warmUp.getNewValue(1 << 30)).isCloseTo(0.5, within(TOLERANCE));
        assertThat(COSINE.byEpoch(max).getNewValue(max)).isEqualTo(1f);
        assertThat(
                        WarmRestartsSchedule.builder()
                                .setPeak(1)
                                .setFirstPeriod(max)
                                .optFactor(max)
                                .build()
                                .getNewValue(max))
                .isCloseTo(0f, within(1e-6f));
        assertThat(
                        WarmRestartsSchedule.builder()
                                .setPeak(1)
                                .setFirstPeriod(2)
                                .optFactor(max)
                                .build()
                                .getNewValue(3))
                .isEqualTo(1f);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                WarmUpStableDecaySchedule.builder()
                                        .setPeak(1)
                                        .setSteps(max)
                                        .setDecaySteps(max)
                                        .optWarmUpSteps(max)
                                        .build())
                .withMessageContaining("must fit into the steps");
    }

    @Test
    void oneCycleIsDefinedWhereTorchDividesByZero() {
        OneCycleSchedule peakFirst =
                OneCycleSchedule.builder().setPeak(1).setSteps(4).optRise(0.25).build();
        assertThat(peakFirst.getNewValue(1)).isEqualTo(1f);
        assertThat((double) peakFirst.getNewValue(2)).isCloseTo(0.750001, within(TOLERANCE));
        OneCycleSchedule onlyRise =
                OneCycleSchedule.builder().setPeak(1).setSteps(1).optRise(1).build();
        assertThat(onlyRise.getNewValue(1)).isEqualTo(1f);
    }

    @Test
    void stableCanBeNothingButDecay() {
        WarmUpStableDecaySchedule schedule =
                WarmUpStableDecaySchedule.builder().setPeak(1).setSteps(4).setDecaySteps(4).build();
        assertThat(schedule.getNewValue(1)).isEqualTo(1f);
        assertThat(schedule.getNewValue(2)).isEqualTo(0.75f);
        assertThat(schedule.getNewValue(5)).isZero();
        WarmUpStableDecaySchedule one =
                WarmUpStableDecaySchedule.builder()
                        .setPeak(1)
                        .setSteps(1)
                        .setDecaySteps(0)
                        .optFloor(0.5)
                        .build();
        assertThat(one.getNewValue(1)).isEqualTo(1f);
        assertThat(one.getNewValue(2)).isEqualTo(0.5f);
    }

    @Test
    void joinedByEpochChangesAtTheFirstStepOfAnEpoch() {
        LearningRateSchedule schedule =
                JoinedSchedule.builder().setFirst(1).addAfter(2, 0.5).build().byEpoch(3);
        assertThat(schedule.getNewValue(6)).isEqualTo(1f);
        assertThat(schedule.getNewValue(7)).isEqualTo(0.5f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY, 1e39})
    void ratesBelowZeroOrNotFiniteAreRefused(double rate) {
        refused("peak", () -> CosineSchedule.builder().setPeak(rate));
        refused("floor", () -> CosineSchedule.builder().optFloor(rate));
        refused("peak", () -> OneCycleSchedule.builder().setPeak(rate));
        refused("peak", () -> WarmUpStableDecaySchedule.builder().setPeak(rate));
        refused("start", () -> WarmUpStableDecaySchedule.builder().optStart(rate));
        refused("floor", () -> WarmUpStableDecaySchedule.builder().optFloor(rate));
        refused("peak", () -> WarmRestartsSchedule.builder().setPeak(rate));
        refused("floor", () -> WarmRestartsSchedule.builder().optFloor(rate));
        refused("peak", () -> ExponentialSchedule.builder().setPeak(rate));
        refused("floor", () -> ExponentialSchedule.builder().optFloor(rate));
        refused("start", () -> WarmUpSchedule.builder().optStart(rate));
        refused("learning rate", () -> JoinedSchedule.builder().setFirst(rate));
        refused("learning rate", () -> JoinedSchedule.builder().addAfter(1, rate));
        refused("learning rate", () -> LearningRateSchedule.constant(rate));
        refused(
                "learning rate of step 3",
                () -> LearningRateSchedule.of(step -> rate).getNewValue(3));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-46})
    void peaksOfZeroAsFloatAreRefused(double rate) {
        refused("above 0", () -> CosineSchedule.builder().setPeak(rate));
        refused("above 0", () -> LearningRateSchedule.constant(rate));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void partsAndFactorsOutOfRangeAreRefused(double value) {
        refused("[0, 1]", () -> OneCycleSchedule.builder().optRise(value));
        refused("(0, 1]", () -> ExponentialSchedule.builder().setFactor(value));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void divisorsBelowOneAreRefused(double divisor) {
        refused("1 or more", () -> OneCycleSchedule.builder().optDivisor(divisor));
        refused("final divisor", () -> OneCycleSchedule.builder().optFinalDivisor(divisor));
    }

    @Test
    void lengthsOutOfRangeAreRefused() {
        refused("1 or more", () -> CosineSchedule.builder().setSteps(0));
        refused("1 or more", () -> OneCycleSchedule.builder().setSteps(0));
        refused("1 or more", () -> WarmUpStableDecaySchedule.builder().setSteps(0));
        refused("0 or more", () -> WarmUpStableDecaySchedule.builder().setDecaySteps(-1));
        refused("0 or more", () -> WarmUpStableDecaySchedule.builder().optWarmUpSteps(-1));
        refused("1 or more", () -> WarmRestartsSchedule.builder().setFirstPeriod(0));
        refused("1 or more", () -> WarmRestartsSchedule.builder().optFactor(0));
        refused("1 or more", () -> ExponentialSchedule.builder().optSteps(0));
        refused("0 or more", () -> WarmUpSchedule.builder().setSteps(-1));
        refused("1 or more", () -> COSINE.byEpoch(0));
        refused("found 0 after 0", () -> JoinedSchedule.builder().addAfter(0, COSINE));
        refused(
                "found 5 after 5",
                () -> JoinedSchedule.builder().addAfter(5, COSINE).addAfter(5, COSINE));
    }

    @Test
    void whatIsMissingIsNamedWithItsSetter() {
        refused("call setPeak", () -> CosineSchedule.builder().setSteps(1).build());
        refused("call setSteps", () -> CosineSchedule.builder().setPeak(1).build());
        refused("call setPeak", () -> OneCycleSchedule.builder().setSteps(1).build());
        refused("call setSteps", () -> OneCycleSchedule.builder().setPeak(1).build());
        refused("call setPeak", () -> WarmUpStableDecaySchedule.builder().build());
        refused("call setSteps", () -> WarmUpStableDecaySchedule.builder().setPeak(1).build());
        refused(
                "call setDecaySteps",
                () -> WarmUpStableDecaySchedule.builder().setPeak(1).setSteps(1).build());
        refused("call setPeak", () -> WarmRestartsSchedule.builder().build());
        refused("call setFirstPeriod", () -> WarmRestartsSchedule.builder().setPeak(1).build());
        refused("call setPeak", () -> ExponentialSchedule.builder().build());
        refused("call setFactor", () -> ExponentialSchedule.builder().setPeak(1).build());
        refused("call setSteps", () -> WarmUpSchedule.builder().build());
        refused("call setNext", () -> WarmUpSchedule.builder().setSteps(1).build());
        refused("call setFirst", () -> JoinedSchedule.builder().build());
    }

    @Test
    void floorsAboveThePeakAreRefused() {
        refused(
                "lower it by optFloor",
                () -> CosineSchedule.builder().setPeak(1).setSteps(1).optFloor(2).build());
        refused(
                "floor of 2.0",
                () ->
                        WarmRestartsSchedule.builder()
                                .setPeak(1)
                                .setFirstPeriod(1)
                                .optFloor(2)
                                .build());
        refused(
                "floor of 2.0",
                () -> ExponentialSchedule.builder().setPeak(1).setFactor(1).optFloor(2).build());
        refused(
                "floor of 2.0",
                () ->
                        WarmUpStableDecaySchedule.builder()
                                .setPeak(1)
                                .setSteps(1)
                                .setDecaySteps(1)
                                .optFloor(2)
                                .build());
    }

    @Test
    void nullIsRefused() {
        assertNull("rate", () -> LearningRateSchedule.of(null));
        assertNull("next", () -> WarmUpSchedule.builder().setNext(null));
        assertNull("schedule", () -> JoinedSchedule.builder().setFirst(null));
        assertNull("schedule", () -> JoinedSchedule.builder().addAfter(1, null));
        assertNull("decay", () -> WarmUpStableDecaySchedule.builder().optDecay(null));
        assertNull("schedule", () -> PlateauTracker.builder().optSchedule(null));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void plateauMultipliesTheScheduleByAFactorThatFalls(LearningRateSchedule schedule) {
        PlateauTracker factor =
                PlateauTracker.builder().setBaseValue(1).optFactor(0.5).optPatience(1).build();
        PlateauTracker tracker =
                PlateauTracker.builder()
                        .optSchedule(schedule)
                        .optFactor(0.5)
                        .optPatience(1)
                        .optMinValue(0.2)
                        .build();
        double[] losses = {1, 1, 0.5, 0.6, 0.7};
        float[] factors = {1, 0.5f, 0.5f, 0.25f, 0.2f};

        for (int epoch = 0; epoch < losses.length; epoch++) {
            assertThat(tracker.update(losses[epoch])).isEqualTo(factor.update(losses[epoch]));
            assertThat(tracker.value()).isEqualTo(factors[epoch]);
            assertThat(tracker.getNewValue(epoch + 1))
                    .isEqualTo(factors[epoch] * schedule.getNewValue(epoch + 1));
        }
        assertThat(tracker).asString().contains("schedule=" + schedule);
    }

    private static void refused(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
    }

    private static void assertNull(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }
}
