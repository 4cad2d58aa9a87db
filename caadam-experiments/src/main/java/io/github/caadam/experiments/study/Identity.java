// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.caadam.experiments.control.FactorControl;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.experiments.training.Scaling;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run asks, written part by part in the words of the study format. An option that has no
 * effect is no part of it, such as γ where nothing is scaled, nor is what a learning rate was
 * chosen by, nor any label.
 */
final class Identity {

    /**
     * Raised when a change of the code changes the results of training, so that runs of before are
     * not taken for runs of after.
     */
    private static final int RESULTS_VERSION = 2;

    /** How random numbers are drawn from a seed. */
    private static final String RANDOMNESS = "MT19937 of (seed, stream): 0 weights, 1 order";

    private static final ObjectMapper FIRST_FORMAT =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    private Identity() {}

    static Question question(RunSpec run, String dataDigest) {
        ObjectNode json = object();
        json.set(Question.DATA, object().put("name", run.dataset()).put("digest", dataDigest));
        json.set(Question.MODEL, object().put("name", run.model().name()));
        json.set(Question.OPTIMIZER, optimizer(run.optimizer(), run.protocol()));
        json.set(Question.PROTOCOL, protocol(run.protocol()));
        json.put(Question.SEED, run.seed());
        json.put(Question.RANDOMNESS, RANDOMNESS);
        json.put(Question.RESULTS_VERSION, RESULTS_VERSION);
        return Question.of(json);
    }

    private static ObjectNode optimizer(OptimizerSpec optimizer, Protocol protocol) {
        ObjectNode options =
                object().put("learning-rate", optimizer.learningRate())
                        .put("weight-decay", optimizer.weightDecay())
                        .put("epsilon", protocol.epsilon());
        if (optimizer.hasEpsilonPlacement()) {
            options.put("epsilon-placement", word(protocol.epsilonPlacement()));
        }
        if (optimizer.scaling() != Scaling.NONE) {
            options.put("convention", word(optimizer.convention()));
            options.put("gamma", optimizer.gamma());
            if (!optimizer.factors().equals(FactorControl.NONE)) {
                options.put("factors", optimizer.factors().label());
            }
        }
        ObjectNode json = object().put("name", optimizer.name());
        json.set("options", options);
        return json;
    }

    private static ObjectNode protocol(Protocol protocol) {
        ObjectNode json =
                object().put("batch-size", protocol.batchSize())
                        .put("epochs", protocol.maxEpochs());
        if (protocol.trainRows() > 0) {
            json.put("train-rows", protocol.trainRows());
        }
        json.set(
                "validation",
                object().put("share", protocol.validationShare()).put("take", "last"));
        json.set(
                "early-stopping",
                object().put("patience", protocol.stopPatience())
                        .put("from-epoch", protocol.stopFromEpoch())
                        .put("min-delta", protocol.minDelta())
                        .put("restore", "best"));
        ObjectNode schedule = object().put("name", "plateau");
        schedule.set(
                "options",
                object().put("patience", protocol.plateauPatience())
                        .put("factor", protocol.plateauFactor())
                        .put("min-learning-rate", protocol.minLearningRate())
                        .put("min-delta", protocol.minDelta()));
        json.set("schedule", schedule);
        if (protocol.sharedInitialWeights()) {
            json.put("initial-weights", "shared").put("weights-seed", protocol.weightsSeed());
        } else {
            json.put("initial-weights", "by-seed");
        }
        return json;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Returns the id that the run had in stores of format 1, which depended on the execution and on
     * whether the learning rate had been chosen by trying several.
     */
    static String formerId(RunSpec run, String dataDigest) {
        Map<String, Object> determining = new TreeMap<>();
        determining.put("data", dataDigest);
        determining.put("execution", run.execution().label());
        determining.put("model", run.model().name());
        determining.put("optimizer", run.optimizer());
        determining.put("protocol", run.protocol());
        determining.put("seed", run.seed());
        determining.put("seedScheme", RANDOMNESS);
        determining.put("version", RESULTS_VERSION);
        return Question.digest(FIRST_FORMAT.valueToTree(determining).toString());
    }
}
