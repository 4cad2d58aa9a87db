package io.github.caadam.pytorch;

import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Recognises the functions of DJL's own lambda blocks, such as {@link Activation#reluBlock}. A
 * block's name says nothing, since a user may give any; but the class of a lambda belongs to the
 * one place in the source where it is written, so that two lambdas of one class are the same
 * function, up to what they captured.
 */
final class KnownFunctions {

    private static final Map<Class<?>, Function<Object, Layer>> KNOWN = new ConcurrentHashMap<>();

    static {
        know(Activation.reluBlock(), Layer.Operator.of(Layer.Operator.RELU));
        know(Activation.relu6Block(), Layer.Operator.of("torch.clamp", 0.0, 6.0));
        know(Activation.sigmoidBlock(), Layer.Operator.of("torch.sigmoid"));
        know(Activation.tanhBlock(), Layer.Operator.of("torch.tanh"));
    }

    private KnownFunctions() {}

    private static void know(Block block, Layer layer) {
        functionOf((LambdaBlock) block)
                .ifPresent(function -> KNOWN.put(function.getClass(), captured -> layer));
    }

    /** Returns what a block computes, if that is known. */
    static Optional<Layer> find(LambdaBlock block) {
        return functionOf(block)
                .flatMap(
                        function ->
                                Optional.ofNullable(KNOWN.get(function.getClass()))
                                        .map(reader -> reader.apply(function)));
    }

    private static Optional<Object> functionOf(LambdaBlock block) {
        return PrivateFields.read(block, LambdaBlock.class, "lambda");
    }
}
