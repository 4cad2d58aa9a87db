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
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.training.loss.Loss;
import io.github.caadam.internal.NetworkParameters;
import io.github.caadam.spi.EpochProgram;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.UpdatePlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Runs generated programs on a block's parameters and an optimizer's state. */
final class PtEpochProgram implements EpochProgram {

    /** How much data one call evaluates at most, in elements of features. */
    private static final long EVALUATED_ELEMENTS = 1L << 20;

    private final NetworkCode network;
    private final List<Parameter> parameters;
    private final Device device;
    private final NDManager manager;
    private final CompiledPrograms programs;
    private final ScriptModule evaluation;
    private final ScriptModule.Mode evaluationMode;
    private DataKind checkedData;
    private Shape predictedRow;
    private CompiledPrograms.Kind latest;

    /**
     * What data of a kind have in common.
     *
     * @param featureRow the shape of a row of features
     * @param features the type of features
     * @param labelRow the shape of a row of labels
     * @param labels the type of labels
     */
    private record DataKind(Shape featureRow, DataType features, Shape labelRow, DataType labels) {

        private static DataKind of(NDArray features, NDArray labels) {
            return new DataKind(
                    features.getShape().slice(1),
                    features.getDataType(),
                    labels.getShape().slice(1),
                    labels.getDataType());
        }
    }

    private PtEpochProgram(NetworkCode network, UpdatePlan plan) {
        this.network = network;
        this.parameters =
                NetworkParameters.of(network.block()).all().stream()
                        .map(NetworkParameters.Named::parameter)
                        .toList();
        this.device = parameters.get(0).getArray().getDevice();
        this.programs = new CompiledPrograms(network, plan.recipe(), device);
        ParameterNames names = new ParameterNames(List.of(), parameters);
        EvaluationProgram program =
                new EvaluationProgram(network.network(), network.lossCode(), names, device);
        this.evaluation = ScriptModule.compile(program.write(), device);
        this.evaluationMode = program.mode();
        this.manager = Engine.getEngine(PtAccelerator.ENGINE).newBaseManager(device);
    }

    /**
     * Compiles a training, and checks it.
     *
     * @throws NotAcceleratedException if a part of it is not known, or comes out elsewhere
     */
    static PtEpochProgram of(Block block, Loss loss, UpdatePlan plan)
            throws NotAcceleratedException {
        NetworkCode network = new NetworkCode(block, loss);
        for (NetworkParameters.Named named : NetworkParameters.of(block).all()) {
            if (named.shape().size() == 0) {
                // From its second run on a program fails to differentiate by such a weight.
                throw new NotAcceleratedException(named.path(), "it has no elements");
            }
        }
        if (!plan.entries().isEmpty()) {
            RuleCheck.check(plan);
        }
        PtEpochProgram program = new PtEpochProgram(network, plan);
        try {
            if (!plan.entries().isEmpty()) {
                program.programs.get(program.kind(plan, StepGroups.of(plan)));
            }
            return program;
        } catch (NotAcceleratedException | RuntimeException | LinkageError e) {
            program.close();
            throw e;
        }
    }

    @Override
    public Shape requireRows(NDArray features, NDArray labels) {
        DataType type = parameters.get(0).getArray().getDataType();
        if (features.getDataType() != type) {
            throw new IllegalArgumentException(
                    "The features are "
                            + features.getDataType()
                            + " and the weights "
                            + type
                            + "; convert them by features.toType(DataType."
                            + type.name()
                            + ", false).");
        }
        DataKind kind = DataKind.of(features, labels);
        if (!kind.equals(checkedData)) {
            try (NDArray prediction = predictFirst(features)) {
                network.lossCode().requireLabels(labels, prediction);
                predictedRow = prediction.getShape().slice(1);
            }
            checkedData = kind;
        }
        return predictedRow;
    }

    @Override
    public void requireData(NDArray features, NDArray labels) {
        Shape prediction = requireRows(features, labels);
        network.lossCode().requireValues(labels, prediction);
    }

    private NDArray predictFirst(NDArray features) {
        try (IValue result = runOnFirst(EvaluationProgram.PREDICT, features)) {
            return result.toTensor((PtNDManager) manager);
        } catch (EngineException e) {
            throw new IllegalArgumentException(
                    "The network does not take rows of features of the shape "
                            + features.getShape().slice(1)
                            + "; see the cause for what the engine says.",
                    e);
        }
    }

    /** Returns how many values of a channel the first row has, at the normalisation with fewest. */
    private long fewestValues(NDArray features) {
        try (IValue result = runOnFirst(EvaluationProgram.FEWEST, features)) {
            return result.toLong();
        }
    }

    private IValue runOnFirst(String method, NDArray features) {
        try (NDManager scratch = manager.newSubManager();
                NDArray data = features.stopGradient();
                IValue x = IValue.from((PtNDArray) data);
                NDArray rows = scratch.newSubManager(Device.cpu()).create(new long[] {0, 1});
                IValue range = IValue.from((PtNDArray) rows);
                IValue list =
                        IValue.listFrom(
                                parameters.stream()
                                        .map(Parameter::getArray)
                                        .toArray(PtNDArray[]::new))) {
            return evaluation.run(method, x, range, list);
        }
    }

    @Override
    public void requireBatch(NDArray features, int smallest) {
        if (smallest == 1 && network.isNormalized() && fewestValues(features) == 1) {
            throw new IllegalArgumentException(
                    "A batch normalisation cannot be trained on a batch of one row, and the last"
                            + " batch would have one: choose another batch size, or leave a row"
                            + " out.");
        }
    }

    @Override
    public void requireTrainable(UpdatePlan plan, NDArray features) throws NotAcceleratedException {
        network.setSample(features.getShape().slice(1));
        CompiledPrograms.Kind kind = kind(plan, StepGroups.of(plan));
        network.check(new ParameterNames(kind.trained(), kind.others()), kind.matrices());
    }

    @Override
    public double run(UpdatePlan plan, NDArray features, NDArray labels, int batchSize) {
        try (NDManager scratch = manager.newSubManager()) {
            return scalar(run(scratch, plan, features, labels, batchSize, false));
        }
    }

    @Override
    public NDArray runAndPredict(UpdatePlan plan, NDArray features, NDArray labels, int batchSize) {
        try (NDManager scratch = manager.newSubManager()) {
            // What is made in inference mode may not be changed in place, its copy may.
            NDArray predictions =
                    run(scratch, plan, features, labels, batchSize, true).get(1).duplicate();
            predictions.attach(features.getManager());
            return predictions;
        }
    }

    private NDList run(
            NDManager scratch,
            UpdatePlan plan,
            NDArray features,
            NDArray labels,
            int batchSize,
            boolean predicts) {
        network.setSample(features.getShape().slice(1));
        int rows = Math.toIntExact(features.getShape().get(0));
        int batches = (rows - 1) / batchSize + 1;
        BatchSchedule schedule = new BatchSchedule(plan, batches);
        StepGroups groups = schedule.groups();
        CompiledPrograms.Kind kind = kind(plan, groups);
        CompiledPrograms.Program program = checkedProgram(kind);
        latest = kind;
        Arguments arguments = new Arguments(scratch);
        arguments.add(features);
        arguments.add(labels);
        NDManager host = scratch.newSubManager(Device.cpu());
        arguments.add(host.create(new long[] {batchSize, predicts ? 1 : 0}));
        arguments.add(host.create(schedule.rows(program.numbers(), programs.isFlushed())));
        arguments.add(scratch.create(ScriptStep.LATE_STEP));
        addState(arguments, groups);
        plan.networkNumbers().forEach(n -> arguments.addTo(ScriptWholeStep.NUMBERS, n));
        kind.others().forEach(p -> arguments.addTo(TrainingProgram.OTHERS, p.getArray()));
        NDList results = program.module().run(program.mode(), arguments.arrays());
        plan.advance(batches);
        return results;
    }

    private CompiledPrograms.Kind kind(UpdatePlan plan, StepGroups groups) {
        Map<String, Parameter> byId = new HashMap<>();
        parameters.forEach(parameter -> byId.put(parameter.getId(), parameter));
        List<Parameter> trained =
                plan.entries().stream().map(entry -> byId.get(entry.parameterId())).toList();
        return new CompiledPrograms.Kind(
                trained,
                parameters.stream().filter(parameter -> !trained.contains(parameter)).toList(),
                groups.groups().stream()
                        .map(
                                group ->
                                        new TrainingProgram.ParameterGroup(
                                                group.indices().stream().map(trained::get).toList(),
                                                group.followed().stream()
                                                        .map(this::parameterOf)
                                                        .toList(),
                                                group.kind()))
                        .toList(),
                network.isOfVectors());
    }

    private Parameter parameterOf(NDArray array) {
        return parameters.stream().filter(p -> p.getArray() == array).findFirst().orElseThrow();
    }

    private CompiledPrograms.Program checkedProgram(CompiledPrograms.Kind kind) {
        try {
            return programs.get(kind);
        } catch (NotAcceleratedException e) {
            throw new IllegalStateException(
                    "What is to be trained now cannot be compiled: " + e.getMessage(), e);
        }
    }

    private static void addState(Arguments arguments, StepGroups groups) {
        for (int g = 0; g < groups.groups().size(); g++) {
            List<UpdatePlan.Entry> members = groups.groups().get(g).members();
            for (UpdatePlan.Entry member : members) {
                arguments.addTo(TrainingProgram.weights(g), member.weight());
            }
            int slots = members.get(0).slots().arrays().size();
            for (int slot = 0; slot < slots; slot++) {
                for (UpdatePlan.Entry member : members) {
                    arguments.addTo(
                            TrainingProgram.state(g, slot), member.slots().arrays().get(slot));
                }
            }
        }
    }

    private static double scalar(NDList result) {
        return result.head().toDoubleArray()[0];
    }

    @Override
    public double evaluate(NDArray features, NDArray labels, Function<Parameter, NDArray> values) {
        long rows = features.getShape().get(0);
        long width = Math.max(1, features.size() / rows);
        long rowsAtOnce = Math.max(1, EVALUATED_ELEMENTS / width);
        double sum = 0;
        for (long from = 0; from < rows; from += rowsAtOnce) {
            long to = Math.min(rows, from + rowsAtOnce);
            sum += (to - from) * evaluate(features, labels, values, from, to);
        }
        return sum / rows;
    }

    private double evaluate(
            NDArray features,
            NDArray labels,
            Function<Parameter, NDArray> values,
            long from,
            long to) {
        try (NDManager scratch = manager.newSubManager()) {
            Arguments arguments = new Arguments(scratch);
            arguments.add(features);
            arguments.add(labels);
            arguments.add(scratch.newSubManager(Device.cpu()).create(new long[] {from, to}));
            parameters.forEach(
                    parameter -> arguments.addTo(TrainingProgram.OTHERS, values.apply(parameter)));
            return scalar(evaluation.run(evaluationMode, arguments.arrays()));
        }
    }

    @Override
    public String source(UpdatePlan plan) {
        CompiledPrograms.Kind kind = kind(plan, StepGroups.of(plan));
        boolean holds = latest != null && latest.trained().equals(kind.trained());
        return checkedProgram(holds ? latest : kind).source();
    }

    @Override
    public void close() {
        programs.close();
        evaluation.close();
        manager.close();
    }
}
