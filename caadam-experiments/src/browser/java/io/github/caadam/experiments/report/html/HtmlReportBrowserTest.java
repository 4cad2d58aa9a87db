// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The report in a real browser, from a file, with names that attack it. */
@Tag("browser")
@EnabledIf(value = "hasBrowser", disabledReason = HtmlReportBrowserTest.NO_BROWSER)
class HtmlReportBrowserTest {

    static final String NO_BROWSER =
            "Skipped: these tests need chromium and chromedriver on the PATH.";

    private static final Optional<Path> CHROMIUM =
            onPath("chromium", "chromium-browser", "google-chrome");
    private static final Optional<Path> DRIVER = onPath("chromedriver");

    private static final Pattern REQUEST = Pattern.compile("\"url\":\"(https?|wss?|ftp):");

    @TempDir private static Path directory;

    private static ChromeDriver browser;
    private static String address;

    static boolean hasBrowser() {
        boolean found = CHROMIUM.isPresent() && DRIVER.isPresent();
        if (!found) {
            System.out.println(NO_BROWSER);
        }
        return found;
    }

    @BeforeAll
    static void open() throws IOException {
        Path study = directory.resolve("study");
        Studies.write(study);
        Path file = directory.resolve("report.html");
        HtmlReport.write(ReportInput.read(study), file);
        address = file.toUri().toString();

        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu");
        options.setCapability("goog:loggingPrefs", logs);
        browser =
                new ChromeDriver(
                        new ChromeDriverService.Builder()
                                .usingDriverExecutable(DRIVER.orElseThrow().toFile())
                                .build(),
                        options);
    }

    private static Optional<Path> onPath(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(names)
                .flatMap(
                        name ->
                                Stream.of(path.split(File.pathSeparator, -1))
                                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void load() {
        emulate(Map.of("media", "", "features", List.of()));
        browser.manage().window().setSize(new Dimension(1200, 900));
        browser.get(address);
    }

    @AfterEach
    void thereWereNoErrorsAndNoRequests() {
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .extracting(LogEntry::getMessage)
                .isEmpty();
        assertThat(browser.manage().logs().get(LogType.PERFORMANCE).getAll())
                .extracting(LogEntry::getMessage)
                .filteredOn(message -> message.contains("Network.requestWillBeSent"))
                .isNotEmpty()
                .noneMatch(message -> REQUEST.matcher(message).find());
    }

    private static void emulate(Map<String, Object> media) {
        browser.executeCdpCommand("Emulation.setEmulatedMedia", media);
    }

    private static WebElement find(String css) {
        return browser.findElement(By.cssSelector(css));
    }

    private static List<WebElement> findAll(String css) {
        return browser.findElements(By.cssSelector(css));
    }

    private static Object evaluate(String expression, Object... arguments) {
        return browser.executeScript("return " + expression, arguments);
    }

    private static double number(String expression, Object... arguments) {
        return ((Number) evaluate(expression, arguments)).doubleValue();
    }

    private static List<Double> column(String table, int column) {
        return findAll("#" + table + " tbody tr:not(.detail)").stream()
                .map(row -> row.findElements(By.xpath("./*")).get(column).getText())
                .map(text -> text.replaceAll(" ±.*", ""))
                .map(Double::valueOf)
                .toList();
    }

    private static String tooltip() {
        return find(".tooltip").getText();
    }

    @Test
    void showsTheMaliciousNamesAsText() {
        assertThat(find("h1").getText()).isEqualTo(Studies.MALICIOUS);
        assertThat(browser.getTitle()).isEqualTo(Studies.MALICIOUS);
        assertThat(findAll("script")).hasSize(2);
        assertThat(evaluate("document.documentElement.className")).isEqualTo("live");
    }

    @Test
    void refusesScriptsThatAreNotItsOwn() {
        evaluate(
                "(() => { const alien = document.createElement('script');"
                        + " alien.textContent = 'window.attacked = true';"
                        + " document.body.append(alien); })()");

        assertThat(evaluate("window.attacked === undefined")).isEqualTo(true);
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                .singleElement()
                .asString()
                .contains("Content Security Policy");
    }

    @Test
    void sortsNumbersAsNumbers() {
        List<Double> before = column("runs-table", 3);
        WebElement header = find("#runs-table thead th:nth-child(4)");

        header.findElement(By.tagName("button")).click();
        List<Double> ascending = column("runs-table", 3);
        assertThat(header.getDomAttribute("aria-sort")).isEqualTo("ascending");
        header.findElement(By.tagName("button")).sendKeys(Keys.ENTER);
        List<Double> descending = column("runs-table", 3);

        assertThat(header.getDomAttribute("aria-sort")).isEqualTo("descending");
        assertThat(ascending).isSorted().isNotEqualTo(before).hasSameElementsAs(before);
        assertThat(descending)
                .isEqualTo(ascending.stream().sorted((a, b) -> -a.compareTo(b)).toList());
    }

    @Test
    void sortsNamesByTheNumbersInThem() {
        find("#results-0-means thead th:first-child button").click();

        assertThat(findAll("#results-0-means tbody th"))
                .extracting(WebElement::getText)
                .first()
                .asString()
                .isEqualTo("64-32");
    }

    @Test
    void showsTheValueOfTheRunUnderThePointer() {
        WebElement dot = findAll("[data-figure=distribution] circle.run").get(2);

        new Actions(browser).scrollToElement(dot).moveToElement(dot).perform();

        double value = number("JSON.parse(document.getElementById('data').text).runs[2].value");
        assertThat(tooltip()).contains("Adam, run 2").contains("id 100-10-Adam-none-2");
        assertThat(Double.parseDouble(tooltip().replaceAll("(?s).*RMSE (\\S+)\n.*", "$1")))
                .isEqualTo(value, within(1e-6));
    }

    @Test
    void showsTheEffectUnderThePointer() {
        WebElement dot = findAll("[data-figure=effects] circle.dot").get(1);

        new Actions(browser).scrollToElement(dot).moveToElement(dot).perform();

        double g =
                number("JSON.parse(document.getElementById('data').text).groups[0].effects[1].g");
        assertThat(tooltip()).startsWith("CaAdam depth, 64-32");
        String shown = tooltip().replaceAll("(?s).*Hedges' g \\+?(\\S+)\n.*", "$1");
        assertThat(Double.parseDouble(shown)).isEqualTo(g, within(0.01));
    }

    @Test
    void showsLossesOnALogarithmicScaleAndByKey() {
        WebElement figure = find("[data-figure=curves] svg");
        assertThat(figure.getText()).contains("logarithmic");

        figure.sendKeys(Keys.ARROW_RIGHT);

        assertThat(tooltip()).contains("Adam, run 0").contains("epoch 1\n").contains("loss 8");
        figure.sendKeys(Keys.ESCAPE);
        assertThat(find(".tooltip").isDisplayed()).isFalse();
    }

    @Test
    void takesAnOptimizersCurvesOut() {
        int all = findAll("[data-figure=curves][data-index='0'] polyline").size();
        WebElement button = find(".legend button");

        button.click();

        assertThat(button.getDomAttribute("aria-pressed")).isEqualTo("false");
        assertThat(findAll("[data-figure=curves][data-index='0'] polyline")).hasSize(all - 4);
        button.click();
        assertThat(findAll("[data-figure=curves][data-index='0'] polyline")).hasSize(all);
    }

    @Test
    void opensTheDetailsOfARunAndSortsThemAlong() {
        WebElement toggle = findAll("#runs-table .toggle").get(1);
        toggle.click();

        assertThat(toggle.getDomAttribute("aria-expanded")).isEqualTo("true");
        assertThat(find(".detail").getText())
                .contains("100-10-Adam-none-1")
                .contains("best epoch\n25")
                .contains("0.41");
        assertThat(findAll(".detail polyline")).hasSize(2);

        find("#runs-table thead th:nth-child(4) button").click();
        assertThat(
                        evaluate(
                                "document.querySelector('.detail').previousElementSibling"
                                        + " === arguments[0].closest('tr')",
                                toggle))
                .isEqualTo(true);
        toggle.click();
        assertThat(findAll(".detail")).isEmpty();
    }

    @Test
    void filtersRuns() {
        find("select[name=Optimizer] option:nth-child(3)").click();

        assertThat(findAll("#runs-table tbody tr:not([hidden])"))
                .hasSize(8)
                .allMatch(row -> row.getText().contains("CaAdam depth"));
        assertThat(find(".filters output").getText()).isEqualTo("8 of 16 runs");
    }

    @Test
    void fitsAPhone() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
        try {
            browser.get(address);
            findAll("#runs-table .toggle").get(0).click();

            assertThat(number("document.documentElement.scrollWidth")).isEqualTo(360);
            assertThat(number("document.querySelector('#results-0-comparisons').offsetWidth"))
                    .isGreaterThan(360);
            assertThat(number("document.querySelector('.plot svg').getBoundingClientRect().width"))
                    .isBetween(300.0, 360.0);
        } finally {
            browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
        }
    }

    @Test
    void printsInBlackOnWhiteWithoutWhatCannotBePressed() {
        emulate(
                Map.of(
                        "media",
                        "print",
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));

        assertThat(find("nav").isDisplayed()).isFalse();
        assertThat(find(".filters").isDisplayed()).isFalse();
        assertThat(find("#runs .print-only").isDisplayed()).isTrue();
        assertThat(find("#results-0-means").isDisplayed()).isTrue();
        assertThat(evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(255, 255, 255)");
    }

    @Test
    void drawsAdamInTheColorOfTheTextOnADarkPage() {
        emulate(
                Map.of(
                        "media",
                        "screen",
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));

        assertThat(evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(20, 23, 27)");
        assertThat(evaluate("getComputedStyle(document.querySelector('circle.run')).fill"))
                .isEqualTo(evaluate("getComputedStyle(document.body).color"));
    }
}
