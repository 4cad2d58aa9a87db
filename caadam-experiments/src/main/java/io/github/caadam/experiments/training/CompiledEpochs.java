// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.training;

import io.github.caadam.training.CompiledEpoch;

/** Epochs as one call of a generated program each. */
final class CompiledEpochs implements Epochs {

    private final CompiledEpoch compiled;
    private final FittedRows rows;

    CompiledEpochs(CompiledEpoch compiled, FittedRows rows) {
        this.compiled = compiled;
        this.rows = rows;
    }

    @Override
    public Execution execution() {
        return Execution.COMPILED;
    }

    @Override
    public double train(int[] order) {
        return compiled.run(rows.features(), rows.targets(), order);
    }

    @Override
    public double validate() {
        return compiled.evaluate(rows.validationFeatures(), rows.validationTargets());
    }

    @Override
    public void close() {
        compiled.close();
    }
}
