// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import io.github.caadam.experiments.component.Kind;
import io.github.caadam.experiments.component.NameFamily;
import io.github.caadam.plugin.Named;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Multilayer perceptrons by the units of their hidden layers, such as {@code mlp:64-32}. */
public final class MlpFamily implements NameFamily {

    static final String NAME = "mlp";

    private static final Pattern UNITS = Pattern.compile("[1-9][0-9]{0,5}(-[1-9][0-9]{0,5})*");

    /** Creates the family. */
    public MlpFamily() {}

    @Override
    public Kind kind() {
        return Kind.MODEL;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "any multilayer perceptron with ReLU";
    }

    @Override
    public String usage() {
        return "mlp:UNITS-UNITS-… with the units of the hidden layers, such as mlp:64-32";
    }

    @Override
    public Optional<Named> member(String argument) {
        if (!UNITS.matcher(argument).matches()) {
            return Optional.empty();
        }
        List<Integer> units = Arrays.stream(argument.split("-", -1)).map(Integer::valueOf).toList();
        return Optional.of(new Mlp(argument, units));
    }
}
