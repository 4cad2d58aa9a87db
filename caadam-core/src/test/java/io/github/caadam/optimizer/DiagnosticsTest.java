// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.LibraryOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Finds out which optimizer solves which {@link DiagnosticProblem} at how many learning rates, and
 * holds a few rows of the table in the docs to it. With {@code -Ddiagnostics.write=true} it tries
 * all problems, which takes a minute or two, and writes the table.
 */
class DiagnosticsTest {

    private static final Path PAGE = Path.of("../docs/optimizers.md");
    private static final String BEGIN = "<!-- the table: made by DiagnosticsTest -->\n";
    private static final String END = "<!-- end of the table -->\n";

    private static final List<LibraryOptimizer> OPTIMIZERS =
            Stream.of(LibraryOptimizer.values())
                    .filter(one -> one != LibraryOptimizer.RULE)
                    .toList();

    /** The learning rates that are tried; each has the same number of steps. */
    private static final double[] RATES = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1};

    /** How many steps in a row must be at the target: passing by is not finding. */
    private static final int IN_A_ROW = 10;

    /** Another processor may round a borderline case to the other side. */
    private static final int ALLOWED_DIFFERENCE = 1;

    private static final Set<DiagnosticProblem> TRIED_BY_EVERY_BUILD =
            EnumSet.of(
                    DiagnosticProblem.BOWL,
                    DiagnosticProblem.BENT_VALLEY,
                    DiagnosticProblem.SADDLE,
                    DiagnosticProblem.PLATEAU);

    @Test
    void docsSayWhichProblemsAreSolved() throws IOException {
        if (Boolean.getBoolean("diagnostics.write")) {
            write(EnumSet.allOf(DiagnosticProblem.class));
        }
        List<String> page = Files.readAllLines(PAGE);

        assertThat(page).contains(row("problem", DiagnosticsTest::title));
        for (DiagnosticProblem problem : DiagnosticProblem.values()) {
            List<Integer> told = numbers(page, problem.title());
            assertThat(told).as(problem.title()).hasSameSizeAs(OPTIMIZERS);
            for (int i = 0; TRIED_BY_EVERY_BUILD.contains(problem) && i < told.size(); i++) {
                int found = rates(OPTIMIZERS.get(i), problem);
                assertThat(told.get(i))
                        .as("%s, %s (-Ddiagnostics.write=true)", problem, OPTIMIZERS.get(i))
                        .isBetween(found - ALLOWED_DIFFERENCE, found + ALLOWED_DIFFERENCE);
            }
        }
    }

    /** Gradients are those of the losses, but for noise and unlike scales, which only they have. */
    @ParameterizedTest
    @EnumSource(
            names = {"KINK", "SPARSE", "NOISE", "OUTLIERS"},
            mode = EnumSource.Mode.EXCLUDE)
    void gradientsPointAlongTheLoss(DiagnosticProblem problem) {
        double[] at = problem.start();
        Random random = new Random(3);
        for (int i = 0; i < at.length; i++) {
            at[i] += 0.1 * random.nextGaussian();
        }
        double[] gradient = problem.at(at, 0, random).gradient();
        double scale = Double.NaN;
        for (int i = 0; i < at.length; i++) {
            double slope = slope(problem, at, i);
            if (Double.isNaN(scale)) {
                scale = gradient[i] / slope;
            }
            assertThat(slope * scale).isCloseTo(gradient[i], offset(gradient));
        }
        assertThat(scale).isPositive();
    }

    private static Offset<Double> offset(double[] gradient) {
        return Offset.offset(1e-5 * Arrays.stream(gradient).map(Math::abs).max().orElseThrow());
    }

    private static double slope(DiagnosticProblem problem, double[] at, int i) {
        double h = 1e-5;
        double[] above = at.clone();
        above[i] += h;
        double[] below = at.clone();
        below[i] -= h;
        Random none = new Random(1);
        return (problem.at(above, 0, none).loss() - problem.at(below, 0, none).loss()) / (2 * h);
    }

    private static List<Integer> numbers(List<String> page, String title) {
        return page.stream()
                .filter(line -> line.startsWith("| " + title + " |"))
                .flatMap(line -> Stream.of(line.split("\\|", -1)))
                .map(String::strip)
                .filter(cell -> cell.matches("[0-9]+"))
                .map(Integer::valueOf)
                .toList();
    }

    private static void write(Set<DiagnosticProblem> problems) throws IOException {
        Map<LibraryOptimizer, Integer> solved = new EnumMap<>(LibraryOptimizer.class);
        List<String> table = new ArrayList<>();
        table.add(row("problem", DiagnosticsTest::title));
        table.add("|---".repeat(OPTIMIZERS.size() + 1) + "|");
        for (DiagnosticProblem problem : problems) {
            table.add(
                    row(
                            problem.title(),
                            optimizer -> {
                                int rates = rates(optimizer, problem);
                                solved.merge(optimizer, rates > 0 ? 1 : 0, Integer::sum);
                                return String.valueOf(rates);
                            }));
        }
        table.add(row("problems solved", optimizer -> String.valueOf(solved.get(optimizer))));
        String page = Files.readString(PAGE);
        Files.writeString(
                PAGE,
                page.substring(0, page.indexOf(BEGIN) + BEGIN.length())
                        + String.join("\n", table)
                        + "\n"
                        + page.substring(page.indexOf(END)));
    }

    private static String row(String title, Function<LibraryOptimizer, String> cell) {
        return OPTIMIZERS.stream()
                .map(cell)
                .collect(Collectors.joining(" | ", "| " + title + " | ", " |"));
    }

    private static String title(LibraryOptimizer optimizer) {
        return "`" + optimizer.type().getSimpleName() + "`";
    }

    private static int rates(LibraryOptimizer optimizer, DiagnosticProblem problem) {
        return (int) Arrays.stream(RATES).filter(rate -> solves(optimizer, problem, rate)).count();
    }

    /** Whether the error stays at the target for some steps in a row, of those it has. */
    private static boolean solves(
            LibraryOptimizer optimizer, DiagnosticProblem problem, double rate) {
        try (NDManager manager = NDManager.newBaseManager()) {
            SequentialBlock block = network(manager);
            Parameter matrix = block.getParameters().valueAt(1);
            Shape shape = matrix.getShape();
            NDArray weights = matrix.getArray();
            try (NDArray start = manager.create(problem.start(), shape)) {
                start.copyTo(weights);
            }
            Random random = new Random(4);
            int reached = 0;
            try (StatefulOptimizer made = optimizer.create(block, Tracker.fixed((float) rate))) {
                for (int step = 0; step < DiagnosticProblem.STEPS; step++) {
                    double[] now = weights.toDoubleArray();
                    DiagnosticProblem.Point point = problem.at(now, step, random);
                    double error = error(problem, made, matrix, now, step);
                    if (!Double.isFinite(error)) {
                        return false;
                    }
                    boolean there = step >= problem.counted() && error <= problem.target();
                    reached = there ? reached + 1 : 0;
                    if (reached == IN_A_ROW) {
                        return true;
                    }
                    try (NDArray gradient = manager.create(point.gradient(), shape)) {
                        made.update(matrix.getId(), weights, gradient);
                    }
                }
            }
            return false;
        }
    }

    /** Judges the weights that are evaluated, which an optimizer may keep beside the others. */
    private static double error(
            DiagnosticProblem problem,
            StatefulOptimizer optimizer,
            Parameter matrix,
            double[] trained,
            int step) {
        double[] evaluated =
                optimizer
                        .averageOf(matrix.getId(), matrix.getArray().getDevice())
                        .map(NDArray::toDoubleArray)
                        .orElse(trained);
        return problem.error(evaluated, problem.at(evaluated, step, new Random(4)));
    }

    /** Three linear layers without bias, of which the one in the middle is trained. */
    private static SequentialBlock network(NDManager manager) {
        SequentialBlock block = new SequentialBlock();
        for (int units : new int[] {DiagnosticProblem.COLUMNS, DiagnosticProblem.ROWS, 1}) {
            block.add(Linear.builder().setUnits(units).optBias(false).build());
        }
        block.initialize(manager, DataType.FLOAT64, new Shape(1, 3));
        block.getParameters().valueAt(0).freeze(true);
        block.getParameters().valueAt(2).freeze(true);
        return block;
    }
}
