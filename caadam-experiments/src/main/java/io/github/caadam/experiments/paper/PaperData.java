// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.component.ComponentSet;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSource;
import java.util.List;

/** The data sets of the paper. */
public final class PaperData implements ComponentSet {

    private static final List<DataSource> ALL =
            List.of(new CaliforniaHousing(), Cifar.ten(), Cifar.hundred(), new FashionMnist());

    /** Creates the set. */
    public PaperData() {}

    @Override
    public Kind kind() {
        return Kind.DATA;
    }

    @Override
    public List<DataSource> members() {
        return ALL;
    }
}
