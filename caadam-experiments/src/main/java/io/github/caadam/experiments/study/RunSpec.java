// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.experiments.dataset.DatasetRegistry;
import io.github.caadam.experiments.model.ModelSpec;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.training.Execution;
import io.github.caadam.experiments.training.OptimizerSpec;
import io.github.caadam.experiments.training.Protocol;
import io.github.caadam.plugin.Task;
import java.util.List;

/**
 * One run of a study, before it is run.
 *
 * @param dataset the data set's name
 * @param model the network
 * @param optimizer the optimizer
 * @param protocol the protocol
 * @param seed the seed, which is also the index of the run among those of its configuration; where
 *     a study tunes, the first ones are those of the tuning
 * @param execution how epochs are executed
 */
public record RunSpec(
        String dataset,
        ModelSpec model,
        OptimizerSpec optimizer,
        Protocol protocol,
        int seed,
        Execution execution) {

    /**
     * Returns what the run asks.
     *
     * @param dataDigest the digest of the data
     * @return all that determines its result
     */
    public Question question(String dataDigest) {
        return Identity.question(this, dataDigest);
    }

    /**
     * Returns the run's id: a hash of everything that determines its result.
     *
     * @param dataDigest the digest of the data
     * @return 16 hex digits
     */
    public String id(String dataDigest) {
        return question(dataDigest).id();
    }

    /**
     * Returns the id that the run had in stores of format 1.
     *
     * @param dataDigest the digest of the data
     * @return 16 hex digits, which depend on the execution and on whether the learning rate was
     *     chosen by trying several
     */
    public String formerId(String dataDigest) {
        return Identity.formerId(this, dataDigest);
    }

    /**
     * Returns this run with another execution of epochs, which is no part of what it asks.
     *
     * @param other how epochs are executed
     * @return the run
     */
    public RunSpec withExecution(Execution other) {
        return new RunSpec(dataset, model, optimizer, protocol, seed, other);
    }

    /**
     * Returns the run as a plan has it.
     *
     * @param dataDigest the digest of the data
     * @return what it asks and what it is called
     */
    public PlannedRun planned(String dataDigest) {
        return new PlannedRun(
                question(dataDigest),
                List.of(),
                model.architecture(),
                optimizer.optimizer(),
                optimizer.label(protocol),
                protocol.name(),
                DatasetRegistry.byName(dataset).task() == Task.REGRESSION ? "rmse" : "accuracy");
    }

    /**
     * Returns everything but the seed in a few words.
     *
     * @return data set, model and optimizer
     */
    public String configuration() {
        return dataset
                + " "
                + model.name()
                + " "
                + optimizer.optimizer()
                + ":"
                + optimizer.label(protocol);
    }

    /**
     * Returns the run in a few words.
     *
     * @return data set, model, optimizer and seed
     */
    public String label() {
        return configuration() + " seed " + seed;
    }
}
