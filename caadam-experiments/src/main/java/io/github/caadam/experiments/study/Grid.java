// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.plugin.Option;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The points of a grid: of every option, every value. Options whose names stand together, with a
 * comma between, take their values together.
 */
final class Grid {

    private static final int MOST = 10_000;

    private Grid() {}

    /**
     * Reads a grid.
     *
     * @param node options with lists of values; without, there is one point, of no options
     * @param written the component whose options they are
     * @return the points, the last option changing first
     */
    static List<Map<String, Object>> of(Optional<YamlNode> node, ComponentNodes.Written written)
            throws IOException {
        List<Map<String, Object>> points = new ArrayList<>(List.of(Map.of()));
        if (node.isEmpty()) {
            return points;
        }
        if (node.get().entries("a grid").isEmpty()) {
            throw node.get().fault("a grid must not be empty");
        }
        for (Map.Entry<String, YamlNode.Entry> axis : node.get().entries("a grid").entrySet()) {
            List<Map<String, Object>> values = values(axis.getKey(), axis.getValue(), written);
            List<Map<String, Object>> product = new ArrayList<>();
            for (Map<String, Object> point : points) {
                for (Map<String, Object> value : values) {
                    Map<String, Object> both = new LinkedHashMap<>(point);
                    for (Map.Entry<String, Object> one : value.entrySet()) {
                        if (both.put(one.getKey(), one.getValue()) != null) {
                            throw axis.getValue()
                                    .place()
                                    .fault("the grid has \"" + one.getKey() + "\" twice");
                        }
                    }
                    product.add(both);
                }
            }
            if (product.size() > MOST) {
                throw axis.getValue().place().fault("a grid has at most " + MOST + " points");
            }
            points = product;
        }
        for (Map<String, Object> point : points) {
            for (String name : point.keySet()) {
                if (written.options().containsKey(name)) {
                    throw node.get()
                            .fault("\"" + name + "\" stands in the options and is tried, too");
                }
            }
        }
        return points;
    }

    private static List<Map<String, Object>> values(
            String names, YamlNode.Entry axis, ComponentNodes.Written written) throws IOException {
        List<Option<?>> options = new ArrayList<>();
        for (String name : names.split("\\s*,\\s*", -1)) {
            options.add(written.option(name.trim(), axis.place()));
        }
        List<Map<String, Object>> values = new ArrayList<>();
        for (YamlNode item : axis.value().list("\"" + names + "\"")) {
            Map<String, Object> together = new LinkedHashMap<>();
            List<YamlNode> each =
                    options.size() == 1 ? List.of(item) : item.list("values of " + names);
            if (each.size() != options.size()) {
                throw item.fault(
                        options.size()
                                + " values stand together for "
                                + names
                                + ", found "
                                + each.size());
            }
            for (int i = 0; i < options.size(); i++) {
                together.put(options.get(i).name(), written.value(options.get(i), each.get(i)));
            }
            values.add(together);
        }
        return values;
    }
}
