// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A part of a network as the compiler sees it, which can write its forward pass. */
interface Layer {

    /**
     * Writes the forward pass.
     *
     * @param out where to
     * @param input the name of the input
     * @param pass the names of the parameters, and whether it is a pass of training
     * @return the name of the output
     */
    String write(SourceWriter out, String input, Pass pass);

    /** Returns this layer and all that it is made of. */
    default Stream<Layer> parts() {
        return Stream.of(this);
    }

    /** What a forward pass needs to know besides its input. */
    interface Pass {

        /** Returns the name of a parameter's values. */
        String name(Parameter parameter);

        /** Returns whether it is a pass of training. */
        boolean training();

        /** Returns whether nothing but the output is looked at again. */
        default boolean forgets() {
            return false;
        }

        /**
         * Takes notice of a normalisation over the rows of a batch.
         *
         * @param out where to write
         * @param input the name of what is normalised
         * @param axis the axis of the channels
         */
        default void beforeNormalization(SourceWriter out, String input, int axis) {}
    }

    /**
     * A fully connected layer.
     *
     * @param weight (outputs, inputs)
     * @param bias (outputs), or null
     */
    record Dense(Parameter weight, Parameter bias) implements Layer {

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            return out.let(
                    "z",
                    SourceWriter.call(
                            "torch.linear",
                            input,
                            pass.name(weight),
                            bias == null ? "None" : pass.name(bias)));
        }
    }

    /**
     * A function of single arrays that has no parameters.
     *
     * @param expression the function, with {@value #INPUT} in place of the input
     * @param backward the gradient of the input, with {@value #INPUT} in its place and {@value
     *     #SIGNAL} in place of the gradient of the output; empty where it is not written out
     */
    record Formula(String expression, Optional<String> backward) implements Layer {

        static final String INPUT = "@";
        static final String SIGNAL = "<d>";

        Formula(String expression) {
            this(expression, Optional.empty());
        }

        Formula(String expression, String backward) {
            this(expression, Optional.of(backward));
        }

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            return out.let("h", expression.replace(INPUT, input));
        }
    }

    /**
     * A function of single numbers with its derivative.
     *
     * @param expression the function, with {@value Formula#INPUT} in place of the input
     * @param forward the same, with {@value #TARGET} in place of where the values go
     * @param backward what multiplies with the derivative, with {@value #SIGNAL} in place of the
     *     one factor, {@value #KEPT} in place of the function's values or its input, and {@value
     *     #TARGET} in place of where the product goes, which may be the place of the one factor
     * @param keepsInput whether the derivative is computed from the input; otherwise it is from the
     *     values, which may take the place of the input
     */
    record Activation(String expression, String forward, String backward, boolean keepsInput)
            implements Layer {

        static final Activation RELU =
                ofValues(
                        "torch.relu(@)",
                        "torch.relu_(<t>)",
                        "torch.threshold_backward(<d>, <h>, 0, grad_input=<t>)");

        private static final String SIGNAL = Formula.SIGNAL;
        private static final String KEPT = "<h>";
        private static final String TARGET = "<t>";

        /** A function whose derivative is known from its values, computed in place. */
        static Activation ofValues(String expression, String inPlace, String backward) {
            return new Activation(expression, inPlace, backward, false);
        }

        /** A function whose derivative is known from its input. */
        static Activation ofInput(String expression, String forward, String backward) {
            return new Activation(expression, forward, backward, true);
        }

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            return out.let("h", expression.replace(Formula.INPUT, input));
        }

        /** Writes the forward pass into memory: that of the input, unless it is kept. */
        void writeForward(SourceWriter out, String input, String target) {
            out.line(forward.replace(Formula.INPUT, input).replace(TARGET, target));
        }

        /** Writes the backward pass. */
        void writeBackward(SourceWriter out, String signal, String kept, String target) {
            out.line(backward.replace(SIGNAL, signal).replace(KEPT, kept).replace(TARGET, target));
        }
    }

    /**
     * A convolution.
     *
     * @param operator which one, by dimension
     * @param weight the kernels
     * @param bias the biases, or null
     * @param settings stride, padding, dilation and groups, as the operator takes them
     */
    record Convolution(String operator, Parameter weight, Parameter bias, List<String> settings)
            implements Layer {

        public Convolution {
            settings = List.copyOf(settings);
        }

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            return out.let(
                    "z",
                    SourceWriter.call(
                            operator,
                            input,
                            pass.name(weight),
                            bias == null ? "None" : pass.name(bias),
                            String.join(", ", settings)));
        }
    }

    /**
     * A batch normalisation, which moves its running statistics in a pass of training.
     *
     * @param gamma the scales
     * @param beta the shifts
     * @param runningMean the running means
     * @param runningVar the running variances
     * @param axis the axis of the channels; 1 or -1 where they stand second
     * @param newWeight the weight of a batch's statistics in the running ones
     * @param epsilon what is added to variances
     */
    record BatchNormalization(
            Parameter gamma,
            Parameter beta,
            Parameter runningMean,
            Parameter runningVar,
            int axis,
            double newWeight,
            double epsilon)
            implements Layer {

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            pass.beforeNormalization(out, input, axis);
            boolean second = axis == 1 || axis == -1;
            String normalized =
                    SourceWriter.call(
                            "torch.batch_norm",
                            second ? input : swapped(input),
                            pass.name(gamma),
                            pass.name(beta),
                            pass.name(runningMean),
                            pass.name(runningVar),
                            pass.training(),
                            newWeight,
                            epsilon,
                            true);
            return out.let("n", second ? normalized : swapped(normalized));
        }

        private String swapped(String array) {
            return SourceWriter.call("torch.transpose", array, 1, axis);
        }
    }

    /**
     * A dropout, which draws from the engine's random numbers as DJL's does.
     *
     * @param rate the share of elements that are made zero
     */
    record Drop(double rate) implements Layer {

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            return out.let("h", SourceWriter.call("torch.dropout", input, rate, pass.training()));
        }
    }

    /**
     * The sum of what several layers make of one input.
     *
     * @param branches the layers
     */
    record Sum(List<Layer> branches) implements Layer {

        public Sum {
            branches = List.copyOf(branches);
        }

        @Override
        public Stream<Layer> parts() {
            return Stream.concat(Stream.of(this), branches.stream().flatMap(Layer::parts));
        }

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            String sum = branches.get(0).write(out, input, pass);
            for (Layer branch : branches.subList(1, branches.size())) {
                String next = branch.write(out, input, pass);
                sum = out.let("s", SourceWriter.call("torch.add", sum, next));
            }
            return sum;
        }
    }

    /**
     * Layers one after the other.
     *
     * @param layers the layers; none is the identity
     */
    record Chain(List<Layer> layers) implements Layer {

        public Chain {
            layers = List.copyOf(layers);
        }

        @Override
        public Stream<Layer> parts() {
            return Stream.concat(Stream.of(this), layers.stream().flatMap(Layer::parts));
        }

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            String value = input;
            for (int i = 0; i < layers.size(); i++) {
                if (pass.forgets() && i > 0 && isOver(layers.get(i - 1), layers.get(i))) {
                    ((Activation) layers.get(i)).writeForward(out, value, value);
                } else {
                    value = layers.get(i).write(out, value, pass);
                }
            }
            return value;
        }

        /** Returns whether a layer's values may take the place of what the one before it made. */
        private static boolean isOver(Layer before, Layer layer) {
            return before instanceof Dense
                    && layer instanceof Activation activation
                    && !activation.keepsInput();
        }
    }
}
