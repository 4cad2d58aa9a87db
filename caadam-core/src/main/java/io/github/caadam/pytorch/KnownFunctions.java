// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.pooling.Pool;
import io.github.caadam.internal.PrivateFields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Recognises the functions of DJL's own lambda blocks, such as {@link Activation#reluBlock}. A
 * block's name says nothing, since a user may give any; but the class of a lambda belongs to the
 * one place in the source where it is written, so that two lambdas of one class are the same
 * function, up to what they captured. What DJL's lambdas capture is read from their fields; where a
 * block that is made here shows it otherwise than expected, its kind is not known.
 */
final class KnownFunctions {

    private static final Class<?> SINGLETON =
            lambdaOf(LambdaBlock.singleton(array -> array, "identity"))
                    .<Class<?>>map(Object::getClass)
                    .orElse(KnownFunctions.class);

    private static final Map<Class<?>, Function<List<Object>, Layer>> KNOWN =
            new ConcurrentHashMap<>();

    static {
        knowActivations();
        knowShapes();
        knowPooling();
    }

    private KnownFunctions() {}

    private static void knowActivations() {
        know(Activation.reluBlock(), Layer.Activation.RELU);
        know(
                Activation.relu6Block(),
                Layer.Activation.ofValues(
                        "torch.clamp_max(torch.relu(@), 6.0)",
                        "torch.hardtanh_(<t>, 0.0, 6.0)",
                        "torch.hardtanh_backward(<d>, <h>, 0.0, 6.0, grad_input=<t>)"));
        know(
                Activation.sigmoidBlock(),
                Layer.Activation.ofValues(
                        "torch.sigmoid(@)",
                        "torch.sigmoid_(<t>)",
                        "torch.sigmoid_backward(<d>, <h>, grad_input=<t>)"));
        know(
                Activation.tanhBlock(),
                Layer.Activation.ofValues(
                        "torch.tanh(@)",
                        "torch.tanh_(<t>)",
                        "torch.tanh_backward(<d>, <h>, grad_input=<t>)"));
        know(
                Activation.softPlusBlock(),
                Layer.Activation.ofInput(
                        "torch.softplus(@)",
                        "torch.softplus(@, 1, 20, out=<t>)",
                        "torch.softplus_backward(<d>, <h>, 1, 20, grad_input=<t>)"));
        know(
                Activation.softSignBlock(),
                Layer.Activation.ofInput(
                        "torch.div(@, torch.add(torch.abs(@), 1.0))",
                        "torch.div(@, torch.add(torch.abs(@), 1.0), out=<t>)",
                        "torch.div(<d>, torch.square(torch.add(torch.abs(<h>), 1.0)), out=<t>)"));
        // oneDNN's GELU, which the engine takes, misses a target whose rows have gaps between them.
        know(
                Activation.geluBlock(),
                Layer.Activation.ofInput(
                        "torch.gelu(@)",
                        "torch.copy_(<t>, torch.gelu(@))",
                        "torch.gelu_backward(<d>, <h>, grad_input=<t>)"));
        know(Activation.swishBlock(0.5f), List.of(0.5f), values -> swish(number(values, 0)));
        knowLinearUnits();
        // DJL's Mish takes the logarithm to base 2.
        know(
                Activation.mishBlock(),
                "torch.mul(torch.tanh(torch.log2(torch.add(torch.exp(@), 1.0))), @)");
    }

    private static void knowLinearUnits() {
        know(
                Activation.leakyReluBlock(0.5f),
                List.of(0.5f),
                values -> leakyRelu(number(values, 0)));
        know(
                Activation.eluBlock(0.5f),
                List.of(0.5f),
                values ->
                        exponential(
                                "torch.elu(@, " + number(values, 0) + ")", number(values, 0), 1));
        know(
                Activation.seluBlock(),
                exponential("torch.selu(@)", 1.6732632423543772, 1.0507009873554805));
    }

    private static Layer leakyRelu(double slope) {
        return Layer.Activation.ofInput(
                "torch.leaky_relu(@, " + slope + ")",
                "torch.leaky_relu(@, " + slope + ", out=<t>)",
                "torch.leaky_relu_backward(<d>, <h>, " + slope + ", False, grad_input=<t>)");
    }

    /** {@code scale·x}, and {@code scale·alpha·(exp(x) − 1)} below 0. */
    private static Layer exponential(String expression, double alpha, double scale) {
        String settings = alpha + ", " + scale + ", 1.0";
        return Layer.Activation.ofInput(
                expression,
                "torch.elu(@, " + settings + ", out=<t>)",
                "torch.elu_backward(<d>, " + settings + ", False, <h>, grad_input=<t>)");
    }

    /** The derivative of {@code x·σ(βx)} is that of {@code z·σ(z)} at {@code z = βx}. */
    private static Layer swish(double beta) {
        String factors = "(torch.sigmoid(torch.mul(@, " + beta + ")), @";
        return Layer.Activation.ofInput(
                "torch.mul" + factors + ")",
                "torch.mul" + factors + ", out=<t>)",
                "torch.silu_backward(<d>, torch.mul(<h>, " + beta + "), grad_input=<t>)");
    }

    private static void knowShapes() {
        know(Blocks.identityBlock(), new Layer.Chain(List.of()));
        know(
                Blocks.batchFlattenBlock(),
                new Layer.Formula(
                        "torch.reshape(@, [torch.size(@, 0), -1])",
                        "torch.reshape(<d>, torch.size(@))"));
        know(
                Blocks.batchFlattenBlock(6),
                List.of(6L),
                values -> formula("torch.reshape(@, [-1, %s])", values.get(0)));
    }

    private static void knowPooling() {
        Shape kernel = new Shape(5, 5);
        Shape stride = new Shape(3, 3);
        Shape padding = new Shape(2, 2);
        know(
                Pool.maxPool2dBlock(kernel, stride, padding, true),
                List.of(kernel, stride, padding, true),
                values ->
                        formula(
                                "torch.max_pool2d(@, %s, %s, %s, [1, 1], %s)",
                                sizes(values, 0),
                                sizes(values, 1),
                                sizes(values, 2),
                                SourceWriter.literal(values.get(3))));
        // DJL's PyTorch engine counts padding whatever the last setting says.
        know(
                Pool.avgPool2dBlock(kernel, stride, padding, true, false),
                List.of(kernel, stride, padding, true, false),
                values ->
                        formula(
                                "torch.avg_pool2d(@, %s, %s, %s, %s, True)",
                                sizes(values, 0),
                                sizes(values, 1),
                                sizes(values, 2),
                                SourceWriter.literal(values.get(3))));
        know(
                Pool.globalMaxPool2dBlock(),
                "torch.flatten(torch.adaptive_max_pool2d(@, [1, 1])[0], 1)");
        know(
                Pool.globalAvgPool2dBlock(),
                new Layer.Formula(
                        "torch.flatten(torch.adaptive_avg_pool2d(@, [1, 1]), 1)",
                        "torch._adaptive_avg_pool2d_backward(torch.reshape(<d>, [torch.size(@, 0),"
                                + " torch.size(@, 1), 1, 1]), @)"));
    }

    private static void know(Block block, String expression) {
        know(block, new Layer.Formula(expression));
    }

    private static void know(Block block, Layer layer) {
        know(block, List.of(), captured -> layer);
    }

    /** Remembers the function of a block, if it shows what it was made of. */
    private static void know(
            Block block, List<Object> madeOf, Function<List<Object>, Layer> layer) {
        functionOf((LambdaBlock) block)
                .filter(function -> captured(function).equals(madeOf))
                .ifPresent(function -> KNOWN.put(function.getClass(), layer));
    }

    /** Returns what a block computes, if that is known. */
    static Optional<Layer> find(LambdaBlock block) {
        return functionOf(block)
                .flatMap(
                        function ->
                                Optional.ofNullable(KNOWN.get(function.getClass()))
                                        .map(layer -> layer.apply(captured(function))));
    }

    /** Returns the function of lists that a block applies, or the one of arrays that it wraps. */
    private static Optional<Object> functionOf(LambdaBlock block) {
        Optional<Object> function = lambdaOf(block);
        return function.isPresent() && function.get().getClass() == SINGLETON
                ? captured(function.get()).stream().findFirst()
                : function;
    }

    private static Optional<Object> lambdaOf(LambdaBlock block) {
        return PrivateFields.read(block, LambdaBlock.class, "lambda", Object.class);
    }

    /** Returns what a lambda captured, in the order in which its body names it. */
    private static List<Object> captured(Object lambda) {
        List<Object> values = new ArrayList<>();
        int count = lambda.getClass().getDeclaredFields().length;
        for (int i = 1; i <= count; i++) {
            PrivateFields.read(lambda, lambda.getClass(), "arg$" + i, Object.class)
                    .ifPresent(values::add);
        }
        return values;
    }

    private static Layer formula(String format, Object... values) {
        return new Layer.Formula(String.format(Locale.ROOT, format, values));
    }

    private static double number(List<Object> values, int index) {
        return ((Number) values.get(index)).doubleValue();
    }

    private static String sizes(List<Object> values, int index) {
        return Arrays.toString(((Shape) values.get(index)).getShape());
    }
}
