// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.loss.Loss;
import ai.djl.util.Pair;
import io.github.caadam.internal.Requirements;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A loss plus {@code λ·Σ‖θ‖²} over some parameters of a network, in training and validation alike,
 * as Keras' {@code kernel_regularizer=l2(λ)} has it. Unlike the L2 weight decay of an optimizer it
 * is part of the loss that is reported.
 *
 * <p>The parameters must lie on one device.
 *
 * @since 0.1.0
 */
public final class L2PenalizedLoss extends Loss {

    private final Loss loss;
    private final Block block;
    private final float lambda;
    private final Pattern pathPattern;

    /**
     * Creates the loss, under the name of the one that it extends.
     *
     * @param loss the loss without the penalty
     * @param block the network; need not be initialized yet
     * @param lambda {@code λ}, a finite number, 0 or more
     * @param pathPattern which parameters: a regular expression, found anywhere in a parameter's
     *     path, such as {@code "Conv2d_weight$"}
     * @throws IllegalArgumentException if {@code lambda} is negative or not finite
     * @throws java.util.regex.PatternSyntaxException if the pattern is no regular expression
     */
    public L2PenalizedLoss(Loss loss, Block block, float lambda, String pathPattern) {
        super(Objects.requireNonNull(loss, "loss").getName());
        this.loss = loss;
        this.block = Objects.requireNonNull(block, "block");
        this.lambda = (float) Requirements.nonNegative("penalty", lambda);
        this.pathPattern = Pattern.compile(Objects.requireNonNull(pathPattern, "pathPattern"));
    }

    /**
     * Returns the loss without the penalty.
     *
     * @return the loss
     */
    public Loss loss() {
        return loss;
    }

    /**
     * Returns the factor of the penalty.
     *
     * @return {@code λ}
     */
    public float lambda() {
        return lambda;
    }

    /**
     * Returns the penalized parameters: those of which a path matches.
     *
     * @return the parameters, in the order of the network, each once, also one that the network
     *     holds at several places
     */
    public List<Parameter> penalized() {
        Map<String, Parameter> byId = new LinkedHashMap<>();
        for (Pair<String, Parameter> pair : block.getParameters()) {
            if (pathPattern.matcher(pair.getKey()).find()) {
                byId.putIfAbsent(pair.getValue().getId(), pair.getValue());
            }
        }
        return List.copyOf(byId.values());
    }

    /**
     * Computes the loss with the penalty.
     *
     * @param labels the labels
     * @param predictions the predictions
     * @return the loss, a scalar
     * @throws ai.djl.nn.UninitializedParameterException if the network was not initialized
     */
    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
        NDArray value = loss.evaluate(labels, predictions);
        List<Parameter> parameters = penalized();
        if (parameters.isEmpty()) {
            return value;
        }
        NDArray squares = null;
        for (Parameter parameter : parameters) {
            NDArray square = parameter.getArray().square();
            square.attach(value.getManager());
            NDArray sum = square.sum();
            squares = squares == null ? sum : squares.add(sum);
        }
        // A Java number as an operand would lie in memory that may be collected before the backward
        // pass reads it; see MeanSquaredError.
        NDArray factor = value.getManager().full(new Shape(), lambda, squares.getDataType());
        return value.add(squares.mul(factor));
    }
}
