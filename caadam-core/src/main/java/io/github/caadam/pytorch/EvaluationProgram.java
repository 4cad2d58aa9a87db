// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Parameter;

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

    private final Layer network;
    private final LossCode loss;
    private final ParameterNames names;
    private boolean counts;

    /**
     * Describes a program.
     *
     * @param network the network
     * @param loss the loss
     * @param names the names of the parameters, none of which is trained
     */
    EvaluationProgram(Layer network, LossCode loss, ParameterNames names) {
        this.network = network;
        this.loss = loss;
        this.names = names;
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
        String predictions = network.write(out, "x", this);
        String value = loss.write(out, predictions, "y", this);
        out.line("return " + SourceWriter.call("torch.to", value, SourceWriter.FLOAT64));
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
                        + ", range: Tensor, "
                        + list
                        + ": List[Tensor]) -> "
                        + type
                        + ":");
        for (int i = 0; i < names.others().size(); i++) {
            out.line(name(names.others().get(i)) + " = " + list + "[" + i + "]");
        }
        out.line("first = int(range[0])");
        out.line("end = int(range[1])");
        out.line("x = torch.slice(features, 0, first, end)");
    }
}
