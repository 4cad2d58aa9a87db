// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.model.RandomStreams;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.training.PlateauSchedule;
import java.util.Locale;
import java.util.Optional;

/**
 * The ids of stores of format 1, which depended on the execution and on whether the learning rate
 * had been chosen by trying several. Such stores knew few optimizers and three protocols, which set
 * ε and the convention.
 */
final class FormerId {

    /** The protocol of the paper's text; all others were the notebook's. */
    private static final String PAPER = "paper";

    private static final double LEARNING_RATE = 1e-3;

    private FormerId() {}

    static Optional<String> of(RunSpec run, String dataDigest) {
        JsonNode protocol = run.protocol().identity();
        JsonNode schedule = protocol.path("schedule");
        JsonNode optimizer = run.optimizer().identity();
        JsonNode options = optimizer.path("options");
        if (!schedule.path("name").asText().equals(PlateauSchedule.NAME)
                || protocol.path("early-stopping").isTextual()
                || !options.has("epsilon")) {
            return Optional.empty();
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("data", dataDigest);
        all.put("execution", run.execution().label());
        all.put("model", run.model().reference());
        all.set("optimizer", optimizer(run, optimizer));
        all.set("protocol", protocol(run, protocol, options));
        all.put("seed", run.seed());
        all.put("seedScheme", RandomStreams.SCHEME);
        all.put("version", RunSpec.RESULTS_VERSION);
        return Optional.of(Question.digest(all.toString()));
    }

    private static boolean isPaper(RunSpec run) {
        return run.protocol().name().equals(PAPER);
    }

    private static String convention(RunSpec run) {
        return isPaper(run) ? "PAPER" : "REFERENCE";
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static ObjectNode optimizer(RunSpec run, JsonNode optimizer) {
        JsonNode options = optimizer.path("options");
        String[] name = optimizer.path("name").asText().split(":", 2);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("optimizer", run.labels().optimizer());
        json.put("scaling", name.length == 1 ? "NONE" : constant(name[1]));
        json.put("gamma", options.path("gamma").asDouble());
        json.put(
                "convention",
                options.has("convention")
                        ? constant(options.path("convention").asText())
                        : convention(run));
        json.put("learningRate", options.path("learning-rate").asDouble());
        json.put("weightDecay", options.path("weight-decay").asDouble());
        if (options.has("factors")) {
            json.put("factors", options.path("factors").asText());
        }
        String tuning = run.labels().tuning();
        if (!tuning.isEmpty()) {
            json.put("tuned", true);
        }
        if (tuning.contains("=")) {
            json.put("tunedAs", tuning.substring(tuning.indexOf('=') + 1));
        }
        return json;
    }

    private static ObjectNode protocol(RunSpec run, JsonNode protocol, JsonNode options) {
        JsonNode early = protocol.path("early-stopping");
        JsonNode plateau = protocol.path("schedule").path("options");
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", run.protocol().name());
        json.put("batchSize", run.protocol().batchSize());
        json.put("maxEpochs", run.protocol().epochs());
        json.put("learningRate", LEARNING_RATE);
        json.put("stopPatience", early.path("patience").asInt());
        json.put("stopFromEpoch", early.path("from-epoch").asInt());
        json.put("plateauPatience", plateau.path("patience").asInt());
        json.put("plateauFactor", plateau.path("factor").asDouble());
        json.put("minLearningRate", plateau.path("min-learning-rate").asDouble());
        json.put("minDelta", early.path("min-delta").asDouble());
        json.put("validationShare", run.protocol().validation().share());
        json.put("epsilon", options.path("epsilon").asDouble());
        json.put("epsilonPlacement", isPaper(run) ? "BIAS_CORRECTED" : "UNCORRECTED");
        json.put("convention", convention(run));
        json.put("sharedInitialWeights", run.protocol().sharedWeights());
        if (run.protocol().trainRows() > 0) {
            json.put("trainRows", run.protocol().trainRows());
        }
        if (run.protocol().weightsSeed() > 0) {
            json.put("weightsSeed", run.protocol().weightsSeed());
        }
        return json;
    }
}
