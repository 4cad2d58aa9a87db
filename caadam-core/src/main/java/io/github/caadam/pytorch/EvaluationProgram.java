// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import ai.djl.Device;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Optional;

/**
 * The source of an evaluation. It has three methods: {@code forward} returns the mean loss of some
 * rows, {@code predict} what the network makes of them, {@code fewest} how many values of a channel
 * they have at the batch normalisation that sees the fewest. Their arguments are features, labels
 * ({@code forward} only), the first row and the one after the last, and the list of all parameters.
 */
final class EvaluationProgram implements Layer.Pass {

    static final String PREDICT = "predict";
    static final String FEWEST = "fewest";

    private static final String COUNT = "count";

    /** How many numbers a layer of a chain may give of a block of rows, to stay in the cache. */
    private static final long BLOCK_NUMBERS = 1L << 17;

    /** Fewer rows than this make the calls of operations cost more than the cache saves. */
    private static final long LEAST_ROWS = 256;

    private final Layer network;
    private final LossCode loss;
    private final ParameterNames names;
    private final Optional<List<ChainLink>> chain;
    private final boolean isBlocked;
    private boolean counts;

    /**
     * Describes a program.
     *
     * @param network the network
     * @param loss the loss
     * @param names the names of the parameters, none of which is trained
     * @param device where it runs
     */
    EvaluationProgram(Layer network, LossCode loss, ParameterNames names, Device device) {
        this.network = network;
        this.loss = loss;
        this.names = names;
        this.chain = ChainLink.of(network);
        this.isBlocked = !device.isGpu();
    }

    /** Returns how {@code forward} is executed. */
    ScriptModule.Mode mode() {
        // Of a chain there is nothing to fuse, and of many layers the search for it takes long.
        return chain.isPresent() ? ScriptModule.Mode.AS_WRITTEN : ScriptModule.Mode.OPTIMIZED;
    }

    @Override
    public String name(Parameter parameter) {
        return names.name(parameter);
    }

    @Override
    public boolean training() {
        return false;
    }

    @Override
    public boolean forgets() {
        return true;
    }

    /** Writes the program. */
    String write() {
        SourceWriter out = new SourceWriter();
        begin(out, "forward", "features: Tensor, labels: Tensor", "Tensor");
        out.line("y = torch.slice(labels, 0, first, end)");
        String predictions =
                chain.filter(links -> isBlocked)
                        .map(links -> writeBlocks(out, links))
                        .orElseGet(() -> network.write(out, "x", this));
        String value = loss.write(out, predictions, "y", this);
        out.line("return " + call("torch.to", value, SourceWriter.FLOAT64));
        out.end();
        out.line("");
        begin(out, PREDICT, "features: Tensor", "Tensor");
        out.line("return " + network.write(out, "x", this));
        out.end();
        out.line("");
        begin(out, FEWEST, "features: Tensor", "int");
        out.line(COUNT + " = torch.numel(x)");
        counts = true;
        network.write(out, "x", this);
        counts = false;
        out.line("return " + COUNT);
        out.end();
        return out.toString();
    }

    /** Writes a chain's predictions by blocks of rows: a processor has a cache to keep them in. */
    private String writeBlocks(SourceWriter out, List<ChainLink> links) {
        long widest =
                links.stream()
                        .mapToLong(link -> FlatArrays.outputs(link.dense()))
                        .max()
                        .orElseThrow();
        long size = Math.max(LEAST_ROWS, BLOCK_NUMBERS / widest);
        out.line("parts = annotate(List[Tensor], [])");
        out.begin(
                "for i in range(torch.floordiv(end - first + " + (size - 1) + ", " + size + ")):");
        String from = "i * " + size;
        out.line("rows = " + call("torch.slice", "x", 0, from, from + " + " + size));
        out.line(call("parts.append", network.write(out, "rows", this)));
        out.end();
        return out.let("p", call("torch.cat", "parts"));
    }

    @Override
    public void beforeNormalization(SourceWriter out, String input, int axis) {
        if (counts) {
            String values =
                    "torch.floordiv(torch.numel("
                            + input
                            + "), torch.size("
                            + input
                            + ", "
                            + axis
                            + "))";
            out.line(COUNT + " = min(" + COUNT + ", " + values + ")");
        }
    }

    private void begin(SourceWriter out, String method, String data, String type) {
        String list = TrainingProgram.OTHERS;
        out.begin(
                "def "
                        + method
                        + "(self, "
                        + data
                        + ", bounds: Tensor, "
                        + list
                        + ": List[Tensor]) -> "
                        + type
                        + ":");
        for (int i = 0; i < names.others().size(); i++) {
            out.line(name(names.others().get(i)) + " = " + list + "[" + i + "]");
        }
        out.line("first = int(bounds[0])");
        out.line("end = int(bounds[1])");
        out.line("x = torch.slice(features, 0, first, end)");
    }
}
