// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Splits arrays of samples and targets, with the options that sources of arrays share. Targets of a
 * type of whole numbers are classes from 0; others are numbers to predict, unless all of them are
 * whole, where the study says what they are.
 */
final class ArraySplit {

    static final Option<Task> TASK =
            Option.choice("task", "what to predict; found if not given", Task.class).optional();
    static final Option<Double> TEST =
            Option.number("test", "the share of the training rows to test on instead")
                    .within(0, 1)
                    .optional();
    static final Option<Integer> SPLIT_SEED =
            Option.whole("split-seed", "the seed that draws the test rows; 0 if not given")
                    .atLeast(0)
                    .optional();
    static final Option<CsvSource.Standardise> STANDARDISE =
            Option.choice(
                            "standardise",
                            "what is standardised by the training rows: features and target,"
                                    + " features, or nothing",
                            CsvSource.Standardise.class)
                    .orElse(CsvSource.Standardise.NONE);
    static final Option<String> UNIT =
            Option.text("unit", "the unit of the target, such as $1000").optional();

    /** The options of the split. */
    static final List<Option<?>> OPTIONS = List.of(TASK, TEST, SPLIT_SEED, STANDARDISE, UNIT);

    private final String what;
    private final Options options;
    private final Task task;
    private final int classes;

    private ArraySplit(String what, ArrayRows train, Options options) throws IOException {
        this.what = what;
        this.options = options;
        task = task(train);
        classes = task == Task.CLASSIFICATION ? classes(train) : 1;
    }

    /** Fills in the seed, and checks that the options go together. */
    static Options complete(Options options) {
        Optional<Double> share = options.find(TEST);
        if (share.isPresent() && !(share.get() > 0 && share.get() < 1)) {
            throw new IllegalArgumentException(
                    "\"test\" must be a number above 0 and below 1, found " + share.get() + ".");
        }
        if (share.isEmpty() && options.find(SPLIT_SEED).isPresent()) {
            throw new IllegalArgumentException(
                    "\"split-seed\" draws the rows of \"test\", which is not given.");
        }
        return share.isPresent() && options.find(SPLIT_SEED).isEmpty()
                ? options.with(Map.of(SPLIT_SEED.name(), 0))
                : options;
    }

    /**
     * Splits arrays.
     *
     * @param what the data, for messages and as the source of results
     * @param train the training rows
     * @param validation rows that the data hold out for validation
     * @param test the test rows; empty where the option {@code test} draws them
     * @param options the options, with those of {@link #OPTIONS} among them
     * @throws IOException if the arrays do not belong together or have values that are no classes;
     *     the message says what to do
     */
    static DataSplit of(
            String what,
            ArrayRows train,
            Optional<ArrayRows> validation,
            Optional<ArrayRows> test,
            Options options)
            throws IOException {
        ArraySplit split = new ArraySplit(what, train.requireFinite(what), options);
        for (ArrayRows part : List.of(validation.orElse(train), test.orElse(train))) {
            split.requireSame(train, part.requireFinite(what));
        }
        if (test.isPresent()) {
            ArrayRows all =
                    validation.isEmpty() ? train : split.joined(train, validation.orElseThrow());
            return split.made(all, train.rows(), test.get());
        }
        RowPlan plan =
                RowPlan.drawn(
                        train.rows(),
                        new BitSet(),
                        options.get(TEST),
                        options.get(SPLIT_SEED),
                        row -> split.task == Task.REGRESSION ? 0 : (int) train.targets()[row],
                        split.classes);
        ArrayRows kept = split.part(train, plan, RowPlan.Part.TRAIN);
        ArrayRows all = validation.isEmpty() ? kept : split.joined(kept, validation.orElseThrow());
        return split.made(all, kept.rows(), split.part(train, plan, RowPlan.Part.TEST));
    }

    private Task task(ArrayRows train) throws IOException {
        if (options.find(TASK).isPresent()) {
            return options.get(TASK);
        }
        if (train.whole()) {
            return Task.CLASSIFICATION;
        }
        if (Arrays.stream(train.targets()).allMatch(target -> target == Math.rint(target))) {
            throw new IOException(
                    what
                            + ": all targets are whole numbers, which may be classes or amounts."
                            + " Say task: classification or task: regression.");
        }
        return Task.REGRESSION;
    }

    private int classes(ArrayRows train) throws IOException {
        int most = -1;
        for (double target : train.targets()) {
            if (!(target >= 0 && target < 1_000_000 && target == Math.rint(target))) {
                throw new IOException(
                        what
                                + ": classes are numbered from 0, found the target "
                                + target
                                + ". Renumber them, or say task: regression.");
            }
            most = Math.max(most, (int) target);
        }
        BitSet seen = new BitSet();
        Arrays.stream(train.targets()).forEach(target -> seen.set((int) target));
        if (most < 1 || seen.cardinality() <= most) {
            throw new IOException(
                    what
                            + (most < 1
                                    ? ": the targets have one class only."
                                    : ": no training row has the class "
                                            + seen.nextClearBit(0)
                                            + "; classes are numbered from 0 without gaps."));
        }
        return most + 1;
    }

    private void requireSame(ArrayRows train, ArrayRows other) throws IOException {
        if (!other.shape().equals(train.shape())) {
            throw new IOException(
                    what
                            + ": the samples have the shape "
                            + train.shape()
                            + " for training, but "
                            + other.shape()
                            + " elsewhere.");
        }
        for (double target : other.targets()) {
            boolean known = target >= 0 && target < classes && target == Math.rint(target);
            if (task == Task.CLASSIFICATION && !known) {
                throw new IOException(what + ": the class " + target + " is in no training row.");
            }
        }
    }

    private ArrayRows joined(ArrayRows first, ArrayRows second) throws IOException {
        long rows = (long) first.rows() + second.rows();
        DataMemory.require(what, rows, first.shape().size(), "");
        float[] samples =
                Arrays.copyOf(first.samples(), first.samples().length + second.samples().length);
        System.arraycopy(
                second.samples(), 0, samples, first.samples().length, second.samples().length);
        double[] targets = Arrays.copyOf(first.targets(), Math.toIntExact(rows));
        System.arraycopy(second.targets(), 0, targets, first.rows(), second.rows());
        return new ArrayRows(samples, first.shape(), targets, first.whole());
    }

    private ArrayRows part(ArrayRows all, RowPlan plan, RowPlan.Part part) throws IOException {
        int width = Math.toIntExact(all.shape().size());
        if (plan.count(part) == 0) {
            throw new IOException(
                    what
                            + " leaves no rows "
                            + (part == RowPlan.Part.TEST ? "to test on." : "to train on."));
        }
        float[] samples = new float[plan.count(part) * width];
        double[] targets = new double[plan.count(part)];
        for (int row = 0; row < all.rows(); row++) {
            if (plan.part(row) == part) {
                int place = plan.place(row);
                System.arraycopy(all.samples(), row * width, samples, place * width, width);
                targets[place] = all.targets()[row];
            }
        }
        return new ArrayRows(samples, all.shape(), targets, all.whole());
    }

    private DataSplit made(ArrayRows train, int fitRows, ArrayRows test) throws IOException {
        FeatureMatrix matrix =
                new FeatureMatrix(
                        train.samples(),
                        test.samples(),
                        Math.toIntExact(train.shape().size()),
                        fitRows);
        CsvSource.Standardise standardise = options.get(STANDARDISE);
        if (standardise != CsvSource.Standardise.NONE) {
            standardise(matrix, train.shape());
        }
        Shape shape = train.shape().dimension() == 1 ? new Shape(matrix.width()) : train.shape();
        TargetScale scale = new TargetScale(0, 1, options.find(UNIT).orElse(""));
        if (task == Task.REGRESSION && standardise == CsvSource.Standardise.ALL) {
            scale =
                    StandardTargets.of(train.targets(), fitRows, scale.unit())
                            .orElseThrow(
                                    () ->
                                            new IOException(
                                                    what
                                                            + ": the target is the same in all"
                                                            + " training rows."));
        }
        DataSignature signature = new DataSignature(task, shape, classes, scale);
        float[] trainTargets = StandardTargets.scaled(train.targets(), scale);
        float[] testTargets = StandardTargets.scaled(test.targets(), scale);
        int validationRows = train.rows() - fitRows;
        return new DataSplit(
                signature,
                new ArraySamples(matrix.train(), shape),
                trainTargets,
                validationRows,
                new ArraySamples(matrix.test(), shape),
                testTargets,
                ValuesDigest.of(
                        signature,
                        validationRows,
                        matrix.train(),
                        trainTargets,
                        matrix.test(),
                        testTargets),
                what,
                "");
    }

    private void standardise(FeatureMatrix matrix, Shape shape) throws IOException {
        if (shape.dimension() != 1) {
            throw new IOException(
                    what
                            + ": samples of shape "
                            + shape
                            + " are not standardised; that is for rows of features. Say"
                            + " standardise: none.");
        }
        BitSet constant = new BitSet();
        for (int feature = 0; feature < matrix.width(); feature++) {
            if (matrix.isConstant(feature)) {
                constant.set(feature);
            } else {
                matrix.standardise(feature);
            }
        }
        if (constant.cardinality() == matrix.width()) {
            throw new IOException(
                    what + ": all features are the same in all training rows; nothing to learn.");
        }
        matrix.leaveOut(constant);
    }
}
