package com.acme;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.List;

/** Hidden units, each multiplied by a gate between 0 and 1, and a linear output. */
public final class GatedBlock {

    private GatedBlock() {}

    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder {

        private int units = 16;
        private int outputs = 1;

        public Builder optUnits(int value) {
            units = value;
            return this;
        }

        /** The study's data say how many. */
        public Builder optOutputs(int value) {
            outputs = value;
            return this;
        }

        public Block build() {
            Block gate =
                    new SequentialBlock()
                            .add(Linear.builder().setUnits(units).build())
                            .add(Activation.sigmoidBlock());
            Block value = Linear.builder().setUnits(units).build();
            return new SequentialBlock()
                    .add(new ParallelBlock(Builder::product, List.of(value, gate)))
                    .add(Linear.builder().setUnits(outputs).build());
        }

        private static NDList product(List<NDList> parts) {
            return new NDList(parts.get(0).head().mul(parts.get(1).head()));
        }
    }
}
