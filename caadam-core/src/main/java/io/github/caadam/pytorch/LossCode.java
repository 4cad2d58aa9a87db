// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.list;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.loss.L2Loss;
import ai.djl.training.loss.Loss;
import ai.djl.training.loss.SoftmaxCrossEntropyLoss;
import io.github.caadam.internal.PrivateFields;
import io.github.caadam.spi.NotAcceleratedException;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.MeanSquaredError;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A loss that a program can compute. */
interface LossCode {

    /**
     * Finds the code of a loss. Losses are known by their exact class, since a subclass may compute
     * something else.
     *
     * @throws NotAcceleratedException if it is not known
     */
    static LossCode of(Loss loss) throws NotAcceleratedException {
        Class<?> type = loss.getClass();
        if (type == L2PenalizedLoss.class) {
            L2PenalizedLoss penalized = (L2PenalizedLoss) loss;
            return new Penalized(of(penalized.loss()), penalized.lambda(), penalized.penalized());
        }
        if (type == MeanSquaredError.class) {
            return new SquaredError(1);
        }
        Optional<LossCode> code = Optional.empty();
        if (type == L2Loss.class) {
            code =
                    PrivateFields.read(loss, L2Loss.class, "weight", Float.class)
                            .map(SquaredError::new);
        } else if (type == SoftmaxCrossEntropyLoss.class) {
            code = CrossEntropy.of(loss);
        }
        return code.orElseThrow(
                () ->
                        new NotAcceleratedException(
                                "loss",
                                type + " is none that the compiler knows, or not as it is set"));
    }

    /**
     * Writes the loss of a batch, a mean over its rows.
     *
     * @param out where to
     * @param predictions the name of the network's output
     * @param labels the name of the labels
     * @param pass the names of the parameters
     * @return the name of the loss
     */
    String write(SourceWriter out, String predictions, String labels, Layer.Pass pass);

    /**
     * Checks that labels have such a shape and type as the loss takes.
     *
     * @param labels the labels, of one row or more
     * @param prediction an array of predictions for the first row
     * @throws IllegalArgumentException if they have not
     */
    void requireLabels(NDArray labels, NDArray prediction);

    /**
     * Checks the values of labels of the right shape and type.
     *
     * @param labels the labels
     * @param prediction the shape of a prediction for a row
     * @throws IllegalArgumentException if the loss does not take one
     */
    default void requireValues(NDArray labels, Shape prediction) {}

    /**
     * Draws labels.
     *
     * @param prediction predictions of some rows
     * @param random what draws
     * @return labels that the loss takes with them, attached to their manager
     */
    NDArray drawLabels(NDArray prediction, Random random);

    /**
     * Returns how the loss without its penalties, and its gradients, are written out; empty if they
     * are not.
     */
    default Optional<ChainLoss> ofChain() {
        return Optional.empty();
    }

    /** Returns the loss without its penalties. */
    default LossCode unpenalized() {
        return this;
    }

    /** Returns the penalties. */
    default List<Penalized> penalties() {
        return List.of();
    }

    /** Checks that there is a number for each predicted one, and of its type. */
    static void requireLikePredictions(NDArray labels, NDArray prediction) {
        long rows = labels.getShape().get(0);
        if (labels.size() != rows * prediction.size()) {
            throw new IllegalArgumentException(
                    "The network predicts "
                            + prediction.size()
                            + " numbers a row, but the labels are "
                            + labels.getShape()
                            + ".");
        }
        if (labels.getDataType() != prediction.getDataType()) {
            throw new IllegalArgumentException(
                    "The labels are "
                            + labels.getDataType()
                            + " and the predictions "
                            + prediction.getDataType()
                            + "; convert them by labels.toType(DataType."
                            + prediction.getDataType().name()
                            + ", false).");
        }
    }

    /** Draws numbers in the shape and type of the predictions. */
    static NDArray drawLikePredictions(NDArray prediction, Random random) {
        double[] values = random.doubles(prediction.size()).toArray();
        return prediction
                .getManager()
                .create(values, prediction.getShape())
                .toType(prediction.getDataType(), false);
    }

    /** Returns labels in the shape of the predictions. */
    static String shapedLike(String predictions, String labels) {
        return call("torch.reshape_as", labels, predictions);
    }

    /**
     * {@link MeanSquaredError}, and {@link L2Loss}.
     *
     * @param weight the factor of the mean
     */
    record SquaredError(double weight) implements LossCode {

        @Override
        public String write(SourceWriter out, String predictions, String labels, Layer.Pass pass) {
            String mean =
                    out.let(
                            "loss",
                            call("torch.mse_loss", predictions, shapedLike(predictions, labels)));
            return weight == 1 ? mean : out.let("loss", call("torch.mul", mean, weight));
        }

        @Override
        public Optional<ChainLoss> ofChain() {
            return weight == 0
                    ? Optional.empty()
                    : Optional.of(new ChainLoss.SquaredErrors(weight));
        }

        @Override
        public void requireLabels(NDArray labels, NDArray prediction) {
            requireLikePredictions(labels, prediction);
        }

        @Override
        public NDArray drawLabels(NDArray prediction, Random random) {
            return drawLikePredictions(prediction, random);
        }
    }

    /**
     * {@link SoftmaxCrossEntropyLoss} over the last axis.
     *
     * @param classes whether labels are numbers of classes rather than probabilities
     * @param logits whether predictions are logits rather than logarithms of probabilities
     */
    record CrossEntropy(boolean classes, boolean logits) implements LossCode {

        /** Returns the code, unless the loss is weighted or over another axis. */
        static Optional<LossCode> of(Loss loss) {
            Class<?> type = SoftmaxCrossEntropyLoss.class;
            boolean plain =
                    PrivateFields.read(loss, type, "weight", Float.class).equals(Optional.of(1f))
                            && PrivateFields.read(loss, type, "classAxis", Integer.class)
                                    .equals(Optional.of(-1));
            return plain
                    ? PrivateFields.read(loss, type, "sparseLabel", Boolean.class)
                            .flatMap(
                                    classes ->
                                            PrivateFields.read(
                                                            loss, type, "fromLogit", Boolean.class)
                                                    .map(
                                                            logits ->
                                                                    new CrossEntropy(
                                                                            classes, logits)))
                    : Optional.empty();
        }

        @Override
        public String write(SourceWriter out, String predictions, String labels, Layer.Pass pass) {
            String logarithms =
                    logits ? out.let("l", call("torch.log_softmax", predictions, -1)) : predictions;
            if (!classes) {
                String products = call("torch.mul", logarithms, shapedLike(logarithms, labels));
                String sums = out.let("l", call("torch.sum", products, "[-1]"));
                return out.let("loss", call("torch.neg", call("torch.mean", sums)));
            }
            String rows =
                    call(
                            "torch.reshape",
                            logarithms,
                            "[-1, " + call("torch.size", logarithms, -1) + "]");
            String numbers =
                    call("torch.to", call("torch.reshape", labels, "[-1]"), SourceWriter.INT64);
            return out.let("loss", call("torch.nll_loss", rows, numbers));
        }

        @Override
        public Optional<ChainLoss> ofChain() {
            return classes && logits ? Optional.of(new ChainLoss.ClassErrors()) : Optional.empty();
        }

        private static long classes(Shape prediction) {
            return prediction.get(prediction.dimension() - 1);
        }

        @Override
        public void requireLabels(NDArray labels, NDArray prediction) {
            if (!classes) {
                requireLikePredictions(labels, prediction);
                return;
            }
            long count = classes(prediction.getShape());
            long rows = labels.getShape().get(0);
            if (labels.size() != rows * (prediction.size() / count)) {
                throw new IllegalArgumentException(
                        "The network tells "
                                + count
                                + " classes apart for "
                                + prediction.size() / count
                                + " labels a row, but the labels are "
                                + labels.getShape()
                                + ".");
            }
        }

        @Override
        public void requireValues(NDArray labels, Shape prediction) {
            if (!classes) {
                return;
            }
            long count = classes(prediction);
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray numbers = labels.stopGradient().toType(DataType.FLOAT64, true);
                // Not a number is equal to nothing, not even to itself.
                if (!numbers.eq(numbers.floor()).all().getBoolean()
                        || numbers.min().getDouble() < 0
                        || numbers.max().getDouble() >= count) {
                    throw new IllegalArgumentException(
                            "The labels must be whole numbers from 0 to "
                                    + (count - 1)
                                    + ", found "
                                    + numbers.min().getDouble()
                                    + " to "
                                    + numbers.max().getDouble()
                                    + ".");
                }
            }
        }

        @Override
        public NDArray drawLabels(NDArray prediction, Random random) {
            if (!classes) {
                return drawLikePredictions(prediction, random);
            }
            Shape shape = prediction.getShape();
            Shape labels = shape.slice(0, shape.dimension() - 1);
            long count = classes(shape);
            long[] numbers = random.longs(prediction.size() / count, 0, count).toArray();
            return prediction.getManager().create(numbers, labels);
        }
    }

    /**
     * {@link L2PenalizedLoss}.
     *
     * @param loss the loss without the penalty
     * @param lambda the factor of the penalty
     * @param parameters the penalized parameters
     */
    record Penalized(LossCode loss, double lambda, List<Parameter> parameters) implements LossCode {

        public Penalized {
            parameters = List.copyOf(parameters);
        }

        @Override
        public String write(SourceWriter out, String predictions, String labels, Layer.Pass pass) {
            return writeSum(out, loss.write(out, predictions, labels, pass), pass::name);
        }

        @Override
        public void requireLabels(NDArray labels, NDArray prediction) {
            loss.requireLabels(labels, prediction);
        }

        @Override
        public NDArray drawLabels(NDArray prediction, Random random) {
            return loss.drawLabels(prediction, random);
        }

        @Override
        public void requireValues(NDArray labels, Shape prediction) {
            loss.requireValues(labels, prediction);
        }

        @Override
        public Optional<ChainLoss> ofChain() {
            return loss.ofChain();
        }

        @Override
        public LossCode unpenalized() {
            return loss.unpenalized();
        }

        @Override
        public List<Penalized> penalties() {
            return Stream.concat(loss.penalties().stream(), Stream.of(this)).toList();
        }

        /**
         * Adds the penalty to a value.
         *
         * @return the name of the sum
         */
        String writeSum(SourceWriter out, String value, Function<Parameter, String> names) {
            return parameters.isEmpty()
                    ? value
                    : out.let("loss", call("torch.add", value, writeValue(out, names)));
        }

        /**
         * Writes the penalty, of one parameter or more.
         *
         * @return its expression
         */
        String writeValue(SourceWriter out, Function<Parameter, String> names) {
            String values = list(parameters.stream().map(names).toList());
            String norms = call("torch.stack", call("torch._foreach_norm", values, 2));
            String squares = out.let("l", call("torch.sum", call("torch.square", norms)));
            return call("torch.mul", squares, lambda);
        }

        /**
         * Adds the penalty's gradient to those of its parameters, all in one call.
         *
         * @param gradients expressions of the gradients without the penalty, which are replaced
         * @param trained the parameters that these belong to
         */
        void writeGradients(
                SourceWriter out,
                List<String> gradients,
                List<Parameter> trained,
                Function<Parameter, String> names) {
            List<Integer> places =
                    IntStream.range(0, trained.size())
                            .filter(i -> parameters.contains(trained.get(i)))
                            .boxed()
                            .toList();
            if (places.isEmpty()) {
                return;
            }
            String without = list(places.stream().map(gradients::get).toList());
            String values = list(places.stream().map(trained::get).map(names).toList());
            String with =
                    out.let(
                            "g",
                            call("torch._foreach_add", without, values, "alpha=" + 2 * lambda));
            for (int i = 0; i < places.size(); i++) {
                gradients.set(places.get(i), with + "[" + i + "]");
            }
        }
    }
}
