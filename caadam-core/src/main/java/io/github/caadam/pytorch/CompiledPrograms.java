package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import io.github.caadam.optimizer.OptimizerSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The training programs of a network, made when first needed: another one is needed after
 * parameters were frozen or unfrozen, or when steps come to be grouped otherwise. The latest few
 * are kept.
 */
final class CompiledPrograms implements AutoCloseable {

    private static final int KEPT = 4;

    private final Layer network;
    private final LossCode loss;
    private final OptimizerSettings settings;
    private final UpdateCode update;
    private final int batchSize;
    private final Device device;
    private final Map<Shape, Program> programs = new LinkedHashMap<>(KEPT, 0.75f, true);

    CompiledPrograms(
            Layer network,
            LossCode loss,
            OptimizerSettings settings,
            int batchSize,
            Device device) {
        this.network = network;
        this.loss = loss;
        this.settings = settings;
        this.update = UpdateCode.of(settings);
        this.batchSize = batchSize;
        this.device = device;
    }

    UpdateCode update() {
        return update;
    }

    /**
     * What a program depends on.
     *
     * @param trained the trained parameters
     * @param others the other parameters
     * @param groups the groups of the trained ones
     * @param matrices whether features are matrices
     */
    record Shape(
            List<Parameter> trained,
            List<Parameter> others,
            List<StepSchedule.ParameterGroup> groups,
            boolean matrices) {}

    /**
     * A program, compiled.
     *
     * @param source its source
     * @param module the compiled source
     * @param recorded whether it has to run with gradient mode on
     */
    record Program(String source, ScriptModule module, boolean recorded) {}

    /** Returns the program for some parameters. */
    Program get(Shape shape) {
        Program program = programs.get(shape);
        if (program == null) {
            program = compile(shape);
            programs.put(shape, program);
            if (programs.size() > KEPT) {
                Shape eldest = programs.keySet().iterator().next();
                programs.remove(eldest).module().close();
            }
        }
        return program;
    }

    private Program compile(Shape shape) {
        ParameterNames names = new ParameterNames(shape.trained(), shape.others());
        GradientCode gradients =
                ChainGradients.of(network, loss, names)
                        .filter(chain -> shape.matrices())
                        .orElseGet(() -> new RecordedGradients(network, loss, names));
        String source =
                new TrainingProgram(
                                gradients,
                                names,
                                shape.groups(),
                                update,
                                settings,
                                batchSize,
                                isFlushed())
                        .write();
        return new Program(source, ScriptModule.compile(source, device), gradients.isRecorded());
    }

    /** Returns whether the programs flush denormal moments. */
    boolean isFlushed() {
        return DenormalCode.isNeeded(settings, device);
    }

    @Override
    public void close() {
        programs.values().forEach(program -> program.module().close());
        programs.clear();
    }
}
