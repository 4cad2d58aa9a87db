// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.ScriptArithmetic.name;
import static io.github.caadam.pytorch.ScriptArithmetic.text;
import static io.github.caadam.pytorch.SourceWriter.call;

import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.spi.WholeStep;
import java.util.List;

/** Writes what the {@link ScriptStep}s of a step have in common, as operations on single arrays. */
final class ScriptWholeStep extends WholeStep implements ScriptArithmetic {

    /** The name of the list of the rule's numbers of the network. */
    static final String NUMBERS = "N";

    private final SourceWriter out;
    private final Numbers numbers;

    /**
     * Begins a step.
     *
     * @param out where it is written
     * @param rule the rule's numbers of the network
     * @param numbers gives names to the numbers of the network's steps
     */
    ScriptWholeStep(SourceWriter out, List<NetworkNumber> rule, Numbers numbers) {
        super(rule);
        this.out = out;
        this.numbers = numbers;
    }

    @Override
    public Numbers numbers() {
        return numbers;
    }

    @Override
    public Operand let(String function, Object... arguments) {
        return new Variable(out.let("w", call("torch." + function, arguments)));
    }

    private static String number(int place) {
        return NUMBERS + "[" + place + "]";
    }

    @Override
    protected Operand value(int place) {
        return let("clone", number(place));
    }

    @Override
    protected void assign(int place, Operand value) {
        out.line(call("torch.copy_", number(place), name(value)));
    }

    @Override
    public Operand pow(Operand a, double exponent) {
        return let("pow", name(a), exponent);
    }

    @Override
    public Operand maximum(Operand a, Operand b) {
        return let("maximum", name(a), name(b));
    }

    @Override
    public Operand minimum(Operand a, Operand b) {
        return let("minimum", name(a), name(b));
    }

    @Override
    public Operand clampMin(Operand a, Scalar low) {
        return let("clamp_min", name(a), text(low));
    }
}
