// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.spark;

import io.github.caadam.experiments.execution.WorkerSettings;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What Spark sends to an executor: makes the one run of a partition, JSON in and JSON out. */
final class RunFunction extends AbstractFunction1<Iterator<String>, String>
        implements Serializable {

    private static final long serialVersionUID = 1L;

    private final WorkerSettings settings;

    RunFunction(WorkerSettings settings) {
        this.settings = settings;
    }

    @Override
    public String apply(Iterator<String> partition) {
        try {
            return Workers.make(partition.next(), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
