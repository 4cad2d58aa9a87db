package io.github.caadam.pytorch;

import ai.djl.nn.Parameter;
import java.util.List;

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

    /** What a forward pass needs to know besides its input. */
    interface Pass {

        /** Returns the name of a parameter's values. */
        String name(Parameter parameter);

        /** Returns whether it is a pass of training. */
        boolean training();
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
     * An operator on single arrays that has no parameters.
     *
     * @param operator its name
     * @param options its arguments after the input
     */
    record Operator(String operator, List<Object> options) implements Layer {

        static final String RELU = "torch.relu";

        public Operator {
            options = List.copyOf(options);
        }

        static Operator of(String operator, Object... options) {
            return new Operator(operator, List.of(options));
        }

        boolean isRelu() {
            return operator.equals(RELU);
        }

        @Override
        public String write(SourceWriter out, String input, Pass pass) {
            Object[] arguments = new Object[options.size() + 1];
            arguments[0] = input;
            for (int i = 0; i < options.size(); i++) {
                arguments[i + 1] = options.get(i);
            }
            return out.let("h", SourceWriter.call(operator, arguments));
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
        public String write(SourceWriter out, String input, Pass pass) {
            String value = input;
            for (Layer layer : layers) {
                value = layer.write(out, value, pass);
            }
            return value;
        }
    }
}
