// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * Keeps the directions between the suite's packages that docs/architecture.md draws. The package
 * paper is a plug-in: it is found by services, and nobody names it. The library has a test of its
 * own.
 */
@AnalyzeClasses(
        packages = "io.github.caadam.experiments",
        importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    private static final String SUITE = "io.github.caadam.experiments.";

    @ArchTest
    static final ArchRule experimentsDependOneWay =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .layer("cli")
                    .definedBy(SUITE + "cli..")
                    .layer("paper")
                    .definedBy(SUITE + "paper..")
                    .layer("benchmark")
                    .definedBy(SUITE + "benchmark..")
                    .layer("execution")
                    .definedBy(SUITE + "execution..")
                    .layer("report")
                    .definedBy(SUITE + "report..")
                    .layer("figure")
                    .definedBy(SUITE + "figure..")
                    .layer("analysis")
                    .definedBy(SUITE + "analysis..")
                    .layer("study")
                    .definedBy(SUITE + "study..")
                    .layer("results")
                    .definedBy(SUITE + "results..")
                    .layer("statistics")
                    .definedBy(SUITE + "statistics..")
                    .layer("training")
                    .definedBy(SUITE + "training..")
                    .layer("control")
                    .definedBy(SUITE + "control..")
                    .layer("model")
                    .definedBy(SUITE + "model..")
                    .layer("dataset")
                    .definedBy(SUITE + "dataset..")
                    .layer("metric")
                    .definedBy(SUITE + "metric..")
                    .layer("optimizer")
                    .definedBy(SUITE + "optimizer..")
                    .layer("paper")
                    .definedBy(SUITE + "paper..")
                    .layer("component")
                    .definedBy(SUITE + "component..")
                    .whereLayer("cli")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("paper")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("benchmark")
                    .mayOnlyBeAccessedByLayers("cli")
                    .whereLayer("execution")
                    .mayOnlyBeAccessedByLayers("cli", "benchmark")
                    .whereLayer("report")
                    .mayOnlyBeAccessedByLayers("cli", "paper")
                    .whereLayer("figure")
                    .mayOnlyBeAccessedByLayers("cli", "report", "paper")
                    .whereLayer("study")
                    .mayOnlyBeAccessedByLayers("cli", "execution")
                    .whereLayer("results")
                    .mayOnlyBeAccessedByLayers(
                            "cli", "execution", "analysis", "figure", "report", "study", "paper")
                    .whereLayer("statistics")
                    .mayOnlyBeAccessedByLayers("analysis", "figure", "report", "paper")
                    .whereLayer("analysis")
                    .mayOnlyBeAccessedByLayers("cli", "figure", "report", "paper")
                    .whereLayer("training")
                    .mayOnlyBeAccessedByLayers("cli", "benchmark", "execution", "study")
                    .whereLayer("model")
                    .mayOnlyBeAccessedByLayers("cli", "execution", "paper", "study", "training")
                    .whereLayer("metric")
                    .mayOnlyBeAccessedByLayers("cli", "execution", "study", "training")
                    .whereLayer("optimizer")
                    .mayOnlyBeAccessedByLayers("paper")
                    .whereLayer("control")
                    .mayOnlyBeAccessedByLayers("cli", "execution", "optimizer", "paper")
                    .whereLayer("dataset")
                    .mayOnlyBeAccessedByLayers("cli", "execution", "paper");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching(SUITE + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theSuiteUsesWhatTheLibraryPromises =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.github.caadam.internal..",
                            "io.github.caadam.pytorch..",
                            "ai.djl.pytorch..");

    /**
     * DJL's copy gives PyTorch's array memory of Java's, which is freed while the engine uses it.
     */
    @ArchTest
    static final ArchRule nobodyCopiesByJavasMemory =
            noClasses().should().callMethod(NDArray.class, "copyTo", NDArray.class);
}
