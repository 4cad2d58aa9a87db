package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import ai.djl.Device;
import io.github.caadam.optimizer.OptimizerSettings;
import java.util.List;

/**
 * Keeps moments out of the range of denormal numbers, in which a CPU is some 15 times slower. The
 * first moments of the weights of a dead unit decay by {@code β₁} a step and then <em>stick</em>
 * there for ever: 0.9 times four units of the smallest number rounds to four units.
 *
 * <p>Adding a constant {@code c} and subtracting it again leaves a number above {@code 2²⁴c} as it
 * is, rounds one between that and {@code c}, moves one below {@code c} by at most {@code 2⁻²³c},
 * and makes the smallest zero. With {@code c = 1e-28} first moments move by at most 1.2e-35, while
 * the roots of second moments are 1e-19 or more, or zero, and then 1.2e-35 is divided by {@code ε}.
 * With {@code c = 1e-30} second moments move by at most 1.2e-37, their roots by 3.5e-19, which
 * vanishes when {@code ε} is added to it, if {@code ε} is above {@code 2²⁴} times that; if it is
 * not, nothing is flushed.
 */
final class DenormalCode {

    /**
     * After so many steps again; the smallest first moment that is not made zero, 6e-36, times 0.9
     * to this power is still a normal number, and so is the smallest second moment, 9e-38, times
     * 0.999 to this power.
     */
    static final int INTERVAL = 32;

    private static final double FIRST_MOMENT = 1e-28;
    private static final double SECOND_MOMENT = 1e-30;
    private static final float SMALLEST_EPSILON = 1e-11f;

    private DenormalCode() {}

    /**
     * Returns whether moments are to be flushed.
     *
     * @param settings the optimizer's settings
     * @param device where it works; GPUs are as fast with denormal numbers
     */
    static boolean isNeeded(OptimizerSettings settings, Device device) {
        return !device.isGpu() && settings.epsilon() >= SMALLEST_EPSILON;
    }

    /**
     * Returns whether moments are to be flushed after a step.
     *
     * @param step the number of the step, from 1, so that every executor flushes after the same
     */
    static boolean isDue(int step) {
        return step % INTERVAL == 0;
    }

    /**
     * Writes it.
     *
     * @param out where to
     * @param states the names of the lists of the arrays that the optimizer keeps
     */
    static void write(SourceWriter out, List<String> states) {
        flush(out, states.get(0), FIRST_MOMENT);
        for (String second : states.subList(1, states.size())) {
            flush(out, second, SECOND_MOMENT);
        }
    }

    private static void flush(SourceWriter out, String arrays, double constant) {
        out.line(call("torch._foreach_add_", arrays, constant));
        out.line(call("torch._foreach_sub_", arrays, constant));
    }
}
