// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Text in LaTeX: what LaTeX would interpret is escaped, and what pdfTeX's standard fonts have no
 * glyph for is written as a command, as its nearest spelling, or as its code point, so that any
 * text compiles.
 */
final class LatexText {

    private static final Map<Integer, String> COMMANDS =
            commands(
                    Map.ofEntries(
                            Map.entry("\\", "\\textbackslash{}"),
                            Map.entry("~", "\\textasciitilde{}"),
                            Map.entry("^", "\\textasciicircum{}"),
                            Map.entry("<", "\\textless{}"),
                            Map.entry(">", "\\textgreater{}"),
                            Map.entry("|", "\\textbar{}"),
                            Map.entry("&", "\\&"),
                            Map.entry("%", "\\%"),
                            Map.entry("$", "\\$"),
                            Map.entry("#", "\\#"),
                            Map.entry("_", "\\_"),
                            Map.entry("{", "\\{"),
                            Map.entry("}", "\\}"),
                            // Behind the end of a line, a bracket would start its options.
                            Map.entry("[", "{[}"),
                            Map.entry("]", "{]}"),
                            Map.entry("\u2013", "--"),
                            Map.entry("\u2014", "---"),
                            Map.entry("\u2018", "`"),
                            Map.entry("\u2019", "'"),
                            Map.entry("\u201c", "``"),
                            Map.entry("\u201d", "''"),
                            Map.entry("\u2212", "$-$"),
                            Map.entry("\u2026", "\\dots{}"),
                            Map.entry("ß", "\\ss{}"),
                            Map.entry("æ", "\\ae{}"),
                            Map.entry("Æ", "\\AE{}"),
                            Map.entry("œ", "\\oe{}"),
                            Map.entry("Œ", "\\OE{}"),
                            Map.entry("ø", "\\o{}"),
                            Map.entry("Ø", "\\O{}"),
                            Map.entry("ł", "\\l{}"),
                            Map.entry("Ł", "\\L{}"),
                            Map.entry("ı", "\\i{}")),
                    "±pm ×times ÷div ·cdot ≤leq ≥geq ≠neq ≈approx ≡equiv ∞infty ∂partial ∇nabla"
                            + " ∑sum ∏prod ∫int √surd ∈in ∅emptyset →to ←leftarrow ⇒Rightarrow"
                            + " αalpha βbeta γgamma δdelta εvarepsilon ϵepsilon ζzeta ηeta θtheta"
                            + " ιiota κkappa λlambda μmu µmu νnu ξxi πpi ρrho σsigma ςvarsigma τtau"
                            + " υupsilon φvarphi ϕphi χchi ψpsi ωomega ΓGamma ΔDelta ΘTheta ΛLambda"
                            + " ΞXi ΠPi ΣSigma ΥUpsilon ΦPhi ΨPsi ΩOmega");

    private static final Map<Integer, String> ACCENTS =
            Map.ofEntries(
                    Map.entry(0x300, "\\`"),
                    Map.entry(0x301, "\\'"),
                    Map.entry(0x302, "\\^"),
                    Map.entry(0x303, "\\~"),
                    Map.entry(0x304, "\\="),
                    Map.entry(0x306, "\\u"),
                    Map.entry(0x307, "\\."),
                    Map.entry(0x308, "\\\""),
                    Map.entry(0x30a, "\\r"),
                    Map.entry(0x30b, "\\H"),
                    Map.entry(0x30c, "\\v"),
                    Map.entry(0x327, "\\c"));

    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
    private static final int FIRST_BEYOND_ASCII = 0x80;

    private LatexText() {}

    private static Map<Integer, String> commands(Map<String, String> text, String math) {
        Map<Integer, String> all =
                text.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        one -> one.getKey().codePointAt(0), Map.Entry::getValue));
        for (String one : math.split(" ", -1)) {
            all.put(one.codePointAt(0), "$\\" + one.substring(1) + "$");
        }
        return Map.copyOf(all);
    }

    /** Escapes a text. */
    static String escape(String plain) {
        StringBuilder escaped = new StringBuilder();
        plain.codePoints().forEach(one -> escaped.append(escape(one)));
        return escaped.toString();
    }

    private static String escape(int one) {
        String command = COMMANDS.get(one);
        if (command != null) {
            return command;
        }
        if (one < FIRST_BEYOND_ASCII) {
            return Character.isISOControl(one) ? " " : Character.toString(one);
        }
        int superscript = SUPERSCRIPTS.indexOf(one);
        if (superscript >= 0) {
            return "$^{" + superscript + "}$";
        }
        int subscript = SUBSCRIPTS.indexOf(one);
        return subscript >= 0 ? "$_{" + subscript + "}$" : spell(one);
    }

    /** As a letter with its accent, as compatible ASCII, or as the code point. */
    private static String spell(int one) {
        int[] parts =
                Normalizer.normalize(Character.toString(one), Normalizer.Form.NFD)
                        .codePoints()
                        .toArray();
        if (parts.length == 2 && isAscii(parts[0]) && ACCENTS.containsKey(parts[1])) {
            return ACCENTS.get(parts[1]) + "{" + Character.toString(parts[0]) + "}";
        }
        String compatible = Normalizer.normalize(Character.toString(one), Normalizer.Form.NFKC);
        return compatible.codePoints().allMatch(LatexText::isAscii)
                ? escape(compatible)
                : String.format(Locale.ROOT, "{[}U+%04X{]}", one);
    }

    private static boolean isAscii(int one) {
        return one < FIRST_BEYOND_ASCII;
    }
}
