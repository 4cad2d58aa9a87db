// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;

/**
 * A metric that a study names.
 *
 * @param label what results call it
 * @param component the metric
 */
public record Measure(String label, Component component) {

    /**
     * Returns what the metric is.
     *
     * @return the factory
     */
    public MetricFactory factory() {
        return component.factory(MetricFactory.class);
    }

    Metric start(DataSignature data) {
        return factory().start(data, component.options());
    }

    /**
     * Returns the metric as another process reads it.
     *
     * @return label and component
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("label", label);
        json.set("component", component.toJson());
        return json;
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json the metric
     * @param catalog what it is looked up in
     * @return the metric
     */
    public static Measure fromJson(JsonNode json, Catalog catalog) {
        return new Measure(
                json.path("label").asText(), catalog.read(Kind.METRIC, json.path("component")));
    }
}
