// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.rule.NetworkNumber;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.spi.WholeStep;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Writes what the {@link ScriptStep}s of a step have in common, as operations on single arrays. */
final class ScriptWholeStep extends WholeStep {

    /** The name of the list of the rule's numbers of the network. */
    static final String NUMBERS = "N";

    private final SourceWriter out;
    private final ScriptStep.Numbers numbers;

    /**
     * Begins a step.
     *
     * @param out where it is written
     * @param rule the rule's numbers of the network
     * @param numbers gives names to the numbers of the network's steps
     */
    ScriptWholeStep(SourceWriter out, List<NetworkNumber> rule, ScriptStep.Numbers numbers) {
        super(rule);
        this.out = out;
        this.numbers = numbers;
    }

    private Operand let(String function, Object... arguments) {
        return ScriptStep.operand(out.let("w", call("torch." + function, arguments)));
    }

    private static String name(Operand operand) {
        return ScriptStep.name(operand);
    }

    private static String text(Scalar scalar) {
        return ScriptStep.text(scalar);
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
    public Scalar constant(double value) {
        return ScriptStep.scalar(SourceWriter.literal(value));
    }

    @Override
    public Scalar number(ToDoubleFunction<StepNumbers> formula) {
        return ScriptStep.scalar(numbers.name(formula));
    }

    @Override
    public Operand sign(Operand a) {
        return let("sign", name(a));
    }

    @Override
    public Operand pow(Operand a, double exponent) {
        return let("pow", name(a), exponent);
    }

    @Override
    public Operand add(Operand a, Scalar k) {
        return let("add", name(a), text(k));
    }

    @Override
    public Operand add(Operand a, Operand b, Scalar k) {
        return let("add", name(a), name(b), keyword("alpha", text(k)));
    }

    @Override
    public Operand mul(Operand a, Scalar k) {
        return let("mul", name(a), text(k));
    }

    @Override
    public Operand mul(Operand a, Operand b) {
        return let("mul", name(a), name(b));
    }

    @Override
    public Operand div(Operand a, Operand b) {
        return let("div", name(a), name(b));
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
