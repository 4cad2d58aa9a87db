// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.optimizer.Adadelta;
import io.github.caadam.optimizer.Adafactor;
import io.github.caadam.optimizer.Adagrad;
import io.github.caadam.optimizer.Lamb;
import io.github.caadam.optimizer.Muon;
import io.github.caadam.optimizer.NAdamW;
import io.github.caadam.optimizer.Prodigy;
import io.github.caadam.optimizer.RAdam;
import io.github.caadam.optimizer.RmsProp;
import io.github.caadam.optimizer.ScheduleFreeAdamW;
import io.github.caadam.optimizer.Sgd;
import io.github.caadam.plugin.Named;
import java.util.List;
import java.util.stream.Stream;

/**
 * Optimizers of the library by the names of their classes, such as {@code sgd}, with the options of
 * their builders.
 */
public final class LibraryClasses implements ComponentSet {

    /** Creates the set. */
    public LibraryClasses() {}

    @Override
    public Kind kind() {
        return Kind.OPTIMIZER;
    }

    @Override
    public List<? extends Named> members() {
        return Stream.of(
                        Adadelta.class,
                        Adafactor.class,
                        Adagrad.class,
                        Lamb.class,
                        Muon.class,
                        NAdamW.class,
                        Prodigy.class,
                        RAdam.class,
                        RmsProp.class,
                        ScheduleFreeAdamW.class,
                        Sgd.class)
                .map(OptimizerClasses::named)
                .toList();
    }
}
