// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * One run of a study, before it is run.
 *
 * @param dataset the data set's name
 * @param model the network
 * @param optimizer the optimizer
 * @param protocol the protocol
 * @param seed the seed, which is also the index of the run among those of its configuration; where
 *     a study tunes, the first ones are those of the tuning
 * @param execution how epochs are executed
 */
public record RunSpec(
        String dataset,
        ModelSpec model,
        OptimizerSpec optimizer,
        Protocol protocol,
        int seed,
        Execution execution) {

    /**
     * Raised when a change of the code changes the results of training, so that runs of before are
     * not taken for runs of after.
     */
    private static final int RESULTS_VERSION = 2;

    /** How random numbers are drawn from a seed. */
    private static final String SEED_SCHEME = "MT19937 of (seed, stream): 0 weights, 1 order";

    private static final int ID_LENGTH = 16;
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    /**
     * Returns the run's id: a hash of everything that determines its result.
     *
     * @param dataDigest the digest of the data
     * @return 16 hex digits
     */
    public String id(String dataDigest) {
        Map<String, Object> determining = new TreeMap<>();
        determining.put("data", dataDigest);
        determining.put("execution", execution.label());
        determining.put("model", model.name());
        determining.put("optimizer", optimizer);
        determining.put("protocol", protocol);
        determining.put("seed", seed);
        determining.put("seedScheme", SEED_SCHEME);
        determining.put("version", RESULTS_VERSION);
        String text = JSON.valueToTree(determining).toString();
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, ID_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    /**
     * Returns what was chosen for the run, for a record of it.
     *
     * @return the {@code optimizer} and the {@code protocol}, with all their options
     */
    public Map<String, JsonNode> settings() {
        Map<String, JsonNode> settings = new HashMap<>();
        settings.put("optimizer", JSON.valueToTree(optimizer));
        settings.put("protocol", JSON.valueToTree(protocol));
        return settings;
    }

    /**
     * Returns everything but the seed in a few words.
     *
     * @return data set, model and optimizer
     */
    public String configuration() {
        return dataset
                + " "
                + model.name()
                + " "
                + optimizer.optimizer()
                + ":"
                + optimizer.label(protocol);
    }

    /**
     * Returns the run in a few words.
     *
     * @return data set, model, optimizer and seed
     */
    public String label() {
        return configuration() + " seed " + seed;
    }
}
