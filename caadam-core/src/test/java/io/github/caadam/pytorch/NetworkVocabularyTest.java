// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.NetworkStep;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.spi.ArrayStep;
import io.github.caadam.spi.ArrayWholeStep;
import io.github.caadam.spi.GradientTreatment;
import io.github.caadam.spi.StepRecipe;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every operation of {@link NetworkStep} by both interpreters, to the bit but for powers, against
 * each other and the formula; and sums and numbers on their way from and to parameters of both
 * types.
 */
class NetworkVocabularyTest {

    private static final double K = 0.6;

    private static final StepNumbers NETWORK = new StepNumbers(new BiasCorrections(7), 0.25f, 1, 0);

    private static final StepNumbers GROUP =
            new StepNumbers(new BiasCorrections(3), 0.5f, 0.5, 0.25f);

    private static final double[] VALUES = {
        0, 1, -2, 0.3, 1e-300, 1e300, Double.POSITIVE_INFINITY, Double.NaN, -1e-5, 7
    };

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** An operation on numbers {@code a} and {@code b}. */
    private enum Operation {
        SIGN((s, a, b) -> s.sign(a), (a, b) -> Double.isNaN(a) ? 0 : Math.signum(a)),
        POW_HALF((s, a, b) -> s.pow(a, 0.5), (a, b) -> Math.pow(a, 0.5)),
        POW_TWO((s, a, b) -> s.pow(a, 2), (a, b) -> a * a),
        POW_ZERO((s, a, b) -> s.pow(a, 0), (a, b) -> 1),
        POW_BROKEN((s, a, b) -> s.pow(a, 1.7), (a, b) -> Math.pow(a, 1.7)),
        ADD_NUMBER((s, a, b) -> s.add(a, s.constant(K)), (a, b) -> a + K),
        ADD_NUMBER_OF_NETWORK(
                (s, a, b) -> s.add(a, s.number(n -> n.rate() + n.step() + n.decay())),
                (a, b) -> a + 7.25),
        ADD_MULTIPLE((s, a, b) -> s.add(a, b, s.constant(0.5)), (a, b) -> a + 0.5 * b),
        MUL_BY_NUMBER((s, a, b) -> s.mul(a, s.constant(K)), (a, b) -> a * K),
        MUL((s, a, b) -> s.mul(a, b), (a, b) -> a * b),
        DIV((s, a, b) -> s.div(a, b), (a, b) -> a / b),
        MAXIMUM((s, a, b) -> s.maximum(a, b), Math::max),
        MINIMUM((s, a, b) -> s.minimum(a, b), Math::min),
        CLAMP_MIN((s, a, b) -> s.clampMin(a, s.constant(K)), (a, b) -> Math.max(a, K));

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final Code code;

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final DoubleBinaryOperator formula;

        Operation(Code code, DoubleBinaryOperator formula) {
            this.code = code;
            this.formula = formula;
        }

        private boolean isPower() {
            return name().startsWith("POW");
        }
    }

    private interface Code {
        Operand run(NetworkStep s, Operand a, Operand b);
    }

    /** Sets {@code c} by a formula of {@code a} and {@code b}, and changes these afterwards. */
    private record Settling(Code code) implements UpdateRule {

        @Override
        public String name() {
            return "settling";
        }

        @Override
        public List<NetworkNumber> networkNumbers() {
            return Stream.of("a", "b", "c").map(name -> new NetworkNumber(name, 0)).toList();
        }

        @Override
        public void settle(NetworkStep s) {
            Operand a = s.networkNumber("a");
            Operand b = s.networkNumber("b");
            s.set("a", b);
            s.set("b", a);
            s.set("c", code.run(s, a, b));
        }

        @Override
        public void update(Step s) {}
    }

    @ParameterizedTest
    @EnumSource
    void bothInterpretersComputeTheFormula(Operation operation) {
        StepRecipe recipe = recipe(new Settling(operation.code));
        for (double a : VALUES) {
            for (double b : VALUES) {
                if (operation.isPower() && a < 0) {
                    continue;
                }
                Trial trial = new Trial(DataType.FLOAT32, a, b, 0);
                trial.run(recipe);
                double[] array = trial.numbers(trial.arrayNumbers);
                double[] script = trial.numbers(trial.scriptNumbers);
                String at = operation + " of " + a + ", " + b;
                double expected = operation.formula.applyAsDouble(a, b);
                assertThat(array).as(at).startsWith(b, a);
                assertThat(script).as(at).startsWith(b, a);
                // Powers are rounded by each library in its own way.
                double bound = operation.isPower() ? 1e-15 * Math.abs(expected) : 0;
                for (double found : new double[] {array[2], script[2]}) {
                    boolean same =
                            found == expected
                                    || (Double.isNaN(found) && Double.isNaN(expected))
                                    || Math.abs(found - expected) <= bound;
                    assertThat(same).as("%s: %s in place of %s", at, found, expected).isTrue();
                }
            }
        }
    }

    /** Sums gradients by their rates, and moves the weights by the sum and what was before it. */
    private record Summing() implements UpdateRule {

        @Override
        public String name() {
            return "summing";
        }

        @Override
        public List<NetworkNumber> networkNumbers() {
            return List.of(new NetworkNumber("sum", 0), new NetworkNumber("before", 0));
        }

        @Override
        public void gather(Step s) {
            s.addToSum("all", s.gradients(), s.number(n -> n.rate() * n.step()));
            s.addToSum("all", s.mul(s.gradients(), s.networkNumber("sum")), s.constant(K));
        }

        @Override
        public void settle(NetworkStep s) {
            s.set("before", s.networkNumber("sum"));
            s.set("sum", s.sum("all"));
        }

        @Override
        public void update(Step s) {
            s.addInPlace(s.weights(), s.mul(s.gradients(), s.networkNumber("sum")), s.constant(1));
            s.addInPlace(
                    s.weights(), s.div(s.gradients(), s.networkNumber("before")), s.constant(1));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void sumsAreOfAllParametersAndNumbersReachEachOfThem(DataType type) {
        Trial trial = new Trial(type, 0.3, 5);
        List<double[]> weights = trial.weights.stream().map(NetworkVocabularyTest::values).toList();
        List<double[]> gradients =
                trial.gradients.stream().map(NetworkVocabularyTest::values).toList();
        trial.run(recipe(new Summing()));

        double total = gradients.stream().flatMapToDouble(Arrays::stream).sum();
        // The rate is α·S = 0.25, of the parameters' third step.
        double sum = total * 0.75 + K * 0.3 * total;
        double rounding = type == DataType.FLOAT32 ? 0x1p-20 : 0x1p-48;
        for (NDList numbers : List.of(trial.arrayNumbers, trial.scriptNumbers)) {
            assertThat(trial.numbers(numbers)[0]).isCloseTo(sum, within(rounding));
            assertThat(trial.numbers(numbers)[1]).isEqualTo(0.3);
        }
        for (int p = 0; p < weights.size(); p++) {
            double[] array = values(trial.weights.get(p));
            double[] script = values(trial.scriptWeights.get(p));
            for (int i = 0; i < array.length; i++) {
                double gradient = gradients.get(p)[i];
                double expected = weights.get(p)[i] + gradient * sum + gradient / 0.3;
                assertThat(array[i]).isCloseTo(expected, within(8 * rounding));
                assertThat(script[i]).isCloseTo(expected, within(8 * rounding));
            }
            assertThat(trial.weights.get(p).getDataType()).isEqualTo(type);
            assertThat(trial.scriptWeights.get(p).getDataType()).isEqualTo(type);
        }
    }

    private static StepRecipe recipe(UpdateRule rule) {
        return new StepRecipe(rule, new GradientTreatment(1, -1, -1, -1, 0));
    }

    private static double[] values(NDArray array) {
        try (NDArray doubles = array.toType(DataType.FLOAT64, true)) {
            return doubles.toDoubleArray();
        }
    }

    /** A step of three parameters, of which the last is a group of its own, in both ways. */
    private final class Trial {

        private final NDList weights = new NDList();
        private final NDList scriptWeights = new NDList();
        private final NDList gradients = new NDList();
        private final NDList arrayNumbers = new NDList();
        private final NDList scriptNumbers = new NDList();

        Trial(DataType type, double... numbers) {
            int count = 0;
            for (Shape shape : List.of(new Shape(2, 3), new Shape(), new Shape(4))) {
                double[] values = new double[(int) shape.size()];
                double[] slopes = new double[values.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (count + i) / 8.0 - 0.5;
                    slopes[i] = (float) Math.sin(count + i);
                }
                count += values.length;
                weights.add(manager.create(values, shape).toType(type, false));
                scriptWeights.add(manager.create(values, shape).toType(type, false));
                gradients.add(manager.create(slopes, shape).toType(type, false));
            }
            for (double number : numbers) {
                arrayNumbers.add(manager.create(number));
                scriptNumbers.add(manager.create(number));
            }
        }

        private double[] numbers(NDList list) {
            return list.stream().mapToDouble(NDArray::getDouble).toArray();
        }

        private void run(StepRecipe recipe) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                List<ArrayStep> steps =
                        Stream.of(0, 1, 2)
                                .map(
                                        p ->
                                                new ArrayStep(
                                                        recipe.rule(),
                                                        List.of(),
                                                        weights.get(p),
                                                        gradients.get(p),
                                                        new NDList(),
                                                        false,
                                                        gradient -> GROUP))
                                .toList();
                recipe.apply(
                        steps,
                        new ArrayWholeStep(recipe.rule().networkNumbers(), arrayNumbers, NETWORK));
            }
            List<StepArguments.GroupArrays> groups =
                    Stream.of(List.of(0, 1), List.of(2)).map(this::group).toList();
            GroupKind kind = new GroupKind(recipe.rule(), false, Optional.empty());
            StepProgram program = new StepProgram(recipe, List.of(kind, kind));
            double[] table = new double[program.numbers().size()];
            program.numbers().fill(new StepNumbers[] {GROUP, GROUP}, NETWORK, table, 0);
            try (ScriptModule module = ScriptModule.compile(program.source(), Device.cpu());
                    StepArguments arguments =
                            new StepArguments(groups, scriptNumbers, Device.cpu());
                    IValue list = IValue.listFrom(table)) {
                module.run(StepProgram.STEP, list, arguments.step()).close();
            }
        }

        private StepArguments.GroupArrays group(List<Integer> places) {
            return new StepArguments.GroupArrays(
                    places.stream().<NDArray>map(scriptWeights::get).toList(),
                    // Zeroed by the step.
                    places.stream().map(p -> gradients.get(p).duplicate()).toList(),
                    places.stream().map(p -> new NDList()).toList(),
                    List.of());
        }
    }

    /** An operation that joins the vocabulary needs a line here. */
    @Test
    void noOperationIsLeftOut() {
        List<String> elsewhere = List.of("sum", "networkNumber", "set", "constant", "number");
        List<String> covered =
                Stream.of(Operation.values())
                        .map(operation -> operation.name().toLowerCase(Locale.ROOT))
                        .map(name -> name.replace("_", ""))
                        .toList();
        assertThat(Stream.of(NetworkStep.class.getMethods()).map(Method::getName))
                .filteredOn(name -> !elsewhere.contains(name))
                .allSatisfy(
                        name ->
                                assertThat(covered)
                                        .anyMatch(
                                                c -> c.startsWith(name.toLowerCase(Locale.ROOT))));
    }
}
