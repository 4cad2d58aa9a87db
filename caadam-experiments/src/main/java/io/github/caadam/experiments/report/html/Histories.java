// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import io.github.caadam.experiments.figure.LossCurve.Epoch;
import io.github.caadam.experiments.results.RunRecord;
import io.github.caadam.experiments.results.RunRecord.EpochRecord;
import io.github.caadam.experiments.results.RunRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known of runs beside their lines: from their files, or from the losses of some. */
final class Histories {

    private final Map<String, RunRecord> records = new HashMap<>();
    private final Map<List<Object>, List<Epoch>> losses = new HashMap<>();

    Histories(ReportInput input) {
        input.runs().records().forEach(run -> records.put(run.id(), run));
        input.losses()
                .forEach(
                        curve ->
                                losses.put(
                                        List.of(
                                                curve.problem().dataset(),
                                                curve.problem().architecture(),
                                                curve.configuration().optimizer(),
                                                curve.configuration().strategy(),
                                                curve.run()),
                                        curve.epochs()));
    }

    /** Returns the file of a run, or null. */
    RunRecord record(RunRow row) {
        return records.get(row.id());
    }

    /** Returns the epochs of a run; none if they are not known, or are of another one. */
    List<EpochRecord> epochs(RunRow row) {
        if (records.containsKey(row.id())) {
            return records.get(row.id()).history();
        }
        List<Epoch> epochs =
                losses.getOrDefault(
                        List.of(
                                row.dataset(),
                                row.architecture(),
                                row.optimizer(),
                                row.strategy(),
                                row.run()),
                        List.of());
        return epochs.size() != row.epochs()
                ? List.of()
                : epochs.stream()
                        .map(
                                one ->
                                        new EpochRecord(
                                                one.loss(), one.validationLoss(), Double.NaN, null))
                        .toList();
    }
}
