// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.component.Component;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.metric.Measures;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.FewRows;
import io.github.caadam.experiments.training.NetworkTraining;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.experiments.training.TrainingResult;
import io.github.caadam.experiments.training.Validation;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Metric;
import io.github.caadam.plugin.MetricFactory;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.OptimizerFactory;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Schedule;
import io.github.caadam.plugin.ScheduleFactory;
import io.github.caadam.plugin.Task;
import io.github.caadam.plugin.TrainingContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Checks components as a study would use them: that options are described, that an optimizer obeys
 * the schedule, that the same seed gives the same result, that nothing is left behind, and that
 * something is learnt.
 */
public final class ComponentChecks {

    /** How long one check may take. */
    private static final int SECONDS = 120;

    private static final int STEPS = 6;
    private static final int LEARNING_EPOCHS = 30;
    private static final double LEARNT = 0.5;
    private static final double[] RATES = {0.001, 0.01, 0.1};

    private final Catalog catalog;
    private final Consumer<Finding> sink;

    /**
     * Creates the checks.
     *
     * @param catalog what networks and schedules are taken from
     * @param sink is given each finding at once: a component may end the process
     */
    public ComponentChecks(Catalog catalog, Consumer<Finding> sink) {
        this.catalog = catalog;
        this.sink = sink;
        // This thread is to be that which loads the engine.
        Engine.getInstance();
    }

    /** How a check came out. */
    public enum Outcome {
        /** As it should. */
        OK,
        /** Works, and could be better. */
        NOTE,
        /** Needs to be mended. */
        FAILED
    }

    /**
     * What came of a check.
     *
     * @param outcome how it came out
     * @param component what was checked
     * @param text what was checked, and what to do
     */
    public record Finding(Outcome outcome, String component, String text) {

        /** Returns the finding as one line. */
        @Override
        public String toString() {
            return String.format(
                    "%-6s  %s: %s",
                    outcome == Outcome.FAILED ? "failed" : outcome == Outcome.NOTE ? "note" : "ok",
                    component,
                    text);
        }
    }

    /** A check that came out badly. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;

        Unfit(Outcome outcome, String message) {
            super(message);
            this.outcome = outcome;
        }
    }

    /** The checks of one component. */
    private final class Checks {
        private final String name;

        Checks(String name) {
            this.name = name;
        }

        /**
         * Makes a check in this thread, as PyTorch keeps for each thread whether it records
         * gradients.
         */
        @SuppressWarnings("try") // The watch is held, not used.
        void check(String what, Callable<String> check) {
            try (Watch watch = Watch.over(this, what)) {
                String detail = check.call();
                add(Outcome.OK, detail.isEmpty() ? what : what + ": " + detail);
            } catch (Unfit e) {
                add(e.outcome, what + ": " + e.getMessage());
            } catch (IllegalArgumentException e) {
                add(Outcome.FAILED, what + ": " + e.getMessage());
            } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
                add(Outcome.FAILED, what + ": it throws " + RunReply.reason(e));
            }
        }

        void add(Outcome outcome, String text) {
            sink.accept(new Finding(outcome, name, text));
        }
    }

    /** Reports a check that does not come to its end, and then ends this process. */
    private static final class Watch implements AutoCloseable {

        private final Thread hook;
        private final Thread timer;

        private Watch(Checks checks, String what, Thread checking) {
            hook =
                    new Thread(
                            () ->
                                    checks.add(
                                            Outcome.FAILED,
                                            what
                                                    + ": it ends the process by System.exit; throw"
                                                    + " an exception instead"),
                            "last-words");
            timer =
                    new Thread(
                            () -> {
                                try {
                                    Thread.sleep(TimeUnit.SECONDS.toMillis(SECONDS));
                                    checks.add(
                                            Outcome.FAILED,
                                            what
                                                    + ": it takes longer than "
                                                    + SECONDS
                                                    + " s, in "
                                                    + where(checking)
                                                    + "; nothing more is checked");
                                    Runtime.getRuntime().halt(1);
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            },
                            "watch");
            timer.setDaemon(true);
        }

        static Watch over(Checks checks, String what) {
            Watch watch = new Watch(checks, what, Thread.currentThread());
            Runtime.getRuntime().addShutdownHook(watch.hook);
            watch.timer.start();
            return watch;
        }

        private static String where(Thread thread) {
            return Arrays.stream(thread.getStackTrace())
                    .filter(call -> !call.getClassName().startsWith("java."))
                    .findFirst()
                    .map(StackTraceElement::toString)
                    .orElse("code of Java's own");
        }

        @Override
        public void close() {
            timer.interrupt();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    /**
     * Checks what a component says of itself.
     *
     * @param kind its kind
     * @param entry the component, without options
     */
    public void described(Kind kind, Catalog.Entry entry) {
        Checks checks = new Checks(kind.word() + " " + entry.factory().name());
        checks.check(
                "options described",
                () -> {
                    List<String> bare =
                            entry.factory().options().stream()
                                    .filter(option -> option.description().isBlank())
                                    .map(Option::name)
                                    .toList();
                    if (entry.factory().description().isBlank()) {
                        throw new Unfit(
                                Outcome.FAILED, "it has no description; say in a line what it is");
                    }
                    if (!bare.isEmpty()) {
                        throw new Unfit(
                                Outcome.FAILED,
                                "describe " + String.join(", ", bare) + " in a few words");
                    }
                    return entry.factory().options().stream()
                            .map(Option::name)
                            .collect(Collectors.joining(", "));
                });
    }

    /**
     * Checks an optimizer.
     *
     * @param optimizer the optimizer; where it has a learning rate, several are tried
     */
    public void optimizer(Component optimizer) {
        Checks checks = new Checks(optimizer.kind().word() + " " + optimizer.reference());
        checks.check("obeys the schedule", () -> obeys(optimizer));
        checks.check(
                "same seed, same result",
                () -> {
                    DataSplit data = CheckProblem.data();
                    Component network = network();
                    requireSame(
                            train(FewRows.of(data, protocol(1)), network, optimizer, 1),
                            train(FewRows.of(data, protocol(1)), network, optimizer, 1));
                    return "";
                });
        checks.check("state closed", () -> closed(optimizer));
        checks.check("learns a small problem", () -> learns(network(), optimizer));
    }

    /** Of two trainings, one has the learning rate 0 from the middle on, which must show. */
    private String obeys(Component optimizer) throws IOException, Unfit {
        float rate = 0.01f;
        float[] always = weights(optimizer, step -> rate);
        float[] first = weights(optimizer, step -> step < STEPS / 2 ? rate : 0);
        if (Arrays.equals(always, first)) {
            boolean has =
                    optimizer.options().declared().stream()
                            .anyMatch(
                                    option -> option.name().equals(OptimizerFactory.LEARNING_RATE));
            throw has
                    ? new Unfit(
                            Outcome.FAILED,
                            "a learning rate of 0 changes nothing; ask the tracker for its value in"
                                    + " every update, by getNewValue(parameterId, step)")
                    : new Unfit(Outcome.NOTE, "it has no learning rate");
        }
        return "";
    }

    /** Returns the weights of a network after a few steps with drawn gradients. */
    private float[] weights(Component optimizer, Tracker tracker) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = block(manager);
            Optimizer made = make(optimizer, block, tracker);
            try {
                step(made, block, manager);
                List<Float> all = new ArrayList<>();
                block.getParameters()
                        .values()
                        .forEach(
                                parameter -> {
                                    for (float value : parameter.getArray().toFloatArray()) {
                                        all.add(value);
                                    }
                                });
                float[] values = new float[all.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = all.get(i);
                }
                return values;
            } finally {
                close(made);
            }
        }
    }

    private Block block(NDManager manager) throws IOException {
        Component network = network();
        Block block =
                network.factory(ModelFactory.class)
                        .create(CheckProblem.SIGNATURE, 0, network.options());
        Engine.getInstance().setRandomSeed(0);
        block.initialize(
                manager,
                DataType.FLOAT32,
                new Shape(1).addAll(CheckProblem.SIGNATURE.sampleShape()));
        return block;
    }

    private static Optimizer make(Component optimizer, Block block, Tracker tracker) {
        return optimizer
                .factory(OptimizerFactory.class)
                .create(
                        new TrainingContext(block, tracker, 1, STEPS, 1, 0, Device.cpu()),
                        optimizer.options());
    }

    private static void step(Optimizer optimizer, Block block, NDManager manager) {
        Random random = new Random(1);
        for (int i = 0; i < STEPS; i++) {
            for (Parameter parameter : block.getParameters().values()) {
                NDArray weight = parameter.getArray();
                float[] values = new float[Math.toIntExact(weight.size())];
                for (int j = 0; j < values.length; j++) {
                    values[j] = (float) random.nextGaussian();
                }
                try (NDArray gradient = manager.create(values, weight.getShape())) {
                    optimizer.update(parameter.getId(), weight, gradient);
                }
            }
        }
    }

    private static void close(Optimizer optimizer) {
        if (optimizer instanceof AutoCloseable owner) {
            try {
                owner.close();
            } catch (Exception e) {
                throw new IllegalArgumentException("its close() throws " + e, e);
            }
        }
    }

    private String closed(Component optimizer) throws IOException, Unfit {
        Optimizer made;
        try (NDManager manager = NDManager.newBaseManager()) {
            Block block = block(manager);
            made = make(optimizer, block, step -> 0.01f);
            step(made, block, manager);
            close(made);
        }
        int held = HeldArrays.of(made).size();
        if (held > 0) {
            throw new Unfit(
                    Outcome.NOTE,
                    "it holds "
                            + held
                            + " arrays after its training, until Java collects it; have it"
                            + " implement AutoCloseable, and close them");
        }
        return "";
    }

    private String learns(Component network, Component optimizer) throws Unfit {
        double best = Double.POSITIVE_INFINITY;
        double bestRate = 0;
        for (Component tried : rates(optimizer)) {
            TrainingResult result = train(CheckProblem.data(), network, tried, LEARNING_EPOCHS);
            double loss = lastLoss(result);
            if (loss < best) {
                best = loss;
                bestRate =
                        tried.options().asMap().get(OptimizerFactory.LEARNING_RATE)
                                        instanceof Number rate
                                ? rate.doubleValue()
                                : 0;
            }
        }
        double nothing = CheckProblem.ofKnowingNothing();
        if (!(best < LEARNT * nothing)) {
            throw new Unfit(
                    Outcome.FAILED,
                    String.format(
                            "the loss is %.3g after %d epochs, and %.3g without learning anything;"
                                    + " look at the sign of the update, and at the learning rate",
                            best, LEARNING_EPOCHS, nothing));
        }
        return String.format(
                "the loss falls from %.3g to %.3g%s",
                nothing, best, bestRate > 0 ? ", at a learning rate of " + bestRate : "");
    }

    private static double lastLoss(TrainingResult result) {
        List<TrainingResult.Epoch> history = result.history();
        double loss =
                result.diverged() || history.isEmpty()
                        ? Double.POSITIVE_INFINITY
                        : history.get(history.size() - 1).validationLoss();
        return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    }

    private static List<Component> rates(Component optimizer) {
        boolean has = optimizer.options().asMap().containsKey(OptimizerFactory.LEARNING_RATE);
        List<Component> all = new ArrayList<>(List.of(optimizer));
        if (has) {
            for (double rate : RATES) {
                all.add(optimizer.with(Map.of(OptimizerFactory.LEARNING_RATE, rate)));
            }
        }
        return all.stream().distinct().toList();
    }

    /**
     * Checks a network.
     *
     * @param model the network
     * @param data what it is to be trained on; empty for a small problem of five numbers
     * @param optimizer what it is trained by
     */
    public void model(Component model, Optional<DataSplit> data, Component optimizer) {
        Checks checks = new Checks(model.kind().word() + " " + model.reference());
        DataSplit rows = data.orElseGet(CheckProblem::data);
        Optional<String> refused =
                model.factory(ModelFactory.class).refuses(rows.signature(), model.options());
        if (refused.isPresent()) {
            checks.add(
                    data.isPresent() ? Outcome.FAILED : Outcome.NOTE,
                    "is not checked: "
                            + refused.get()
                            + (data.isPresent() ? "" : "; give a study with data for it"));
            return;
        }
        checks.check(
                "trains, and the same seed gives the same result",
                () -> {
                    DataSplit few = FewRows.of(rows, protocol(1));
                    requireSame(train(few, model, optimizer, 1), train(few, model, optimizer, 1));
                    return "";
                });
        if (data.isEmpty()) {
            checks.check("learns a small problem", () -> learns(model, optimizer));
        }
    }

    /**
     * Checks data.
     *
     * @param data the data
     * @param context where files are
     */
    public void data(Component data, DataContext context) {
        Checks checks = new Checks(data.kind().word() + " " + data.reference());
        checks.check(
                "loads, twice the same",
                () -> {
                    DataSource source = data.factory(DataSource.class);
                    DataSplit once = source.load(context, data.options());
                    DataSplit again = source.load(context, data.options());
                    if (!once.digest().equals(again.digest())
                            || !Arrays.equals(once.trainTargets(), again.trainTargets())) {
                        throw new Unfit(
                                Outcome.FAILED,
                                "two loads differ; draw by a seed that is an option");
                    }
                    if (once.digest().isBlank()) {
                        throw new Unfit(
                                Outcome.FAILED, "it has no digest; give the SHA-256 of its values");
                    }
                    requireFinite(once);
                    return once.trainRows()
                            + " training rows and "
                            + once.testRows()
                            + " test rows of shape "
                            + once.sampleShape();
                });
    }

    private static void requireFinite(DataSplit data) throws Unfit {
        try (NDManager manager = NDManager.newBaseManager();
                NDArray some =
                        data.trainSamples().place(manager, 0, Math.min(100, data.trainRows()))) {
            for (float value : some.toFloatArray()) {
                if (!Float.isFinite(value)) {
                    throw new Unfit(
                            Outcome.FAILED,
                            "a sample has the value " + value + "; fill in what is missing");
                }
            }
        }
        int classes = data.outputs();
        for (float target : data.trainTargets()) {
            boolean fits =
                    data.signature().task() == Task.REGRESSION
                            ? Float.isFinite(target)
                            : target >= 0 && target < classes && target == Math.rint(target);
            if (!fits) {
                throw new Unfit(
                        Outcome.FAILED,
                        "a target is "
                                + target
                                + "; a number is finite, and a class an index from 0 to "
                                + (classes - 1));
            }
        }
    }

    /**
     * Checks a metric.
     *
     * @param metric the metric
     */
    public void metric(Component metric) {
        Checks checks = new Checks(metric.kind().word() + " " + metric.reference());
        MetricFactory factory = metric.factory(MetricFactory.class);
        DataSignature signature =
                factory.refuses(CheckProblem.SIGNATURE).isEmpty()
                        ? CheckProblem.SIGNATURE
                        : new DataSignature(
                                Task.CLASSIFICATION,
                                CheckProblem.SIGNATURE.sampleShape(),
                                2,
                                CheckProblem.SIGNATURE.targets());
        boolean numbers = signature.task() == Task.REGRESSION;
        float[] targets = numbers ? new float[] {1, -2, 3, 0.5f} : new float[] {0, 1, 1, 0};
        float[] right = numbers ? targets : new float[] {9, -9, -9, 9, -9, 9, 9, -9};
        float[] wrong = new float[right.length];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = numbers ? right[i] + (i == 0 ? 7 : i % 2 == 0 ? 5 : -3) : -right[i];
        }
        checks.check(
                "prefers what is right",
                () -> {
                    double good = whole(factory.start(signature, metric.options()), right, targets);
                    double bad = whole(factory.start(signature, metric.options()), wrong, targets);
                    if (!Double.isFinite(good) || !Double.isFinite(bad)) {
                        throw new Unfit(
                                Outcome.FAILED,
                                "it gives " + good + " and " + bad + ", not numbers");
                    }
                    if (factory.lowerIsBetter() ? good >= bad : good <= bad) {
                        throw new Unfit(
                                Outcome.FAILED,
                                "right predictions have "
                                        + good
                                        + " and wrong ones "
                                        + bad
                                        + "; look at lowerIsBetter()");
                    }
                    return "";
                });
        checks.check(
                "takes rows in parts",
                () -> {
                    int outputs = wrong.length / targets.length;
                    Metric parts = factory.start(signature, metric.options());
                    parts.add(Arrays.copyOf(wrong, outputs), Arrays.copyOf(targets, 1), 1);
                    parts.add(
                            Arrays.copyOfRange(wrong, outputs, wrong.length),
                            Arrays.copyOfRange(targets, 1, targets.length),
                            1);
                    double whole =
                            whole(factory.start(signature, metric.options()), wrong, targets);
                    if (Math.abs(parts.value() - whole) > 1e-6 * Math.max(1, Math.abs(whole))) {
                        throw new Unfit(
                                Outcome.FAILED,
                                "four rows at once have "
                                        + whole
                                        + ", and in two parts "
                                        + parts.value()
                                        + "; add up over rows, and divide in value()");
                    }
                    return "";
                });
    }

    private static double whole(Metric metric, float[] outputs, float[] targets) {
        metric.add(outputs, targets, 1);
        return metric.value();
    }

    /**
     * Checks a schedule.
     *
     * @param schedule the schedule
     */
    public void schedule(Component schedule) {
        Checks checks = new Checks(schedule.kind().word() + " " + schedule.reference());
        checks.check(
                "gives rates, twice the same",
                () -> {
                    List<Float> once = ratesOf(schedule);
                    if (!once.equals(ratesOf(schedule))) {
                        throw new Unfit(Outcome.FAILED, "two schedules of the same losses differ");
                    }
                    for (float rate : once) {
                        if (!(rate >= 0) || Float.isInfinite(rate)) {
                            throw new Unfit(Outcome.FAILED, "a learning rate is " + rate);
                        }
                    }
                    return "from " + once.get(0) + " to " + once.get(once.size() - 1);
                });
    }

    private List<Float> ratesOf(Component schedule) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            int epochs = 10;
            Schedule made =
                    schedule.factory(ScheduleFactory.class)
                            .create(
                                    0.1,
                                    new TrainingContext(
                                            block(manager),
                                            step -> 0.1f,
                                            epochs,
                                            STEPS,
                                            1,
                                            0,
                                            Device.cpu()),
                                    schedule.options());
            List<Float> rates = new ArrayList<>();
            for (int epoch = 0; epoch < epochs; epoch++) {
                for (int step = 0; step < STEPS; step++) {
                    rates.add(made.getNewValue(epoch * STEPS + step));
                }
                made.afterEpoch(epoch, 1, 1);
            }
            return rates;
        }
    }

    private Component network() {
        return catalog.named(Kind.MODEL, "mlp:8", Map.of());
    }

    private Protocol protocol(int epochs) {
        return new Protocol(
                "check",
                32,
                epochs,
                0,
                Validation.DEFAULT,
                Optional.empty(),
                catalog.named(Kind.SCHEDULE, "constant", Map.of()),
                false,
                0,
                Optional.empty(),
                0,
                Optional.empty());
    }

    private TrainingResult train(
            DataSplit data, Component network, Component optimizer, int epochs) {
        Protocol protocol = protocol(epochs);
        boolean held = data.validationRows() > 0;
        return new NetworkTraining(
                        data,
                        network,
                        optimizer,
                        held ? ofData(protocol) : protocol,
                        0,
                        Device.cpu(),
                        Execution.EAGER,
                        Measures.NONE)
                .run();
    }

    private static Protocol ofData(Protocol protocol) {
        return new Protocol(
                protocol.name(),
                protocol.batchSize(),
                protocol.epochs(),
                0,
                Validation.OF_DATA,
                protocol.stopping(),
                protocol.schedule(),
                false,
                0,
                Optional.empty(),
                0,
                Optional.empty());
    }

    private static void requireSame(TrainingResult one, TrainingResult other) throws Unfit {
        if (!one.history().equals(other.history())) {
            throw new Unfit(
                    Outcome.FAILED,
                    "two trainings of one seed differ; keep nothing in static fields, and draw"
                            + " numbers from the seed of the context");
        }
    }
}
