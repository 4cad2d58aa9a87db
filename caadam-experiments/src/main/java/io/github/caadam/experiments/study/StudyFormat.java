// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.results.Effort;
import io.github.caadam.experiments.training.Losses;
import io.github.caadam.plugin.Option;
import java.util.List;

/**
 * Every key of the study format, declared once: the reader takes these keys and no others, and the
 * schema and the page of documentation are made of them.
 */
final class StudyFormat {

    /** The version of the format that this code reads. */
    static final int VERSION = 1;

    /** What early stopping is where there is none. */
    static final String NO_STOPPING = "none";

    private static final FormatKey RESTORE =
            FormatKey.of(
                    Option.choice(
                                    "restore",
                                    "Which weights are tested: the best ones by what is monitored,"
                                            + " or the last ones.",
                                    List.of("best", "last"))
                            .orElse("best"));

    static final List<FormatKey> VALIDATION =
            List.of(
                    FormatKey.of(
                            Option.number(
                                            "share",
                                            "The share of the training rows that is held out.")
                                    .above(0)
                                    .below(1)),
                    FormatKey.of(
                            Option.choice(
                                            "take",
                                            "Which rows: the last ones, or a draw that is the same"
                                                    + " for all runs.",
                                            List.of("last", "shuffled"))
                                    .orElse("shuffled")));

    static final List<FormatKey> EARLY_STOPPING =
            List.of(
                    FormatKey.of(
                            Option.whole(
                                            "patience",
                                            "Epochs without improvement until training stops.")
                                    .atLeast(0)
                                    .orElse(20)),
                    FormatKey.of(
                            Option.whole(
                                            "from-epoch",
                                            "The first epoch, from 0, that is looked at.")
                                    .atLeast(0)
                                    .orElse(0)),
                    FormatKey.of(
                            Option.number(
                                            "min-delta",
                                            "By how much a value must be better to count as an"
                                                    + " improvement, in its unit.")
                                    .atLeast(0)
                                    .orElse(0.0)),
                    RESTORE);

    static final List<FormatKey> PROTOCOL =
            List.of(
                    FormatKey.of(
                            Option.text(
                                            "name",
                                            "What the protocol is called in tables and in runs.csv;"
                                                    + " the study's name where it is left out.")
                                    .optional()),
                    FormatKey.of(Option.whole("batch-size", "Rows per step.").atLeast(1)),
                    FormatKey.of(Option.whole("epochs", "The most epochs.").atLeast(1)),
                    FormatKey.of(
                            Option.whole(
                                            "train-rows",
                                            "How many of the training rows are used, from the"
                                                    + " first, validation rows included; all where it"
                                                    + " is left out.")
                                    .atLeast(1)
                                    .optional()),
                    new FormatKey(
                            "validation",
                            "Which of the training rows are held out: a fifth, drawn, where it is"
                                    + " left out; data takes those that the data themselves hold"
                                    + " out.",
                            false,
                            new FormatKey.Nested(VALIDATION, "data")),
                    new FormatKey(
                            "early-stopping",
                            "When training stops before the last epoch, by Keras' semantics."
                                    + " Without it, or with none, it trains to the last.",
                            false,
                            new FormatKey.Nested(EARLY_STOPPING, NO_STOPPING)),
                    new FormatKey(
                            "monitor",
                            "The metric on the validation rows by which early stopping, best"
                                    + " weights and the schedule plateau judge an epoch; the validation"
                                    + " loss where it is left out.",
                            false,
                            new FormatKey.OneComponent(Kind.METRIC)),
                    new FormatKey(
                            "schedule",
                            "How the learning rate changes; constant where it is left out.",
                            false,
                            new FormatKey.OneComponent(Kind.SCHEDULE)),
                    FormatKey.of(
                            Option.choice(
                                            "initial-weights",
                                            "Whether every seed draws weights of its own, or all"
                                                    + " runs share one draw.",
                                            List.of("by-seed", "shared"))
                                    .orElse("by-seed")),
                    FormatKey.of(
                            Option.whole("weights-seed", "The seed of the draw that runs share.")
                                    .atLeast(0)
                                    .orElse(0)),
                    FormatKey.of(
                            Option.choice(
                                            "loss",
                                            "What is minimised; that of the task where it is left"
                                                    + " out.",
                                            Losses.class)
                                    .optional()),
                    FormatKey.of(
                            Option.number(
                                            "l2",
                                            "A penalty: so many times the sum of the squared"
                                                    + " weights is added to the loss.")
                                    .atLeast(0)
                                    .orElse(0.0)));

    static final List<FormatKey> TUNING =
            List.of(
                    FormatKey.of(
                            Option.whole("seeds", "How many seeds try each value.").atLeast(1)),
                    FormatKey.of(
                            Option.choice(
                                            "by",
                                            "What the choice is by: the mean over the seeds.",
                                            List.of("validation-loss"))
                                    .orElse("validation-loss")));

    static final List<FormatKey> COMPARE =
            List.of(
                    FormatKey.of(
                            Option.text(
                                            "baseline",
                                            "The label of the row that the others are compared"
                                                    + " with; the first row where it is left out.")
                                    .optional()),
                    new FormatKey(
                            "metric",
                            "What the comparison is by: rmse or accuracy where it is left out.",
                            false,
                            new FormatKey.OneComponent(Kind.METRIC)),
                    new FormatKey(
                            "also",
                            "Further metrics of every run. Each has verdicts of its own.",
                            false,
                            new FormatKey.Components(Kind.METRIC, false)),
                    FormatKey.of(
                            Option.number(
                                            "margin",
                                            "The largest difference of the metric that counts as"
                                                    + " none. It is fixed before the first run.")
                                    .above(0)
                                    .optional()),
                    new FormatKey(
                            "targets",
                            "Values to reach, for epochs and seconds until then.",
                            false,
                            new FormatKey.NumbersByName(
                                    "validation-loss, or a metric that the study names")),
                    FormatKey.of(
                            Option.text(
                                            "published",
                                            "Published results to compare with, by the name that a"
                                                    + " plug-in gives them.")
                                    .optional()),
                    new FormatKey(
                            "against",
                            "What the way to a target is counted in; both where it is left out.",
                            false,
                            new FormatKey.Words(Effort.labels())));

    static final List<FormatKey> TITLES =
            List.of(
                    FormatKey.of(Option.text("means", "The table of means.").optional()),
                    FormatKey.of(Option.text("contrasts", "The table of differences.").optional()),
                    FormatKey.of(Option.text("effects", "The table of effect sizes.").optional()));

    static final List<FormatKey> STUDY =
            List.of(
                    FormatKey.of(
                            Option.whole("format", "The version of the format: 1.").within(1, 1)),
                    FormatKey.of(
                            Option.text("name", "What the study is called, also in file names.")),
                    FormatKey.of(
                            Option.text("description", "One line that says what it is for.")
                                    .optional()),
                    new FormatKey(
                            "data",
                            "What to train on.",
                            true,
                            new FormatKey.Components(Kind.DATA, true)),
                    new FormatKey(
                            "models",
                            "The networks.",
                            true,
                            new FormatKey.Components(Kind.MODEL, true)),
                    new FormatKey(
                            "optimizers",
                            "The rows of the tables.",
                            true,
                            new FormatKey.Components(Kind.OPTIMIZER, true)),
                    new FormatKey(
                            "optimizer-defaults",
                            "Values for the options of every optimizer that has them and does not"
                                    + " give them itself.",
                            false,
                            new FormatKey.OptimizerDefaults()),
                    new FormatKey(
                            "tuning",
                            "How the values under \"tune\" are chosen.",
                            false,
                            new FormatKey.Nested(TUNING, "")),
                    new FormatKey(
                            "protocol",
                            "How a network is trained.",
                            true,
                            new FormatKey.Nested(PROTOCOL, "")),
                    FormatKey.of(
                            Option.whole("seeds", "How many runs each row has, one seed each.")
                                    .atLeast(1)),
                    new FormatKey(
                            "compare",
                            "What is compared, and with what.",
                            false,
                            new FormatKey.Nested(COMPARE, "")),
                    new FormatKey(
                            "titles",
                            "What tables are called.",
                            false,
                            new FormatKey.Nested(TITLES, "")),
                    FormatKey.of(
                            Option.text(
                                            "reductions",
                                            "What is less than the full experiment, in words, for"
                                                    + " captions.")
                                    .optional()),
                    FormatKey.of(
                            Option.choice(
                                            "execution",
                                            "Whether whole epochs are compiled where they can be,"
                                                    + " or all are executed step by step.",
                                            List.of("compiled", "eager"))
                                    .orElse("compiled")));

    private StudyFormat() {}

    static String[] names(List<FormatKey> keys) {
        return keys.stream().map(FormatKey::name).toArray(String[]::new);
    }
}
