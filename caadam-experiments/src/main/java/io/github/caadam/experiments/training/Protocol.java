// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.Option;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How networks are trained, whatever the optimizer.
 *
 * @param name the name
 * @param batchSize rows per step
 * @param epochs the most epochs
 * @param trainRows how many of the training rows are used, from the first, validation rows
 *     included; 0 for all
 * @param validation which training rows are held out for validation
 * @param stopping when a training stops early; empty for never, and the last weights are tested
 * @param schedule the learning-rate schedule
 * @param sharedWeights whether all runs start from one draw of weights rather than from one per
 *     seed
 * @param weightsSeed the seed of the draw of weights that all runs share
 * @param loss what is minimized; empty for that of the task
 * @param l2 {@code λ} of a penalty {@code λ·Σ‖θ‖²} on the weights that is part of the loss; 0 for
 *     none
 * @param monitor the metric on the validation rows that early stopping, best weights and schedules
 *     look at; empty for the validation loss
 */
public record Protocol(
        String name,
        int batchSize,
        int epochs,
        int trainRows,
        Validation validation,
        Optional<Stopping> stopping,
        Component schedule,
        boolean sharedWeights,
        int weightsSeed,
        Optional<Losses> loss,
        double l2,
        Optional<Component> monitor) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final String EARLY_STOPPING = "early-stopping";
    private static final String INITIAL_WEIGHTS = "initial-weights";
    private static final String WEIGHTS_SEED = "weights-seed";
    private static final String TRAIN_ROWS = "train-rows";
    private static final String SHARED = "shared";
    private static final String NONE = "none";
    private static final String DATA = "data";
    private static final String MONITOR = "monitor";

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is outside its range
     */
    public Protocol {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(stopping, "stopping");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(monitor, "monitor");
        if (batchSize < 1 || epochs < 1) {
            throw new IllegalArgumentException(
                    "The batch size and the number of epochs must be 1 or more, found "
                            + batchSize
                            + " and "
                            + epochs
                            + ".");
        }
        if (trainRows < 0 || weightsSeed < 0 || !(l2 >= 0) || Double.isInfinite(l2)) {
            throw new IllegalArgumentException(
                    "The number of training rows, the seed of the weights and L2 must be 0 or more,"
                            + " found "
                            + trainRows
                            + ", "
                            + weightsSeed
                            + " and "
                            + l2
                            + ".");
        }
    }

    /**
     * Returns this protocol with another draw of the weights that all runs share, and a name that
     * says so, since its runs are no repetitions of those from other weights.
     *
     * @param seed the seed of the draw, 1 or more
     * @return the protocol
     * @throws IllegalArgumentException if runs do not share their initial weights
     */
    public Protocol withWeightsSeed(int seed) {
        if (!sharedWeights || seed < 1) {
            throw new IllegalArgumentException(
                    "A seed of the shared weights must be 1 or more, for a protocol whose runs"
                            + " share them, found "
                            + seed
                            + " for the protocol "
                            + name
                            + ".");
        }
        return new Protocol(
                name + "-weights-" + seed,
                batchSize,
                epochs,
                trainRows,
                validation,
                stopping,
                schedule,
                true,
                seed,
                loss,
                l2,
                monitor);
    }

    /**
     * Returns how many of the training rows are used, validation rows included.
     *
     * @param rows the training rows that there are
     * @return the rows that are used
     */
    public int usedRows(int rows) {
        return trainRows == 0 ? rows : Math.min(rows, trainRows);
    }

    /**
     * Returns how many of the training rows are trained on: Keras' {@code int(rows · (1 − share))}.
     *
     * @param rows the training rows that are used, validation rows included
     * @param heldOut how many of them the data themselves hold out
     * @return the rows without the validation rows
     */
    public int fittedRows(int rows, int heldOut) {
        return validation.take() == Validation.Take.DATA
                ? rows - heldOut
                : (int) (rows * (1 - validation.share()));
    }

    /**
     * Returns the seed of a run's initial weights.
     *
     * @param seed the seed of the run
     * @return that of the draw that all runs share, or that of the run
     */
    public int weightsSeed(int seed) {
        return sharedWeights ? weightsSeed : seed;
    }

    /**
     * Returns what determines results, in the words of the study format. What was added to the
     * format later, and is as it was before, is no part of it.
     *
     * @return the protocol without its name
     */
    public ObjectNode identity() {
        ObjectNode json = JSON.objectNode().put("batch-size", batchSize).put("epochs", epochs);
        if (trainRows > 0) {
            json.put(TRAIN_ROWS, trainRows);
        }
        if (validation.take() == Validation.Take.DATA) {
            json.put("validation", DATA);
        } else {
            json.set(
                    "validation",
                    JSON.objectNode()
                            .put("share", validation.share())
                            .put("take", Option.word(validation.take())));
        }
        if (stopping.isPresent()) {
            Stopping early = stopping.get();
            json.set(
                    EARLY_STOPPING,
                    JSON.objectNode()
                            .put("patience", early.patience())
                            .put("from-epoch", early.fromEpoch())
                            .put("min-delta", early.minDelta())
                            .put("restore", early.restoresBest() ? "best" : "last"));
        } else {
            json.put(EARLY_STOPPING, NONE);
        }
        json.set("schedule", schedule.identity());
        if (sharedWeights) {
            json.put(INITIAL_WEIGHTS, SHARED).put(WEIGHTS_SEED, weightsSeed);
        } else {
            json.put(INITIAL_WEIGHTS, "by-seed");
        }
        loss.filter(named -> named != Losses.of(named.task()))
                .ifPresent(named -> json.put("loss", Option.word(named)));
        if (l2 > 0) {
            json.put("l2", l2);
        }
        monitor.ifPresent(metric -> json.set(MONITOR, metric.identity()));
        return json;
    }

    /**
     * Returns the protocol as a study would write it.
     *
     * @return the name and all that {@link #identity} has, with every option
     */
    public ObjectNode toJson() {
        ObjectNode json = identity();
        json.put("name", name);
        loss.ifPresent(named -> json.put("loss", Option.word(named)));
        json.set("schedule", schedule.toJson());
        monitor.ifPresent(metric -> json.set(MONITOR, metric.toJson()));
        return json;
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @param json the protocol
     * @param catalog what its schedule is looked up in
     * @return the protocol
     */
    public static Protocol fromJson(JsonNode json, Catalog catalog) {
        JsonNode held = json.path("validation");
        JsonNode early = json.path(EARLY_STOPPING);
        return new Protocol(
                json.path("name").asText(),
                json.path("batch-size").asInt(),
                json.path("epochs").asInt(),
                json.path(TRAIN_ROWS).asInt(),
                held.isTextual()
                        ? Validation.OF_DATA
                        : new Validation(
                                held.path("share").asDouble(),
                                Validation.Take.valueOf(
                                        held.path("take").asText().toUpperCase(Locale.ROOT))),
                early.isTextual()
                        ? Optional.empty()
                        : Optional.of(
                                new Stopping(
                                        early.path("patience").asInt(),
                                        early.path("from-epoch").asInt(),
                                        early.path("min-delta").asDouble(),
                                        early.path("restore").asText().equals("best"))),
                catalog.read(Kind.SCHEDULE, json.path("schedule")),
                json.path(INITIAL_WEIGHTS).asText().equals(SHARED),
                json.path(WEIGHTS_SEED).asInt(),
                json.has("loss")
                        ? Optional.of(Losses.of(json.path("loss").asText()))
                        : Optional.empty(),
                json.path("l2").asDouble(),
                json.has(MONITOR)
                        ? Optional.of(catalog.read(Kind.METRIC, json.path(MONITOR)))
                        : Optional.empty());
    }
}
