// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * The runs of all studies of the suite keep their ids, those of format 1, and their labels. The
 * digests were made by commit 05b709b, which read the studies in the format of before: SHA-256 over
 * the sorted lines of a study's runs. Of a study that tunes, they are those that try rates, and all
 * others at one rate.
 */
class StudyIdsTest {

    private static final Catalog CATALOG = Catalog.ofSuite();

    @ParameterizedTest
    @CsvFileSource(resources = "/golden/study-ids.csv", useHeadersInDisplayName = true)
    void runsKeepTheirIdsAndLabels(
            String study, String part, int runs, String ids, String labels, String formerIds)
            throws IOException {
        Study read = StudyReader.read(study, CATALOG);
        List<RunSpec> specs = part(read, part).runSpecs();
        List<String> foundIds = new ArrayList<>();
        List<String> foundLabels = new ArrayList<>();
        List<String> foundFormer = new ArrayList<>();
        for (RunSpec spec : specs) {
            String digest = "digest of " + spec.labels().data();
            PlannedRun planned = spec.planned(facts(spec.labels().data(), digest));
            foundIds.add(planned.id());
            foundFormer.add(spec.formerId(digest).orElseThrow());
            foundLabels.add(
                    String.join(
                            " | ",
                            planned.id(),
                            planned.architecture(),
                            planned.optimizer(),
                            planned.strategy(),
                            planned.protocol(),
                            planned.metric()));
        }

        assertThat(specs).hasSize(runs);
        assertThat(digest(foundIds)).as("ids").isEqualTo(ids);
        assertThat(digest(foundLabels)).as("labels").isEqualTo(labels);
        assertThat(digest(foundFormer)).as("ids of format 1").isEqualTo(formerIds);
    }

    private static Study part(Study study, String part) {
        if (part.equals("trials")) {
            return study.tuningStudy().orElseThrow();
        }
        if (part.startsWith("weights ")) {
            return study.withWeightsSeed(Integer.parseInt(part.substring("weights ".length())));
        }
        return part.startsWith("at ")
                ? decided(study, Double.parseDouble(part.substring("at ".length())))
                : study;
    }

    private static Study decided(Study study, double rate) {
        Map<TuningCase, Tuner.Candidate> chosen = new HashMap<>();
        for (TuningCase one : study.tuningCases()) {
            one.tuner().candidates().stream()
                    .filter(tried -> tried.options().get("learning-rate").equals(rate))
                    .forEach(tried -> chosen.put(one, tried));
        }
        return study.withChosen(chosen);
    }

    private static DataFacts facts(String data, String digest) {
        boolean images = data.startsWith("cifar") || data.startsWith("fashion");
        return new DataFacts(
                digest,
                Optional.of(
                        new DataSignature(
                                images ? Task.CLASSIFICATION : Task.REGRESSION,
                                new Shape(8),
                                images ? 10 : 1,
                                TargetScale.NONE)));
    }

    private static String digest(List<String> lines) {
        Collections.sort(lines);
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(
                                            String.join("\n", lines)
                                                    .getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
