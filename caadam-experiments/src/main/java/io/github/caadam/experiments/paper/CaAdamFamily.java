// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.NameFamily;
import io.github.caadam.experiments.control.Scaling;
import io.github.caadam.plugin.Named;
import java.util.List;
import java.util.Optional;

/** CaAdam by the name of a strategy. */
public final class CaAdamFamily implements NameFamily {

    /** Creates the family. */
    public CaAdamFamily() {}

    @Override
    public Kind kind() {
        return Kind.OPTIMIZER;
    }

    @Override
    public String name() {
        return "caadam";
    }

    @Override
    public String description() {
        return "Adam with a scaling strategy";
    }

    @Override
    public String usage() {
        return "caadam:STRATEGY with one of " + String.join(", ", strategies());
    }

    private static List<String> strategies() {
        return Scaling.names().stream().filter(one -> !one.equals(Scaling.NONE.label())).toList();
    }

    @Override
    public Optional<Named> member(String argument) {
        return strategies().contains(argument)
                ? Optional.of(new CaAdamFactory(Scaling.byName(argument)))
                : Optional.empty();
    }
}
