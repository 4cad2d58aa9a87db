package io.github.caadam.pytorch;

import java.util.List;

/**
 * The names under which a program knows a group of parameters whose steps have the same numbers.
 *
 * @param weights the list of the parameters' values
 * @param gradients the list of their gradients
 * @param states the lists of the arrays that the optimizer keeps
 * @param lateSteps a list of {@link AdamCode#LATE_STEP}, one for each parameter
 * @param numbers the numbers that {@link UpdateCode#numbers} gave for this step
 * @param decays whether decoupled weight decay applies
 */
record GroupNames(
        String weights,
        String gradients,
        List<String> states,
        String lateSteps,
        List<String> numbers,
        boolean decays) {

    GroupNames {
        states = List.copyOf(states);
        numbers = List.copyOf(numbers);
    }

    String moment() {
        return numbers.get(0);
    }

    String gradient() {
        return numbers.get(1);
    }

    String epsilon() {
        return numbers.get(2);
    }

    String decay() {
        return numbers.get(3);
    }
}
