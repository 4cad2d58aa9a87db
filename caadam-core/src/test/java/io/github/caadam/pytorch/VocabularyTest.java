// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.rule.NewtonSchulz;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.spi.ArrayStep;
import io.github.caadam.spi.GradientTreatment;
import io.github.caadam.spi.StepRecipe;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation of {@link Step} by both interpreters, against each other and against the formula
 * in double precision.
 *
 * <p>Operations that round once must agree to the bit. Of the others, one interpreter may multiply
 * and add with one rounding where the other has two; their bound is in units of rounding of the
 * terms that are added up, not of the result, which may cancel. To each bound comes what denormal
 * numbers round by.
 */
class VocabularyTest {

    /** Above a half, so that no product with it becomes zero. */
    private static final double K = 0.6;

    private static final double LOW = -0.7;
    private static final double HIGH = 0.45;
    private static final double WEIGHT = 0.1f;
    private static final double BETA1 = 0.9f;
    private static final double BETA2 = 0.99f;
    private static final double RATE = 0.01f;
    private static final double EPSILON = 1e-3f;

    private static final StepNumbers NUMBERS =
            new StepNumbers(new BiasCorrections(3), 0.02f, 0.5, 0.25f);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** An operation on slots {@code a} and {@code b}, whose result goes to slot {@code c}. */
    private enum Operation {
        ABS(0, (s, a, b, c) -> put(s, c, s.abs(a)), (k, a, b, c) -> Math.abs(a)),
        SIGN(0, (s, a, b, c) -> put(s, c, s.sign(a)), (k, a, b, c) -> Math.signum(a)),
        SQRT(0, (s, a, b, c) -> put(s, c, s.sqrt(a)), (k, a, b, c) -> Math.sqrt(a)),
        ADD_NUMBER(
                0, (s, a, b, c) -> put(s, c, s.add(a, s.constant(K))), (k, a, b, c) -> a + k.of(K)),
        ADD_NUMBER_OF_STEP(
                0,
                (s, a, b, c) -> put(s, c, s.add(a, s.number(VocabularyTest::number))),
                (k, a, b, c) -> a + k.of(number(NUMBERS))),
        ADD_MULTIPLE(
                2,
                (s, a, b, c) -> put(s, c, s.add(a, b, s.constant(K))),
                (k, a, b, c) -> a + k.of(K) * b,
                (k, a, b, c) -> Math.abs(a) + Math.abs(k.of(K) * b)),
        MUL(0, (s, a, b, c) -> put(s, c, s.mul(a, s.constant(K))), (k, a, b, c) -> k.of(K) * a),
        MUL_BY_ARRAY(0, (s, a, b, c) -> put(s, c, s.mul(a, b)), (k, a, b, c) -> a * b),
        DIV(0, (s, a, b, c) -> put(s, c, s.div(a, b)), (k, a, b, c) -> a / b),
        CLAMP(
                0,
                (s, a, b, c) -> put(s, c, s.clamp(a, LOW, HIGH)),
                (k, a, b, c) -> Math.min(Math.max(a, k.of(LOW)), k.of(HIGH))),
        CLAMP_MIN(
                0,
                (s, a, b, c) -> put(s, c, s.clampMin(a, LOW)),
                (k, a, b, c) -> Math.max(a, k.of(LOW))),
        LERP(
                4,
                (s, a, b, c) -> put(s, c, s.lerp(a, b, WEIGHT)),
                (k, a, b, c) -> (1 - WEIGHT) * a + WEIGHT * b,
                (k, a, b, c) -> Math.abs(a) + Math.abs(b)),
        LERP_FAR(
                4,
                (s, a, b, c) -> put(s, c, s.lerp(a, b, 0.75)),
                (k, a, b, c) -> 0.25 * a + 0.75 * b,
                (k, a, b, c) -> Math.abs(a) + Math.abs(b)),
        LERP_IN_PLACE(
                4,
                (s, a, b, c) -> s.lerpInPlace(c, a, WEIGHT),
                (k, a, b, c) -> (1 - WEIGHT) * c + WEIGHT * a,
                (k, a, b, c) -> Math.abs(c) + Math.abs(a)),
        MUL_IN_PLACE(0, (s, a, b, c) -> s.mulInPlace(c, K), (k, a, b, c) -> k.of(K) * c),
        MAXIMUM_IN_PLACE(0, (s, a, b, c) -> s.maximumInPlace(c, a), (k, a, b, c) -> Math.max(c, a)),
        ADD_IN_PLACE(
                2,
                (s, a, b, c) -> s.addInPlace(c, a, s.constant(K)),
                (k, a, b, c) -> c + k.of(K) * a,
                (k, a, b, c) -> Math.abs(c) + Math.abs(k.of(K) * a)),
        ADD_IN_PLACE_OF_STEP(
                2,
                (s, a, b, c) -> s.addInPlace(c, a, s.number(VocabularyTest::number)),
                (k, a, b, c) -> c + k.of(number(NUMBERS)) * a,
                (k, a, b, c) -> Math.abs(c) + Math.abs(k.of(number(NUMBERS)) * a)),
        ADDCMUL_IN_PLACE(
                4,
                (s, a, b, c) -> s.addcmulInPlace(c, a, b, K),
                (k, a, b, c) -> c + k.of(K) * a * b,
                (k, a, b, c) -> Math.abs(c) + Math.abs(k.of(K) * a * b)),
        ADDCDIV_IN_PLACE(
                4,
                (s, a, b, c) -> s.addcdivInPlace(c, a, b, s.constant(K)),
                (k, a, b, c) -> c + k.of(K) * a / b,
                (k, a, b, c) -> Math.abs(c) + Math.abs(k.of(K) * a / b));

        private final int units;

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final Code code;

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final Formula formula;

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final Formula terms;

        Operation(int units, Code code, Formula formula) {
            this(units, code, formula, (k, a, b, c) -> 0);
        }

        /** The bound is so many units of rounding of the terms. */
        Operation(int units, Code code, Formula formula, Formula terms) {
            this.units = units;
            this.code = code;
            this.formula = formula;
            this.terms = terms;
        }

        private boolean interpolates() {
            return name().startsWith("LERP");
        }

        /** Returns whether finite numbers may overflow before the last operation. */
        private boolean overflowsOnTheWay(Case at) {
            double way =
                    switch (this) {
                        case LERP, LERP_FAR -> at.b - at.a;
                        case LERP_IN_PLACE -> at.a - at.c;
                        case ADDCMUL_IN_PLACE -> at.a * at.b;
                        default -> 0;
                    };
            boolean finite =
                    Double.isFinite(at.a) && Double.isFinite(this == LERP_IN_PLACE ? at.c : at.b);
            return finite && Double.isInfinite(rounding(at.type).of(way));
        }
    }

    /** An operation, with its result in {@code c}. */
    private interface Code {
        void run(Step s, Operand a, Operand b, Operand c);
    }

    /** The value of an operation on single numbers. */
    private interface Formula {
        double value(Rounding k, double a, double b, double c);
    }

    /** How numbers become those of the arrays' type. */
    private interface Rounding {
        double of(double number);
    }

    private static double number(StepNumbers n) {
        return n.rate() * n.biasCorrection(0.9) / n.step() + n.decay();
    }

    /** Adds to zeros, which changes nothing but the sign of zero. */
    private static void put(Step s, Operand target, Operand value) {
        s.mulInPlace(target, 0);
        s.addInPlace(target, value, s.constant(1));
    }

    /** What numbers an operation is tried on. */
    private enum Kind {
        NORMAL,
        DENORMAL,
        SPECIAL,
        EMPTY,
        TRANSPOSED
    }

    static Stream<Arguments> operations() {
        return Stream.of(Operation.values())
                .flatMap(
                        operation ->
                                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                                        .map(type -> Arguments.of(operation, type)));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void bothInterpretersComputeTheFormula(Operation operation, DataType type) {
        UpdateRule rule =
                rule(
                        List.of("a", "b", "c"),
                        s -> operation.code.run(s, s.slot("a"), s.slot("b"), s.slot("c")));
        for (Kind kind : Kind.values()) {
            Trial trial = new Trial(rule, type, kind);
            trial.run();
            for (int p = 0; p < trial.size(); p++) {
                double[][] before = trial.slotsBefore(p);
                double[] array = values(trial.arrays.get(p).get(2));
                double[] script = values(trial.scripts.get(p).get(2));
                assertThat(script).hasSameSizeAs(array).hasSameSizeAs(before[2]);
                for (int i = 0; i < array.length; i++) {
                    double a = before[0][i];
                    double b = before[1][i];
                    double c = before[2][i];
                    Case at = new Case(kind, type, a, b, c);
                    Rounding k = rounding(type);
                    double bound = bound(operation, type, a, b, c);
                    requireSame(operation, at, script[i], array[i], bound);
                    if (kind != Kind.SPECIAL) {
                        double expected = k.of(operation.formula.value(k, a, b, c));
                        requireSame(
                                at + ", formula",
                                array[i],
                                expected,
                                bound + ofEngine(operation, type, at));
                    }
                }
                trial.requireUnchanged(p, 0);
                trial.requireUnchanged(p, 1);
            }
        }
    }

    private static Rounding rounding(DataType type) {
        return type == DataType.FLOAT32 ? number -> (float) number : number -> number;
    }

    /** What the engine's roots are off by, and a quotient of denormal numbers. */
    private static double ofEngine(Operation operation, DataType type, Case at) {
        return switch (operation) {
            case SQRT -> 2 * unit(type) * Math.sqrt(at.a);
            case ADDCDIV_IN_PLACE -> smallest(type) / Math.abs(at.b);
            default -> 0;
        };
    }

    private static double unit(DataType type) {
        return type == DataType.FLOAT32 ? 0x1p-24 : 0x1p-53;
    }

    private static double smallest(DataType type) {
        return type == DataType.FLOAT32 ? Float.MIN_VALUE : Double.MIN_VALUE;
    }

    private static double bound(Operation operation, DataType type, double a, double b, double c) {
        if (operation.units == 0) {
            return 0;
        }
        double terms = operation.terms.value(rounding(type), a, b, c);
        return operation.units * (unit(type) * terms + smallest(type));
    }

    /**
     * Compares two results. An interpolation by {@code a + w·(b − a)} is not a number where {@code
     * (1 − w)·a + w·b} is infinite, so that those need only be alike in that they are not finite;
     * and where finite numbers overflow on the way, they may do so in one order of operations and
     * not in the other.
     */
    private static void requireSame(
            Operation operation, Case at, double found, double expected, double bound) {
        if (operation.overflowsOnTheWay(at)) {
            return;
        }
        if (operation.interpolates() && !(Double.isFinite(found) && Double.isFinite(expected))) {
            assertThat(Double.isFinite(found) || Double.isFinite(expected))
                    .as("%s: %s in place of %s", at, found, expected)
                    .isFalse();
            return;
        }
        requireSame(at.toString(), found, expected, bound);
    }

    /** The values that an operation is applied to. */
    private record Case(Kind kind, DataType type, double a, double b, double c) {}

    private static void requireSame(String at, double found, double expected, double bound) {
        boolean same =
                found == expected
                        || (Double.isNaN(found) && Double.isNaN(expected))
                        || Math.abs(found - expected) <= bound;
        assertThat(same).as("%s: %s in place of %s", at, found, expected).isTrue();
    }

    /** A rule of a test. */
    private record Rule(List<Slot> slots, Consumer<Step> code) implements UpdateRule {

        @Override
        public String name() {
            return "trial";
        }

        @Override
        public void update(Step step) {
            code.accept(step);
        }
    }

    private static UpdateRule rule(List<String> slots, Consumer<Step> code) {
        return new Rule(slots.stream().map(Slot::zeros).toList(), code);
    }

    /** A step in both ways, of parameters whose slots hold numbers of a kind. */
    private final class Trial {

        private final StepRecipe recipe;
        private final DataType type;
        private final List<NDList> before = new ArrayList<>();

        /** For each parameter its slots, its weight and its gradient. */
        private final List<NDList> arrays = new ArrayList<>();

        private final List<NDList> scripts = new ArrayList<>();
        private boolean decays;
        private boolean makesStep = true;

        Trial(UpdateRule rule, DataType type, Kind kind) {
            this(
                    new StepRecipe(rule, new GradientTreatment(1, -1, -1, -1, 0)),
                    type,
                    kind,
                    rule.slots().size() + 2);
        }

        private Trial(StepRecipe recipe, DataType type, Kind kind, int count) {
            this.recipe = recipe;
            this.type = type;
            for (Supplier<NDList> lists : parameters(kind, type, count)) {
                before.add(lists.get());
                arrays.add(lists.get());
                scripts.add(lists.get());
            }
        }

        private int size() {
            return before.size();
        }

        private double[][] slotsBefore(int parameter) {
            return before.get(parameter).stream()
                    .map(VocabularyTest::values)
                    .toArray(double[][]::new);
        }

        private void requireUnchanged(int parameter, int slot) {
            double[] expected = values(before.get(parameter).get(slot));
            assertThat(values(arrays.get(parameter).get(slot))).containsExactly(expected);
            assertThat(values(scripts.get(parameter).get(slot))).containsExactly(expected);
        }

        private NDArray weight(NDList list) {
            return list.get(list.size() - 2);
        }

        private NDArray gradient(NDList list) {
            return list.get(list.size() - 1);
        }

        private NDList slots(NDList list) {
            return new NDList(list.subList(0, list.size() - 2));
        }

        private void run() {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                List<ArrayStep> steps =
                        arrays.stream()
                                .map(
                                        p ->
                                                new ArrayStep(
                                                        recipe.rule(),
                                                        recipe.slots(recipe.rule()),
                                                        weight(p),
                                                        gradient(p),
                                                        slots(p),
                                                        decays,
                                                        gradient -> NUMBERS))
                                .toList();
                if (makesStep) {
                    recipe.apply(steps);
                } else {
                    recipe.accumulate(steps);
                }
            }
            int last = scripts.size() - 1;
            // The last parameter is a group of its own.
            List<StepArguments.GroupArrays> groups =
                    Stream.of(scripts.subList(0, last), scripts.subList(last, last + 1))
                            .filter(group -> !group.isEmpty())
                            .map(
                                    group ->
                                            new StepArguments.GroupArrays(
                                                    group.stream().map(this::weight).toList(),
                                                    group.stream().map(this::gradient).toList(),
                                                    group.stream().map(this::slots).toList(),
                                                    List.of()))
                            .toList();
            StepProgram program =
                    new StepProgram(
                            recipe,
                            groups.stream()
                                    .map(
                                            group ->
                                                    new GroupKind(
                                                            recipe.rule(),
                                                            decays,
                                                            Optional.empty()))
                                    .toList());
            double[] numbers = new double[program.numbers().size()];
            program.numbers()
                    .fill(
                            groups.stream().map(group -> NUMBERS).toArray(StepNumbers[]::new),
                            NUMBERS,
                            numbers,
                            0);
            try (ScriptModule module = ScriptModule.compile(program.source(), Device.cpu());
                    StepArguments arguments =
                            new StepArguments(groups, new NDList(), Device.cpu());
                    IValue list = IValue.listFrom(numbers)) {
                if (makesStep) {
                    module.run(StepProgram.STEP, list, arguments.step()).close();
                } else {
                    module.run(StepProgram.ACCUMULATE, arguments.step()).close();
                }
            }
        }
    }

    /** For each parameter what makes its arrays, the same at every call. */
    private List<Supplier<NDList>> parameters(Kind kind, DataType type, int count) {
        List<Supplier<NDList>> parameters = new ArrayList<>();
        switch (kind) {
            case EMPTY -> {
                parameters.add(() -> filled(count, type, new Shape(0), i -> new double[0]));
                parameters.add(() -> filled(count, type, new Shape(2), i -> normal(i, 2)));
                parameters.add(() -> filled(count, type, new Shape(3, 0), i -> new double[0]));
            }
            case SPECIAL ->
                    parameters.add(
                            () ->
                                    filled(
                                            count,
                                            type,
                                            new Shape(SPECIAL.length, SPECIAL.length),
                                            i -> special(i, type)));
            case TRANSPOSED ->
                    parameters.add(
                            () -> {
                                NDList list = new NDList();
                                filled(count, type, new Shape(5, 7), i -> normal(i, 35))
                                        .forEach(array -> list.add(array.transpose()));
                                return list;
                            });
            default -> {
                for (Shape shape : List.of(new Shape(11, 23), new Shape(5), new Shape())) {
                    int size = (int) shape.size();
                    parameters.add(
                            () ->
                                    filled(
                                            count,
                                            type,
                                            shape,
                                            i ->
                                                    kind == Kind.NORMAL
                                                            ? normal(i, size)
                                                            : denormal(i, size, type)));
                }
            }
        }
        return parameters;
    }

    private interface Numbers {
        double[] of(int place);
    }

    private NDList filled(int count, DataType type, Shape shape, Numbers numbers) {
        NDList list = new NDList();
        for (int i = 0; i < count; i++) {
            list.add(manager.create(numbers.of(i), shape).toType(type, false));
        }
        return list;
    }

    private static double[] normal(int seed, int size) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        return random.doubles(size)
                .map(u -> (float) (Math.pow(10, 6 * u - 3) * (random.nextBoolean() ? 1 : -1)))
                .toArray();
    }

    /** Denormal numbers and numbers of up to 1, in a mixture of its own for each place. */
    private static double[] denormal(int seed, int size, DataType type) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L);
        return IntStream.range(0, size)
                .mapToDouble(
                        i ->
                                random.nextInt(3) > 0
                                        ? (random.nextInt(1 << 21) - (1 << 20)) * smallest(type)
                                        : (float) (2 * random.nextDouble() - 1))
                .toArray();
    }

    private static final double[] SPECIAL = {
        0,
        -0.0,
        1,
        -2,
        0.2,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.MIN_NORMAL,
        -Double.MIN_VALUE
    };

    /** All pairs in the first two places; a third place runs through them in another order. */
    private static double[] special(int place, DataType type) {
        int count = SPECIAL.length;
        return IntStream.range(0, count * count)
                .map(
                        i ->
                                switch (place) {
                                    case 0 -> i / count;
                                    case 1 -> i % count;
                                    default -> (i / count + (5 + place) * (i % count)) % count;
                                })
                .mapToDouble(i -> special(SPECIAL[i], type))
                .toArray();
    }

    private static double special(double value, DataType type) {
        if (type == DataType.FLOAT64) {
            return value;
        }
        if (Math.abs(value) == Double.MAX_VALUE) {
            return Math.signum(value) * Float.MAX_VALUE;
        }
        if (value == Double.MIN_NORMAL) {
            return Float.MIN_NORMAL;
        }
        return Math.abs(value) == Double.MIN_VALUE
                ? Math.signum(value) * Float.MIN_VALUE
                : (float) value;
    }

    private static double[] values(NDArray array) {
        try (NDArray doubles = array.toType(DataType.FLOAT64, true)) {
            return doubles.toDoubleArray();
        }
    }

    /** The norms of arrays, and quotients by them. Sums of squares are up to 253 terms long. */
    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "FLOAT64"})
    void normsAndQuotientsByNormsAgree(DataType type) {
        UpdateRule rule =
                rule(
                        List.of("a", "c"),
                        s -> put(s, s.slot("c"), s.div(s.slot("a"), s.norm(s.slot("a")))));
        for (Kind kind : Kind.values()) {
            Trial trial = new Trial(rule, type, kind);
            trial.run();
            for (int p = 0; p < trial.size(); p++) {
                double[] before = values(trial.before.get(p).get(0));
                double[] array = values(trial.arrays.get(p).get(1));
                double[] script = values(trial.scripts.get(p).get(1));
                double norm = Math.sqrt(Arrays.stream(before).map(x -> x * x).sum());
                for (int i = 0; i < array.length; i++) {
                    // Half of the terms' roundings, by the root; and that of the quotient.
                    double bound = 130 * unit(type) * Math.abs(array[i]);
                    requireSame(kind + " " + type, script[i], array[i], bound);
                    if (kind == Kind.NORMAL || kind == Kind.TRANSPOSED) {
                        requireSame(kind + " " + type, array[i], before[i] / norm, bound);
                    }
                }
                trial.requireUnchanged(p, 0);
            }
        }
    }

    /** Means, multiplied by the array so that their shapes are of no matter. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT32", "FLOAT64"})
    void meansAgree(DataType type) {
        UpdateRule rule =
                rule(
                        List.of("a", "c", "d", "e"),
                        s -> {
                            Operand a = s.slot("a");
                            put(s, s.slot("c"), s.mul(a, s.mean(a)));
                            put(s, s.slot("d"), s.mul(a, s.meanOfRows(a)));
                            put(s, s.slot("e"), s.mul(a, s.meanOfColumns(a)));
                        });
        for (Kind kind : Kind.values()) {
            Trial trial = new Trial(rule, type, kind);
            trial.run();
            for (int p = 0; p < trial.size(); p++) {
                NDArray before = trial.before.get(p).get(0);
                double[] a = values(before);
                long[] shape = before.getShape().getShape();
                int columns = shape.length == 0 ? 1 : (int) shape[shape.length - 1];
                for (int i = 0; i < a.length; i++) {
                    double[] expected = {
                        mean(a, 0, a.length, 1),
                        shape.length == 0
                                ? a[i]
                                : mean(a, i - i % columns, i - i % columns + columns, 1),
                        shape.length < 2 ? a[i] : ofColumn(a, i, shape)
                    };
                    for (int k = 0; k < expected.length; k++) {
                        double array = values(trial.arrays.get(p).get(k + 1))[i];
                        double script = values(trial.scripts.get(p).get(k + 1))[i];
                        double bound = 100 * unit(type) * largest(a) * Math.abs(a[i]);
                        requireSame(kind + " " + type, script, array, bound + smallest(type));
                        if (kind == Kind.NORMAL) {
                            requireSame(kind + " " + type, array, a[i] * expected[k], bound);
                        }
                    }
                }
                trial.requireUnchanged(p, 0);
            }
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static double ofColumn(double[] values, int i, long[] shape) {
        int columns = (int) shape[shape.length - 1];
        int matrix = columns * (int) shape[shape.length - 2];
        int first = i - i % matrix;
        return mean(values, first + i % columns, first + matrix, columns);
    }

    private static double mean(double[] values, int from, int to, int by) {
        double sum = 0;
        int count = 0;
        for (int i = from; i < to; i += by) {
            sum += values[i];
            count++;
        }
        return sum / count;
    }

    /** What comes out is of the size 1, so that roundings of products count alike in all places. */
    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT32", "FLOAT64"})
    void orthogonalMatricesAgree(DataType type) {
        NewtonSchulz iteration = new NewtonSchulz(3.4445, -4.775, 2.0315, 5, 1e-7);
        UpdateRule rule =
                rule(
                        List.of("a", "c"),
                        s -> put(s, s.slot("c"), s.orthogonalize(s.slot("a"), iteration)));
        for (Kind kind : Kind.values()) {
            Trial trial = new Trial(rule, type, kind);
            trial.run();
            for (int p = 0; p < trial.size(); p++) {
                double[] array = values(trial.arrays.get(p).get(1));
                double[] script = values(trial.scripts.get(p).get(1));
                for (int i = 0; i < array.length; i++) {
                    requireSame(kind + " " + type, script[i], array[i], 2000 * unit(type));
                    if (kind == Kind.NORMAL) {
                        assertThat(array[i]).isBetween(-1.3, 1.3);
                    }
                }
                trial.requireUnchanged(p, 0);
            }
        }
    }

    static Stream<Arguments> adams() {
        return Stream.of(false, true)
                .flatMap(
                        amsgrad ->
                                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                                        .map(type -> Arguments.of(amsgrad, type)));
    }

    /**
     * The kernels, which walk through memory: not on arrays that are transposed, for which fused
     * steps fall back.
     */
    @ParameterizedTest
    @MethodSource("adams")
    void kernelsOfAdamAgree(boolean amsgrad, DataType type) {
        UpdateRule rule =
                rule(
                        List.of("m", "v", "largest"),
                        s -> {
                            Operand m = s.slot("m");
                            Operand v = s.slot("v");
                            if (amsgrad) {
                                s.amsgrad(
                                        m,
                                        v,
                                        s.slot("largest"),
                                        s.constant(RATE),
                                        BETA1,
                                        BETA2,
                                        s.constant(EPSILON));
                            } else {
                                s.adam(m, v, s.constant(RATE), BETA1, BETA2, s.constant(EPSILON));
                            }
                        });
        for (Kind kind : List.of(Kind.NORMAL, Kind.DENORMAL, Kind.SPECIAL, Kind.EMPTY)) {
            Trial trial = new Trial(rule, type, kind);
            for (List<NDList> lists : List.of(trial.before, trial.arrays, trial.scripts)) {
                for (NDList list : lists) {
                    // What a sum of squares can be.
                    list.set(1, list.get(1).abs());
                    list.set(2, list.get(2).abs());
                }
            }
            trial.run();
            for (int p = 0; p < trial.size(); p++) {
                requireSameAdam(trial, p, kind, amsgrad);
            }
        }
    }

    private static void requireSameAdam(Trial trial, int p, Kind kind, boolean amsgrad) {
        DataType type = trial.type;
        double[][] before = trial.slotsBefore(p);
        double[][] array =
                trial.arrays.get(p).stream().map(VocabularyTest::values).toArray(double[][]::new);
        double[][] script =
                trial.scripts.get(p).stream().map(VocabularyTest::values).toArray(double[][]::new);
        double unit = unit(type);
        double tiny = 4 * smallest(type);
        for (int i = 0; i < before[0].length; i++) {
            double g = before[4][i];
            double m = BETA1 * before[0][i] + (1 - BETA1) * g;
            double v = BETA2 * before[1][i] + (1 - BETA2) * g * g;
            double largest = amsgrad ? Math.max(before[2][i], v) : v;
            double step = RATE * m / (Math.sqrt(largest) + EPSILON);
            double terms =
                    RATE
                            * (Math.abs(BETA1 * before[0][i]) + Math.abs((1 - BETA1) * g))
                            / (Math.sqrt(largest) + EPSILON);
            // The engine's own kernel takes rate and epsilon in single precision.
            double ofStep = Math.max(unit, 0x1p-24) * 8 * terms;
            double[] bounds = {
                4 * unit * (Math.abs(before[0][i]) + Math.abs(g)) + tiny,
                4 * unit * v + tiny,
                4 * unit * largest + tiny,
                2 * unit * Math.abs(before[3][i]) + ofStep + tiny / EPSILON
            };
            double[] expected = {m, v, amsgrad ? largest : before[2][i], before[3][i] - step};
            for (int slot = 0; slot < 4; slot++) {
                String at =
                        String.format(
                                Locale.ROOT,
                                "%s, %s, slot %d of m=%s v=%s largest=%s w=%s g=%s",
                                kind,
                                type,
                                slot,
                                before[0][i],
                                before[1][i],
                                before[2][i],
                                before[3][i],
                                g);
                if (!Double.isFinite(before[3][i])) {
                    // DJL's kernel adds 0·θ to the gradient, which then is not a number either.
                    assertThat(Double.isFinite(script[3][i]) || Double.isFinite(array[3][i]))
                            .as(at)
                            .isFalse();
                } else if (kind == Kind.SPECIAL) {
                    requireSameAdamOfSpecials(
                            at, slot, script[slot][i], array[slot][i], bounds[slot]);
                } else {
                    requireSame(at, script[slot][i], array[slot][i], bounds[slot]);
                    requireSame(at, array[slot][i], expected[slot], bounds[slot]);
                }
            }
        }
    }

    private static void requireSameAdamOfSpecials(
            String at, int slot, double found, double expected, double bound) {
        if (slot == 0 || slot == 3) {
            // As in interpolations. The weight is lost then, whichever it is.
            if (!Double.isFinite(found) || !Double.isFinite(expected)) {
                assertThat(Double.isFinite(found) || Double.isFinite(expected))
                        .as("%s: %s in place of %s", at, found, expected)
                        .isFalse();
                return;
            }
        }
        requireSame(at, found, expected, bound);
    }

    /** The kernels of descent with momentum, and of Adagrad; a sum of squares is not negative. */
    private enum Kernel {
        MOMENTUM(
                s -> s.momentum(s.slot("b"), n -> RATE, BETA1, false),
                (b, g) -> BETA1 * b + g,
                (b, g) -> b),
        NESTEROV(
                s -> s.momentum(s.slot("b"), n -> RATE, BETA1, true),
                (b, g) -> BETA1 * b + g,
                (b, g) -> g + BETA1 * b),
        ADAGRAD(
                s -> s.adagrad(s.slot("b"), n -> RATE, EPSILON),
                (b, g) -> b + g * g,
                (b, g) -> g / (Math.sqrt(b) + EPSILON));

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final Consumer<Step> code;

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final DoubleBinaryOperator slot;

        @SuppressWarnings("ImmutableEnumChecker") // The lambdas above capture nothing.
        private final DoubleBinaryOperator direction;

        Kernel(Consumer<Step> code, DoubleBinaryOperator slot, DoubleBinaryOperator direction) {
            this.code = code;
            this.slot = slot;
            this.direction = direction;
        }
    }

    static Stream<Arguments> kernels() {
        return Stream.of(Kernel.values())
                .flatMap(
                        kernel ->
                                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                                        .map(type -> Arguments.of(kernel, type)));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void kernelsOfDescentAgree(Kernel kernel, DataType type) {
        UpdateRule rule = rule(List.of("b"), kernel.code);
        for (Kind kind : List.of(Kind.NORMAL, Kind.DENORMAL, Kind.EMPTY)) {
            Trial trial = new Trial(rule, type, kind);
            for (List<NDList> lists : List.of(trial.before, trial.arrays, trial.scripts)) {
                lists.forEach(list -> list.set(0, list.get(0).abs()));
            }
            trial.run();
            for (int p = 0; p < trial.size(); p++) {
                requireSameDescent(trial, p, kernel);
            }
        }
    }

    private static void requireSameDescent(Trial trial, int p, Kernel kernel) {
        double[][] before = trial.slotsBefore(p);
        double[][] array =
                trial.arrays.get(p).stream().map(VocabularyTest::values).toArray(double[][]::new);
        double[][] script =
                trial.scripts.get(p).stream().map(VocabularyTest::values).toArray(double[][]::new);
        double unit = unit(trial.type);
        double tiny = 4 * smallest(trial.type);
        for (int i = 0; i < before[0].length; i++) {
            double g = before[2][i];
            double b = kernel.slot.applyAsDouble(before[0][i], g);
            double step = RATE * kernel.direction.applyAsDouble(b, g);
            double ofSlot = 4 * unit * (Math.abs(before[0][i]) + Math.abs(g) + g * g) + tiny;
            double ofWeight =
                    2 * unit * Math.abs(before[1][i])
                            + 8 * unit * RATE * (Math.abs(before[0][i]) + Math.abs(g)) / EPSILON
                            + tiny / EPSILON;
            String at = kernel + " " + trial.type + " " + before[0][i] + " " + g;
            requireSame(at, script[0][i], array[0][i], ofSlot);
            requireSame(at, array[0][i], b, ofSlot);
            requireSame(at, script[1][i], array[1][i], ofWeight);
            requireSame(at, array[1][i], before[1][i] - step, ofWeight);
        }
    }

    /** What happens to gradients and weights before a rule sees them. */
    private enum Treatment {
        RESCALED(new GradientTreatment(0.3f, -1, -1, -1, 0)),
        CLIPPED_BY_VALUE(new GradientTreatment(1, 0.3f, -1, -1, 0)),
        CLIPPED_BY_NORM(new GradientTreatment(1, -1, 0.3f, -1, 0)),
        CLIPPED_BY_GLOBAL_NORM(new GradientTreatment(0.5f, -1, -1, 0.3f, 0)),
        WITH_L2(new GradientTreatment(1, -1, -1, -1, 0.3f)),
        DECAYED(new GradientTreatment(1, -1, -1, -1, 0));

        @SuppressWarnings("ImmutableEnumChecker") // A record of numbers.
        private final GradientTreatment treatment;

        Treatment(GradientTreatment treatment) {
            this.treatment = treatment;
        }
    }

    static Stream<Arguments> treatments() {
        return Stream.of(Treatment.values())
                .flatMap(
                        treatment ->
                                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                                        .map(type -> Arguments.of(treatment, type)));
    }

    /** Within what norms of 253 values and three more operations round by. */
    @ParameterizedTest
    @MethodSource("treatments")
    void gradientsAndWeightsAreTreatedAlike(Treatment treatment, DataType type) {
        UpdateRule descent =
                rule(List.of(), s -> s.addInPlace(s.weights(), s.gradients(), s.constant(-1)));
        for (Kind kind : Kind.values()) {
            Trial trial = new Trial(new StepRecipe(descent, treatment.treatment), type, kind, 2);
            trial.decays = treatment == Treatment.DECAYED;
            trial.run();
            for (int p = 0; p < trial.size(); p++) {
                double[][] before = trial.slotsBefore(p);
                double[] array = values(trial.arrays.get(p).get(0));
                double[] script = values(trial.scripts.get(p).get(0));
                for (int i = 0; i < array.length; i++) {
                    double terms = Math.abs(before[0][i]) + Math.abs(before[1][i]);
                    requireSame(
                            kind + " " + type + " w=" + before[0][i] + " g=" + before[1][i],
                            script[i],
                            array[i],
                            140 * unit(type) * terms + 4 * smallest(type));
                }
                assertThat(values(trial.scripts.get(p).get(1)))
                        .as("gradients afterwards")
                        .isEqualTo(new double[array.length]);
            }
        }
    }

    private static final GradientTreatment PLAIN = new GradientTreatment(1, -1, -1, -1, 0);

    private static final UpdateRule DESCENT =
            rule(List.of(), s -> s.addInPlace(s.weights(), s.gradients(), s.constant(-1)));

    static Stream<Arguments> kindsAndTypes() {
        return Stream.of(Kind.values())
                .flatMap(
                        kind ->
                                Stream.of(DataType.FLOAT32, DataType.FLOAT64)
                                        .map(type -> Arguments.of(kind, type)));
    }

    /** Of the slots one is the sum; the sum of two numbers is rounded in one way. */
    @ParameterizedTest
    @MethodSource("kindsAndTypes")
    void gradientsAreAccumulatedAlike(Kind kind, DataType type) {
        Trial trial = new Trial(new StepRecipe(DESCENT, PLAIN, 3, -1), type, kind, 3);
        trial.makesStep = false;
        trial.run();
        for (int p = 0; p < trial.size(); p++) {
            double[][] before = trial.slotsBefore(p);
            double[] sums = values(trial.arrays.get(p).get(0));
            assertThat(values(trial.scripts.get(p).get(0))).containsExactly(sums);
            for (int i = 0; i < sums.length; i++) {
                double sum = before[0][i] + before[2][i];
                double expected = type == DataType.FLOAT32 ? (float) sum : sum;
                requireSame(kind + " " + type + " sum " + sum, sums[i], expected, 0);
            }
            trial.requireUnchanged(p, 1);
            assertThat(values(trial.scripts.get(p).get(2))).isEqualTo(new double[sums.length]);
        }
    }

    /**
     * The sum is empty afterwards whatever it was, and what follows the weight has moved by a half.
     */
    @ParameterizedTest
    @MethodSource("kindsAndTypes")
    void meansMakeStepsAndAveragesFollowAlike(Kind kind, DataType type) {
        Trial trial = new Trial(new StepRecipe(DESCENT, PLAIN, 4, 0.5f), type, kind, 4);
        trial.run();
        for (int p = 0; p < trial.size(); p++) {
            double[][] before = trial.slotsBefore(p);
            for (List<NDList> way : List.of(trial.arrays, trial.scripts)) {
                double[] weights = values(way.get(p).get(2));
                double[] averages = values(way.get(p).get(1));
                assertThat(values(way.get(p).get(0))).isEqualTo(new double[weights.length]);
                for (int i = 0; i < weights.length; i++) {
                    double sum = before[0][i] + before[3][i];
                    double weight = before[2][i] - sum / 4;
                    String at = kind + " " + type + " of " + sum + ", " + before[2][i];
                    double unit = unit(type);
                    double terms =
                            Math.abs(before[0][i])
                                    + Math.abs(before[2][i])
                                    + Math.abs(before[3][i]);
                    if (!(terms < largest(type) / 8)) {
                        continue; // Where infinite, interpolations may differ.
                    }
                    double bound = 4 * unit * terms + 4 * smallest(type);
                    requireSame(at, weights[i], weight, bound);
                    if (Math.abs(before[1][i]) < largest(type) / 8) {
                        requireSame(
                                at,
                                averages[i],
                                (before[1][i] + weight) / 2,
                                bound + 4 * unit * Math.abs(before[1][i]));
                    }
                }
            }
        }
    }

    private static double largest(DataType type) {
        return type == DataType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
    }

    /** An operation that joins the vocabulary needs a line here. */
    @Test
    void noOperationIsLeftOut() {
        List<String> elsewhere =
                List.of(
                        "weights",
                        "gradients",
                        "slot",
                        "constant",
                        "decays",
                        "number",
                        "norm",
                        "networkNumber",
                        "addToSum",
                        "orthogonalize",
                        "mean",
                        "meanOfRows",
                        "meanOfColumns",
                        "adam",
                        "amsgrad",
                        "momentum",
                        "adagrad");
        List<String> covered =
                Stream.of(Operation.values())
                        .map(operation -> operation.name().toLowerCase(Locale.ROOT))
                        .map(name -> name.replace("_", ""))
                        .toList();
        assertThat(
                        Stream.of(Step.class.getMethods())
                                .filter(method -> !method.isSynthetic())
                                .map(Method::getName)
                                .filter(name -> !elsewhere.contains(name))
                                .collect(Collectors.toSet()))
                .allSatisfy(
                        name ->
                                assertThat(covered)
                                        .anyMatch(
                                                c -> c.startsWith(name.toLowerCase(Locale.ROOT))));
    }
}
