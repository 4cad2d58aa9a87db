// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.experiments.component.ComponentSet;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSource;
import java.util.List;

/** The data sets that the suite has. */
public final class SuiteData implements ComponentSet {

    private static final List<DataSource> ALL =
            List.of(
                    new CaliforniaHousing(),
                    new Friedman1(),
                    Cifar.ten(),
                    Cifar.hundred(),
                    new FashionMnist());

    /** Creates the set. */
    public SuiteData() {}

    @Override
    public Kind kind() {
        return Kind.DATA;
    }

    @Override
    public List<DataSource> members() {
        return ALL;
    }
}
