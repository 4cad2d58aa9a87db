// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.github.caadam.rule.BiasCorrections;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.scaling.WeightFactor;
import io.github.caadam.spi.ArrayStep;
import io.github.caadam.spi.ArrayWholeStep;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.RelativeRate;
import io.github.caadam.spi.StepRecipe;
import io.github.caadam.spi.UpdatePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Makes a step of some small arrays, or accumulates their gradients, in both ways, by operations of
 * arrays and by a program, and refuses a program that comes out elsewhere, or an engine that cannot
 * run it.
 */
final class RuleCheck {

    /** Relative to 1 or to what is larger, in single precision, after some ten operations. */
    private static final double TOLERANCE = 1e-5;

    private static final int STEP = 7;
    private static final float RATE = 0.01f;
    private static final double SLOPE = 3;

    private final StepRecipe recipe;
    private final Device device;
    private final boolean steps;
    private final Random random = new Random(5);
    private final List<Group> groups = new ArrayList<>();
    private final NDList network = new NDList();
    private final NDList networkCopies = new NDList();

    private RuleCheck(StepRecipe recipe, Device device, boolean steps) {
        this.recipe = recipe;
        this.device = device;
        this.steps = steps;
    }

    /**
     * Some parameters.
     *
     * @param kind what the source of their steps depends on
     * @param numbers the numbers of their step
     * @param relative what the learning rate is multiplied by because of weights
     * @param arrays the arrays for the program
     * @param copies the same for single operations
     */
    private record Group(
            GroupKind kind,
            StepNumbers numbers,
            double relative,
            StepArguments.GroupArrays arrays,
            StepArguments.GroupArrays copies) {}

    /**
     * Checks the rule of a plan.
     *
     * @throws NotAcceleratedException if the two ways differ
     * @throws ai.djl.engine.EngineException if the engine cannot run the program
     */
    static void check(UpdatePlan plan) throws NotAcceleratedException {
        Device device = plan.entries().get(0).weight().getDevice();
        float decay = 0;
        boolean follows = false;
        for (UpdatePlan.Entry entry : plan.entries()) {
            decay = Math.max(decay, entry.weightDecay());
            follows |= entry.following().isPresent();
        }
        List<DataType> types =
                plan.entries().stream().map(e -> e.weight().getDataType()).distinct().toList();
        List<UpdateRule> rules =
                plan.entries().stream().map(UpdatePlan.Entry::rule).distinct().toList();
        for (DataType type : types) {
            new RuleCheck(plan.recipe(), device, true).check(type, rules, decay, follows);
            if (plan.recipe().accumulates()) {
                new RuleCheck(plan.recipe(), device, false).check(type, rules, decay, follows);
            }
        }
    }

    private void check(DataType type, List<UpdateRule> rules, float decay, boolean follows)
            throws NotAcceleratedException {
        try (NDManager manager = Engine.getEngine(PtAccelerator.ENGINE).newBaseManager(device)) {
            BiasCorrections corrections = new BiasCorrections(STEP);
            for (UpdateRule rule : rules) {
                addGroup(
                        manager,
                        type,
                        rule,
                        follows,
                        new StepNumbers(corrections, RATE, 1, decay),
                        new Shape(3, 4),
                        new Shape(5));
                addGroup(
                        manager,
                        type,
                        rule,
                        false,
                        new StepNumbers(corrections, RATE, 0.5, 0),
                        new Shape(4, 3));
            }
            addNumbers(manager);
            runProgram();
            runArrays();
            compare(network, networkCopies);
            for (Group group : groups) {
                compare(group.arrays().weights(), group.copies().weights());
                for (int i = 0; i < group.arrays().states().size(); i++) {
                    compare(group.arrays().states().get(i), group.copies().states().get(i));
                }
            }
        }
    }

    private void addGroup(
            NDManager manager,
            DataType type,
            UpdateRule rule,
            boolean follows,
            StepNumbers numbers,
            Shape... shapes) {
        List<NDArray> weights = new ArrayList<>();
        List<NDArray> gradients = new ArrayList<>();
        List<NDList> states = new ArrayList<>();
        for (Shape shape : shapes) {
            weights.add(between(manager, shape, type, -1, 1));
            gradients.add(between(manager, shape, type, -1, 1));
            NDList slots = new NDList();
            recipe.slots(rule)
                    .forEach(slot -> slots.add(between(manager, slot.shape(shape), type, 0.1, 1)));
            states.add(slots);
        }
        StepArguments.GroupArrays copies =
                new StepArguments.GroupArrays(
                        weights.stream().map(NDArray::duplicate).toList(),
                        gradients.stream().map(NDArray::duplicate).toList(),
                        states.stream()
                                .map(s -> new NDList(s.stream().map(NDArray::duplicate).toList()))
                                .toList(),
                        List.of());
        List<NDArray> followed = follows ? copies.weights() : List.of();
        WeightFactor factor = new WeightFactor(SLOPE, 0, Double.POSITIVE_INFINITY, false);
        groups.add(
                new Group(
                        new GroupKind(
                                rule,
                                numbers.weightDecay() != 0,
                                follows
                                        ? Optional.of(
                                                new RelativeRate.Following(followed, factor)
                                                        .ofNorm())
                                        : Optional.empty()),
                        numbers,
                        follows ? factor.of(RelativeRate.rootMeanSquares(List.of(followed))[0]) : 1,
                        new StepArguments.GroupArrays(
                                weights, gradients, states, follows ? weights : List.of()),
                        copies));
    }

    /** Of the size that slots have. */
    private void addNumbers(NDManager manager) {
        recipe.rule()
                .networkNumbers()
                .forEach(
                        number ->
                                network.add(
                                        between(manager, new Shape(), DataType.FLOAT64, 0.1, 1)));
        network.forEach(number -> networkCopies.add(number.duplicate()));
    }

    private NDArray between(
            NDManager manager, Shape shape, DataType type, double low, double high) {
        double[] values = random.doubles(shape.size(), low, high).toArray();
        return manager.create(values, shape).toType(type, false);
    }

    private void runProgram() throws NotAcceleratedException {
        StepProgram program = new StepProgram(recipe, groups.stream().map(Group::kind).toList());
        StepNumbers[] ofGroups = groups.stream().map(Group::numbers).toArray(StepNumbers[]::new);
        program.numbers().requireLinear(ofGroups);
        double[] numbers = new double[program.numbers().size()];
        program.numbers().fill(ofGroups, ofNetwork(), numbers, 0);
        try (ScriptModule module = ScriptModule.compile(program.source(), device);
                StepArguments arguments =
                        new StepArguments(
                                groups.stream().map(Group::arrays).toList(), network, device);
                IValue list = IValue.listFrom(numbers)) {
            if (steps) {
                module.run(StepProgram.STEP, list, arguments.step()).close();
            } else {
                module.run(StepProgram.ACCUMULATE, arguments.step()).close();
            }
        }
    }

    private static StepNumbers ofNetwork() {
        return UpdatePlan.ofNetwork(STEP, new float[] {RATE});
    }

    private void runArrays() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<ArrayStep> arrays = new ArrayList<>();
            for (Group group : groups) {
                for (int i = 0; i < group.copies().weights().size(); i++) {
                    arrays.add(
                            new ArrayStep(
                                    group.kind().rule(),
                                    recipe.slots(group.kind().rule()),
                                    group.copies().weights().get(i),
                                    group.copies().gradients().get(i),
                                    group.copies().states().get(i),
                                    group.kind().decays(),
                                    gradient -> group.numbers().times(group.relative())));
                }
            }
            if (steps) {
                recipe.apply(
                        arrays,
                        new ArrayWholeStep(
                                recipe.rule().networkNumbers(), networkCopies, ofNetwork()));
            } else {
                recipe.accumulate(arrays);
            }
        }
    }

    private void compare(List<NDArray> found, List<NDArray> expected)
            throws NotAcceleratedException {
        for (int i = 0; i < found.size(); i++) {
            double[] one = doubles(found.get(i));
            double[] other = doubles(expected.get(i));
            for (int j = 0; j < one.length; j++) {
                double size = Math.max(1, Math.min(Math.abs(one[j]), Math.abs(other[j])));
                // Not a number differs from everything, and so does what is infinite.
                if (!(Math.abs(one[j] - other[j]) <= TOLERANCE * size)) {
                    throw new NotAcceleratedException(
                            "optimizer",
                            "a program of the rule \""
                                    + recipe.rule().name()
                                    + "\" computes something else than single operations do: "
                                    + one[j]
                                    + " in place of "
                                    + other[j]);
                }
            }
        }
    }

    private static double[] doubles(NDArray array) {
        try (NDArray values = array.toType(DataType.FLOAT64, true)) {
            return values.toDoubleArray();
        }
    }
}
