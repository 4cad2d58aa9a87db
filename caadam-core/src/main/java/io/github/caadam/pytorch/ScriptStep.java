// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.ScriptArithmetic.name;
import static io.github.caadam.pytorch.ScriptArithmetic.text;
import static io.github.caadam.pytorch.SourceWriter.call;
import static io.github.caadam.pytorch.SourceWriter.keyword;

import io.github.caadam.rule.NewtonSchulz;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Scalar;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.StepNumbers;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.spi.GroupStep;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Writes a step of a group as source, by operations on lists of arrays, for single steps and for
 * compiled epochs alike.
 */
final class ScriptStep extends GroupStep implements ScriptArithmetic {

    /** A number of a step at which {@code 1−βᵗ} is 1 for every {@code β} that is below 1. */
    static final float LATE_STEP = 1e30f;

    private static final String NO_ARRAYS = "none";

    private final SourceWriter out;
    private final Names names;
    private final List<Slot> slots;
    private final Numbers numbers;
    private boolean ofArrays;

    /**
     * The names under which a program knows a group.
     *
     * @param weights the list of the parameters' values
     * @param gradients the list of their gradients
     * @param states the lists of the arrays of the recipe's slots
     * @param lateSteps a list of {@link #LATE_STEP}, as long as that of the values
     * @param decays whether decoupled weight decay applies
     * @param accumulates whether the engine adds to the gradients, so that a step has to zero them
     */
    record Names(
            String weights,
            String gradients,
            List<String> states,
            String lateSteps,
            boolean decays,
            boolean accumulates) {

        Names {
            states = List.copyOf(states);
        }
    }

    ScriptStep(SourceWriter out, UpdateRule rule, List<Slot> slots, Names names, Numbers numbers) {
        super(rule, new Variable(names.gradients()));
        this.out = out;
        this.names = names;
        this.slots = slots;
        this.numbers = numbers;
    }

    /** Writes what steps share, before the first of them. */
    static void writeBefore(SourceWriter out) {
        out.line(NO_ARRAYS + " = annotate(List[Tensor], [])");
    }

    @Override
    public Numbers numbers() {
        return numbers;
    }

    @Override
    public Operand let(String function, Object... arguments) {
        return new Variable(out.let("t", call("torch._foreach_" + function, arguments)));
    }

    private void write(String function, Object... arguments) {
        out.line(call("torch._foreach_" + function, arguments));
    }

    @Override
    public Operand weights() {
        return new Variable(names.weights());
    }

    @Override
    public Operand slot(String name) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).name().equals(name)) {
                return new Variable(names.states().get(i));
            }
        }
        throw new IllegalArgumentException(
                "The rule has no slot \"" + name + "\"; its slots are " + slots + ".");
    }

    @Override
    public Operand abs(Operand a) {
        return let("abs", name(a));
    }

    @Override
    public Operand sqrt(Operand a) {
        return let("sqrt", name(a));
    }

    /**
     * Returns whether what was written takes an array as a whole somewhere, so that the lists must
     * have an array for each parameter. Otherwise they may have any pieces of them.
     */
    boolean isOfArrays() {
        return ofArrays;
    }

    @Override
    public Operand norm(Operand a) {
        ofArrays = true;
        return let("norm", name(a), keyword("ord", 2));
    }

    @Override
    public Operand mean(Operand a) {
        return each(a, (array, target) -> out.line(target + " = " + call("torch.mean", array)));
    }

    @Override
    public Operand meanOfRows(Operand a) {
        return mean(a, 1);
    }

    @Override
    public Operand meanOfColumns(Operand a) {
        return mean(a, 2);
    }

    /** The means over a dimension, counted from the last. */
    private Operand mean(Operand a, int fromLast) {
        return each(
                a,
                (array, target) -> {
                    out.begin("if " + call("torch.dim", array) + " < " + fromLast + ":");
                    out.line(target + " = " + array);
                    out.end();
                    out.begin("else:");
                    String axis = "[-" + fromLast + "]";
                    out.line(target + " = " + call("torch.mean", array, axis, true));
                    out.end();
                });
    }

    /** Writes a loop over the arrays of an operand; the body assigns one to a name. */
    private Operand each(Operand a, BiConsumer<String, String> body) {
        ofArrays = true;
        String results = out.let("t", "annotate(List[Tensor], [])");
        String i = out.name("i");
        out.begin("for " + i + " in range(" + call("torch.len", name(a)) + "):");
        String target = out.name("x");
        body.accept(out.let("x", name(a) + "[" + i + "]"), target);
        out.line(call(results + ".append", target));
        out.end();
        return new Variable(results);
    }

    @Override
    public Operand orthogonalize(Operand a, NewtonSchulz iteration) {
        return each(a, (array, target) -> writeOrthogonal(array, target, iteration));
    }

    private void writeOrthogonal(String array, String target, NewtonSchulz iteration) {
        String flat = out.name("x");
        out.begin("if " + call("torch.dim", array) + " < 2:");
        out.line(flat + " = " + call("torch.reshape", array, "[-1, 1]"));
        out.end();
        out.begin("else:");
        out.line(flat + " = " + call("torch.flatten", array, 1, -1));
        out.end();
        String tall = call("torch.size", flat, 0) + " > " + call("torch.size", flat, 1);
        String isTall = out.let("b", tall);
        String x = out.name("x");
        writeTransposedIf(isTall, x, flat);
        String norm = call("torch.clamp_min", call("torch.norm", x), iteration.epsilon());
        out.line(x + " = " + call("torch.div", x, norm));
        out.begin("for " + out.name("i") + " in range(" + iteration.steps() + "):");
        String gram = out.let("x", call("torch.matmul", x, call("torch.t", x)));
        String polynomial = out.let("x", addmm(gram, gram, gram, iteration.b(), iteration.c()));
        out.line(x + " = " + addmm(x, polynomial, x, iteration.a(), 1));
        out.end();
        String upright = out.name("x");
        writeTransposedIf(isTall, upright, x);
        out.line(target + " = " + call("torch.reshape", upright, call("torch.size", array)));
    }

    /** {@code beta·a + alpha·bc}. */
    private static String addmm(String a, String b, String c, double beta, double alpha) {
        return call("torch.addmm", a, b, c, keyword("beta", beta), keyword("alpha", alpha));
    }

    private void writeTransposedIf(String condition, String target, String source) {
        out.begin("if " + condition + ":");
        out.line(target + " = " + call("torch.t", source));
        out.end();
        out.begin("else:");
        out.line(target + " = " + source);
        out.end();
    }

    @Override
    public Operand clamp(Operand a, double low, double high) {
        return let("clamp_max", name(clampMin(a, low)), high);
    }

    @Override
    public Operand clampMin(Operand a, double low) {
        return let("clamp_min", name(a), low);
    }

    @Override
    public Operand lerp(Operand a, Operand b, double weight) {
        return let("lerp", name(a), name(b), weight);
    }

    @Override
    public void lerpInPlace(Operand target, Operand b, Scalar weight) {
        write("lerp_", name(target), name(b), text(weight));
    }

    @Override
    public void lerpInPlace(Operand target, Operand b, double weight) {
        write("lerp_", name(target), name(b), weight);
    }

    @Override
    public void mulInPlace(Operand target, double k) {
        write("mul_", name(target), k);
    }

    @Override
    public void maximumInPlace(Operand target, Operand b) {
        write("maximum_", name(target), name(b));
    }

    @Override
    public void addInPlace(Operand target, Operand b, Scalar k) {
        write("add_", name(target), name(b), keyword("alpha", text(k)));
    }

    @Override
    public void addcmulInPlace(Operand target, Operand a, Operand b, double k) {
        write("addcmul_", name(target), name(a), name(b), keyword("value", k));
    }

    @Override
    public void addcdivInPlace(Operand target, Operand a, Operand b, Scalar k) {
        write("addcdiv_", name(target), name(a), name(b), keyword("value", text(k)));
    }

    @Override
    public void adam(
            Operand first,
            Operand second,
            Scalar rate,
            double beta1,
            double beta2,
            Scalar epsilon) {
        writeAdam(name(first), name(second), NO_ARRAYS, rate, beta1, beta2, epsilon, false);
    }

    @Override
    public void amsgrad(
            Operand first,
            Operand second,
            Operand largest,
            Scalar rate,
            double beta1,
            double beta2,
            Scalar epsilon) {
        writeAdam(name(first), name(second), name(largest), rate, beta1, beta2, epsilon, true);
    }

    /** The kernel's own bias corrections are turned off by a late step: the rate has them. */
    private void writeAdam(
            String first,
            String second,
            String largest,
            Scalar rate,
            double beta1,
            double beta2,
            Scalar epsilon,
            boolean amsgrad) {
        out.line(
                call(
                        "torch._fused_adam_",
                        names.weights(),
                        name(treated()),
                        first,
                        second,
                        largest,
                        names.lateSteps(),
                        keyword("lr", text(rate)),
                        keyword("beta1", beta1),
                        keyword("beta2", beta2),
                        keyword("weight_decay", weightDecay()),
                        keyword("eps", text(epsilon)),
                        keyword("amsgrad", amsgrad),
                        keyword("maximize", false)));
    }

    @Override
    public void momentum(
            Operand velocity,
            ToDoubleFunction<StepNumbers> rate,
            double momentum,
            boolean nesterov) {
        out.line(
                call(
                        "torch._fused_sgd_",
                        names.weights(),
                        name(treated()),
                        name(velocity),
                        keyword("weight_decay", weightDecay()),
                        keyword("momentum", momentum),
                        keyword("lr", text(number(rate))),
                        keyword("dampening", 0.0),
                        keyword("nesterov", nesterov),
                        keyword("maximize", false),
                        keyword("is_first_step", false)));
    }

    /** PyTorch 2.7 has this kernel for CPUs only. */
    @Override
    public void adagrad(Operand sum, ToDoubleFunction<StepNumbers> rate, double epsilon) {
        out.begin("if ops.prim.is_cuda(" + names.weights() + "[0]):");
        super.adagrad(sum, rate, epsilon);
        out.end();
        out.begin("else:");
        out.line(
                call(
                        "torch._fused_adagrad_",
                        names.weights(),
                        name(treated()),
                        name(sum),
                        names.lateSteps(),
                        keyword("lr", text(number(rate))),
                        keyword("lr_decay", 0.0),
                        keyword("weight_decay", weightDecay()),
                        keyword("eps", epsilon),
                        keyword("maximize", false)));
        out.end();
    }

    @Override
    protected Operand totalNorm(List<Operand> norms) {
        String all = norms.stream().map(ScriptArithmetic::name).collect(Collectors.joining(" + "));
        return new Variable(out.let("n", call("torch.norm", call("torch.stack", all))));
    }

    @Override
    protected Operand scaledDown(Operand a, double k, Operand norm) {
        String bounded = out.let("n", call("torch.clamp_min", name(norm), k));
        return let("div", name(mul(a, constant(k))), bounded);
    }

    @Override
    protected Operand ofParameters(Operand number) {
        String typed = out.let("n", call("torch.to", name(number), names.weights() + "[0]"));
        String count = call("torch.len", names.weights());
        return new Variable(out.let("t", call("torch.mul", "[" + typed + "]", count)));
    }

    @Override
    protected Operand total(Operand a, Scalar k) {
        String sums = out.let("n", "annotate(List[Tensor], [])");
        out.begin("for k in range(" + call("torch.len", name(a)) + "):");
        String sum = call("torch.sum", name(a) + "[k]");
        out.line(call(sums + ".append", call("torch.to", sum, SourceWriter.FLOAT64)));
        out.end();
        String total = out.let("n", call("torch.sum", call("torch.stack", sums)));
        return new Variable(out.let("n", call("torch.mul", total, text(k))));
    }

    @Override
    public boolean decays() {
        return names.decays();
    }

    /**
     * Subtracts {@code α·λ·θ}, rather than multiplying with {@code 1 − α·λ} as PyTorch's kernels
     * do: that rounds {@code α·λ} to a multiple of 6e-8, often by more than a thousandth, and to
     * the same side in every step.
     */
    @Override
    protected void decay() {
        addInPlace(weights(), weights(), number(n -> -n.decay()));
    }

    @Override
    protected void clear(Operand slot) {
        write("zero_", name(slot));
    }

    @Override
    protected void clearGradients() {
        if (names.accumulates()) {
            write("zero_", names.gradients());
        }
    }
}
