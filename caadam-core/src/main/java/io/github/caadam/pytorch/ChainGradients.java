// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gradients of the mean squared error of a chain of fully connected layers and ReLU on matrices,
 * written out: recording and walking a graph costs a small network more than its arithmetic.
 */
final class ChainGradients implements GradientCode {

    private final List<Layer> layers;
    private final double lossWeight;
    private final ParameterNames names;
    private final Map<Parameter, String> gradients = new HashMap<>();

    private ChainGradients(List<Layer> layers, double lossWeight, ParameterNames names) {
        this.layers = layers;
        this.lossWeight = lossWeight;
        this.names = names;
    }

    /** Returns the gradients of a network, if it is such a chain under such a loss. */
    static Optional<GradientCode> of(Layer network, LossCode loss, ParameterNames names) {
        List<Layer> layers = new ArrayList<>();
        return loss instanceof LossCode.SquaredError squaredError && flatten(network, layers)
                ? Optional.of(new ChainGradients(layers, squaredError.weight(), names))
                : Optional.empty();
    }

    private static boolean flatten(Layer layer, List<Layer> target) {
        if (layer instanceof Layer.Chain chain) {
            return chain.layers().stream().allMatch(part -> flatten(part, target));
        }
        target.add(layer);
        return layer instanceof Layer.Dense || layer.equals(Layer.Formula.RELU);
    }

    @Override
    public boolean isRecorded() {
        return false;
    }

    @Override
    public void writeBefore(SourceWriter out) {
        for (Layer layer : layers) {
            if (layer instanceof Layer.Dense dense) {
                out.line(transposed(dense) + " = " + call("torch.t", names.name(dense.weight())));
            }
        }
        out.line("errors = annotate(List[Tensor], [])");
    }

    private String transposed(Layer.Dense dense) {
        return "t" + names.name(dense.weight());
    }

    @Override
    public Batch writeBatch(SourceWriter out, String features, String labels) {
        gradients.clear();
        // values.get(i) is the input of layer i, values.get(i + 1) its output.
        List<String> values = new ArrayList<>(List.of(features));
        for (Layer layer : layers) {
            values.add(writeForward(out, layer, values.get(values.size() - 1)));
        }
        String predictions = values.get(layers.size());
        String error =
                out.let(
                        "e",
                        call("torch.sub", predictions, LossCode.shapedLike(predictions, labels)));
        out.line(call("errors.append", error));
        String scale = 2 * lossWeight + " / float(torch.numel(" + error + "))";
        writeBackward(out, values, out.let("d", call("torch.mul", error, scale)));
        return new Batch(names.trained().stream().map(gradients::get).toList(), predictions);
    }

    private String writeForward(SourceWriter out, Layer layer, String input) {
        if (layer instanceof Layer.Dense dense) {
            String product =
                    dense.bias() == null
                            ? call("torch.mm", input, transposed(dense))
                            : call(
                                    "torch.addmm",
                                    names.name(dense.bias()),
                                    input,
                                    transposed(dense));
            return out.let("z", product);
        }
        return out.let("h", call("torch.relu", input));
    }

    private void writeBackward(SourceWriter out, List<String> values, String errorSignal) {
        String signal = errorSignal;
        int lowest = lowestTrained();
        for (int i = layers.size() - 1; i >= lowest; i--) {
            if (layers.get(i) instanceof Layer.Dense dense) {
                writeGradients(out, dense, values.get(i), signal);
                if (i > lowest) {
                    signal = out.let("d", call("torch.mm", signal, names.name(dense.weight())));
                }
            } else {
                signal =
                        out.let(
                                "d",
                                call("torch.threshold_backward", signal, values.get(i + 1), 0));
            }
        }
    }

    private int lowestTrained() {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) instanceof Layer.Dense dense
                    && (names.isTrained(dense.weight())
                            || (dense.bias() != null && names.isTrained(dense.bias())))) {
                return i;
            }
        }
        return layers.size();
    }

    private void writeGradients(SourceWriter out, Layer.Dense dense, String input, String signal) {
        if (names.isTrained(dense.weight())) {
            add(out, dense.weight(), call("torch.mm", call("torch.t", signal), input));
        }
        if (dense.bias() != null && names.isTrained(dense.bias())) {
            add(out, dense.bias(), call("torch.sum", signal, "[0]"));
        }
    }

    /** A parameter that several layers share has the sum of their gradients. */
    private void add(SourceWriter out, Parameter parameter, String gradient) {
        String part = out.let("g", gradient);
        String before = gradients.get(parameter);
        gradients.put(
                parameter, before == null ? part : out.let("g", call("torch.add", before, part)));
    }

    @Override
    public String writeAfter(SourceWriter out, String rows, String lastRows) {
        String all =
                out.let("t", call("torch.to", call("torch.cat", "errors"), SourceWriter.FLOAT64));
        String squares = out.let("t", call("torch.sum", call("torch.mul", all, all)));
        String factor = lossWeight + " / float(" + call("torch.size", all, 1) + ")";
        return out.let("t", call("torch.mul", squares, factor));
    }
}
