// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.loss.Loss;
import io.github.caadam.spi.NotAcceleratedException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A network and its loss, as DJL computes them and as programs do. */
final class NetworkCode {

    private final Block block;
    private final Loss loss;
    private final BlockReader reader;
    private final Layer network;
    private final LossCode lossCode;
    private final Set<ProgramOption> options;
    private final LatestFew<Checked, Boolean> checked = new LatestFew<>(value -> {});
    private Optional<Shape> sample;

    /**
     * What was checked.
     *
     * @param trained the trained parameters
     * @param matrices whether features are matrices
     */
    private record Checked(List<Parameter> trained, boolean matrices) {}

    /**
     * Reads a network and a loss.
     *
     * @throws NotAcceleratedException if one of them is not known
     */
    NetworkCode(Block block, Loss loss) throws NotAcceleratedException {
        this.block = block;
        this.loss = loss;
        reader = new BlockReader(block);
        options = ProgramOption.chosen();
        network =
                options.contains(ProgramOption.CHANNELS_FIRST)
                        ? reader.network()
                        : ChannelsLast.of(reader.network());
        lossCode = LossCode.of(loss);
        sample = sampleOf(block);
    }

    /** Returns the shape of a row that a block was initialized for, where it is known. */
    static Optional<Shape> sampleOf(Block block) {
        Shape[] inputs = block.isInitialized() ? block.getInputShapes() : null;
        if (inputs == null || inputs.length != 1 || inputs[0].dimension() < 2) {
            return Optional.empty();
        }
        Shape row = inputs[0].slice(1);
        boolean known = Arrays.stream(row.getShape()).allMatch(size -> size >= 0);
        return known ? Optional.of(row) : Optional.empty();
    }

    Block block() {
        return block;
    }

    Loss loss() {
        return loss;
    }

    LossCode lossCode() {
        return lossCode;
    }

    Layer network() {
        return network;
    }

    List<BlockReader.Leaf> leaves() {
        return reader.leaves();
    }

    /** Returns whether the network draws random numbers in training. */
    boolean isRandom() {
        return network.parts().anyMatch(Layer.Drop.class::isInstance);
    }

    /** Returns whether the network has a normalisation over the rows of a batch. */
    boolean isNormalized() {
        return network.parts().anyMatch(Layer.BatchNormalization.class::isInstance);
    }

    /** Sets the shape of a row of features. */
    void setSample(Shape row) {
        sample = Optional.of(row);
    }

    /** Returns whether the rows, as far as they are known, are vectors. */
    boolean isOfVectors() {
        return sample.map(row -> row.dimension() == 1).orElse(false);
    }

    /** Returns how a program computes the gradients. */
    GradientCode gradients(ParameterNames names, boolean matrices) {
        return gradients(names, matrices, true);
    }

    private GradientCode gradients(ParameterNames names, boolean matrices, boolean training) {
        return ChainGradients.of(network, lossCode, names)
                .filter(chain -> matrices)
                .or(() -> WrittenGradients.of(network, lossCode, names, options))
                .orElseGet(() -> new RecordedGradients(network, lossCode, names, training));
    }

    /**
     * Checks once that a program computes the loss and the gradients that DJL does, as soon as the
     * shape of a row is known.
     *
     * @throws NotAcceleratedException if it does not; it names the block to blame, if one is found
     */
    void check(ParameterNames names, boolean matrices) throws NotAcceleratedException {
        Checked key = new Checked(names.trained(), matrices);
        if (sample.isPresent() && checked.get(key) == null) {
            boolean training = !isRandom();
            GradientCode gradients = gradients(names, matrices, training);
            new SelfCheck(this, sample.get(), training).check(names, gradients);
            checked.put(key, true);
        }
    }
}
