// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.experiments.results.Question;
import io.github.caadam.experiments.results.RunRow;
import io.github.caadam.experiments.results.RunRowBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** A report of 100,000 runs: 20 networks, 20 optimizers, 250 runs of each. */
@Tag("browser")
@EnabledIf(
        value = "io.github.caadam.experiments.report.html.Browser#isThere",
        disabledReason = Browser.MISSING)
class LargeReportBrowserTest {

    private static final int NETWORKS = 20;
    private static final int OPTIMIZERS = 20;
    private static final int SEEDS = 250;
    private static final int RUNS = NETWORKS * OPTIMIZERS * SEEDS;

    /** In seconds. It takes two on a machine with nothing else to do, of which a test has none. */
    private static final double LIMIT = 20;

    @TempDir private Path directory;

    private static List<RunRow> rows() {
        SplittableRandom random = new SplittableRandom(1);
        List<RunRow> rows = new ArrayList<>();
        for (int network = 0; network < NETWORKS; network++) {
            for (int optimizer = 0; optimizer < OPTIMIZERS; optimizer++) {
                for (int seed = 0; seed < SEEDS; seed++) {
                    double value = 0.5 + 0.01 * (optimizer % 7) + 0.1 * random.nextDouble();
                    rows.add(
                            new RunRowBuilder()
                                    .on("synthetic", "n" + network)
                                    .by("O" + optimizer, "none")
                                    .run(seed)
                                    .result("rmse", value, value / 2)
                                    .took(1 + random.nextDouble(), 30)
                                    .of("large", "short", "")
                                    .id(Question.digest(network + " " + optimizer + " " + seed))
                                    .commit("c0ffee")
                                    .build());
                }
            }
        }
        return rows;
    }

    @Test
    void opensSoonAndHasNoMoreRowsThanAreSeen() throws IOException {
        Path file = directory.resolve("report.html");
        HtmlReport.write(Studies.input(rows()), file);
        ChromeDriver browser = Browser.open();
        try {
            browser.get(file.toUri().toString());
            double seconds =
                    ((Number)
                                            browser.executeAsyncScript(
                                                    """
                                                    const done = arguments[0];
                                                    requestAnimationFrame(() => requestAnimationFrame(
                                                      () => done(performance.now())));
                                                    """))
                                    .doubleValue()
                            / 1000;
            double interactive =
                    ((Number)
                                            browser.executeScript(
                                                    "return performance.getEntriesByType("
                                                            + "'navigation')[0]"
                                                            + ".domContentLoadedEventEnd"))
                                    .doubleValue()
                            / 1000;
            long elements =
                    (Long) browser.executeScript("return document.querySelectorAll('*').length");
            System.out.printf(
                    "A report of %d runs (%.1f MB, %d elements) is interactive after %.2f s and"
                            + " drawn after %.2f s or less.%n",
                    RUNS, Files.size(file) / 1e6, elements, interactive, seconds);

            assertThat(interactive).isLessThan(LIMIT);
            assertThat(elements).isLessThan(RUNS / 2);
            assertThat(browser.findElements(By.cssSelector("#runs tbody tr"))).hasSize(50);
            assertThat(browser.findElement(By.cssSelector(".pager output")).getText())
                    .isEqualTo("Runs 1 to 50 of 100000");
            sortsAndPages(browser);
            printsLongTablesInFull(browser);
            filtersTables(browser);
        } finally {
            browser.quit();
        }
    }

    private static void sortsAndPages(ChromeDriver browser) {
        browser.findElement(By.cssSelector("#runs th:nth-child(4) button")).click();
        List<Double> first = values(browser);
        browser.findElement(By.cssSelector(".pager button:nth-child(2)")).click();

        assertThat(first).isSorted();
        assertThat(values(browser)).isSorted().allMatch(value -> value >= first.get(49));
        assertThat(browser.findElement(By.cssSelector(".pager output")).getText())
                .isEqualTo("Runs 51 to 100 of 100000");
    }

    private static void printsLongTablesInFull(ChromeDriver browser) {
        String height =
                "return document.querySelector('.tall:has(#results-0-means)').offsetHeight"
                        + " - document.querySelector('#results-0-means').offsetHeight";
        long onTheScreen = (Long) browser.executeScript(height);
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        long printed = (Long) browser.executeScript(height);
        browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));

        assertThat(onTheScreen).isNegative();
        assertThat(printed).isZero();
    }

    private static void filtersTables(ChromeDriver browser) {
        browser.findElement(By.cssSelector(".filters:has(+ .scroll > #results-0-means) input"))
                .sendKeys("n7");

        assertThat(browser.findElements(By.cssSelector("#results-0-means tbody tr:not([hidden])")))
                .hasSize(OPTIMIZERS)
                .allMatch(row -> row.getText().startsWith("n7 "));
    }

    private static List<Double> values(ChromeDriver browser) {
        return browser.findElements(By.cssSelector("#runs tbody td:nth-child(4)")).stream()
                .map(cell -> Double.valueOf(cell.getText()))
                .toList();
    }
}
