// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import java.util.List;
import java.util.Objects;

/**
 * A residual unit: {@code ReLU(main(x) + shortcut(x))} (He et al., <em>Deep Residual Learning for
 * Image Recognition</em>, 2016). It computes what a {@link ParallelBlock} with a function of the
 * user's would, but a {@link CompiledEpoch} can see what that is.
 *
 * @since 0.1.0
 */
public final class ResidualBlock extends ParallelBlock {

    /**
     * Creates a unit.
     *
     * @param main the layers that are added
     * @param shortcut what they are added to: {@link ai.djl.nn.Blocks#identityBlock}, or a
     *     projection where the shape changes
     */
    public ResidualBlock(Block main, Block shortcut) {
        super(
                ResidualBlock::addAndRectify,
                List.of(
                        Objects.requireNonNull(main, "main"),
                        Objects.requireNonNull(
                                shortcut,
                                "shortcut: for none but the input itself give"
                                        + " Blocks.identityBlock()")));
    }

    private static NDList addAndRectify(List<NDList> branches) {
        NDArray sum = branches.get(0).singletonOrThrow();
        for (NDList branch : branches.subList(1, branches.size())) {
            sum = sum.add(branch.singletonOrThrow());
        }
        return new NDList(Activation.relu(sum));
    }
}
