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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Trains on request, for a comparison with programs of other frameworks that take turns with this
 * one: {@code scripts/bench/compare.py}. The request {@code mlp:64-32 3} asks for three epochs by
 * multiplicative CaAdam, {@code unscaled:mlp:64-32 3} for as many by Adam, {@code sgd,momentum=0.9
 * mlp:64-32 300} for 300 steps of an optimizer with its options, and {@code stock:adam mlp:64-32
 * 300} for those of DJL's optimizer in DJL's trainer. {@code newton-schulz} in place of an
 * optimizer is Muon's products. The answer is a line of CSV: the request without its number, and
 * the milliseconds of each epoch or step; none where DJL has no such optimizer. Steps are in
 * processor time, epochs in wall time. Of a step only that of the optimizer counts, not the
 * gradients before it. Networks train on from request to request.
 */
public final class TurnServer {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final String STOCK = "stock:";
    private static final String UNSCALED = "unscaled:";
    private static final Pattern REQUEST = Pattern.compile("(\\S+(?: \\S+)?) ([0-9]{1,6})");

    private final BenchmarkSettings settings;
    private final Device device;
    private final Map<String, Contender> contenders = new HashMap<>();

    /**
     * Describes the server.
     *
     * @param settings of which the rows count
     * @param device where to train
     */
    public TurnServer(BenchmarkSettings settings, Device device) {
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
            contenders.values().forEach(Contender::close);
        }
    }

    private String answer(String request) {
        Matcher words = REQUEST.matcher(request.trim());
        if (!words.matches()) {
            throw new IllegalArgumentException(
                    "A request is NETWORK EPOCHS or OPTIMIZER NETWORK STEPS, such as mlp:64-32 3"
                            + " or adam mlp:64-32 300, found \""
                            + request
                            + "\".");
        }
        String asked = words.group(1);
        if (asked.startsWith(STOCK) && !Training.isStock(stockName(asked.split(" ", -1)[0]))) {
            return asked;
        }
        Contender contender = contenders.computeIfAbsent(asked, this::newContender);
        StringBuilder answer = new StringBuilder(asked);
        for (int i = Integer.parseInt(words.group(2)); i > 0; i--) {
            contender.prepare();
            double milliseconds = contender.time() / NANOS_PER_MILLI;
            answer.append(String.format(Locale.ROOT, ",%.5f", milliseconds));
        }
        return answer.toString();
    }

    private Contender newContender(String asked) {
        String[] words = asked.split(" ", -1);
        return words.length == 1 ? newEpochs(asked) : newSteps(words[0], settings.steps(words[1]));
    }

    private static String stockName(String optimizer) {
        return optimizer.substring(STOCK.length());
    }

    /** The fastest way that there is for the network, by CaAdam or, if unscaled, by Adam. */
    private EpochContender newEpochs(String asked) {
        boolean unscaled = asked.startsWith(UNSCALED);
        Workload workload = settings.epochs(unscaled ? asked.substring(UNSCALED.length()) : asked);
        ScalingStrategy scaling =
                unscaled ? ScalingStrategy.none() : ScalingStrategy.multiplicative();
        return EpochContender.compiled(workload, device, scaling)
                .orElseGet(() -> EpochContender.eager(workload, device, scaling));
    }

    private Contender newSteps(String optimizer, Workload workload) {
        StepContender steps =
                new StepContender(
                        optimizer.startsWith(STOCK)
                                ? Training.stock(workload, device, stockName(optimizer))
                                : Training.named(workload, device, optimizer));
        return steps.onOwnGradients();
    }
}
