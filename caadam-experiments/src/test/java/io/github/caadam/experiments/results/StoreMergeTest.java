// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreMergeTest {

    private static final String EARLY = "2026-01-01T00:00:00Z";
    private static final String LATE = "2026-01-02T00:00:00Z";

    @TempDir private Path directory;

    private int stores;

    @Test
    void takesWhatIsNewWithItsPlan() throws IOException {
        RunRecord run = new RunRecordBuilder().build();
        PlannedRun missing = new RunRecordBuilder().run(1).planned();
        RunStore one = store(run);
        one.plan("study", "", 1, List.of(run.planned(), missing));
        RunStore target = store();

        StoreMerge merge = new StoreMerge(target);
        merge.add(one);
        merge.add(one);
        StoreMerge.Outcome outcome = merge.finish();

        assertThat(outcome.runs()).isEqualTo(1);
        assertThat(outcome.added()).isEqualTo(1);
        assertThat(outcome.study().missing()).extracting(RunRow::run).containsExactly(1);
        assertThat(RunsCsv.read(target.directory().resolve("runs.csv"))).hasSize(2);
        assertThat(outcome.unplanned()).isZero();
    }

    @Test
    void failuresComeAlongUntilTheirRunIsThere() throws IOException {
        RunRecord run = new RunRecordBuilder().build();
        RunStore failed = store();
        failed.save(new RunFailure(run.id(), "label", "killed", 1, "", List.of()));
        RunStore target = store();

        merge(target, failed);
        assertThat(target.failures()).hasSize(1);
        merge(target, store(run));
        assertThat(target.failures()).isEmpty();
        merge(target, failed);
        assertThat(target.failures()).isEmpty();
    }

    @Test
    void twoResultsFromOnePlaceAreRefused() throws IOException {
        RunStore target = store(new RunRecordBuilder().value(0.5).build());
        RunRecord fresh = new RunRecordBuilder().run(1).build();

        assertThatIOException()
                .isThrownBy(
                        () ->
                                new StoreMerge(target)
                                        .add(
                                                store(
                                                        new RunRecordBuilder().value(0.25).build(),
                                                        fresh)))
                .withMessageContaining("two different results, rmse 0.5 after 1")
                .withMessageContaining("and rmse 0.25 after 1 epochs, from one place (cpu test)")
                .withMessageContaining("Nothing was merged");
        assertThat(target.all()).hasSize(1);
    }

    @Test
    void ofTwoPlacesTheEarlierStaysWhateverTheResultsAndTheOrder() throws IOException {
        for (double value : new double[] {0.4, 0.6}) {
            RunRecord early = new RunRecordBuilder().value(0.5).at("one", EARLY).build();
            RunRecord late = new RunRecordBuilder().value(value).at("two", LATE).build();
            for (List<RunRecord> order : List.of(List.of(early, late), List.of(late, early))) {
                RunStore target = store();
                StoreMerge merge = new StoreMerge(target);
                for (RunRecord run : order) {
                    merge.add(store(run));
                }
                merge.add(store(late));
                StoreMerge.Outcome outcome = merge.finish();

                assertThat(target.all()).containsExactly(early);
                assertThat(target.replicas()).containsExactly(late);
                assertThat(outcome.noise())
                        .singleElement()
                        .satisfies(
                                noise -> {
                                    assertThat(noise.runs()).isEqualTo(1);
                                    assertThat(noise.equal()).isZero();
                                    assertThat(noise.mean()).isEqualTo(value - 0.5);
                                });
                assertThat(RunsCsv.read(target.directory().resolve("runs.csv"))).hasSize(1);
            }
        }
    }

    @Test
    void secondResultOfAReplicasPlaceIsRefused() throws IOException {
        RunStore target = store(new RunRecordBuilder().at("one", EARLY).build());
        StoreMerge merge = new StoreMerge(target);
        merge.add(store(new RunRecordBuilder().value(0.4).at("two", LATE).build()));

        assertThatIOException()
                .isThrownBy(
                        () ->
                                merge.add(
                                        store(
                                                new RunRecordBuilder()
                                                        .value(0.3)
                                                        .at("two", LATE)
                                                        .build())))
                .withMessageContaining("from one place (cpu two)");
    }

    @Test
    void unlikeProblemsUnderOneNameAreRefusedWithWhatDiffers() throws IOException {
        RunStore target = store(new RunRecordBuilder().build());

        assertThatIOException()
                .isThrownBy(
                        () ->
                                new StoreMerge(target)
                                        .add(
                                                store(
                                                        new RunRecordBuilder()
                                                                .run(7)
                                                                .epochLimit(24)
                                                                .build())))
                .withMessageContaining("The stores are not alike")
                .withMessageContaining(
                        "friedman1 64-32 paper differs in protocol.epochs: 1000 and 24");
        assertThatIOException()
                .isThrownBy(
                        () ->
                                new StoreMerge(target)
                                        .add(
                                                store(
                                                        new RunRecordBuilder()
                                                                .run(7)
                                                                .learningRate(0.01)
                                                                .build())))
                .withMessageContaining(
                        "Adam:none differs in optimizer.options.learning-rate: 0.001 and 0.01");
        assertThat(target.all()).hasSize(1);
    }

    /** A run for whose optimizer nothing could be chosen. */
    static PlannedRun withoutChoice(PlannedRun run) {
        ObjectNode json = run.question().json();
        ((ObjectNode) json.get(Question.OPTIMIZER)).remove("options");
        ((ObjectNode) json.get(Question.OPTIMIZER)).putArray(Question.TRIED).addObject();
        return run.asking(Question.of(json));
    }

    @Test
    void planWithoutAChoiceGivesWayToOneWithIt() throws IOException {
        PlannedRun chosen = new RunRecordBuilder().planned();
        RunStore without = store();
        without.plan("study", "", 1, List.of(withoutChoice(chosen)));
        RunStore with = store(new RunRecordBuilder().build());
        with.plan("study", "", 1, List.of(chosen));
        RunStore one = store();
        RunStore other = store();

        merge(one, without, with);
        merge(other, with, without);

        assertThat(one.plan().orElseThrow().runs()).containsExactly(chosen);
        assertThat(other.plan().orElseThrow().runs()).containsExactly(chosen);
    }

    @Test
    void twoUnknownPlacesAreNotCalledOne() throws IOException {
        RunStore target = store(new RunRecordBuilder().nowhere().build());
        RunStore other = store(new RunRecordBuilder().nowhere().value(0.25).build());

        merge(target, target);
        assertThatIOException()
                .isThrownBy(() -> merge(target, other))
                .withMessageContaining("rmse 0.5 after 1 epochs and rmse 0.25 after 1 epochs")
                .withMessageContaining(", and where each was made is not known. Nothing was merged")
                .satisfies(e -> assertThat(e).hasMessageNotContaining("one place"));
    }

    @Test
    void storesOfTwoStudiesAreRefused() throws IOException {
        PlannedRun run = new RunRecordBuilder().planned();
        RunStore one = store();
        one.plan("one", "", 1, List.of(run));
        RunStore two = store();
        two.plan("two", "", 1, List.of(run));
        RunStore target = store(new RunRecordBuilder().run(7).build());

        merge(target, one);
        assertThatIOException()
                .isThrownBy(() -> merge(target, two))
                .withMessageContaining(two.directory() + " holds runs of the study two")
                .withMessageContaining("the others those of one");
        assertThat(target.plan().orElseThrow().study()).isEqualTo("one");
    }

    @Test
    void ofSeveralStoresAllAreMergedOrNone() throws IOException {
        RunStore target = store();
        RunRecord run = new RunRecordBuilder().build();
        RunStore good = store(run);
        good.plan("study", "", 1, List.of(run.planned()));
        StoreMerge merge = new StoreMerge(target);
        merge.add(good);

        assertThatIOException()
                .isThrownBy(() -> merge.add(store(new RunRecordBuilder().value(0.25).build())))
                .withMessageContaining("Nothing was merged");
        assertThatIOException()
                .isThrownBy(() -> merge.add(store(new RunRecordBuilder().epochLimit(9).build())))
                .withMessageContaining("none was merged");
        assertThat(target.all()).isEmpty();
        assertThat(target.plan()).isEmpty();
    }

    @Test
    void runsThatNoPlanNamesAreLeftOutOfTheLines() throws IOException {
        RunStore target = store(new RunRecordBuilder().build());
        target.plan("study", "", 1, List.of(new RunRecordBuilder().run(1).planned()));

        StoreMerge.Outcome outcome = new StoreMerge(target).finish();

        assertThat(outcome.runs()).isEqualTo(1);
        assertThat(outcome.unplanned()).isEqualTo(1);
        assertThat(RunsCsv.read(target.directory().resolve("runs.csv")))
                .extracting(RunRow::status)
                .containsExactly(RunStatus.MISSING);
        assertThat(target.all()).hasSize(1);
    }

    @Test
    void largerPlanSaysWhatIsReducedWhateverTheAliases() throws IOException {
        PlannedRun one = new RunRecordBuilder().aliases("0123456789abcdef").planned();
        RunStore part = store();
        part.plan("study", "1 of 2 seeds", 1, List.of(one));
        RunStore whole = store();
        whole.plan(
                "study",
                "",
                1,
                List.of(new RunRecordBuilder().planned(), new RunRecordBuilder().run(1).planned()));

        merge(part, whole);

        assertThat(part.plan().orElseThrow().reductions()).isEmpty();
        assertThat(part.plan().orElseThrow().runs()).hasSize(2).contains(one);
    }

    private void merge(RunStore target, RunStore... sources) throws IOException {
        StoreMerge merge = new StoreMerge(target);
        for (RunStore source : sources) {
            merge.add(source);
        }
        merge.finish();
    }

    private RunStore store(RunRecord... runs) throws IOException {
        RunStore store = new RunStore(directory.resolve("store" + stores++));
        for (RunRecord run : runs) {
            store.save(run);
        }
        return store;
    }
}
