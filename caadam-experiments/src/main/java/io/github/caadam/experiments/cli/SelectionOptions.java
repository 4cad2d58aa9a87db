// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import io.github.caadam.experiments.study.Study;
import picocli.CommandLine.Option;

/** Which part of a study is meant. */
final class SelectionOptions {

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Seeds per configuration (default: the study's).")
    private Integer runs;

    @Option(
            names = "--only",
            paramLabel = "FILTER",
            description = "Only these models and optimizers, such as mlp:64-32,sgd.")
    private String only;

    /**
     * Returns the part of a study.
     *
     * @param study the whole study
     * @return the study with the models, optimizers and seeds that were asked for
     * @throws IllegalArgumentException if it has none of a name, or the number of seeds is below 1
     */
    Study of(Study study) {
        Study chosen = only == null ? study : study.only(only);
        return runs == null ? chosen : chosen.withSeeds(runs);
    }
}
