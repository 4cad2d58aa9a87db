// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Keeps the directions between the library's packages: {@code internal ← structure ← scaling, rule
 * ← spi ← optimizer ← training ← pytorch}, each naming only those to its left.
 */
@AnalyzeClasses(packages = "io.github.caadam", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String CORE = "io.github.caadam.";

    @ArchTest
    static final ArchRule packagesDependOneWay =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .withOptionalLayers(true)
                    .layer("internal")
                    .definedBy(CORE + "internal..")
                    .layer("structure")
                    .definedBy(CORE + "structure..")
                    .layer("scaling")
                    .definedBy(CORE + "scaling..")
                    .layer("rule")
                    .definedBy(CORE + "rule..")
                    .layer("spi")
                    .definedBy(CORE + "spi..")
                    .layer("optimizer")
                    .definedBy(CORE + "optimizer..")
                    .layer("training")
                    .definedBy(CORE + "training..")
                    .layer("pytorch")
                    .definedBy(CORE + "pytorch..")
                    .whereLayer("structure")
                    .mayOnlyBeAccessedByLayers(
                            "scaling", "rule", "spi", "optimizer", "training", "pytorch")
                    .whereLayer("scaling")
                    .mayOnlyBeAccessedByLayers("spi", "optimizer", "training", "pytorch")
                    .whereLayer("rule")
                    .mayOnlyBeAccessedByLayers("spi", "optimizer", "training", "pytorch")
                    .whereLayer("spi")
                    .mayOnlyBeAccessedByLayers("optimizer", "training", "pytorch")
                    .whereLayer("optimizer")
                    .mayOnlyBeAccessedByLayers("training", "pytorch")
                    .whereLayer("training")
                    .mayOnlyBeAccessedByLayers("pytorch")
                    .whereLayer("pytorch")
                    .mayNotBeAccessedByAnyLayer();

    /** So that a package that is not in the order above fails, too. */
    @ArchTest
    static final ArchRule everyClassIsInOneOfThePackages =
            noClasses()
                    .should()
                    .resideOutsideOfPackages(
                            CORE + "internal..",
                            CORE + "structure..",
                            CORE + "scaling..",
                            CORE + "rule..",
                            CORE + "spi..",
                            CORE + "optimizer..",
                            CORE + "training..",
                            CORE + "pytorch..");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(CORE + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyThePytorchPackageTouchesTheEngine =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(CORE + "pytorch..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("ai.djl.pytorch..");

    /**
     * DJL's copy gives PyTorch's array memory of Java's, which is freed while the engine uses it.
     */
    @ArchTest
    static final ArchRule nobodyCopiesByJavasMemory =
            noClasses().should().callMethod(NDArray.class, "copyTo", NDArray.class);
}
