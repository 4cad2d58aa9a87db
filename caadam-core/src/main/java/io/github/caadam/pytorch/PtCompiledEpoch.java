package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.jni.JniUtils;
import io.github.caadam.optimizer.StatefulOptimizer;
import io.github.caadam.optimizer.UpdatePlan;
import io.github.caadam.training.CompiledEpoch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs generated programs on a block's parameters and an optimizer's state. */
final class PtCompiledEpoch implements CompiledEpoch {

    /** How much data one call gathers at most, in elements: 64 MiB. */
    private static final long GATHERED_ELEMENTS = 1L << 24;

    /** How much data one call evaluates at most, in elements of features. */
    private static final long EVALUATED_ELEMENTS = 1L << 20;

    private final List<Parameter> parameters;
    private final StatefulOptimizer optimizer;
    private final int batchSize;
    private final Device device;
    private final NDManager manager;
    private final CompiledPrograms programs;
    private final ScriptModule evaluation;
    private String source = "";
    private boolean closed;

    PtCompiledEpoch(
            Block block, Layer network, LossCode loss, StatefulOptimizer optimizer, int batchSize) {
        this.parameters = List.copyOf(block.getParameters().values());
        this.optimizer = optimizer;
        this.batchSize = batchSize;
        NDArray first = parameters.get(0).getArray();
        this.device = first.getDevice();
        this.manager = first.getManager().getEngine().newBaseManager(device);
        this.programs =
                new CompiledPrograms(network, loss, optimizer.settings(), batchSize, device);
        ParameterNames names = new ParameterNames(List.of(), parameters);
        this.evaluation =
                ScriptModule.compile(new EvaluationProgram(network, loss, names).write(), device);
    }

    @Override
    public double run(NDArray features, NDArray labels, int[] order) {
        requireData(features, labels);
        requireRows(order, features.getShape().get(0));
        List<Parameter> trained = parameters.stream().filter(Parameter::requiresGradient).toList();
        if (trained.isEmpty()) {
            throw new IllegalStateException(
                    "All parameters are frozen; there is nothing to train.");
        }
        UpdatePlan plan = plan(trained);
        int rowsAtOnce = batchSize * Math.max(1, gatheredRows(features) / batchSize);
        double sum = 0;
        for (int from = 0; from < order.length; from += rowsAtOnce) {
            int to = Math.min(order.length, from + rowsAtOnce);
            sum += run(plan, trained, features, labels, Arrays.copyOfRange(order, from, to));
        }
        return sum / order.length;
    }

    private static int gatheredRows(NDArray features) {
        long width = Math.max(1, features.size() / Math.max(1, features.getShape().get(0)));
        return (int) (GATHERED_ELEMENTS / width);
    }

    private UpdatePlan plan(List<Parameter> trained) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        trained.forEach(parameter -> weights.put(parameter.getId(), parameter.getArray()));
        return optimizer.plan(weights);
    }

    private double run(
            UpdatePlan plan,
            List<Parameter> trained,
            NDArray features,
            NDArray labels,
            int[] order) {
        int steps = (order.length + batchSize - 1) / batchSize;
        StepSchedule schedule = StepSchedule.of(plan, steps);
        List<Parameter> others =
                parameters.stream().filter(parameter -> !trained.contains(parameter)).toList();
        CompiledPrograms.Program program =
                programs.get(
                        new CompiledPrograms.Shape(
                                trained,
                                others,
                                schedule.groups(),
                                features.getShape().dimension() == 2));
        source = program.source();
        try (NDManager scratch = manager.newSubManager()) {
            Arguments arguments = new Arguments(scratch);
            arguments.add(features);
            arguments.add(labels);
            NDManager host = scratch.newSubManager(Device.cpu());
            arguments.add(scratch.create(order));
            arguments.add(host.create(schedule.numbers(programs.update(), programs.isFlushed())));
            arguments.add(scratch.create(AdamCode.LATE_STEP));
            addState(arguments, schedule);
            others.forEach(
                    parameter -> arguments.addTo(TrainingProgram.OTHERS, parameter.getArray()));
            double sum = call(program, arguments.arrays());
            plan.advance(steps);
            return sum;
        }
    }

    private void addState(Arguments arguments, StepSchedule schedule) {
        for (int g = 0; g < schedule.groups().size(); g++) {
            for (UpdatePlan.Entry member : schedule.members(g)) {
                arguments.addTo(TrainingProgram.weights(g), member.weight());
            }
            for (int array = 0; array < programs.update().arrays(); array++) {
                for (UpdatePlan.Entry member : schedule.members(g)) {
                    arguments.addTo(TrainingProgram.state(g, array), member.state().get(array));
                }
            }
        }
    }

    private static double call(CompiledPrograms.Program program, NDList arguments) {
        if (!program.recorded()) {
            return scalar(program.module().runInference(arguments));
        }
        boolean gradientMode = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            return scalar(program.module().runRecorded(arguments));
        } finally {
            JniUtils.setGradMode(gradientMode);
        }
    }

    private static double scalar(NDList result) {
        return result.head().toDoubleArray()[0];
    }

    @Override
    public double evaluate(NDArray features, NDArray labels) {
        requireData(features, labels);
        long rows = features.getShape().get(0);
        long width = Math.max(1, features.size() / rows);
        long rowsAtOnce = Math.max(1, EVALUATED_ELEMENTS / width);
        double sum = 0;
        for (long from = 0; from < rows; from += rowsAtOnce) {
            long to = Math.min(rows, from + rowsAtOnce);
            sum += (to - from) * evaluate(features, labels, from, to);
        }
        return sum / rows;
    }

    private double evaluate(NDArray features, NDArray labels, long from, long to) {
        try (NDManager scratch = manager.newSubManager()) {
            Arguments arguments = new Arguments(scratch);
            arguments.add(features);
            arguments.add(labels);
            arguments.add(scratch.newSubManager(Device.cpu()).create(new long[] {from, to}));
            parameters.forEach(
                    parameter -> arguments.addTo(TrainingProgram.OTHERS, parameter.getArray()));
            return scalar(evaluation.runInference(arguments.arrays()));
        }
    }

    private void requireData(NDArray features, NDArray labels) {
        if (closed) {
            throw new IllegalStateException("This compiled epoch was closed.");
        }
        long rows = features.getShape().get(0);
        if (rows == 0 || rows != labels.getShape().get(0)) {
            throw new IllegalArgumentException(
                    "Features and labels must have the same number of rows, 1 or more, found "
                            + features.getShape()
                            + " and "
                            + labels.getShape()
                            + ".");
        }
        for (NDArray data : List.of(features, labels)) {
            if (!data.getDevice().equals(device)) {
                throw new IllegalArgumentException(
                        "The data must lie where the parameters lie, on "
                                + device
                                + ", found "
                                + data.getDevice()
                                + ".");
            }
        }
    }

    private static void requireRows(int[] order, long rows) {
        if (order.length == 0) {
            throw new IllegalArgumentException("There are no rows to train on.");
        }
        for (int row : order) {
            if (row < 0 || row >= rows) {
                throw new IllegalArgumentException(
                        "The order names row " + row + ", but the data has " + rows + " rows.");
            }
        }
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            programs.close();
            evaluation.close();
            manager.close();
        }
    }
}
