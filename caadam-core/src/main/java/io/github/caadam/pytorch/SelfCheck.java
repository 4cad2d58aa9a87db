// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.training.loss.Loss;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.spi.GradientTreatment;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.StepRecipe;
import io.github.caadam.training.L2PenalizedLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Computes loss, gradients and running statistics of a few random rows in both ways, by DJL's own
 * blocks and by a program, and refuses a program that comes out elsewhere. Where it does, it holds
 * each block by itself against its part of the program, to name the one to blame.
 *
 * <p>All of it works on copies of the parameters, filled with random numbers in double precision,
 * in which the two ways agree to ten digits or more. The engine's random numbers are not touched.
 * Networks with dropout are checked as after training, since the two ways would draw different
 * numbers.
 */
final class SelfCheck {

    private static final int ROWS = 3;

    /** Relative to the largest value of an array; settings such as momentum are floats. */
    private static final double TOLERANCE = 1e-5;

    /** Takes the gradient from the weight, so that weights before and after tell the gradient. */
    private static final StepRecipe DESCENT =
            new StepRecipe(new Descent(), new GradientTreatment(1, -1, -1, -1, 0));

    private static final GroupKind DESCENDS =
            new GroupKind(DESCENT.rule(), false, Optional.empty());

    private final NetworkCode code;
    private final Shape row;
    private final boolean training;
    private final Random random = new Random(3);

    /**
     * Prepares a check.
     *
     * @param code the network
     * @param row the shape of a row of features
     * @param training whether layers compute what they do in training
     */
    SelfCheck(NetworkCode code, Shape row, boolean training) {
        this.code = code;
        this.row = row;
        this.training = training;
    }

    private record Descent() implements UpdateRule {

        @Override
        public String name() {
            return "gradient descent";
        }

        @Override
        public void update(Step s) {
            s.addInPlace(s.weights(), s.gradients(), s.constant(-1));
        }
    }

    /**
     * Checks a program.
     *
     * @param names the parameters, those to be trained apart
     * @param gradients how the program computes their gradients
     * @throws NotAcceleratedException if it computes something else than DJL does, or DJL cannot
     *     compute it
     * @throws EngineException if the engine does not accept the program
     */
    void check(ParameterNames names, GradientCode gradients) throws NotAcceleratedException {
        try {
            checkOnce(names, gradients);
        } catch (NotAcceleratedException e) {
            // Some of DJL's losses read a number that the garbage collector may have taken by then,
            // which falsifies a gradient once in many; see MeanSquaredError. Not twice in a row.
            checkOnce(names, gradients);
        }
    }

    private void checkOnce(ParameterNames names, GradientCode gradients)
            throws NotAcceleratedException {
        List<Parameter> all = new ArrayList<>(names.trained());
        all.addAll(names.others());
        Device device = all.get(0).getArray().getDevice();
        boolean gradientMode = JniUtils.isGradMode();
        try (NDManager manager = Engine.getEngine(PtAccelerator.ENGINE).newBaseManager(device)) {
            Copies eager = new Copies(manager, all);
            Copies program = new Copies(manager, all);
            all.forEach(parameter -> fill(parameter, manager, eager, program));
            NDArray features = draw(manager, new Shape(ROWS).addAll(row), -1, 1);
            JniUtils.setGradMode(true);
            Outcome expected = trainEagerly(names, eager, features);
            double found = trainByProgram(names, gradients, program, features, expected.labels());
            String difference = difference(names, eager, program, expected.loss(), found);
            if (!difference.isEmpty()) {
                throw new NotAcceleratedException(
                        culprit(manager, eager),
                        "its program computes something else than DJL does (" + difference + ")");
            }
        } finally {
            JniUtils.setGradMode(gradientMode);
        }
    }

    /**
     * What DJL computed.
     *
     * @param labels the labels, which were drawn when the shape of predictions was known
     * @param loss the loss
     */
    private record Outcome(NDArray labels, double loss) {}

    /** Arrays in place of those of parameters, which stay as they are. */
    private static final class Copies extends ParameterStore {

        private final Map<Parameter, NDArray> arrays = new HashMap<>();

        private Copies(NDManager manager, List<Parameter> parameters) {
            super(manager, false);
            for (Parameter parameter : parameters) {
                try (NDArray values = parameter.getArray().stopGradient()) {
                    NDArray copy = values.duplicate();
                    copy.attach(manager);
                    arrays.put(parameter, copy.toType(DataType.FLOAT64, false));
                }
            }
        }

        @Override
        public NDArray getValue(Parameter parameter, Device device, boolean training) {
            return parameter == null ? null : arrays.get(parameter);
        }
    }

    private void fill(Parameter parameter, NDManager manager, Copies... copies) {
        Shape shape = parameter.getArray().getShape();
        boolean positive =
                parameter.getType() == Parameter.Type.RUNNING_VAR
                        || parameter.getType() == Parameter.Type.GAMMA;
        double fanIn =
                shape.dimension() < 2 ? 1 : Math.max(1, shape.size() / Math.max(1, shape.get(0)));
        double bound = Math.sqrt(3 / fanIn);
        NDArray values =
                positive ? draw(manager, shape, 0.5, 1.5) : draw(manager, shape, -bound, bound);
        for (Copies copy : copies) {
            copy.arrays.get(parameter).set(values.toDoubleArray());
        }
    }

    private NDArray draw(NDManager manager, Shape shape, double low, double high) {
        return manager.create(random.doubles(shape.size(), low, high).toArray(), shape);
    }

    private Outcome trainEagerly(ParameterNames names, Copies copies, NDArray features)
            throws NotAcceleratedException {
        for (Parameter parameter : names.trained()) {
            copies.arrays.get(parameter).setRequiresGradient(true);
        }
        try {
            NDArray predictions =
                    code.block().forward(copies, new NDList(features), training).singletonOrThrow();
            NDArray labels = code.lossCode().drawLabels(predictions.stopGradient(), random);
            NDArray loss = loss(code.loss(), copies, labels, predictions);
            JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
            return new Outcome(labels, loss.toType(DataType.FLOAT64, false).getDouble());
        } catch (EngineException | IllegalArgumentException e) {
            throw new NotAcceleratedException(
                    "the block",
                    "DJL itself cannot train it on rows of the shape " + row + " (" + e + ")",
                    e);
        }
    }

    /** The loss; penalties look at parameters themselves, and are computed here of their copies. */
    private static NDArray loss(Loss loss, Copies copies, NDArray labels, NDArray predictions) {
        if (!(loss instanceof L2PenalizedLoss penalized)) {
            return loss.evaluate(new NDList(labels), new NDList(predictions));
        }
        NDArray value = loss(penalized.loss(), copies, labels, predictions);
        NDArray factor = value.getManager().full(new Shape(), penalized.lambda(), DataType.FLOAT64);
        for (Parameter parameter : penalized.penalized()) {
            value = value.add(copies.arrays.get(parameter).square().sum().mul(factor));
        }
        return value;
    }

    private static double trainByProgram(
            ParameterNames names,
            GradientCode gradients,
            Copies copies,
            NDArray features,
            NDArray labels) {
        TrainingProgram.ParameterGroup all =
                new TrainingProgram.ParameterGroup(names.trained(), List.of(), DESCENDS);
        TrainingProgram program =
                new TrainingProgram(gradients, names, List.of(all), DESCENT, false);
        String source = program.write();
        NDManager manager = features.getManager();
        Arguments arguments = new Arguments(manager);
        arguments.add(features);
        arguments.add(labels);
        NDManager host = manager.newSubManager(Device.cpu());
        arguments.add(host.create(new long[] {ROWS, 0}));
        arguments.add(host.create(new double[1]));
        arguments.add(manager.create(ScriptStep.LATE_STEP));
        names.trained()
                .forEach(p -> arguments.addTo(TrainingProgram.weights(0), copies.arrays.get(p)));
        names.others().forEach(p -> arguments.addTo(TrainingProgram.OTHERS, copies.arrays.get(p)));
        try (ScriptModule module = ScriptModule.compile(source, manager.getDevice())) {
            // Optimizing it would take longer than the one call.
            ScriptModule.Mode mode =
                    gradients.mode() == ScriptModule.Mode.RECORDED
                            ? ScriptModule.Mode.RECORDED
                            : ScriptModule.Mode.AS_WRITTEN;
            NDList result = module.run(mode, arguments.arrays());
            return result.head().toDoubleArray()[0] / ROWS;
        }
    }

    /** Returns what differs, in words; empty if nothing does. */
    private String difference(
            ParameterNames names, Copies eager, Copies program, double expected, double found) {
        if (!isClose(found, expected, Math.abs(expected))) {
            return "a loss of " + found + " in place of " + expected;
        }
        for (Parameter parameter : names.trained()) {
            NDArray weight = eager.arrays.get(parameter);
            double[] before = weight.stopGradient().toDoubleArray();
            double[] gradient = weight.getGradient().toDoubleArray();
            double[] after = program.arrays.get(parameter).toDoubleArray();
            double largest = largest(gradient) + largest(before) * 1e-9;
            for (int i = 0; i < after.length; i++) {
                if (!isClose(before[i] - after[i], gradient[i], largest)) {
                    return "a gradient of "
                            + (before[i] - after[i])
                            + " in place of "
                            + gradient[i]
                            + " for "
                            + path(parameter);
                }
            }
        }
        for (Parameter parameter : names.others()) {
            double[] one = program.arrays.get(parameter).toDoubleArray();
            double[] other = eager.arrays.get(parameter).toDoubleArray();
            for (int i = 0; i < one.length; i++) {
                if (!isClose(one[i], other[i], largest(other))) {
                    return one[i] + " in place of " + other[i] + " in " + path(parameter);
                }
            }
        }
        return "";
    }

    private String path(Parameter parameter) {
        return code.block().getParameters().stream()
                .filter(pair -> pair.getValue() == parameter)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static boolean isClose(double found, double expected, double scale) {
        return Math.abs(found - expected) <= TOLERANCE * scale + 1e-12;
    }

    /** Returns the path of the first block whose output differs, each by itself. */
    private String culprit(NDManager manager, Copies copies) {
        JniUtils.setGradMode(false);
        for (BlockReader.Leaf leaf : code.leaves()) {
            Shape input = NetworkCode.sampleOf(leaf.block()).orElse(null);
            if (input != null && differs(manager, copies, leaf, new Shape(ROWS).addAll(input))) {
                return leaf.path();
            }
        }
        return "the block";
    }

    private boolean differs(NDManager manager, Copies copies, BlockReader.Leaf leaf, Shape shape) {
        NDArray input = draw(manager, shape, -1, 1);
        double[] expected =
                leaf.block()
                        .forward(copies, new NDList(input), false)
                        .singletonOrThrow()
                        .toDoubleArray();
        List<Parameter> own = new ArrayList<>(leaf.block().getParameters().values());
        ParameterNames names = new ParameterNames(List.of(), own);
        SourceWriter out = new SourceWriter();
        out.begin("def forward(self, x: Tensor, F: List[Tensor]) -> Tensor:");
        for (int i = 0; i < own.size(); i++) {
            out.line(names.name(own.get(i)) + " = F[" + i + "]");
        }
        out.line(
                "return "
                        + leaf.layer()
                                .write(
                                        out,
                                        "x",
                                        new RecordedGradients(
                                                leaf.layer(), code.lossCode(), names, false)));
        PtNDArray[] arrays = own.stream().map(copies.arrays::get).toArray(PtNDArray[]::new);
        try (ScriptModule module = ScriptModule.compile(out.toString(), manager.getDevice());
                IValue x = IValue.from((PtNDArray) input);
                IValue list = IValue.listFrom(arrays);
                IValue result = module.run("forward", x, list)) {
            double[] found = result.toTensor((PtNDManager) manager).toDoubleArray();
            for (int i = 0; i < found.length; i++) {
                if (found.length != expected.length
                        || !isClose(found[i], expected[i], largest(expected))) {
                    return true;
                }
            }
            return found.length != expected.length;
        }
    }
}
