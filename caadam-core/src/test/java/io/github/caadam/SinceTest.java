// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The sources, as the compiler reads them. */
class SinceTest {

    @Test
    void everyPublicTypeSaysSinceWhichVersionItIsThere() throws IOException {
        List<String> types = new ArrayList<>();
        List<String> without = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> paths = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources = paths.filter(p -> p.toString().endsWith(".java")).toList();
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources));
            DocTrees docTrees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree declaration : unit.getTypeDecls()) {
                    if (declaration instanceof ClassTree type
                            && type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                        String name = unit.getPackageName() + "." + type.getSimpleName();
                        types.add(name);
                        if (!hasSince(docTrees.getDocCommentTree(TreePath.getPath(unit, type)))) {
                            without.add(name);
                        }
                    }
                }
            }
        }

        assertThat(types).contains("io.github.caadam.optimizer.CaAdam");
        assertThat(without).as("public types without @since").isEmpty();
    }

    private static boolean hasSince(DocCommentTree comment) {
        return comment != null
                && comment.getBlockTags().stream()
                        .anyMatch(tag -> tag.getKind() == DocTree.Kind.SINCE);
    }
}
