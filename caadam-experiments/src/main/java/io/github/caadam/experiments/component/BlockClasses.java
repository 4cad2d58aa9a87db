// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Classes that are DJL's {@link Block}, or whose builder builds one. What depends on the data is
 * filled in unless the study gives it: the outputs by an option that is called {@code outputs},
 * {@code out-size}, {@code output-size} or {@code num-classes}; the shape of a sample by a {@link
 * Shape} that is called {@code input-shape}, {@code sample-shape} or {@code image-shape}; and the
 * features of a sample of one dimension by {@code inputs}, {@code in-size} or {@code input-size}. A
 * class without such an option must give the right number of outputs by itself.
 */
public final class BlockClasses implements ClassFamily {

    private static final String DATA = "data";
    private static final String OUTPUTS = "outputs";
    private static final String INPUTS = "inputs";
    private static final String SHAPE = "shape";
    private static final String SEED = "seed";

    private static final List<Supply> SUPPLIES =
            List.of(
                    Supply.ofType(DATA, DataSignature.class),
                    Supply.named(
                            OUTPUTS,
                            Set.of(OUTPUTS, "out-size", "output-size", "num-classes"),
                            int.class,
                            long.class),
                    Supply.named(
                            INPUTS, Set.of(INPUTS, "in-size", "input-size"), int.class, long.class),
                    Supply.named(
                            SHAPE,
                            Set.of("input-shape", "sample-shape", "image-shape"),
                            Shape.class),
                    Supply.named(SEED, Set.of(SEED), int.class, long.class));

    /** Creates the family. */
    public BlockClasses() {}

    @Override
    public Kind kind() {
        return Kind.MODEL;
    }

    @Override
    public Class<?> type() {
        return Block.class;
    }

    @Override
    public Named of(Class<?> found) {
        BuilderOptions<Block> builder = BuilderOptions.of(found, Block.class, SUPPLIES);
        return new OfClass(found, builder, builder.options());
    }

    private record OfClass(Class<?> found, BuilderOptions<Block> builder, List<Option<?>> options)
            implements ModelFactory {

        @Override
        public String name() {
            return found.getName();
        }

        @Override
        public String title() {
            return found.getSimpleName();
        }

        @Override
        public String description() {
            return "the class " + name();
        }

        @Override
        public Options complete(Options given) {
            return builder.complete(given);
        }

        @Override
        public Block create(DataSignature data, int seed, Options given) {
            Map<String, Object> supplied = new HashMap<>();
            supplied.put(DATA, data);
            supplied.put(OUTPUTS, data.outputs());
            supplied.put(SHAPE, data.sampleShape());
            supplied.put(SEED, seed);
            if (data.sampleShape().dimension() == 1) {
                supplied.put(INPUTS, data.sampleShape().get(0));
            }
            return builder.build(given, supplied);
        }
    }
}
