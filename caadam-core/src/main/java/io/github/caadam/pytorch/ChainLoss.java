// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

/**
 * The loss at the end of a chain, and its gradients with respect to the chain's output, written
 * out. Rows are trained in two parts: those in whole batches, and the last, smaller batch. It finds
 * the names {@code y}, {@code rows}, {@code predicts} and, of each part, {@code count} of the rows
 * of a batch, {@code begin} and {@code end} of the part's rows, {@code a} and {@code b} of a
 * batch's.
 */
interface ChainLoss {

    /** What the last layer makes of a batch. */
    interface Output {

        /** Writes the values, and returns their name. */
        String write(SourceWriter out);

        /** Writes that a multiple of the values is added to an array. */
        void writeAdded(SourceWriter out, String target, String factor);

        /** Returns the expression of the values in memory of their own, behind one of the above. */
        String copy();
    }

    /**
     * Writes what comes before the first part.
     *
     * @param outputs how many numbers the chain predicts
     */
    void writeBefore(SourceWriter out, long outputs);

    /** Writes what comes before the first batch of a part. */
    void writeBeforePart(SourceWriter out);

    /**
     * Writes the loss of a batch, and its gradients.
     *
     * @return the name of the gradients, which are not to be changed
     */
    String writeBatch(SourceWriter out, Output output);

    /** Writes that the predictions for a batch are kept if they are wanted. */
    private static void writePredicted(SourceWriter out, Output output) {
        out.begin("if predicts:");
        out.line(call(GradientCode.PREDICTED + ".append", output.copy()));
        out.end();
    }

    /** Writes what comes behind the last batch of a part. */
    void writeAfterPart(SourceWriter out);

    /**
     * Writes what comes behind the last part.
     *
     * @return the name of the sum of the losses over all rows, a float64 scalar
     */
    String writeAfter(SourceWriter out);

    /**
     * The mean squared error. Its gradients are computed as the multiple of predictions that is
     * added to that of labels, in one array for all rows; of them come the losses.
     */
    final class SquaredErrors implements ChainLoss {

        private final double weight;
        private long outputs;

        /**
         * Describes the loss.
         *
         * @param weight the factor of the mean, not 0
         */
        SquaredErrors(double weight) {
            this.weight = weight;
        }

        @Override
        public void writeBefore(SourceWriter out, long outputs) {
            this.outputs = outputs;
            out.line("y = " + call("torch.reshape", "y", "[rows, " + outputs + "]"));
            out.line("errors = " + call("torch.zeros_like", "y"));
            out.line(
                    "total = "
                            + call("torch.to", call("torch.sum", "errors"), SourceWriter.FLOAT64));
        }

        @Override
        public void writeBeforePart(SourceWriter out) {
            out.line("scale = " + 2 * weight / outputs + " / float(max(count, 1))");
            out.line("targets = " + call("torch.slice", "y", 0, "begin", "end"));
            out.line("scaled = " + call("torch.slice", "errors", 0, "begin", "end"));
            out.line(call("torch.mul", "targets", "-scale", "out=scaled"));
        }

        @Override
        public String writeBatch(SourceWriter out, Output output) {
            String error = out.let("e", call("torch.slice", "errors", 0, "a", "b"));
            output.writeAdded(out, error, "scale");
            // Not of the errors: beside large labels they have lost the digits of predictions.
            writePredicted(out, output);
            return error;
        }

        @Override
        public void writeAfterPart(SourceWriter out) {
            String errors =
                    out.let(
                            "t",
                            call(
                                    "torch.div",
                                    call("torch.to", "scaled", SourceWriter.FLOAT64),
                                    "scale"));
            String squares = call("torch.sum", call("torch.mul", errors, errors));
            out.line("total = " + call("torch.add", "total", squares, "alpha=" + weight / outputs));
        }

        @Override
        public String writeAfter(SourceWriter out) {
            return "total";
        }
    }

    /** The cross entropy of classes that are told apart by logits. */
    final class ClassErrors implements ChainLoss {

        private long classes;

        @Override
        public void writeBefore(SourceWriter out, long outputs) {
            classes = outputs;
            String numbers = call("torch.to", "y", SourceWriter.INT64);
            out.line("y = " + call("torch.reshape", numbers, "[rows, 1]"));
            out.line("likelihoods = " + call("torch.new_zeros", "x", "[rows, 1]"));
        }

        @Override
        public void writeBeforePart(SourceWriter out) {
            out.line("scale = 1.0 / float(max(count, 1))");
            out.line("logarithms = " + call("torch.new_zeros", "x", "[count, " + classes + "]"));
            out.line("signal = " + call("torch.zeros_like", "logarithms"));
            out.line("minus = " + call("torch.new_full", "x", "[count, 1]", "-1.0"));
        }

        @Override
        public String writeBatch(SourceWriter out, Output output) {
            String values = output.write(out);
            out.line(call("torch._log_softmax", values, 1, false, "out=logarithms"));
            String numbers = out.let("c", call("torch.slice", "y", 0, "a", "b"));
            String target = out.let("c", call("torch.slice", "likelihoods", 0, "a", "b"));
            out.line(call("torch.gather", "logarithms", 1, numbers, "out=" + target));
            out.line(call("torch.exp", "logarithms", "out=signal"));
            out.line(call("torch.scatter_add_", "signal", 1, numbers, "minus"));
            out.line(call("torch.mul_", "signal", "scale"));
            writePredicted(out, output);
            return "signal";
        }

        @Override
        public void writeAfterPart(SourceWriter out) {}

        @Override
        public String writeAfter(SourceWriter out) {
            String sum = call("torch.sum", call("torch.to", "likelihoods", SourceWriter.FLOAT64));
            return out.let("t", call("torch.neg", sum));
        }
    }
}
