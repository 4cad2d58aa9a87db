// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One load of a table: how it was read, and what comes of it under a study's options. */
final class CsvTable {

    /** Different whole numbers of a target that could be classes or amounts. */
    private static final int MOST_DOUBTFUL = 20;

    private final Options options;
    private final Path file;
    private final CsvScan scan;
    private final int target;
    private final int splitColumn;
    private final List<TableFeature> features;
    private final Task task;
    private final Map<String, Integer> classes;
    private final int[] classOfCode;
    private final List<String> leftOut = new ArrayList<>();

    /**
     * Reads a table for the first time.
     *
     * @throws IOException if it cannot be read, or the options do not fit it; the message has file,
     *     line and column
     */
    CsvTable(DataContext context, Options options) throws IOException {
        this.options = options;
        file = context.resolve(options.get(CsvSource.FILE));
        CsvFormat format = CsvSniffer.find(file, CsvSource.given(options));
        scan =
                new CsvScan(
                        file,
                        format,
                        new HashSet<>(options.get(CsvSource.MISSING_VALUES)),
                        options.find(CsvSource.ROWS).orElse(CsvScan.MOST_ROWS));
        target = column(options.get(CsvSource.TARGET), CsvSource.TARGET);
        Optional<String> split = options.find(CsvSource.SPLIT_COLUMN);
        splitColumn = split.isEmpty() ? -1 : column(split.get(), CsvSource.SPLIT_COLUMN);
        scan.read(file, target, splitColumn);
        for (Option<String> more : List.of(CsvSource.VALIDATION_FILE, CsvSource.TEST_FILE)) {
            if (options.find(more).isPresent()) {
                scan.read(context.resolve(options.get(more)), target, splitColumn);
            }
        }
        features = features();
        requireValues();
        task = task();
        classes = task == Task.CLASSIFICATION ? classes() : Map.of();
        classOfCode =
                scan.columns().get(target).distinct().keySet().stream()
                        .limit(classes.isEmpty() ? 0 : Integer.MAX_VALUE)
                        .mapToInt(classes::get)
                        .toArray();
    }

    private int column(String reference, Option<?> option) throws IOException {
        return scan.column(file, reference, option.name());
    }

    private List<TableFeature> features() throws IOException {
        BitSet ignored = new BitSet();
        for (String reference : options.find(CsvSource.IGNORE).orElse(List.of())) {
            ignored.set(column(reference, CsvSource.IGNORE));
        }
        for (int reserved : new int[] {target, splitColumn}) {
            if (reserved >= 0 && ignored.get(reserved)) {
                throw new IOException(
                        file
                                + ": the column \""
                                + scan.columns().get(reserved).name()
                                + "\" cannot be ignored, as the study uses it.");
            }
        }
        Map<Integer, String> types = new HashMap<>();
        for (Map.Entry<String, String> type :
                options.find(CsvSource.TYPES).orElse(Map.of()).entrySet()) {
            int column = column(type.getKey(), CsvSource.TYPES);
            if (column == target || column == splitColumn || ignored.get(column)) {
                throw new IOException(
                        file
                                + ": \"types\" names \""
                                + scan.columns().get(column).name()
                                + "\", which is no feature."
                                + (column == target ? " Say task: classification instead." : ""));
            }
            types.put(column, type.getValue());
        }
        List<TableFeature> all = new ArrayList<>();
        int start = 0;
        for (int c = 0; c < scan.columns().size(); c++) {
            if (c != target && c != splitColumn && !ignored.get(c)) {
                Optional<TableFeature> feature =
                        feature(c, start, Optional.ofNullable(types.get(c)));
                if (feature.isPresent()) {
                    all.add(feature.get());
                    start = feature.get().end();
                }
            }
        }
        if (all.isEmpty()) {
            throw new IOException(file + " has no column left to predict from.");
        }
        return all;
    }

    private Optional<TableFeature> feature(int column, int start, Optional<String> type)
            throws IOException {
        ColumnProfile profile = scan.columns().get(column);
        int limit = options.get(CsvSource.CATEGORY_LIMIT);
        ColumnProfile.Kind kind = profile.kind(limit);
        if (kind == ColumnProfile.Kind.EMPTY) {
            throw fault(profile, "it has no value in any row. Put it under ignore.");
        }
        if (type.isPresent()) {
            kind = forced(profile, type.get(), limit);
        }
        if (kind == ColumnProfile.Kind.NUMBER) {
            return Optional.of(TableFeature.number(column, start));
        }
        if (kind == ColumnProfile.Kind.CATEGORY) {
            boolean ownOfMissing =
                    profile.missing() > 0
                            && options.get(CsvSource.MISSING) != CsvSource.Missing.DROP;
            return Optional.of(
                    TableFeature.category(
                            column, start, profile.distinct().keySet(), ownOfMissing));
        }
        if (options.get(CsvSource.UNSUITABLE) == CsvSource.Unsuitable.IGNORE) {
            leftOut.add(profile.name());
            return Optional.empty();
        }
        boolean date = kind == ColumnProfile.Kind.DATE;
        throw fault(
                profile,
                profile.firstTextPlace().orElseThrow(),
                "\""
                        + shortened(profile.firstText())
                        + "\" "
                        + (date
                                ? "is a date, which is no number"
                                : "is no number, and there are more than "
                                        + limit
                                        + " different texts for a category")
                        + ". Put the column under ignore, say unsuitable: ignore for all such"
                        + (date
                                ? ", or make a number of it."
                                : thousands(profile)
                                        + ", or raise category-limit (up to "
                                        + CsvScan.MOST_DISTINCT
                                        + ")."));
    }

    private String thousands(ColumnProfile profile) {
        return profile.firstText().matches("[-+]?\\d{1,3}([., ']\\d{3})+([.,]\\d+)?")
                ? ", take the marks of thousands out of its numbers"
                : "";
    }

    private ColumnProfile.Kind forced(ColumnProfile profile, String type, int limit)
            throws IOException {
        if (type.equals("number")) {
            if (profile.firstTextPlace().isPresent()) {
                throw fault(
                        profile,
                        profile.firstTextPlace().get(),
                        "\"" + shortened(profile.firstText()) + "\" is no number.");
            }
            return ColumnProfile.Kind.NUMBER;
        }
        if (!profile.hasAtMost(limit)) {
            throw fault(
                    profile,
                    "it has more than "
                            + limit
                            + " different values for a category. Raise category-limit (up to "
                            + CsvScan.MOST_DISTINCT
                            + ") or put it under ignore.");
        }
        return ColumnProfile.Kind.CATEGORY;
    }

    private void requireValues() throws IOException {
        CsvSource.Missing rule = options.get(CsvSource.MISSING);
        List<Integer> used = new ArrayList<>(features.stream().map(TableFeature::column).toList());
        used.add(target);
        for (int column : used) {
            ColumnProfile profile = scan.columns().get(column);
            boolean allowed =
                    rule == CsvSource.Missing.DROP
                            || (column != target && rule != CsvSource.Missing.REFUSE);
            if (profile.missing() > 0 && !allowed) {
                throw fault(
                        profile,
                        profile.firstMissing(),
                        String.format(
                                Locale.ROOT,
                                "the value is missing, as in %,d of %,d rows. Say what to do about"
                                        + " it: missing: %s.",
                                profile.missing(),
                                scan.rows(),
                                column == target ? "drop" : "drop, mean or median"));
            }
        }
    }

    private Task task() throws IOException {
        ColumnProfile profile = scan.columns().get(target);
        ColumnProfile.Kind kind = profile.kind(CsvScan.MOST_DISTINCT);
        if (kind == ColumnProfile.Kind.EMPTY) {
            throw fault(profile, "the target has no value in any row.");
        }
        Optional<Task> given = options.find(CsvSource.TASK);
        boolean numbers = kind == ColumnProfile.Kind.NUMBER;
        if (given.equals(Optional.of(Task.REGRESSION)) && !numbers) {
            throw fault(
                    profile,
                    profile.firstTextPlace().orElseThrow(),
                    "the target \"" + shortened(profile.firstText()) + "\" is no number.");
        }
        if (given.isPresent()) {
            return given.get();
        }
        int different = profile.isWhole() ? profile.differentNumbers() : Integer.MAX_VALUE;
        if (different > 2 && different <= MOST_DOUBTFUL) {
            throw fault(
                    profile,
                    "the target has "
                            + different
                            + " different whole numbers, which may be classes or amounts. Say task:"
                            + " classification or task: regression.");
        }
        return !numbers || different == 2 ? Task.CLASSIFICATION : Task.REGRESSION;
    }

    /** The classes by their texts; texts of equal numbers are one class. */
    private Map<String, Integer> classes() throws IOException {
        ColumnProfile profile = scan.columns().get(target);
        if (!profile.hasAtMost(CsvScan.MOST_DISTINCT)) {
            throw fault(
                    profile,
                    "the target has more than "
                            + CsvScan.MOST_DISTINCT
                            + " different values, too many for classes.");
        }
        boolean numbers = profile.kind(CsvScan.MOST_DISTINCT) == ColumnProfile.Kind.NUMBER;
        char decimal = scan.format().decimal();
        Comparator<String> order =
                numbers
                        ? Comparator.comparingDouble(text -> NumberText.parse(text, decimal))
                        : Comparator.naturalOrder();
        Map<String, Integer> all = new HashMap<>();
        String before = null;
        int next = -1;
        for (String text : profile.distinct().keySet().stream().sorted(order).toList()) {
            next += before == null || order.compare(before, text) != 0 ? 1 : 0;
            all.put(text, next);
            before = text;
        }
        if (next < 1) {
            throw fault(profile, "the target has one class only.");
        }
        return all;
    }

    private int numberOfClasses() {
        return classes.values().stream().mapToInt(c -> c + 1).max().orElse(1);
    }

    /**
     * Reads the table a second time.
     *
     * @return the data
     */
    DataSplit split() throws IOException {
        RowPlan plan = plan();
        int width = features.get(features.size() - 1).end();
        DataMemory.require(
                String.valueOf(file),
                (long) plan.trainRows() + plan.count(RowPlan.Part.TEST),
                width,
                "Or ignore columns, or read some of the rows, such as rows: 100000.");
        float[] train = new float[plan.trainRows() * width];
        float[] test = new float[plan.count(RowPlan.Part.TEST) * width];
        double[] trainTargets = new double[plan.trainRows()];
        double[] testTargets = new double[plan.count(RowPlan.Part.TEST)];
        boolean scaled = options.get(CsvSource.STANDARDISE) != CsvSource.Standardise.NONE;
        int row = 0;
        for (CsvScan.Part part : scan.parts()) {
            try (CsvScan.Cursor all = scan.new Cursor(part.file())) {
                for (int end = row + part.rows(); row < end; row++) {
                    if (!all.next()) {
                        throw new IOException(part.file() + " has become shorter meanwhile.");
                    }
                    if (plan.part(row) == RowPlan.Part.NONE) {
                        continue;
                    }
                    boolean tested = plan.part(row) == RowPlan.Part.TEST;
                    int place = plan.place(row);
                    for (TableFeature feature : features) {
                        put(all, feature, scaled, tested ? test : train, place * width);
                    }
                    (tested ? testTargets : trainTargets)[place] = targetOf(all);
                }
            }
        }
        int fitRows = plan.count(RowPlan.Part.TRAIN);
        FeatureMatrix matrix = prepared(new FeatureMatrix(train, test, width, fitRows), scaled);
        return split(matrix, trainTargets, testTargets, plan);
    }

    private RowPlan plan() throws IOException {
        BitSet dropped = dropped();
        int mainRows = scan.parts().get(0).rows();
        RowPlan plan;
        if (options.find(CsvSource.TEST).isPresent()) {
            boolean classified = !classes.isEmpty();
            plan =
                    RowPlan.drawn(
                            mainRows,
                            dropped,
                            options.get(CsvSource.TEST),
                            options.get(CsvSource.SPLIT_SEED),
                            row -> classified ? classOfCode[scan.targetCode(row)] : 0,
                            numberOfClasses());
        } else {
            plan = RowPlan.of(namedParts(mainRows));
        }
        List<RowPlan.Part> more = new ArrayList<>();
        options.find(CsvSource.VALIDATION_FILE).ifPresent(f -> more.add(RowPlan.Part.VALIDATION));
        options.find(CsvSource.TEST_FILE).ifPresent(f -> more.add(RowPlan.Part.TEST));
        for (int i = 0; i < more.size(); i++) {
            plan = plan.with(more.get(i), scan.parts().get(i + 1).rows());
        }
        plan = plan.without(dropped);
        requireRows(plan);
        return plan;
    }

    private BitSet dropped() {
        BitSet dropped = new BitSet();
        if (options.get(CsvSource.MISSING) == CsvSource.Missing.DROP) {
            features.forEach(f -> dropped.or(scan.columns().get(f.column()).missingRows()));
            dropped.or(scan.columns().get(target).missingRows());
        }
        return dropped;
    }

    private RowPlan.Part[] namedParts(int mainRows) throws IOException {
        RowPlan.Part[] parts = new RowPlan.Part[mainRows];
        Arrays.fill(parts, RowPlan.Part.TRAIN);
        if (splitColumn < 0) {
            return parts;
        }
        ColumnProfile profile = scan.columns().get(splitColumn);
        List<String> words = new ArrayList<>(profile.distinct().keySet());
        for (String word : words) {
            if (!List.of("train", "validation", "test").contains(word)) {
                throw fault(
                        profile,
                        "it says \""
                                + shortened(word)
                                + "\"; a split column says train, validation or test.");
            }
        }
        if (profile.missing() > 0) {
            throw fault(
                    profile,
                    profile.firstMissing(),
                    "it says nothing; a split column says train, validation or test.");
        }
        for (int row = 0; row < mainRows; row++) {
            String word = words.get(scan.splitCode(row));
            parts[row] = RowPlan.Part.valueOf(word.toUpperCase(Locale.ROOT));
        }
        return parts;
    }

    private void requireRows(RowPlan plan) throws IOException {
        for (RowPlan.Part part : List.of(RowPlan.Part.TRAIN, RowPlan.Part.TEST)) {
            if (plan.count(part) == 0) {
                throw new IOException(
                        file
                                + " leaves no rows "
                                + (part == RowPlan.Part.TRAIN ? "to train on." : "to test on."));
            }
        }
        if (classes.isEmpty()) {
            return;
        }
        BitSet trained = new BitSet();
        for (int row = 0; row < scan.rows(); row++) {
            if (plan.part(row) == RowPlan.Part.TRAIN) {
                trained.set(classOfCode[scan.targetCode(row)]);
            }
        }
        for (Map.Entry<String, Integer> one : classes.entrySet()) {
            if (!trained.get(one.getValue())) {
                throw fault(
                        scan.columns().get(target),
                        "the class \"" + shortened(one.getKey()) + "\" is in no training row.");
            }
        }
    }

    private void put(
            CsvScan.Cursor row, TableFeature feature, boolean scaled, float[] values, int start)
            throws IOException {
        String text = row.get(feature.column());
        boolean missing = scan.isMissing(text);
        if (feature.isNumber()) {
            values[start + feature.start()] =
                    missing ? Float.NaN : number(row, feature.column(), text, scaled);
            return;
        }
        int place = missing ? feature.missingPlace() : feature.place(text);
        if (place >= 0) {
            values[start + place] = 1;
        }
    }

    /**
     * A number minus the column's mean where it is standardised, so that rounding costs nothing.
     */
    private float number(CsvScan.Cursor row, int column, String text, boolean scaled)
            throws IOException {
        ColumnProfile profile = scan.columns().get(column);
        double value = NumberText.parse(text, scan.format().decimal());
        float number = (float) (scaled ? value - profile.mean() : value);
        if (!Float.isFinite(number)) {
            throw fault(profile, row.place(), text + " is too large for single precision.");
        }
        return number;
    }

    private double targetOf(CsvScan.Cursor row) throws IOException {
        String text = row.get(target);
        if (!classes.isEmpty()) {
            return classes.get(text);
        }
        double value = NumberText.parse(text, scan.format().decimal());
        if (!Float.isFinite((float) value)) {
            throw fault(
                    scan.columns().get(target),
                    row.place(),
                    text + " is too large for single precision.");
        }
        return value;
    }

    private FeatureMatrix prepared(FeatureMatrix matrix, boolean scaled) throws IOException {
        BitSet constant = new BitSet();
        for (TableFeature feature : features) {
            ColumnProfile profile = scan.columns().get(feature.column());
            if (feature.isNumber() && matrix.isEmpty(feature.start())) {
                throw fault(profile, "it has no value in the training rows. Put it under ignore.");
            }
            if (feature.isNumber() && profile.missing() > 0) {
                boolean median = options.get(CsvSource.MISSING) == CsvSource.Missing.MEDIAN;
                int at = feature.start();
                matrix.fill(at, median ? matrix.median(at) : matrix.mean(at));
            }
            int before = constant.cardinality();
            for (int at = feature.start(); at < feature.end(); at++) {
                if (matrix.isConstant(at)) {
                    constant.set(at);
                } else if (feature.isNumber() && scaled) {
                    matrix.standardise(at);
                }
            }
            if (constant.cardinality() - before == feature.end() - feature.start()) {
                leftOut.add(profile.name());
            }
        }
        if (constant.cardinality() == matrix.width()) {
            throw new IOException(
                    file + ": all features are the same in all training rows; nothing to learn.");
        }
        matrix.leaveOut(constant);
        return matrix;
    }

    private DataSplit split(
            FeatureMatrix matrix, double[] trainTargets, double[] testTargets, RowPlan plan)
            throws IOException {
        TargetScale scale = scale(trainTargets, plan.count(RowPlan.Part.TRAIN));
        DataSignature signature =
                new DataSignature(
                        task,
                        new Shape(matrix.width()),
                        classes.isEmpty() ? 1 : numberOfClasses(),
                        scale);
        float[] trainY = StandardTargets.scaled(trainTargets, scale);
        float[] testY = StandardTargets.scaled(testTargets, scale);
        int validationRows = plan.count(RowPlan.Part.VALIDATION);
        return new DataSplit(
                signature,
                new TableSamples(matrix.train(), matrix.width()),
                trainY,
                validationRows,
                new TableSamples(matrix.test(), matrix.width()),
                testY,
                ValuesDigest.of(
                        signature, validationRows, matrix.train(), trainY, matrix.test(), testY),
                source(plan),
                "");
    }

    private TargetScale scale(double[] targets, int fitRows) throws IOException {
        String unit = options.find(CsvSource.UNIT).orElse("");
        boolean standardised =
                task == Task.REGRESSION
                        && options.get(CsvSource.STANDARDISE) == CsvSource.Standardise.ALL;
        if (!standardised) {
            return new TargetScale(0, 1, unit);
        }
        Optional<TargetScale> scale = StandardTargets.of(targets, fitRows, unit);
        if (scale.isEmpty()) {
            throw fault(
                    scan.columns().get(target),
                    "the target is the same in all training rows; nothing to learn.");
        }
        return scale.get();
    }

    private String source(RowPlan plan) {
        StringBuilder words = new StringBuilder(String.valueOf(file.getFileName()));
        int dropped = scan.rows() - plan.trainRows() - plan.count(RowPlan.Part.TEST);
        if (dropped > 0) {
            words.append(
                    String.format(Locale.ROOT, ", %,d of %,d rows dropped", dropped, scan.rows()));
        }
        if (!leftOut.isEmpty()) {
            words.append(", without ").append(String.join(", ", leftOut));
        }
        return words.toString();
    }

    private IOException fault(ColumnProfile column, String what) {
        return fault(column, String.valueOf(file.getFileName()), what);
    }

    private static IOException fault(ColumnProfile column, String place, String what) {
        return new IOException(place + ": column \"" + column.name() + "\": " + what);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
