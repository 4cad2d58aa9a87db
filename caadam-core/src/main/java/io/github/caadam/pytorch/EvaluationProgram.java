package io.github.caadam.pytorch;

import ai.djl.nn.Parameter;

/**
 * The source of an evaluation of the loss. Its arguments are features, labels, the first row and
 * the one after the last, and the list of all parameters; it returns the mean loss.
 */
final class EvaluationProgram implements Layer.Pass {

    private final Layer network;
    private final LossCode loss;
    private final ParameterNames names;

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

    /** Writes the program. */
    String write() {
        SourceWriter out = new SourceWriter();
        String list = TrainingProgram.OTHERS;
        out.begin(
                "def forward(self, features: Tensor, labels: Tensor, range: Tensor, "
                        + list
                        + ": List[Tensor]) -> Tensor:");
        for (int i = 0; i < names.others().size(); i++) {
            out.line(name(names.others().get(i)) + " = " + list + "[" + i + "]");
        }
        out.line("first = int(range[0])");
        out.line("end = int(range[1])");
        out.line("x = torch.slice(features, 0, first, end)");
        out.line("y = torch.slice(labels, 0, first, end)");
        String predictions = network.write(out, "x", this);
        String value = loss.write(out, predictions, "y", this);
        out.line("return " + SourceWriter.call("torch.to", value, SourceWriter.FLOAT64));
        return out.toString();
    }
}
