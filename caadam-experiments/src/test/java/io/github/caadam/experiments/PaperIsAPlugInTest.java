// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The suite knows nothing of the paper but by its plug-in: no text outside of the packages paper
 * and benchmark names the paper's optimizers or its data set. The program is called caadam, which
 * may be said.
 */
final class PaperIsAPlugInTest {

    private static final Pattern OF_THE_PAPER =
            Pattern.compile("(?<!(?-i:ca|CA))adam|california", Pattern.CASE_INSENSITIVE);

    private static final Path SOURCES = Path.of("src/main/java/io/github/caadam/experiments");
    private static final Path RESOURCES = Path.of("src/main/resources/io/github/caadam");
    private static final List<Path> EXEMPT =
            List.of(SOURCES.resolve("paper"), SOURCES.resolve("benchmark"));

    @Test
    void noStringOfTheSuiteNamesWhatIsThePapers() throws IOException {
        List<Path> files = files(SOURCES).filter(PaperIsAPlugInTest::isOfTheSuite).toList();
        List<String> found = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    manager,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    manager.getJavaFileObjectsFromPaths(files));
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new TreeScanner<Void, Void>() {
                    @Override
                    public Void visitLiteral(LiteralTree literal, Void nothing) {
                        if (literal.getValue() instanceof String text
                                && OF_THE_PAPER.matcher(text).find()) {
                            long start = trees.getSourcePositions().getStartPosition(unit, literal);
                            found.add(
                                    Path.of(unit.getSourceFile().getName()).getFileName()
                                            + ":"
                                            + unit.getLineMap().getLineNumber(start)
                                            + ": "
                                            + text);
                        }
                        return null;
                    }
                }.scan(unit, null);
            }
        }

        assertThat(files).hasSizeGreaterThan(100);
        assertThat(found).isEmpty();
    }

    @Test
    void noResourceOfTheSuiteNamesWhatIsThePapers() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file :
                files(RESOURCES)
                        .filter(file -> !file.startsWith(RESOURCES.resolve("experiments/paper")))
                        .toList()) {
            Files.readString(file)
                    .lines()
                    .filter(line -> OF_THE_PAPER.matcher(line).find())
                    .forEach(line -> found.add(file.getFileName() + ": " + line));
        }

        assertThat(found).isEmpty();
    }

    @Test
    void theProgramMayBeNamedAndItsNamesakeMayNot() {
        assertThat(Stream.of("caadam run", "CAADAM_DATA_DIR"))
                .noneMatch(text -> OF_THE_PAPER.matcher(text).find());
        assertThat(Stream.of("Adam", "CaAdam", "adamw", "no Adam's", "California", "n_adam"))
                .allMatch(text -> OF_THE_PAPER.matcher(text).find());
    }

    private static boolean isOfTheSuite(Path file) {
        return file.toString().endsWith(".java") && EXEMPT.stream().noneMatch(file::startsWith);
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }
}
