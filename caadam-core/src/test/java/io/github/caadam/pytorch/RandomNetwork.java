// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.github.caadam.training.ResidualBlock;
import java.util.Random;

/**
 * A small network drawn by chance. What comes before a batch normalisation has no bias, and a
 * nonlinear function comes behind each: a gradient that is zero but for rounding would be a whole
 * step for Adam, in a direction that is rounding, too. That function is nowhere straight, and one
 * comes behind a residual unit's rectifier, too: where a straight part takes all rows, a bias
 * before it is a bias before the normalisation.
 */
final class RandomNetwork {

    private static final int[] WIDTHS = {3, 4, 5, 6, 8};
    private static final int IMAGE = 6;

    private final Random random;
    private final SequentialBlock block = new SequentialBlock();
    private final Shape sample;
    private final int outputs;
    private boolean chain;
    private boolean tied;
    private boolean custom;
    private boolean normalized;

    private RandomNetwork(Random random) {
        this.random = random;
        outputs = 2 + random.nextInt(3);
        int kind = random.nextInt(10);
        if (kind < 4) {
            sample = new Shape(width());
            chain = true;
            chain((int) sample.get(0));
        } else if (kind < 7) {
            sample = new Shape(width());
            dense((int) sample.get(0));
        } else {
            sample = new Shape(1 + random.nextInt(2), IMAGE, IMAGE);
            images();
        }
    }

    /** Draws a network, the same from the same state of a generator. */
    static RandomNetwork draw(Random random) {
        return new RandomNetwork(random);
    }

    Block block() {
        return block;
    }

    /** The shape of a row of features. */
    Shape sample() {
        return sample;
    }

    int outputs() {
        return outputs;
    }

    /** Whether this is nothing but dense layers, each of its own parameters, and ReLU. */
    boolean isChain() {
        return chain && !tied && !custom;
    }

    /** Whether a parameter occurs twice. */
    boolean isTied() {
        return tied;
    }

    /** Whether there is a block in it that no compiler can know. */
    boolean isCustom() {
        return custom;
    }

    boolean isNormalized() {
        return normalized;
    }

    /** What is special about this network, in words. */
    String traits() {
        return (isChain() ? ", a chain" : "")
                + (tied ? ", with parameters that occur twice" : "")
                + (custom ? ", with a block of the user's" : "");
    }

    private int width() {
        return WIDTHS[random.nextInt(WIDTHS.length)];
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Dense layers and ReLU, now and then nested, now and then one of them twice. */
    private void chain(int inputs) {
        int width = inputs;
        Linear square = null;
        SequentialBlock target = block;
        for (int i = random.nextInt(4); i > 0; i--) {
            if (square != null && chance(0.4)) {
                target.add(square).add(Activation.reluBlock());
                tied = true;
                continue;
            }
            int units = chance(0.4) ? width : width();
            Linear layer = linear(units, chance(0.8));
            target.add(layer).add(Activation.reluBlock());
            square = units == width ? layer : null;
            width = units;
            if (chance(0.2)) {
                SequentialBlock nested = new SequentialBlock();
                target.add(nested.add(Blocks.identityBlock()));
                target = chance(0.5) ? nested : block;
            }
        }
        if (target != block) {
            // Nothing may follow the part that is being filled.
            target.add(linear(outputs, true));
        } else {
            block.add(linear(outputs, chance(0.8)));
        }
    }

    /** Parts of all kinds on vectors. */
    private void dense(int inputs) {
        int width = inputs;
        if (chance(0.15)) {
            block.add(new EmptyPart());
            custom = true;
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            width = densePart(block, width, 0);
        }
        block.add(linear(outputs, chance(0.8)));
    }

    private int densePart(SequentialBlock target, int width, int depth) {
        int units = width();
        switch (random.nextInt(depth == 0 ? 6 : 2)) {
            case 0, 1 -> {
                return denseUnit(target, units);
            }
            case 2 -> {
                boolean same = chance(0.5);
                int result = same ? width : units;
                SequentialBlock main = new SequentialBlock();
                int inner = densePart(main, width, 1);
                if (inner == result && chance(0.3)) {
                    // One layer twice in a branch.
                    Linear layer = linear(inner, true);
                    main.add(layer).add(smooth()).add(layer);
                    tied = true;
                } else {
                    main.add(linear(result, true));
                }
                target.add(
                                new ResidualBlock(
                                        main, same ? Blocks.identityBlock() : linear(result, true)))
                        .add(smooth());
                return result;
            }
            case 3 -> {
                Block layer = linear(width, chance(0.8));
                Block activation = smooth();
                target.add(layer).add(activation);
                if (chance(0.5)) {
                    densePartOfWidth(target, width);
                }
                target.add(layer).add(activation);
                tied = true;
                return width;
            }
            case 4 -> {
                SequentialBlock nested = new SequentialBlock();
                int result = densePart(nested, width, 1);
                result = densePart(nested, result, 1);
                target.add(nested);
                if (result == width && chance(0.5)) {
                    target.add(nested);
                    tied = true;
                }
                return result;
            }
            default -> {
                if (chance(0.5)) {
                    return denseUnit(target, units);
                }
                Linear encoder = linear(units, true);
                target.add(encoder).add(smooth()).add(new Decoder(encoder)).add(smooth());
                custom = true;
                return width;
            }
        }
    }

    private void densePartOfWidth(SequentialBlock target, int width) {
        target.add(linear(width, true)).add(smooth());
    }

    private int denseUnit(SequentialBlock target, int units) {
        boolean norm = chance(0.3);
        target.add(linear(units, !norm && chance(0.8)));
        if (norm) {
            target.add(norm());
        }
        target.add(smooth());
        return units;
    }

    /** Convolutions, pooling, residual units, and a dense layer last. */
    private void images() {
        int channels = 2 + random.nextInt(3);
        imageUnit(block, channels, chance(0.5));
        switch (random.nextInt(6)) {
            case 0 -> {
                Block layer = convolution(channels, 3, true);
                block.add(layer).add(smooth()).add(layer).add(smooth());
                tied = true;
            }
            case 1, 2 -> {
                SequentialBlock main = new SequentialBlock();
                imageUnit(main, channels, chance(0.5));
                main.add(convolution(channels, 3, true));
                ResidualBlock residual =
                        new ResidualBlock(
                                main,
                                chance(0.5)
                                        ? Blocks.identityBlock()
                                        : convolution(channels, 1, true));
                block.add(residual).add(smooth());
                if (chance(0.3)) {
                    block.add(residual).add(smooth());
                    tied = true;
                }
            }
            case 3 -> {
                SequentialBlock nested = new SequentialBlock();
                imageUnit(nested, channels, true);
                block.add(nested);
                if (chance(0.5)) {
                    // Its batch normalisation sees two batches a step.
                    block.add(nested);
                    tied = true;
                }
            }
            case 4 -> {
                if (chance(0.3)) {
                    block.add(new EmptyPart());
                    custom = true;
                }
                imageUnit(block, 1 + random.nextInt(4), false);
            }
            default -> {}
        }
        switch (random.nextInt(4)) {
            case 0 -> block.add(Pool.globalAvgPool2dBlock());
            case 1 ->
                    block.add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
                            .add(Blocks.batchFlattenBlock());
            case 2 ->
                    block.add(Pool.avgPool2dBlock(new Shape(3, 3), new Shape(3, 3)))
                            .add(Blocks.batchFlattenBlock());
            default -> block.add(Blocks.batchFlattenBlock());
        }
        block.add(linear(outputs, chance(0.8)));
    }

    private void imageUnit(SequentialBlock target, int channels, boolean norm) {
        target.add(convolution(channels, 3, !norm && chance(0.8)));
        if (norm) {
            target.add(norm());
        }
        target.add(smooth());
    }

    private Block norm() {
        normalized = true;
        return BatchNorm.builder().optMomentum(0.8f).optEpsilon(1e-2f).build();
    }

    private Block smooth() {
        return switch (random.nextInt(6)) {
            case 0 -> Activation.sigmoidBlock();
            case 1 -> Activation.softPlusBlock();
            case 2 -> Activation.geluBlock();
            case 3 -> Activation.softSignBlock();
            default -> Activation.tanhBlock();
        };
    }

    private static Linear linear(int units, boolean bias) {
        return Linear.builder().setUnits(units).optBias(bias).build();
    }

    private static Block convolution(int filters, int kernel, boolean bias) {
        return Conv2d.builder()
                .setFilters(filters)
                .setKernelShape(new Shape(kernel, kernel))
                .optPadding(new Shape(kernel / 2, kernel / 2))
                .optBias(bias)
                .build();
    }

    /** A dense layer backwards, whose weight is that of another layer. */
    static final class Decoder extends AbstractBlock {

        private final Parameter weight;

        Decoder(Linear encoder) {
            weight = addParameter(encoder.getDirectParameters().get("weight"));
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> parameters) {
            NDArray input = inputs.singletonOrThrow();
            return new NDList(input.matMul(store.getValue(weight, input.getDevice(), training)));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return new Shape[] {new Shape(shapes[0].get(0), weight.getShape().get(1))};
        }
    }

    /** Passes its input on, and holds a parameter without an element. */
    static final class EmptyPart extends AbstractBlock {

        private final Parameter nothing =
                addParameter(
                        Parameter.builder()
                                .setName("nothing")
                                .setType(Parameter.Type.WEIGHT)
                                .optShape(new Shape(0, 3))
                                .optInitializer(Initializer.ZEROS)
                                .build());

        @Override
        protected NDList forwardInternal(
                ParameterStore store,
                NDList inputs,
                boolean training,
                PairList<String, Object> parameters) {
            NDArray input = inputs.singletonOrThrow();
            NDArray empty = store.getValue(nothing, input.getDevice(), training);
            return new NDList(input.add(empty.sum()));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] shapes) {
            return shapes;
        }
    }
}
