// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import io.github.caadam.experiments.execution.Environment;
import io.github.caadam.scaling.ScalingStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Trains epochs on request, for a comparison with programs of other frameworks that take turns with
 * this one: {@code scripts/bench/compare.py}. A request is a line such as {@code mlp:64-32 3}, the
 * answer a line of CSV with the network and the milliseconds of each epoch. Networks train on from
 * request to request.
 */
public final class EpochServer {

    private static final double NANOS_PER_MILLI = 1e6;

    private final BenchmarkSettings settings;
    private final Device device;
    private final Map<String, EpochContender> contenders = new HashMap<>();

    /**
     * Describes the server.
     *
     * @param settings of which the rows count
     * @param device where to train
     */
    public EpochServer(BenchmarkSettings settings, Device device) {
        this.settings = settings;
        this.device = device;
    }

    /**
     * Answers until the requests end.
     *
     * @param requests the requests
     * @param answers the answers, after a first line that says who answers
     * @throws IOException if the requests cannot be read
     * @throws IllegalArgumentException if one is not understood
     */
    public void serve(BufferedReader requests, PrintWriter answers) throws IOException {
        Map<String, String> environment = Environment.current(device);
        answers.println(
                "caadam "
                        + environment.get("commit")
                        + ", djl "
                        + environment.get("djl")
                        + ", "
                        + environment.get("engine")
                        + ", java "
                        + environment.get("java"));
        answers.flush();
        try {
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                answers.println(answer(line));
                answers.flush();
            }
        } finally {
            contenders.values().forEach(EpochContender::close);
        }
    }

    private String answer(String request) {
        String[] words = request.trim().split(" ", -1);
        if (words.length != 2 || !words[1].matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException(
                    "A request is NETWORK EPOCHS, such as mlp:64-32 3, found \"" + request + "\".");
        }
        EpochContender contender = contenders.computeIfAbsent(words[0], this::newContender);
        StringBuilder answer = new StringBuilder(words[0]);
        for (int i = Integer.parseInt(words[1]); i > 0; i--) {
            double milliseconds = contender.time() / NANOS_PER_MILLI;
            answer.append(String.format(Locale.ROOT, ",%.3f", milliseconds));
        }
        return answer.toString();
    }

    /** The fastest way that there is for the network. */
    private EpochContender newContender(String network) {
        Workload workload = settings.epochs(network);
        ScalingStrategy scaling = ScalingStrategy.multiplicative();
        return EpochContender.compiled(workload, device, scaling)
                .orElseGet(() -> EpochContender.eager(workload, device, scaling));
    }
}
