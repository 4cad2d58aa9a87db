// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.Counts;
import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.Columns;
import io.github.caadam.experiments.report.ResultTable;
import io.github.caadam.experiments.statistics.Interval;
import io.github.caadam.experiments.statistics.QuadraticFit;
import io.github.caadam.experiments.statistics.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes the tables of runs that drew their factors ({@link Sensitivity}): what other factors would
 * gain, how well the fits fit, and their coefficients.
 */
final class SensitivityTables {

    private static final int DIGITS = 4;
    private static final int FACTOR_DIGITS = 2;
    private static final double PERCENT = 100;

    private final RunGroup group;
    private final String suffix;

    private SensitivityTables(RunGroup group, String suffix) {
        this.group = group;
        this.suffix = suffix;
    }

    /** A chosen point of a network. */
    private record Chosen(Sensitivity network, Sensitivity.Gain gain) {

        double percent() {
            return PERCENT * gain.value() / network.test().coefficients()[0];
        }

        String factors() {
            return gain.factors().entrySet().stream()
                    .map(one -> one.getKey() + "=" + one.getValue())
                    .collect(Collectors.joining(" "));
        }
    }

    /** A fit of a network. */
    private record Fitted(
            Sensitivity network, String error, QuadraticFit fit, Optional<Sample> adam) {

        double atOne() {
            return fit.coefficients()[0];
        }
    }

    /** A coefficient of a fit. */
    private record Term(Fitted fitted, int index, String name) {

        double value() {
            return fitted.fit().coefficients()[index];
        }

        Interval interval() {
            return fitted.fit().interval(index);
        }
    }

    /**
     * Makes the tables.
     *
     * @param group the runs
     * @param suffix what is added to file names, empty where there is one group only
     * @return the tables; none if too few runs drew their factors
     */
    static List<ResultTable> of(RunGroup group, String suffix) {
        List<Sensitivity> networks = Sensitivity.of(group);
        if (networks.isEmpty()) {
            return List.of();
        }
        SensitivityTables tables = new SensitivityTables(group, suffix);
        List<Fitted> fits = networks.stream().flatMap(one -> fits(one).stream()).toList();
        return List.of(tables.gains(networks), tables.fits(fits), tables.coefficients(fits));
    }

    private static List<Fitted> fits(Sensitivity network) {
        return List.of(
                new Fitted(network, "test", network.test(), network.baseline()),
                new Fitted(
                        network, "validation", network.validation(), network.baselineValidation()));
    }

    private ResultTable gains(List<Sensitivity> networks) {
        List<Chosen> chosen =
                networks.stream()
                        .flatMap(one -> one.gains().stream().map(gain -> new Chosen(one, gain)))
                        .toList();
        String radii =
                networks.stream()
                        .map(one -> ResultTable.decimals(one.radius(), FACTOR_DIGITS))
                        .distinct()
                        .collect(Collectors.joining(" and "));
        return ResultTable.of(
                "sensitivity" + suffix,
                caption(
                        "What fixed factors could gain",
                        "the factors where a quadratic fit of the error to log2 of the factors is"
                                + " lowest, in a ball of radius "
                                + radii
                                + " around tuned Adam, and by how much the fitted test error is"
                                + " lower there, positive is better; 95 % interval by percentiles"
                                + " of 1,000 resamples of the runs, each with a choice of its own;"
                                + " cross-fitted: chosen on one half of the runs, read off the"
                                + " other, mean of 100. What is chosen by the test error is an"
                                + " optimistic bound"),
                chosen,
                one -> false,
                one -> notes(one.network()),
                keys(new Columns<Chosen>(), true, Chosen::network)
                        .text("Factors", one -> one.gain().choice().label())
                        .text("chosen", one -> one.gain().printedFactors())
                        .number(
                                "Gain",
                                one ->
                                        ResultTable.valueAndInterval(
                                                one.gain().value(), one.gain().interval(), DIGITS))
                        .number("%", one -> ResultTable.decimals(one.percent(), 1))
                        .number(
                                "cross-fitted",
                                one -> ResultTable.decimals(one.gain().crossFitted(), DIGITS)),
                keys(new Columns<Chosen>(), false, Chosen::network)
                        .text("choice", one -> one.gain().choice().name().toLowerCase(Locale.ROOT))
                        .text("factors", Chosen::factors)
                        .number("radius", one -> one.network().radius())
                        .number("gain", one -> one.gain().value())
                        .number("gain_low", one -> one.gain().interval().low())
                        .number("gain_high", one -> one.gain().interval().high())
                        .number("gain_percent", Chosen::percent)
                        .number("gain_cross_fitted", one -> one.gain().crossFitted()));
    }

    private ResultTable fits(List<Fitted> fits) {
        return ResultTable.of(
                "sensitivity-fits" + suffix,
                caption(
                        "Quadratic fits of the error to log2 of the factors",
                        "the fitted error where all factors are 1, beside that of tuned Adam, which"
                                + " has these factors, each with its 95 % interval; standard deviation"
                                + " of the residuals beside that of tuned Adam's runs; R² as it is and"
                                + " of each run predicted from the others"),
                fits,
                one -> false,
                one -> notes(one.network()),
                keys(new Columns<Fitted>(), true, Fitted::network)
                        .text("Error", Fitted::error)
                        .number("Fit at 1", SensitivityTables::fitAtOne)
                        .number(
                                "Tuned Adam",
                                one -> one.adam().map(this::mean).orElse(ResultTable.NO_VALUE))
                        .number(
                                "Residuals",
                                one -> ResultTable.decimals(one.fit().residualDeviation(), DIGITS))
                        .number(
                                "Adam's deviation",
                                one ->
                                        one.adam()
                                                .map(
                                                        adam ->
                                                                ResultTable.decimals(
                                                                        adam.standardDeviation(),
                                                                        DIGITS))
                                                .orElse(ResultTable.NO_VALUE))
                        .number("R²", one -> decimals(one.fit().rSquared()))
                        .number("R² predicted", one -> decimals(one.fit().predictedRSquared())),
                keys(new Columns<Fitted>(), false, Fitted::network)
                        .text("error", Fitted::error)
                        .number("fit_at_one", Fitted::atOne)
                        .number("fit_at_one_low", one -> one.fit().interval(0).low())
                        .number("fit_at_one_high", one -> one.fit().interval(0).high())
                        .number("adam_n", one -> cell(one.adam().map(Sample::n)))
                        .number("adam", one -> cell(one.adam().map(Sample::mean)))
                        .number("adam_std", one -> cell(one.adam().map(Sample::standardDeviation)))
                        .number("residual_std", one -> one.fit().residualDeviation())
                        .number("r_squared", one -> one.fit().rSquared())
                        .number("predicted_r_squared", one -> one.fit().predictedRSquared()));
    }

    private ResultTable coefficients(List<Fitted> fits) {
        List<Term> terms = new ArrayList<>();
        for (Fitted fitted : fits) {
            List<String> names = QuadraticFit.termNames(fitted.network().dimensions());
            for (int i = 0; i < names.size(); i++) {
                terms.add(new Term(fitted, i, names.get(i)));
            }
        }
        return ResultTable.of(
                "sensitivity-coefficients" + suffix,
                caption(
                        "Coefficients of the quadratic fits of the error to log2 of the factors",
                        "each with its 95 % interval (Student), which takes residuals for normal"
                                + " and of one variance; those of squares are second derivatives"),
                terms,
                one -> one.index() > 0 && !one.interval().contains(0),
                one -> notes(one.fitted().network()),
                keys(new Columns<Term>(), true, term -> term.fitted().network())
                        .text("Error", term -> term.fitted().error())
                        .text("Term", Term::name)
                        .number(
                                "Coefficient",
                                one ->
                                        ResultTable.valueAndInterval(
                                                one.value(), one.interval(), DIGITS)),
                keys(new Columns<Term>(), false, term -> term.fitted().network())
                        .text("error", term -> term.fitted().error())
                        .text("term", Term::name)
                        .number("coefficient", Term::value)
                        .number("coefficient_low", one -> one.interval().low())
                        .number("coefficient_high", one -> one.interval().high()));
    }

    private <T> Columns<T> keys(
            Columns<T> columns, boolean titled, Function<T, Sensitivity> network) {
        return columns.keys(
                        group.joinsDatasets(),
                        titled,
                        one -> network.apply(one).problem(),
                        one -> network.apply(one).configuration())
                .number(
                        "n",
                        one ->
                                titled
                                        ? counts(network.apply(one)).ofPlanned()
                                        : network.apply(one).runs());
    }

    private Counts counts(Sensitivity network) {
        return group.counts(network.problem(), network.configuration());
    }

    private List<String> notes(Sensitivity network) {
        return counts(network).lost() == 0
                ? List.of()
                : List.of("runs were lost, which may be those with the worst factors");
    }

    private String caption(String title, String sentence) {
        return ResultTable.caption(title, sentence, group);
    }

    private static String fitAtOne(Fitted one) {
        return ResultTable.valueAndInterval(one.atOne(), one.fit().interval(0), DIGITS);
    }

    private String mean(Sample adam) {
        return ResultTable.valueAndInterval(adam.mean(), adam.meanInterval(), DIGITS);
    }

    private static String decimals(double value) {
        return ResultTable.decimals(value, FACTOR_DIGITS);
    }

    private static Object cell(Optional<? extends Number> number) {
        return number.isPresent() ? number.get() : "";
    }
}
