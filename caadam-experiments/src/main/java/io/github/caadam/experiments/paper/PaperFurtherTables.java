// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.FurtherTables;
import io.github.caadam.experiments.report.ResultTable;
import java.util.ArrayList;
import java.util.List;

/**
 * The tables beside the paper's: {@code controls}, every configuration beside Adam at a fair
 * learning rate, and where runs drew their factors {@code sensitivity}, {@code sensitivity-fits}
 * and {@code sensitivity-coefficients}, what other factors could gain.
 */
public final class PaperFurtherTables implements FurtherTables {

    /** Makes the tables' maker, as {@link java.util.ServiceLoader} does. */
    public PaperFurtherTables() {}

    @Override
    public List<ResultTable> of(RunGroup group, String suffix) {
        List<ResultTable> tables = new ArrayList<>();
        ControlsTable.of(group, suffix).ifPresent(tables::add);
        tables.addAll(SensitivityTables.of(group, suffix));
        return tables;
    }
}
