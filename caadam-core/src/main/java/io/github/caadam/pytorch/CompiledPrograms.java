// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.spi.StepRecipe;
import java.util.List;

/**
 * The training programs of a network, made when first needed: another one is needed after
 * parameters were frozen or unfrozen, or when steps come to be grouped otherwise. The latest few
 * are kept.
 */
final class CompiledPrograms implements AutoCloseable {

    private final NetworkCode network;
    private final StepRecipe recipe;
    private final Device device;
    private final LatestFew<Kind, Program> programs =
            new LatestFew<>(program -> program.module().close());

    CompiledPrograms(NetworkCode network, StepRecipe recipe, Device device) {
        this.network = network;
        this.recipe = recipe;
        this.device = device;
    }

    /**
     * What a program depends on.
     *
     * @param trained the trained parameters
     * @param others the other parameters
     * @param groups the groups of the trained ones
     * @param matrices whether features are matrices
     */
    record Kind(
            List<Parameter> trained,
            List<Parameter> others,
            List<TrainingProgram.ParameterGroup> groups,
            boolean matrices) {}

    /**
     * A program, compiled.
     *
     * @param source its source
     * @param numbers the numbers that its steps take
     * @param module the compiled source
     * @param mode how it is executed
     */
    record Program(
            String source, NumberTable numbers, ScriptModule module, ScriptModule.Mode mode) {}

    /**
     * Returns the program of a kind.
     *
     * @throws NotAcceleratedException if its gradients differ from DJL's
     * @throws ai.djl.engine.EngineException if the engine does not accept it
     */
    Program get(Kind kind) throws NotAcceleratedException {
        ParameterNames names = new ParameterNames(kind.trained(), kind.others());
        network.check(names, kind.matrices());
        Program program = programs.get(kind);
        if (program == null) {
            program = compile(kind, names);
            programs.put(kind, program);
        }
        return program;
    }

    private Program compile(Kind kind, ParameterNames names) {
        GradientCode gradients = network.gradients(names, kind.matrices());
        TrainingProgram program =
                new TrainingProgram(gradients, names, kind.groups(), recipe, isFlushed());
        String source = program.write();
        return new Program(
                source, program.numbers(), ScriptModule.compile(source, device), gradients.mode());
    }

    /** Returns whether the programs flush denormal numbers. */
    boolean isFlushed() {
        return DenormalCode.isNeeded(recipe, device);
    }

    @Override
    public void close() {
        programs.close();
    }
}
