// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

/** The kind of problem that a data set poses. */
public enum Task {
    /** A real-valued target: mean squared error as loss, RMSE and MAE as metrics. */
    REGRESSION,
    /** A class index as target: cross entropy as loss, accuracy as metric. */
    CLASSIFICATION
}
