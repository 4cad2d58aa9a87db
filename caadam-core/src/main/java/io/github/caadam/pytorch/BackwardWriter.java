// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.list;

import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes a network's forward pass in training and the backward pass that belongs to it. What only
 * one layer reads is overwritten where its function can work in place; what branches share, or the
 * backward pass needs, is not.
 */
final class BackwardWriter {

    private static final String ALL = "[True, True, True]";

    private final SourceWriter out;
    private final ParameterNames names;
    private final boolean fusesNorms;
    private final Map<Parameter, String> gradients = new HashMap<>();
    private Traced traced;

    /**
     * Values of the forward pass.
     *
     * @param name their name
     * @param tracked whether a trained parameter is behind them, so that their gradient is needed
     * @param free whether they may be overwritten
     */
    private record Value(String name, boolean tracked, boolean free) {}

    /**
     * Gradients of the loss with respect to values.
     *
     * @param name their name
     * @param free whether they may be overwritten
     */
    private record Signal(String name, boolean free) {}

    /** The backward pass of a layer. */
    @FunctionalInterface
    private interface Backward {

        /**
         * Writes it, from the signal of the output to that of the input; null of no tracked one.
         */
        Signal write(Signal ofOutput);
    }

    /**
     * A layer whose forward pass is written.
     *
     * @param output what it gives
     * @param backward the backward pass; asked for only where the output is tracked
     */
    private record Traced(Value output, Backward backward) {}

    /**
     * Creates a writer for one pass.
     *
     * @param out where to
     * @param names the names of the parameters
     * @param fusesNorms whether norms and the ReLU behind them are written as arithmetic
     */
    BackwardWriter(SourceWriter out, ParameterNames names, boolean fusesNorms) {
        this.out = out;
        this.names = names;
        this.fusesNorms = fusesNorms;
    }

    /** Returns whether the backward pass of a network can be written. */
    static boolean knows(Layer network) {
        return network.parts().allMatch(BackwardWriter::knowsOne);
    }

    private static boolean knowsOne(Layer layer) {
        if (layer instanceof Layer.Formula formula) {
            return formula.backward().isPresent();
        }
        if (layer instanceof Layer.BatchNormalization norm) {
            return Math.abs(norm.axis()) == 1;
        }
        if (layer instanceof Layer.Sum sum) {
            return !sum.branches().isEmpty();
        }
        return layer instanceof Layer.Chain
                || layer instanceof Layer.Dense
                || layer instanceof Layer.Activation
                || layer instanceof Layer.Convolution;
    }

    /** Writes the forward pass of a network whose layers are all known, and returns its output. */
    String forward(Layer network, String input) {
        traced = trace(network, new Value(input, false, false));
        return traced.output().name();
    }

    /**
     * Writes the backward pass.
     *
     * @param signal the gradients of the output, which are not changed
     * @return an expression for the gradient of each trained parameter that the output depends on
     */
    Map<Parameter, String> backward(String signal) {
        if (traced.output().tracked()) {
            traced.backward().write(new Signal(signal, false));
        }
        return gradients;
    }

    private Traced trace(Layer layer, Value input) {
        if (layer instanceof Layer.Chain chain) {
            return chain(flat(chain).toList(), input);
        }
        if (layer instanceof Layer.Sum sum) {
            return sum(sum, input);
        }
        if (layer instanceof Layer.Dense dense) {
            return dense(dense, input);
        }
        if (layer instanceof Layer.Convolution convolution) {
            return convolution(convolution, input);
        }
        if (layer instanceof Layer.BatchNormalization norm) {
            return norm(norm, input);
        }
        if (layer instanceof Layer.Activation activation) {
            return activation(activation, input);
        }
        return formula((Layer.Formula) layer, input);
    }

    private static Stream<Layer> flat(Layer layer) {
        return layer instanceof Layer.Chain chain
                ? chain.layers().stream().flatMap(BackwardWriter::flat)
                : Stream.of(layer);
    }

    private Traced chain(List<Layer> layers, Value input) {
        List<Traced> links = new ArrayList<>();
        Value value = input;
        int i = 0;
        while (i < layers.size()) {
            Optional<List<Integer>> ones = fusesNorms ? fused(layers, i) : Optional.empty();
            Traced link =
                    ones.isPresent()
                            ? fusedNorm((Layer.BatchNormalization) layers.get(i), ones.get(), value)
                            : trace(layers.get(i), value);
            links.add(link);
            value = link.output();
            i += ones.isPresent() ? 2 : 1;
        }
        Collections.reverse(links);
        return new Traced(
                value,
                signal -> {
                    Signal present = signal;
                    for (Traced link : links) {
                        present = present == null ? null : link.backward().write(present);
                    }
                    return present;
                });
    }

    /**
     * Returns the shape of a channel's numbers beside a batch, if a norm behind a layer that tells
     * how many axes there are, and a ReLU, stand at a place.
     */
    private static Optional<List<Integer>> fused(List<Layer> layers, int i) {
        boolean fits =
                i > 0
                        && i + 1 < layers.size()
                        && layers.get(i) instanceof Layer.BatchNormalization
                        && layers.get(i + 1).equals(Layer.Activation.RELU);
        if (!fits) {
            return Optional.empty();
        }
        if (layers.get(i - 1) instanceof Layer.Dense) {
            return Optional.of(List.of(1, -1));
        }
        return layers.get(i - 1) instanceof Layer.Convolution convolution
                        && convolution.operator().equals(ChannelsLast.CONVOLUTION)
                ? Optional.of(List.of(1, -1, 1, 1))
                : Optional.empty();
    }

    private Traced sum(Layer.Sum sum, Value input) {
        Value shared = new Value(input.name(), input.tracked(), false);
        List<Traced> branches =
                sum.branches().stream().map(branch -> trace(branch, shared)).toList();
        String total = branches.get(0).output().name();
        for (Traced branch : branches.subList(1, branches.size())) {
            total = out.let("s", call("torch.add", total, branch.output().name()));
        }
        boolean tracked = branches.stream().anyMatch(branch -> branch.output().tracked());
        return new Traced(
                new Value(total, tracked, branches.size() > 1),
                signal -> {
                    Signal ofAll = new Signal(signal.name(), false);
                    Signal ofInput = null;
                    for (Traced branch : branches) {
                        if (branch.output().tracked()) {
                            ofInput = added(ofInput, branch.backward().write(ofAll));
                        }
                    }
                    return ofInput;
                });
    }

    private Signal added(Signal one, Signal other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        if (one.free() || other.free()) {
            Signal target = one.free() ? one : other;
            out.line(call("torch.add_", target.name(), (one.free() ? other : one).name()));
            return target;
        }
        return new Signal(out.let("d", call("torch.add", one.name(), other.name())), true);
    }

    private boolean trains(Parameter parameter) {
        return parameter != null && names.isTrained(parameter);
    }

    private String nameOf(Parameter parameter) {
        return parameter == null ? "None" : names.name(parameter);
    }

    private void keep(Parameter parameter, String gradient) {
        if (trains(parameter)) {
            gradients.merge(
                    parameter,
                    gradient,
                    (one, other) -> out.let("g", call("torch.add", one, other)));
        }
    }

    private Traced dense(Layer.Dense layer, Value input) {
        Parameter weight = layer.weight();
        Parameter bias = layer.bias();
        String output =
                out.let("z", call("torch.linear", input.name(), nameOf(weight), nameOf(bias)));
        return new Traced(
                new Value(output, input.tracked() || trains(weight) || trains(bias), true),
                signal -> {
                    if (trains(weight)) {
                        String transposed = call("torch.t", signal.name());
                        keep(weight, out.let("g", call("torch.mm", transposed, input.name())));
                    }
                    if (trains(bias)) {
                        keep(bias, out.let("g", call("torch.sum", signal.name(), "[0]")));
                    }
                    return input.tracked()
                            ? new Signal(
                                    out.let("d", call("torch.mm", signal.name(), nameOf(weight))),
                                    true)
                            : null;
                });
    }

    private Traced convolution(Layer.Convolution layer, Value input) {
        Parameter weight = layer.weight();
        Parameter bias = layer.bias();
        String settings = String.join(", ", layer.settings());
        String output =
                out.let(
                        "z",
                        call(
                                layer.operator(),
                                input.name(),
                                nameOf(weight),
                                nameOf(bias),
                                settings));
        return new Traced(
                new Value(output, input.tracked() || trains(weight) || trains(bias), true),
                signal -> {
                    int axes = weight.getArray().getShape().dimension() - 2;
                    List<String> results =
                            three(
                                    call(
                                            "torch.convolution_backward",
                                            signal.name(),
                                            input.name(),
                                            nameOf(weight),
                                            bias == null
                                                    ? "None"
                                                    : "[" + bias.getArray().size() + "]",
                                            layer.settings().get(0),
                                            layer.settings().get(1),
                                            layer.settings().get(2),
                                            false,
                                            list(Collections.nCopies(axes, 0)),
                                            layer.settings().get(3),
                                            list(
                                                    List.of(
                                                            input.tracked(),
                                                            trains(weight),
                                                            trains(bias)))));
                    keep(weight, results.get(1));
                    keep(bias, results.get(2));
                    return input.tracked() ? new Signal(results.get(0), true) : null;
                });
    }

    /** Writes a call that returns the gradients of an input and of two parameters. */
    private List<String> three(String call) {
        List<String> results = List.of(out.name("d"), out.name("g"), out.name("g"));
        out.line(String.join(", ", results) + " = " + call);
        return results;
    }

    private boolean tracks(Layer.BatchNormalization norm, Value input) {
        return input.tracked() || trains(norm.gamma()) || trains(norm.beta());
    }

    /** The engine chooses a kernel, and goes back through the same. */
    private Traced norm(Layer.BatchNormalization norm, Value input) {
        String output = out.name("n");
        String mean = out.name("m");
        String deviation = out.name("v");
        String reserve = out.name("r");
        String kernel = out.name("k");
        out.line(
                String.join(", ", List.of(output, mean, deviation, reserve, kernel))
                        + " = "
                        + call(
                                "torch._batch_norm_impl_index",
                                input.name(),
                                nameOf(norm.gamma()),
                                nameOf(norm.beta()),
                                nameOf(norm.runningMean()),
                                nameOf(norm.runningVar()),
                                true,
                                norm.newWeight(),
                                norm.epsilon(),
                                true));
        return new Traced(
                new Value(output, tracks(norm, input), true),
                signal -> {
                    List<String> results =
                            three(
                                    call(
                                            "torch._batch_norm_impl_index_backward",
                                            kernel,
                                            input.name(),
                                            signal.name(),
                                            nameOf(norm.gamma()),
                                            nameOf(norm.runningMean()),
                                            nameOf(norm.runningVar()),
                                            mean,
                                            deviation,
                                            true,
                                            norm.epsilon(),
                                            ALL,
                                            reserve));
                    return behindNorm(norm, input, results);
                });
    }

    private Signal behindNorm(Layer.BatchNormalization norm, Value input, List<String> results) {
        keep(norm.gamma(), results.get(1));
        keep(norm.beta(), results.get(2));
        return input.tracked() ? new Signal(results.get(0), true) : null;
    }

    private Traced fusedNorm(Layer.BatchNormalization norm, List<Integer> ones, Value input) {
        String mean = out.name("m");
        String variance = out.name("v");
        out.line(
                mean
                        + ", "
                        + variance
                        + " = "
                        + call(
                                "torch.batch_norm_update_stats",
                                input.name(),
                                nameOf(norm.runningMean()),
                                nameOf(norm.runningVar()),
                                norm.newWeight()));
        String deviation =
                out.let("v", call("torch.rsqrt", call("torch.add", variance, norm.epsilon())));
        String scale = out.let("v", call("torch.mul", deviation, nameOf(norm.gamma())));
        String shift =
                out.let(
                        "v",
                        call("torch.sub", nameOf(norm.beta()), call("torch.mul", mean, scale)));
        String scales = out.let("v", call("torch.reshape", scale, list(ones)));
        String shifts = out.let("v", call("torch.reshape", shift, list(ones)));
        String scaled = call("torch.mul", input.name(), scales);
        String output = out.let("h", call("torch.relu", call("torch.add", scaled, shifts)));
        return new Traced(
                new Value(output, tracks(norm, input), false),
                signal -> {
                    Signal through = throughActivation(Layer.Activation.RELU, signal, output);
                    List<String> results =
                            three(
                                    call(
                                            "torch.native_batch_norm_backward",
                                            through.name(),
                                            input.name(),
                                            nameOf(norm.gamma()),
                                            nameOf(norm.runningMean()),
                                            nameOf(norm.runningVar()),
                                            mean,
                                            deviation,
                                            true,
                                            norm.epsilon(),
                                            ALL));
                    return behindNorm(norm, input, results);
                });
    }

    private Traced activation(Layer.Activation activation, Value input) {
        String output = input.name();
        if (input.free() && !activation.keepsInput()) {
            activation.writeForward(out, output, output);
        } else {
            output = activation.write(out, output, null);
        }
        String kept = activation.keepsInput() ? input.name() : output;
        return new Traced(
                new Value(output, input.tracked(), false),
                signal -> throughActivation(activation, signal, kept));
    }

    private Signal throughActivation(Layer.Activation activation, Signal signal, String kept) {
        String target =
                signal.free()
                        ? signal.name()
                        : out.let("d", call("torch.empty_like", signal.name()));
        activation.writeBackward(out, signal.name(), kept, target);
        return new Signal(target, true);
    }

    private Traced formula(Layer.Formula formula, Value input) {
        String output = formula.write(out, input.name(), null);
        String gradient = formula.backward().orElseThrow();
        return new Traced(
                new Value(output, input.tracked(), false),
                signal -> {
                    String expression =
                            gradient.replace(Layer.Formula.INPUT, input.name())
                                    .replace(Layer.Formula.SIGNAL, signal.name());
                    return new Signal(out.let("d", expression), signal.free());
                });
    }
}
