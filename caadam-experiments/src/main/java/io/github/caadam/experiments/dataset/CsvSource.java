// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A table in a text file, such as CSV: one row a sample, one column the target.
 *
 * <ul>
 *   <li><b>Format.</b> Separator, quote, decimal mark, encoding and header are found ({@link
 *       CsvSniffer} has the rules), or given. A file compressed by gzip is decompressed.
 *   <li><b>Columns.</b> A column of numbers is one feature. A column of at most {@code
 *       category-limit} different texts is a category: a feature of 0 or 1 for each text that
 *       training rows have, in alphabetical order; another text is 0 in all of them. Columns of
 *       dates and of more texts are refused or ignored. A feature that is the same in all training
 *       rows is left out.
 *   <li><b>Missing values</b> are refused; or their rows are dropped; or numbers get the mean or
 *       the median of the training rows, and a category without a value is a category of its own. A
 *       target is never filled in.
 *   <li><b>Task.</b> A target of texts, or of two different whole numbers, asks for a
 *       classification, one of other numbers for a regression. Whole numbers of 3 to 20 different
 *       values could be either: the study says which. Classes are numbered in the order of their
 *       numbers or texts.
 *   <li><b>Split.</b> By a share and a seed, for classes the same share of each ({@link
 *       RowPlan#drawn}); by a column of the words train, validation and test; or by files.
 *   <li><b>Scale.</b> Numbers and the target of a regression are standardised by mean and
 *       population standard deviation of the training rows without those held out; categories are
 *       not. Metrics are in the target's own unit all the same.
 * </ul>
 *
 * <p>The file is read twice, row by row, so that only the numbers that come of it need memory.
 */
public final class CsvSource implements DataSource {

    /** What is standardised. */
    enum Standardise {
        /** Features, and the target of a regression. */
        ALL,
        /** Features. */
        FEATURES,
        /** Nothing. */
        NONE
    }

    /** What is done about a missing value. */
    enum Missing {
        /** The table is refused. */
        REFUSE,
        /** The row is left out. */
        DROP,
        /** It gets the mean of the training rows. */
        MEAN,
        /** It gets the median of the training rows. */
        MEDIAN
    }

    /** What is done about a column that is no feature. */
    enum Unsuitable {
        /** The table is refused. */
        REFUSE,
        /** The column is ignored. */
        IGNORE
    }

    static final Option<String> FILE = Option.file("file", "the table");
    static final Option<String> TARGET =
            Option.column("target", "the column to predict, by its name or its number from 1");
    static final Option<Task> TASK =
            Option.choice("task", "what to predict; found if not given", Task.class).optional();
    static final Option<Double> TEST =
            Option.number("test", "the share of the rows to test on, drawn by split-seed")
                    .within(0, 1)
                    .optional();
    static final Option<Integer> SPLIT_SEED =
            Option.whole("split-seed", "the seed that draws the test rows; 0 if not given")
                    .atLeast(0)
                    .optional();
    static final Option<String> SPLIT_COLUMN =
            Option.column("split-column", "the column that says train, validation or test")
                    .optional();
    static final Option<String> TEST_FILE =
            Option.file("test-file", "a table of the same columns to test on").optional();
    static final Option<String> VALIDATION_FILE =
            Option.file("validation-file", "a table of the same columns to validate on").optional();
    static final Option<Standardise> STANDARDISE =
            Option.choice(
                            "standardise",
                            "what is standardised by the training rows: features and target,"
                                    + " features, or nothing",
                            Standardise.class)
                    .orElse(Standardise.ALL);
    static final Option<String> UNIT =
            Option.text("unit", "the unit of the target, such as $1000").optional();
    static final Option<Map<String, String>> TYPES =
            Option.textMap("types", "number or category by column, where what is found is wrong")
                    .optional();
    static final Option<List<String>> IGNORE =
            Option.columns("ignore", "columns that are no features").optional();
    static final Option<Unsuitable> UNSUITABLE =
            Option.choice(
                            "unsuitable",
                            "what is done about columns of dates and of many different texts",
                            Unsuitable.class)
                    .orElse(Unsuitable.REFUSE);
    static final Option<Missing> MISSING =
            Option.choice("missing", "what is done about missing values", Missing.class)
                    .orElse(Missing.REFUSE);
    static final Option<List<String>> MISSING_VALUES =
            Option.texts("missing-values", "what stands where a value is missing")
                    .orElse(
                            List.of(
                                    "", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None",
                                    "?"));
    static final Option<Integer> CATEGORY_LIMIT =
            Option.whole("category-limit", "different texts that a category may have")
                    .within(2, CsvScan.MOST_DISTINCT)
                    .orElse(50);
    static final Option<Integer> ROWS =
            Option.whole("rows", "only so many rows, from the first, are read")
                    .atLeast(3)
                    .optional();
    static final Option<String> SEPARATOR =
            Option.text(
                            "separator",
                            "comma, semicolon, tab, pipe, space or one character; found if not"
                                    + " given")
                    .optional();
    static final Option<String> QUOTE =
            Option.choice(
                            "quote",
                            "the quotes around values; found if not given",
                            List.of("double", "single", "none"))
                    .optional();
    static final Option<String> DECIMAL =
            Option.choice(
                            "decimal",
                            "the decimal mark; found if not given",
                            List.of("point", "comma"))
                    .optional();
    static final Option<String> ENCODING =
            Option.text("encoding", "such as UTF-8 or windows-1252; found if not given").optional();
    static final Option<Boolean> HEADER =
            Option.flag("header", "whether the first line has names; found if not given")
                    .optional();

    private static final List<Option<?>> OPTIONS =
            List.of(
                    FILE,
                    TARGET,
                    TASK,
                    TEST,
                    SPLIT_SEED,
                    SPLIT_COLUMN,
                    TEST_FILE,
                    VALIDATION_FILE,
                    STANDARDISE,
                    UNIT,
                    TYPES,
                    IGNORE,
                    UNSUITABLE,
                    MISSING,
                    MISSING_VALUES,
                    CATEGORY_LIMIT,
                    ROWS,
                    SEPARATOR,
                    QUOTE,
                    DECIMAL,
                    ENCODING,
                    HEADER);

    /** Creates the source. */
    public CsvSource() {}

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String description() {
        return "a table of your own in a text file, with the column to predict";
    }

    @Override
    public List<Option<?>> options() {
        return OPTIONS;
    }

    @Override
    public Options complete(Options options) {
        long ways =
                Stream.of(TEST, SPLIT_COLUMN, TEST_FILE)
                        .filter(way -> options.find(way).isPresent())
                        .count();
        if (ways != 1) {
            throw new IllegalArgumentException(
                    "The rows to test on are named in one way: test (a share, such as 0.2),"
                            + " split-column or test-file; found "
                            + (ways == 0 ? "none." : "several."));
        }
        boolean drawn = options.find(TEST).isPresent();
        if (drawn && !(options.get(TEST) > 0 && options.get(TEST) < 1)) {
            throw new IllegalArgumentException(
                    "\"test\" must be a number above 0 and below 1, found "
                            + options.get(TEST)
                            + ".");
        }
        if (!drawn && options.find(SPLIT_SEED).isPresent()) {
            throw new IllegalArgumentException(
                    "\"split-seed\" draws the rows of \"test\", which is not given.");
        }
        if (options.find(SPLIT_COLUMN).isPresent() && options.find(VALIDATION_FILE).isPresent()) {
            throw new IllegalArgumentException(
                    "\"split-column\" names the rows for validation already; leave out"
                            + " \"validation-file\".");
        }
        options.find(TYPES)
                .orElse(Map.of())
                .forEach(
                        (column, type) -> {
                            if (!List.of("number", "category").contains(type)) {
                                throw new IllegalArgumentException(
                                        "The type of a column is number or category, found "
                                                + type
                                                + " for "
                                                + column
                                                + ". Columns that are no features belong under"
                                                + " ignore.");
                            }
                        });
        options.find(SEPARATOR).ifPresent(CsvFormat::separatorOf);
        Map<String, Object> found = new HashMap<>();
        if (drawn && options.find(SPLIT_SEED).isEmpty()) {
            found.put(SPLIT_SEED.name(), 0);
        }
        return options.with(found);
    }

    /** Returns what options say of the format. */
    static CsvSniffer.Given given(Options options) {
        return new CsvSniffer.Given(
                options.find(ENCODING),
                options.find(SEPARATOR),
                options.find(QUOTE),
                options.find(DECIMAL),
                options.find(HEADER));
    }

    @Override
    public DataSplit load(DataContext context, Options options) throws IOException {
        return new CsvTable(context, options).split();
    }
}
