// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The order in which Keras would list the trainable variables of a network: by layer, and layers by
 * the longest way from there to the output, the farthest first. In a chain that is the forward
 * order. Of branches, those layers come together that are equally far from where the branches meet.
 *
 * <p>A block without children is a layer, with parameters or without, such as an activation; so are
 * the parameters of a block with children, in front of these, and the function that joins the
 * branches of a {@link ParallelBlock}. What further layers a function stands for cannot be seen.
 *
 * <p>Equally far layers come in the order in which the branches are joined. Where there are two of
 * different length, the shorter one is first, as a shortcut is in Keras' own residual networks and
 * in the paper's; else the branches are in the order in which they were declared.
 */
final class KerasOrder {

    private KerasOrder() {}

    /** Returns the ids of the parameters that count, each once, where it comes first. */
    static Set<String> of(Block block, Predicate<Parameter> counted) {
        Set<String> ids = new LinkedHashSet<>();
        for (List<Parameter> layer : layers(block)) {
            layer.stream().filter(counted).map(Parameter::getId).forEach(ids::add);
        }
        return ids;
    }

    /** Returns the parameters of each layer, and of all that are as far from the end. */
    private static List<List<Parameter>> layers(Block block) {
        List<List<Parameter>> layers = new ArrayList<>();
        List<Parameter> own = block.getDirectParameters().values();
        if (!own.isEmpty() || block.getChildren().isEmpty()) {
            layers.add(own);
        }
        for (List<Pair<String, Block>> stage : Stages.of(block)) {
            layers.addAll(joined(stage.stream().map(child -> layers(child.getValue())).toList()));
        }
        if (block instanceof ParallelBlock) {
            layers.add(List.of());
        }
        return layers;
    }

    private static List<List<Parameter>> joined(List<List<List<Parameter>>> declared) {
        List<List<List<Parameter>>> branches = new ArrayList<>(declared);
        if (branches.size() == 2 && branches.get(1).size() < branches.get(0).size()) {
            Collections.reverse(branches);
        }
        int length = branches.stream().mapToInt(List::size).max().orElse(0);
        List<List<Parameter>> layers = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            List<Parameter> layer = new ArrayList<>();
            for (List<List<Parameter>> branch : branches) {
                int at = i - (length - branch.size());
                if (at >= 0) {
                    layer.addAll(branch.get(at));
                }
            }
            layers.add(layer);
        }
        return layers;
    }
}
