// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names under which a program knows single parameters. */
final class ParameterNames {

    private final List<Parameter> trained;
    private final List<Parameter> others;
    private final Map<Parameter, String> names = new LinkedHashMap<>();

    /**
     * Names parameters.
     *
     * @param trained those that are trained
     * @param others those that are not: frozen ones, running statistics
     */
    ParameterNames(List<Parameter> trained, List<Parameter> others) {
        this.trained = trained;
        this.others = others;
        for (int i = 0; i < trained.size(); i++) {
            names.put(trained.get(i), "p" + i);
        }
        for (int i = 0; i < others.size(); i++) {
            names.put(others.get(i), "f" + i);
        }
    }

    List<Parameter> trained() {
        return trained;
    }

    List<Parameter> others() {
        return others;
    }

    boolean isTrained(Parameter parameter) {
        return trained.contains(parameter);
    }

    String name(Parameter parameter) {
        return names.get(parameter);
    }
}
