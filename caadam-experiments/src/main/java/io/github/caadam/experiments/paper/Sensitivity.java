// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Configuration;
import io.github.caadam.experiments.analysis.Measure;
import io.github.caadam.experiments.analysis.Problem;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.QuadraticFit;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;
import org.apache.commons.math3.util.MathArrays;

/**
 * How the error of a network depends on the factors of its parameters, from runs that drew them:
 * quadratic fits of the test and of the validation error to {@code log₂} of the factors, and what
 * factors in a ball around 1 would gain. Parameters that had the same factor in every run are one
 * dimension.
 */
final class Sensitivity {

    private static final int RESAMPLES = 1000;
    private static final int HALVINGS = 100;
    private static final int SEED = 20_250_101;
    private static final double LOW_PERCENT = 2.5;
    private static final double HIGH_PERCENT = 97.5;

    /** Runs for every coefficient of a fit, at least. */
    private static final int RUNS_PER_COEFFICIENT = 3;

    /** The radius of the ball in root mean squares of the drawn {@code log₂} factors. */
    private static final double REACH = 2;

    private final Problem problem;
    private final Configuration configuration;
    private final Optional<Sample> baseline;
    private final Optional<Sample> baselineValidation;
    private final List<String> dimensions;
    private final List<Observed> runs;
    private final double radius;
    private final Fits fits;

    /** A run: its {@code log₂} factors by dimension, and its errors. */
    private record Observed(List<Double> logFactors, double test, double validation) {}

    /** The fits of the two errors of some runs. */
    private record Fits(QuadraticFit test, QuadraticFit validation) {

        static Fits of(List<Observed> runs) {
            double[][] logFactors =
                    runs.stream()
                            .map(run -> doubles(run.logFactors().stream()))
                            .toArray(double[][]::new);
            return new Fits(
                    QuadraticFit.of(logFactors, doubles(runs.stream().map(Observed::test))),
                    QuadraticFit.of(logFactors, doubles(runs.stream().map(Observed::validation))));
        }

        private static double[] doubles(Stream<Double> values) {
            return values.mapToDouble(Double::doubleValue).toArray();
        }
    }

    /** A half of the runs, which the choice is made by, and the test error of the other half. */
    private record Halving(Fits chosenBy, QuadraticFit readOff) {}

    /** Where in the ball the factors are taken. */
    public enum Choice {
        /** Where the fitted validation error is lowest for one factor for all parameters. */
        COMMON_FACTOR("one for all, by validation error") {
            @Override
            double[] of(Fits fits, double radius) {
                return fits.validation().minimumOnDiagonal(radius);
            }
        },
        /** Where the fitted validation error is lowest. */
        BY_LAYER("by layer, by validation error") {
            @Override
            double[] of(Fits fits, double radius) {
                return fits.validation().minimumInBall(radius);
            }
        },
        /** Where the fitted test error is lowest, which nobody could know in practice. */
        BY_LAYER_ON_TEST("by layer, by test error") {
            @Override
            double[] of(Fits fits, double radius) {
                return fits.test().minimumInBall(radius);
            }
        };

        private final String label;

        Choice(String label) {
            this.label = label;
        }

        abstract double[] of(Fits fits, double radius);

        /**
         * Returns the choice in words.
         *
         * @return such as {@code by layer, by validation error}
         */
        public String label() {
            return label;
        }
    }

    /**
     * What factors gain on the test rows.
     *
     * @param choice how the factors are chosen
     * @param factors the factors, by dimension
     * @param value by how much the fitted test error is lower there than where all factors are 1
     * @param interval its 95 % interval: percentiles of 1,000 resamples of the runs, each with fits
     *     and a choice of its own
     * @param crossFitted the same gain where the choice is made on one half of the runs and the
     *     gain read off the other, so that no run counts for both; the mean over 100 halves
     */
    public record Gain(
            Choice choice,
            Map<String, Double> factors,
            double value,
            Interval interval,
            double crossFitted) {

        /**
         * Returns the factors to print.
         *
         * @return such as {@code 01Linear_weight 0.87, biases 1.12}
         */
        public String printedFactors() {
            return factors.entrySet().stream()
                    .map(one -> String.format(Locale.ROOT, "%s %.2f", one.getKey(), one.getValue()))
                    .collect(Collectors.joining(", "));
        }
    }

    private Sensitivity(
            RunGroup group, Problem problem, Configuration configuration, List<RunRow> runs) {
        this.problem = problem;
        this.configuration = configuration;
        List<RunRow> tuned = group.runs(problem, PaperConfigurations.TUNED_ADAM);
        baseline = sample(tuned.stream().mapToDouble(Sensitivity::testError).toArray());
        baselineValidation =
                sample(tuned.stream().mapToDouble(Sensitivity::validationError).toArray());
        Map<List<Double>, List<String>> same = sameFactors(runs);
        dimensions = same.values().stream().map(Sensitivity::name).toList();
        this.runs = observed(runs, same.keySet());
        radius = REACH * rootMeanSquare(this.runs);
        fits = Fits.of(this.runs);
    }

    /**
     * Fits every network and configuration of a group that drew its factors and has three runs or
     * more for every coefficient, all with a known validation loss.
     *
     * @param group the runs
     * @return the fits, by problem; empty if no run drew its factors
     */
    public static List<Sensitivity> of(RunGroup group) {
        List<Sensitivity> all = new ArrayList<>();
        for (Problem problem : group.problems()) {
            for (Configuration configuration : group.configurations(problem)) {
                List<RunRow> runs = group.runs(problem, configuration);
                if (canBeFitted(runs)) {
                    all.add(new Sensitivity(group, problem, configuration, runs));
                }
            }
        }
        return all;
    }

    private static boolean canBeFitted(List<RunRow> runs) {
        boolean known =
                runs.stream()
                        .allMatch(
                                run ->
                                        !run.factors().isEmpty()
                                                && Double.isFinite(run.validationLoss()));
        return known
                && runs.size()
                        >= RUNS_PER_COEFFICIENT * QuadraticFit.size(sameFactors(runs).size());
    }

    /** Parameters by their factors in all runs, in forward order. */
    private static Map<List<Double>, List<String>> sameFactors(List<RunRow> runs) {
        Map<List<Double>, List<String>> same = new LinkedHashMap<>();
        for (String parameter : runs.get(0).factors().keySet()) {
            List<Double> factors = runs.stream().map(run -> run.factors().get(parameter)).toList();
            same.computeIfAbsent(factors, key -> new ArrayList<>()).add(parameter);
        }
        return same;
    }

    private static String name(List<String> parameters) {
        boolean biases = parameters.stream().allMatch(one -> one.endsWith("_bias"));
        return biases ? "biases" : String.join("+", parameters);
    }

    private static List<Observed> observed(List<RunRow> runs, Set<List<Double>> factors) {
        return IntStream.range(0, runs.size())
                .mapToObj(
                        i ->
                                new Observed(
                                        factors.stream().map(one -> log2(one.get(i))).toList(),
                                        testError(runs.get(i)),
                                        validationError(runs.get(i))))
                .toList();
    }

    private static double log2(double factor) {
        return Math.log(factor) / Math.log(2);
    }

    private static double testError(RunRow run) {
        return Measure.of(run).lowerIsBetter() ? run.value() : 1 - run.value();
    }

    /** The mean squared error's root, in the unit of the test error; or the loss itself. */
    private static double validationError(RunRow run) {
        return run.metric().equals("rmse") ? Math.sqrt(run.validationLoss()) : run.validationLoss();
    }

    private static Optional<Sample> sample(double... values) {
        boolean known = values.length > 0 && Arrays.stream(values).allMatch(Double::isFinite);
        return known ? Optional.of(Sample.of(values)) : Optional.empty();
    }

    private static double rootMeanSquare(List<Observed> runs) {
        return Math.sqrt(
                runs.stream()
                        .flatMap(run -> run.logFactors().stream())
                        .mapToDouble(x -> x * x)
                        .average()
                        .orElseThrow());
    }

    /**
     * Returns what was trained on what.
     *
     * @return the problem
     */
    public Problem problem() {
        return problem;
    }

    /**
     * Returns what drew the factors.
     *
     * @return the configuration
     */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * Returns the number of runs that the fits are of.
     *
     * @return the number
     */
    public int runs() {
        return runs.size();
    }

    /**
     * Returns what the dimensions are.
     *
     * @return parameters' paths; {@code biases} where all biases have one factor
     */
    public List<String> dimensions() {
        return dimensions;
    }

    /**
     * Returns the radius of the ball that factors are chosen in: twice the root mean square of the
     * {@code log₂} factors that were drawn.
     *
     * @return the radius, in {@code log₂} of the factor
     */
    public double radius() {
        return radius;
    }

    /**
     * Returns the fit of the test error: RMSE, or the share of false classifications.
     *
     * @return the fit
     */
    public QuadraticFit test() {
        return fits.test();
    }

    /**
     * Returns the fit of the validation error of the weights that were tested: the root of the mean
     * squared error, or for classification the loss.
     *
     * @return the fit
     */
    public QuadraticFit validation() {
        return fits.validation();
    }

    /**
     * Returns the test errors of Adam at its own best learning rate, which the fit should meet
     * where all factors are 1.
     *
     * @return the errors, if there are such runs
     */
    public Optional<Sample> baseline() {
        return baseline;
    }

    /**
     * Returns the validation errors of Adam at its own best learning rate.
     *
     * @return the errors, if there are such runs
     */
    public Optional<Sample> baselineValidation() {
        return baselineValidation;
    }

    /**
     * Computes what factors would gain.
     *
     * @return a gain for each choice; always the same for the same runs
     */
    public List<Gain> gains() {
        RandomGenerator random = new MersenneTwister(SEED);
        List<Fits> resamples =
                IntStream.range(0, RESAMPLES).mapToObj(i -> Fits.of(resample(random))).toList();
        List<Halving> halvings = IntStream.range(0, HALVINGS).mapToObj(i -> halve(random)).toList();
        return Arrays.stream(Choice.values())
                .map(choice -> gain(choice, resamples, halvings))
                .toList();
    }

    private List<Observed> resample(RandomGenerator random) {
        return runs.stream().map(run -> runs.get(random.nextInt(runs.size()))).toList();
    }

    private Halving halve(RandomGenerator random) {
        int[] order = MathArrays.natural(runs.size());
        MathArrays.shuffle(order, random);
        List<Observed> shuffled = Arrays.stream(order).mapToObj(runs::get).toList();
        int half = runs.size() / 2;
        return new Halving(
                Fits.of(shuffled.subList(0, half)),
                Fits.of(shuffled.subList(half, runs.size())).test());
    }

    private Gain gain(Choice choice, List<Fits> resamples, List<Halving> halvings) {
        double[] point = choice.of(fits, radius);
        Map<String, Double> factors = new LinkedHashMap<>();
        for (int i = 0; i < point.length; i++) {
            factors.put(dimensions.get(i), Math.pow(2, point[i]));
        }
        Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
        percentile.setData(
                resamples.stream()
                        .mapToDouble(one -> one.test().gain(choice.of(one, radius)))
                        .toArray());
        double crossFitted =
                halvings.stream()
                        .mapToDouble(one -> one.readOff().gain(choice.of(one.chosenBy(), radius)))
                        .average()
                        .orElseThrow();
        return new Gain(
                choice,
                factors,
                fits.test().gain(point),
                new Interval(percentile.evaluate(LOW_PERCENT), percentile.evaluate(HIGH_PERCENT)),
                crossFitted);
    }
}
