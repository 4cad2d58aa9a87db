// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.loss.Loss;
import io.github.caadam.experiments.model.GlorotUniform;
import io.github.caadam.experiments.model.HeNormal;
import io.github.caadam.training.L2PenalizedLoss;
import io.github.caadam.training.ResidualBlock;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * The ResNet-20 of the paper's image experiments (He et al., <em>Deep residual learning for image
 * recognition</em>, 2016), which is that of Keras' CIFAR-10 example with batch normalisation on the
 * shortcuts too: a convolution, three stages of three residual units with 16, 32 and 64 filters,
 * global average pooling and a dense layer. Each unit is two 3×3 convolutions; where stages 2 and 3
 * start, the first has stride 2, and the shortcut beside it is a 1×1 convolution of stride 2. All
 * convolutions have biases, and batch normalisation behind them.
 *
 * <p>Initial weights are {@link HeNormal} for the 3×3 convolutions, {@link GlorotUniform} for the
 * 1×1 ones and the dense layer. Batch normalisation keeps {@value #OLD_WEIGHT} of the old running
 * value, which is what DJL, as Keras, calls its momentum: its PyTorch engine hands one minus it to
 * PyTorch, which means by momentum the weight of the new value. (PyTorch's running variance is the
 * unbiased one, Keras' the biased: a difference of 1/n.)
 *
 * <p>The 3×3 convolutions pad both sides by 1, as is PyTorch's way. TensorFlow pads those of stride
 * 2 on the right and at the bottom only, on images of even size, so that the units see a grid that
 * lies one pixel further; the shapes are the same.
 *
 * <p>The loss has the squares of all 3×3 kernels times 10⁻⁴, in training and validation.
 *
 * <p>Variables come in the order main path, shortcut; the reference convention counts them in
 * Keras' order, which for the paper's own network has the shortcut's convolution before the main
 * path's second one, and their normalisations after both.
 */
final class ResNet20 {

    /** On the 3×3 kernels only: not on those of shortcuts, nor on the dense layer. */
    private static final String PENALIZED = "^(?!.*ResidualBlock_02).*Conv2d_weight$";

    private static final float PENALTY = 1e-4f;

    private static final int[] FILTERS = {16, 32, 64};
    private static final int UNITS = 3;
    private static final float OLD_WEIGHT = 0.99f;
    private static final float EPSILON = 1e-3f;

    private final HeNormal heNormal;
    private final GlorotUniform glorotUniform;

    /** Returns the loss with the penalty. */
    static Loss penalized(Loss plain, Block block) {
        return new L2PenalizedLoss(plain, block, PENALTY, PENALIZED);
    }

    private ResNet20(RandomGenerator random) {
        heNormal = new HeNormal(random);
        glorotUniform = new GlorotUniform(random);
    }

    /**
     * Builds the network, not initialized, for images (channels, height, width).
     *
     * @param classes the number of classes; the outputs are their logits
     * @param random where the initial weights are drawn from
     */
    static Block newBlock(int classes, RandomGenerator random) {
        ResNet20 network = new ResNet20(random);
        SequentialBlock block = new SequentialBlock();
        network.addConvolution(block, FILTERS[0], 1);
        block.add(Activation.reluBlock());
        for (int stage = 0; stage < FILTERS.length; stage++) {
            for (int unit = 0; unit < UNITS; unit++) {
                block.add(network.residualUnit(FILTERS[stage], stage > 0 && unit == 0));
            }
        }
        Linear dense = Linear.builder().setUnits(classes).build();
        dense.setInitializer(network.glorotUniform, Parameter.Type.WEIGHT);
        return block.add(Pool.globalAvgPool2dBlock()).add(dense);
    }

    private Block residualUnit(int filters, boolean strided) {
        SequentialBlock main = new SequentialBlock();
        addConvolution(main, filters, strided ? 2 : 1);
        main.add(Activation.reluBlock());
        addConvolution(main, filters, 1);
        Block shortcut = strided ? shortcut(filters) : Blocks.identityBlock();
        return new ResidualBlock(main, shortcut);
    }

    private void addConvolution(SequentialBlock block, int filters, int stride) {
        Conv2d convolution =
                Conv2d.builder()
                        .setFilters(filters)
                        .setKernelShape(new Shape(3, 3))
                        .optStride(new Shape(stride, stride))
                        .optPadding(new Shape(1, 1))
                        .build();
        convolution.setInitializer(heNormal, Parameter.Type.WEIGHT);
        block.add(convolution).add(batchNorm());
    }

    private Block shortcut(int filters) {
        Conv2d convolution =
                Conv2d.builder()
                        .setFilters(filters)
                        .setKernelShape(new Shape(1, 1))
                        .optStride(new Shape(2, 2))
                        .build();
        convolution.setInitializer(glorotUniform, Parameter.Type.WEIGHT);
        return new SequentialBlock().add(convolution).add(batchNorm());
    }

    private static Block batchNorm() {
        return BatchNorm.builder().optMomentum(OLD_WEIGHT).optEpsilon(EPSILON).build();
    }
}
