// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import ai.djl.training.optimizer.Optimizer;
import io.github.caadam.plugin.Named;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/**
 * DJL's own optimizers, by the names of their classes in lower case. A name that the suite gives to
 * an optimizer of its own is left to that; {@code class} reaches DJL's. Not every engine runs all
 * of them.
 */
public final class DjlOptimizers implements ComponentSet {

    /** Creates the set. */
    public DjlOptimizers() {}

    @Override
    public Kind kind() {
        return Kind.OPTIMIZER;
    }

    @Override
    public List<? extends Named> members() {
        return Arrays.stream(Optimizer.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getParameterCount() == 0)
                .map(method -> method.getReturnType().getEnclosingClass())
                .filter(type -> type != null && Optimizer.class.isAssignableFrom(type))
                .map(OptimizerClasses::named)
                .toList();
    }

    @Override
    public boolean givesWay() {
        return true;
    }
}
