// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import ai.djl.nn.Parameter;
import io.github.caadam.spi.StepRecipe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Gradients of a network of convolutions, norms, activations and sums that ends with a fully
 * connected layer, written out by {@link BackwardWriter}: nothing is recorded, activations work in
 * place, and several networks of one process do not wait for the one thread of a device that walks
 * recorded graphs. Batches come in two parts, as {@link ChainLoss} says.
 */
final class WrittenGradients implements GradientCode {

    private final Layer network;
    private final LossCode loss;
    private final ChainLoss chainLoss;
    private final ParameterNames names;
    private final boolean fusesNorms;
    private final Map<Parameter, String> gradients = new HashMap<>();

    private WrittenGradients(
            Layer network,
            LossCode loss,
            ChainLoss chainLoss,
            ParameterNames names,
            boolean fusesNorms) {
        this.network = network;
        this.loss = loss;
        this.chainLoss = chainLoss;
        this.names = names;
        this.fusesNorms = fusesNorms;
    }

    /** Returns the gradients, if they are wanted and all of the network can be written out. */
    static Optional<GradientCode> of(
            Layer network, LossCode loss, ParameterNames names, Set<ProgramOption> options) {
        boolean wanted =
                options.contains(ProgramOption.EXPLICIT_GRADIENTS)
                        && lastDense(network).isPresent()
                        && BackwardWriter.knows(network);
        return wanted
                ? loss.unpenalized()
                        .ofChain()
                        .map(
                                chainLoss ->
                                        new WrittenGradients(
                                                network,
                                                loss,
                                                chainLoss,
                                                names,
                                                options.contains(ProgramOption.FUSED_NORMS)))
                : Optional.empty();
    }

    /** Returns the layer whose outputs are the predictions, if it is a fully connected one. */
    private static Optional<Layer.Dense> lastDense(Layer layer) {
        if (layer instanceof Layer.Dense dense) {
            return Optional.of(dense);
        }
        if (layer instanceof Layer.Chain chain && !chain.layers().isEmpty()) {
            return lastDense(chain.layers().get(chain.layers().size() - 1));
        }
        return Optional.empty();
    }

    @Override
    public ScriptModule.Mode mode() {
        return ScriptModule.Mode.OPTIMIZED;
    }

    @Override
    public ParameterArrays arrays(List<TrainingProgram.ParameterGroup> groups, StepRecipe recipe) {
        return new SeparateArrays(names, groups, gradients::get);
    }

    @Override
    public String writeBatches(SourceWriter out, Consumer<SourceWriter> step) {
        chainLoss.writeBefore(out, FlatArrays.outputs(lastDense(network).orElseThrow()));
        out.line("penalties = annotate(List[Tensor], [])");
        out.line("whole = torch.floordiv(rows, size)");
        out.begin("for part in range(2):");
        out.line("first = whole if part != 0 else 0");
        out.line("last = steps if part != 0 else whole");
        out.line("count = rows - whole * size if part != 0 else min(size, rows)");
        out.line("begin = first * size");
        out.line("end = begin + (last - first) * count");
        chainLoss.writeBeforePart(out);
        out.begin("for i in range(first, last):");
        writeBatch(out);
        step.accept(out);
        out.end();
        chainLoss.writeAfterPart(out);
        out.end();
        return writePenalized(out, chainLoss.writeAfter(out));
    }

    private void writeBatch(SourceWriter out) {
        out.line("a = i * size");
        out.line("b = a + count");
        String x = out.let("x", call("torch.slice", "x", 0, "a", "b"));
        BackwardWriter backward = new BackwardWriter(out, names, fusesNorms);
        String predictions = backward.forward(network, x);
        String signal = chainLoss.writeBatch(out, new Predictions(predictions));
        Map<Parameter, String> plain = backward.backward(signal);
        List<String> each = new ArrayList<>();
        for (Parameter parameter : names.trained()) {
            String gradient = plain.get(parameter);
            each.add(
                    gradient == null
                            ? call("torch.zeros_like", names.name(parameter))
                            : call("torch.contiguous", gradient));
        }
        writePenalties(out, each);
        for (int i = 0; i < each.size(); i++) {
            gradients.put(names.trained().get(i), each.get(i));
        }
    }

    /** What the network made of a batch. */
    private record Predictions(String name) implements ChainLoss.Output {

        @Override
        public String write(SourceWriter out) {
            return name;
        }

        @Override
        public void writeAdded(SourceWriter out, String target, String factor) {
            out.line(call("torch.add_", target, name, SourceWriter.keyword("alpha", factor)));
        }

        @Override
        public String copy() {
            return call("torch.clone", name);
        }
    }

    private void writePenalties(SourceWriter out, List<String> each) {
        String sum = call("torch.new_zeros", "x", "annotate(List[int], [])");
        for (LossCode.Penalized penalty : loss.penalties()) {
            sum = penalty.writeSum(out, sum, names::name);
        }
        if (!loss.penalties().isEmpty()) {
            out.line(call("penalties.append", sum));
        }
        for (LossCode.Penalized penalty : loss.penalties()) {
            penalty.writeGradients(out, each, names.trained(), names::name);
        }
    }

    private String writePenalized(SourceWriter out, String sum) {
        if (loss.penalties().isEmpty()) {
            return sum;
        }
        return out.let("t", call("torch.add", sum, GradientCode.writeSum(out, "penalties")));
    }
}
