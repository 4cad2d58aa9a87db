// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.results.SafeName;
import io.github.caadam.experiments.training.Losses;
import io.github.caadam.experiments.training.PlateauSchedule;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.experiments.training.Schedules;
import io.github.caadam.experiments.training.Stopping;
import io.github.caadam.experiments.training.Validation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a protocol. */
final class ProtocolNode {

    private static final int PATIENCE = 20;

    private final ComponentNodes components;
    private final String study;

    /**
     * Creates a reader.
     *
     * @param components what reads components
     * @param study the name of the study, which is that of a protocol that has none
     */
    ProtocolNode(ComponentNodes components, String study) {
        this.components = components;
        this.study = study;
    }

    Protocol protocol(YamlNode node) throws IOException {
        YamlNode.Keys keys = node.map("a protocol", StudyFormat.names(StudyFormat.PROTOCOL));
        String name = name(keys.find("name"));
        int batchSize = keys.require("batch-size").whole("\"batch-size\"", 1);
        int epochs = keys.require("epochs").whole("\"epochs\"", 1);
        int rows = whole(keys, "train-rows", 0, 1);
        Validation validation = validation(keys.find("validation"));
        Optional<Stopping> stopping = stopping(keys.find("early-stopping"));
        Component schedule = schedule(keys.find("schedule"));
        Optional<Component> monitor = monitor(keys.find("monitor"), stopping, schedule);
        boolean shared = shared(keys.find("initial-weights"));
        int weightsSeed = weightsSeed(keys, shared);
        Optional<Losses> loss = loss(keys.find("loss"));
        double l2 = number(keys, "l2", 0);
        return node.locating(
                () ->
                        new Protocol(
                                name,
                                batchSize,
                                epochs,
                                rows,
                                validation,
                                stopping,
                                schedule,
                                shared,
                                weightsSeed,
                                loss,
                                l2,
                                monitor));
    }

    private String name(Optional<YamlNode> node) throws IOException {
        if (node.isEmpty()) {
            return study;
        }
        String name = node.get().text("the protocol's name");
        node.get().locating(() -> new SafeName(name));
        return name;
    }

    private static int whole(YamlNode.Keys keys, String key, int otherwise, int least)
            throws IOException {
        Optional<YamlNode> node = keys.find(key);
        return node.isPresent() ? node.get().whole("\"" + key + "\"", least) : otherwise;
    }

    private static double number(YamlNode.Keys keys, String key, double otherwise)
            throws IOException {
        Optional<YamlNode> node = keys.find(key);
        return node.isPresent() ? node.get().number("\"" + key + "\"") : otherwise;
    }

    private static Validation validation(Optional<YamlNode> node) throws IOException {
        if (node.isEmpty()) {
            return Validation.DEFAULT;
        }
        if (node.get().isScalar()) {
            if (node.get().is("data")) {
                return Validation.OF_DATA;
            }
            throw node.get()
                    .mustBe("\"validation\"", "data, or a map such as {share: 0.2, take: last}");
        }
        YamlNode.Keys keys =
                node.get().map("\"validation\"", StudyFormat.names(StudyFormat.VALIDATION));
        double share = keys.require("share").number("\"share\"");
        Optional<YamlNode> takeNode = keys.find("take");
        Validation.Take take = Validation.DEFAULT.take();
        if (takeNode.isPresent()) {
            take =
                    switch (takeNode.get().text("\"take\"")) {
                        case "last" -> Validation.Take.LAST;
                        case "shuffled" -> Validation.Take.SHUFFLED;
                        default -> throw takeNode.get().mustBe("\"take\"", "last or shuffled");
                    };
        }
        Validation.Take taken = take;
        return node.get().locating(() -> new Validation(share, taken));
    }

    private static Optional<Stopping> stopping(Optional<YamlNode> node) throws IOException {
        if (node.isEmpty() || node.get().is(StudyFormat.NO_STOPPING)) {
            return Optional.empty();
        }
        if (node.get().isScalar()) {
            throw node.get().mustBe("\"early-stopping\"", "none, or a map such as {patience: 20}");
        }
        YamlNode.Keys keys =
                node.get().map("\"early-stopping\"", StudyFormat.names(StudyFormat.EARLY_STOPPING));
        int patience = whole(keys, "patience", PATIENCE, 0);
        int from = whole(keys, "from-epoch", 0, 0);
        double delta = number(keys, "min-delta", 0);
        Optional<YamlNode> restore = keys.find("restore");
        boolean best = true;
        if (restore.isPresent()) {
            best =
                    switch (restore.get().text("\"restore\"")) {
                        case "best" -> true;
                        case "last" -> false;
                        default -> throw restore.get().mustBe("\"restore\"", "best or last");
                    };
        }
        boolean restored = best;
        return Optional.of(
                node.get().locating(() -> new Stopping(patience, from, delta, restored)));
    }

    private Optional<Component> monitor(
            Optional<YamlNode> node, Optional<Stopping> stopping, Component schedule)
            throws IOException {
        if (node.isEmpty()) {
            return Optional.empty();
        }
        boolean looks = !schedule.isOfSuite() || schedule.reference().equals(PlateauSchedule.NAME);
        if (stopping.isEmpty() && !looks) {
            throw node.get()
                    .fault(
                            "\"monitor\" goes with early-stopping or the schedule "
                                    + PlateauSchedule.NAME
                                    + "; nothing here looks at it");
        }
        return Optional.of(components.read(Kind.METRIC, node.get(), List.of()).component(Map.of()));
    }

    private Component schedule(Optional<YamlNode> node) throws IOException {
        return node.isPresent()
                ? components.read(Kind.SCHEDULE, node.get(), List.of()).component(Map.of())
                : components.catalog().named(Kind.SCHEDULE, Schedules.CONSTANT, Map.of());
    }

    private static boolean shared(Optional<YamlNode> node) throws IOException {
        if (node.isEmpty()) {
            return false;
        }
        return switch (node.get().text("\"initial-weights\"")) {
            case "shared" -> true;
            case "by-seed" -> false;
            default -> throw node.get().mustBe("\"initial-weights\"", "shared or by-seed");
        };
    }

    private static int weightsSeed(YamlNode.Keys keys, boolean shared) throws IOException {
        Optional<YamlNode> node = keys.find("weights-seed");
        if (node.isPresent() && !shared) {
            throw node.get().fault("\"weights-seed\" goes with initial-weights: shared");
        }
        return whole(keys, "weights-seed", 0, 0);
    }

    private static Optional<Losses> loss(Optional<YamlNode> node) throws IOException {
        if (node.isEmpty()) {
            return Optional.empty();
        }
        String word = node.get().text("\"loss\"");
        return Optional.of(node.get().locating(() -> Losses.of(word)));
    }
}
