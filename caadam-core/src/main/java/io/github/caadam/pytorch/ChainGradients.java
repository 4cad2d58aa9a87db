// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.spi.StepRecipe;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Gradients of a chain of fully connected layers with norms and activations between them, written
 * out: recording and walking a graph costs a small network more than its arithmetic. All that is
 * computed of a batch goes to memory that is made once for all whole batches, and once for the last
 * one. A layer's output has a column of ones behind it where the next layer has biases, so that
 * they and their gradients come of the same products as the weights and theirs.
 */
final class ChainGradients implements GradientCode {

    /** How many columns there are behind a layer's output for the ones: a line of the cache. */
    private static final int MARGIN = 16;

    private final List<ChainLink> links;
    private final ChainLoss loss;
    private final ChainPenalties penalties;
    private final ParameterNames names;
    private FlatArrays arrays;

    private ChainGradients(
            List<ChainLink> links, ChainLoss loss, ChainPenalties penalties, ParameterNames names) {
        this.links = links;
        this.loss = loss;
        this.penalties = penalties;
        this.names = names;
    }

    /**
     * Returns the gradients of a network, if it is such a chain under a loss that is written out.
     */
    static Optional<GradientCode> of(Layer network, LossCode loss, ParameterNames names) {
        return ChainLink.of(network)
                .flatMap(
                        links ->
                                loss.ofChain()
                                        .map(
                                                code ->
                                                        new ChainGradients(
                                                                links,
                                                                code,
                                                                new ChainPenalties(
                                                                        loss.penalties(), names),
                                                                names)));
    }

    @Override
    public ScriptModule.Mode mode() {
        // The engine cannot fuse operations that write into memory. Of many layers, its search for
        // some would take longer than all else of compiling.
        return ScriptModule.Mode.AS_WRITTEN;
    }

    @Override
    public ParameterArrays arrays(List<TrainingProgram.ParameterGroup> groups, StepRecipe recipe) {
        arrays =
                new FlatArrays(
                        links.stream().map(ChainLink::dense).distinct().toList(),
                        links.stream().flatMap(ChainLink::vectors).toList(),
                        names,
                        groups,
                        recipe);
        return arrays;
    }

    @Override
    public String writeBatches(SourceWriter out, Consumer<SourceWriter> step) {
        if (hasBias(0)) {
            String ones = call("torch.new_ones", "x", "[rows, 1]");
            out.line("x = " + call("torch.cat", "[x, " + ones + "]", 1));
        }
        loss.writeBefore(out, FlatArrays.outputs(dense(last())));
        penalties.writeBefore(out, arrays);
        out.line("whole = torch.floordiv(rows, size)");
        out.begin("for part in range(2):");
        writePart(out);
        loss.writeBeforePart(out);
        out.begin("for i in range(first, last):");
        writeBatch(out);
        penalties.writeBatch(out);
        step.accept(out);
        out.end();
        loss.writeAfterPart(out);
        out.end();
        return penalties.writeAfter(out, loss.writeAfter(out));
    }

    private void writePart(SourceWriter out) {
        out.begin("if part == 0:");
        out.line("first = 0");
        out.line("last = whole");
        out.line("count = min(size, rows)");
        out.end();
        out.begin("else:");
        out.line("first = whole");
        out.line("last = steps");
        out.line("count = rows - whole * size");
        out.end();
        out.line("begin = first * size");
        out.line("end = begin + (last - first) * count");
        for (int k = 0; k < links.size(); k++) {
            writeMemory(out, k);
        }
    }

    private void writeMemory(SourceWriter out, int k) {
        long outputs = FlatArrays.outputs(dense(k));
        boolean hasOnes = k < last() && hasBias(k + 1);
        if (hasOnes) {
            String shape = "[count, " + (outputs + MARGIN) + "]";
            String margined = out.let("h", call("torch.new_ones", "x", shape));
            out.line(output(k) + " = " + call("torch.slice", margined, 1, 0, outputs));
            out.line(input(k + 1) + " = " + call("torch.slice", margined, 1, 0, outputs + 1));
        } else {
            String shape = "[count, " + outputs + "]";
            out.line(output(k) + " = " + call("torch.new_zeros", "x", shape));
            out.line(input(k + 1) + " = " + output(k));
        }
        out.line(transposed(k + 1) + " = " + call("torch.t", input(k + 1)));
        out.line(signal(k) + " = " + call("torch.new_zeros", "x", "[count, " + outputs + "]"));
        if (keepsInput(k)) {
            out.line(activated(k) + " = " + call("torch.zeros_like", signal(k)));
        }
        if (links.get(k).norm().isPresent()) {
            out.line(product(k) + " = " + call("torch.zeros_like", signal(k)));
            out.line(mean(k) + " = " + call("torch.new_zeros", "x", "[" + outputs + "]"));
            out.line(deviation(k) + " = " + call("torch.zeros_like", mean(k)));
        }
    }

    private int last() {
        return links.size() - 1;
    }

    private Layer.Dense dense(int k) {
        return links.get(k).dense();
    }

    private boolean hasBias(int k) {
        return dense(k).bias() != null;
    }

    /** What a layer takes, with the column of ones if it has biases. */
    private static String input(int k) {
        return "h" + k;
    }

    private static String transposed(int k) {
        return "t" + k;
    }

    /** What a layer gives by itself. */
    private String product(int k) {
        return links.get(k).norm().isPresent() ? "u" + k : activated(k);
    }

    /** What goes into a layer's activation; the values take its place unless it is kept. */
    private String activated(int k) {
        return keepsInput(k) ? "v" + k : output(k);
    }

    private boolean keepsInput(int k) {
        return links.get(k).activation().map(Layer.Activation::keepsInput).orElse(false);
    }

    /** The means of a batch before a norm. */
    private static String mean(int k) {
        return "mean" + k;
    }

    /** One by the standard deviations of a batch before a norm. */
    private static String deviation(int k) {
        return "deviation" + k;
    }

    /** What a layer gives, after its norm and its activation. */
    private static String output(int k) {
        return "z" + k;
    }

    /** The gradient of the loss with respect to what goes into a layer's activation. */
    private static String signal(int k) {
        return "d" + k;
    }

    private void writeBatch(SourceWriter out) {
        out.line("a = i * size");
        out.line("b = a + count");
        out.line(input(0) + " = " + call("torch.slice", "x", 0, "a", "b"));
        out.line(transposed(0) + " = " + call("torch.t", input(0)));
        for (int k = 0; k < last(); k++) {
            writeForward(out, k);
        }
        writeBackward(out, loss.writeBatch(out, new LastOutput()));
    }

    private void writeForward(SourceWriter out, int k) {
        out.line(product("mm", input(k), arrays.matrix(dense(k)), product(k)));
        links.get(k).norm().ifPresent(norm -> writeNorm(out, k, norm));
        links.get(k)
                .activation()
                .ifPresent(activation -> activation.writeForward(out, activated(k), output(k)));
    }

    private void writeNorm(SourceWriter out, int k, Layer.BatchNormalization norm) {
        out.line(
                call(
                        "torch.native_batch_norm",
                        product(k),
                        names.name(norm.gamma()),
                        names.name(norm.beta()),
                        names.name(norm.runningMean()),
                        names.name(norm.runningVar()),
                        true,
                        norm.newWeight(),
                        norm.epsilon(),
                        keyword("out", activated(k)),
                        keyword("save_mean", mean(k)),
                        keyword("save_invstd", deviation(k))));
    }

    private static String product(String function, String a, String b, String target) {
        return call("torch." + function, a, b, keyword("out", target));
    }

    /** What the last layer makes of a batch. */
    private final class LastOutput implements ChainLoss.Output {

        private boolean written;

        @Override
        public String write(SourceWriter out) {
            written = true;
            writeForward(out, last());
            return output(last());
        }

        @Override
        public void writeAdded(SourceWriter out, String target, String factor) {
            ChainLink link = links.get(last());
            if (link.norm().isEmpty() && link.activation().isEmpty()) {
                String matrix = arrays.matrix(dense(last()));
                out.line(
                        call(
                                "torch.addmm_",
                                target,
                                input(last()),
                                matrix,
                                keyword("beta", 1),
                                keyword("alpha", factor)));
            } else {
                out.line(call("torch.add_", target, write(out), keyword("alpha", factor)));
            }
        }

        @Override
        public String copy() {
            return written
                    ? call("torch.clone", output(last()))
                    : call("torch.mm", input(last()), arrays.matrix(dense(last())));
        }
    }

    private void writeBackward(SourceWriter out, String ofLoss) {
        Set<Layer.Dense> written = new HashSet<>();
        int lowest = lowestTrained();
        String signal = writeThroughNorm(out, last(), ofLoss);
        for (int k = last(); k >= lowest; k--) {
            Layer.Dense dense = dense(k);
            if (isTrained(dense)) {
                // A layer that comes several times has the sum of the gradients.
                String target = arrays.gradient(dense);
                out.line(
                        written.add(dense)
                                ? product("mm", transposed(k), signal, target)
                                : call("torch.addmm_", target, transposed(k), signal));
            }
            if (k > lowest) {
                out.line(product("mm", signal, names.name(dense.weight()), signal(k - 1)));
                signal = writeThroughNorm(out, k - 1, signal(k - 1));
            }
        }
    }

    private String writeThroughActivation(SourceWriter out, int k, String signal) {
        return links.get(k)
                .activation()
                .map(
                        activation -> {
                            activation.writeBackward(out, signal, activated(k), signal(k));
                            return signal(k);
                        })
                .orElse(signal);
    }

    private String writeThroughNorm(SourceWriter out, int k, String ofOutput) {
        String signal = writeThroughActivation(out, k, ofOutput);
        if (links.get(k).norm().isEmpty()) {
            return signal;
        }
        Layer.BatchNormalization norm = links.get(k).norm().get();
        String ofProduct = out.name("d");
        String ofGamma = out.name("g");
        String ofBeta = out.name("g");
        out.line(
                ofProduct
                        + ", "
                        + ofGamma
                        + ", "
                        + ofBeta
                        + " = "
                        + call(
                                "torch.native_batch_norm_backward",
                                signal,
                                product(k),
                                names.name(norm.gamma()),
                                names.name(norm.runningMean()),
                                names.name(norm.runningVar()),
                                mean(k),
                                deviation(k),
                                true,
                                norm.epsilon(),
                                "[True, True, True]"));
        out.line(call("torch.copy_", arrays.gradient(norm.gamma()), ofGamma));
        out.line(call("torch.copy_", arrays.gradient(norm.beta()), ofBeta));
        return ofProduct;
    }

    private int lowestTrained() {
        int k = 0;
        while (k < last()
                && !isTrained(dense(k))
                && links.get(k).vectors().noneMatch(names::isTrained)) {
            k++;
        }
        return k;
    }

    private boolean isTrained(Layer.Dense dense) {
        return names.isTrained(dense.weight())
                || (dense.bias() != null && names.isTrained(dense.bias()));
    }
}
