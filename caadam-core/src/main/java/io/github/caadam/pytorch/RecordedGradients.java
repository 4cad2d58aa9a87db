// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.list;

import ai.djl.nn.Parameter;
import io.github.caadam.spi.StepRecipe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Gradients of any network, by automatic differentiation inside the program, to which penalties of
 * parameters add theirs.
 */
final class RecordedGradients implements GradientCode, Layer.Pass {

    private final Layer network;
    private final LossCode loss;
    private final ParameterNames names;
    private final boolean training;
    private final Map<Parameter, String> gradients = new HashMap<>();

    /**
     * Describes the gradients.
     *
     * @param network the network
     * @param loss the loss
     * @param names the names of the parameters
     * @param training whether layers compute what they do in training
     */
    RecordedGradients(Layer network, LossCode loss, ParameterNames names, boolean training) {
        this.network = network;
        this.loss = loss;
        this.names = names;
        this.training = training;
    }

    @Override
    public ScriptModule.Mode mode() {
        return ScriptModule.Mode.RECORDED;
    }

    @Override
    public String name(Parameter parameter) {
        String name = names.name(parameter);
        return names.isTrained(parameter) ? recorded(name) : name;
    }

    private static String recorded(String name) {
        return "r" + name;
    }

    @Override
    public boolean training() {
        return training;
    }

    @Override
    public ParameterArrays arrays(List<TrainingProgram.ParameterGroup> groups, StepRecipe recipe) {
        return new SeparateArrays(names, groups, gradients::get);
    }

    @Override
    public String writeBatches(SourceWriter out, Consumer<SourceWriter> step) {
        for (Parameter parameter : names.trained()) {
            String name = names.name(parameter);
            out.line(
                    recorded(name)
                            + " = "
                            + call("torch.requires_grad_", call("torch.detach", name)));
        }
        out.line("losses = annotate(List[Tensor], [])");
        out.begin("for i in range(steps):");
        String from = out.let("i", "i * size");
        String to = out.let("i", "min(" + from + " + size, rows)");
        String x = out.let("x", call("torch.slice", "x", 0, from, to));
        String y = out.let("y", call("torch.slice", "y", 0, from, to));
        writeBatch(out, x, y);
        step.accept(out);
        out.end();
        return GradientCode.writeSum(out, "losses");
    }

    private void writeBatch(SourceWriter out, String features, String labels) {
        String predictions = network.write(out, features, this);
        String value = loss.unpenalized().write(out, predictions, labels, this);
        String reported = call("torch.detach", value);
        for (LossCode.Penalized penalty : loss.penalties()) {
            reported = penalty.writeSum(out, reported, names::name);
        }
        out.line(call("losses.append", reported));
        String all =
                out.let(
                        "g",
                        call(
                                "torch.autograd.grad",
                                list(List.of(value)),
                                list(names.trained().stream().map(this::name).toList())));
        List<String> each = new ArrayList<>();
        for (int i = 0; i < names.trained().size(); i++) {
            String gradient = call("unchecked_cast", "Tensor", all + "[" + i + "]");
            each.add(call("torch.contiguous", gradient));
        }
        for (LossCode.Penalized penalty : loss.penalties()) {
            penalty.writeGradients(out, each, names.trained(), names::name);
        }
        for (int i = 0; i < each.size(); i++) {
            gradients.put(names.trained().get(i), each.get(i));
        }
        out.begin("if predicts:");
        out.line(call(PREDICTED + ".append", call("torch.detach", predictions)));
        out.end();
    }
}
