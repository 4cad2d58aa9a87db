// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
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
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** The report in a real browser, from a file, with names that attack it. */
@Tag("browser")
@EnabledIf(
        value = "io.github.caadam.experiments.report.html.Browser#isThere",
        disabledReason = Browser.MISSING)
class HtmlReportBrowserTest {

    private static final Pattern REQUEST = Pattern.compile("\"url\":\"(https?|wss?|ftp):");

    @TempDir private static Path directory;

    private static ChromeDriver browser;
    private static String address;

    @BeforeAll
    static void open() throws IOException {
        Path study = directory.resolve("study");
        Studies.write(study);
        Path file = directory.resolve("report.html");
        HtmlReport.write(ReportInput.read(study), file);
        address = file.toUri().toString();
        browser = Browser.open();
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
        drawAll();
    }

    /** Figures wait until they come near the screen. */
    private static void drawAll() {
        browser.executeScript("window.dispatchEvent(new Event('beforeprint'))");
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

        double value = number("JSON.parse(document.getElementById('data').text).runs.value[2]");
        assertThat(tooltip())
                .contains("Adam, run 2")
                .contains("id " + Studies.run("100-10", "Adam", "none", 2, 0).id());
        assertThat(Double.parseDouble(tooltip().replaceAll("(?s).*RMSE (\\S+)\n.*", "$1")))
                .isEqualTo(value, within(1e-6));
    }

    @Test
    void opensWithThePictureOnTheFirstScreen() {
        WebElement row = find(".forest tbody tr");

        assertThat(number("arguments[0].getBoundingClientRect().top", row)).isLessThan(600);
        assertThat(row.getText()).contains("CaAdam depth").contains("better").contains("n 4 vs 4");
        assertThat(row.findElement(By.cssSelector("td.verdict use")).getDomAttribute("href"))
                .isEqualTo("#mark-up");
        assertThat(findAll(".sentences li")).hasSize(5);
    }

    @Test
    void drawsLossesBySecondsAndThoseOfValidation() {
        String figure = "[data-figure=curves][data-index='0'] svg";
        assertThat(find(figure).getText()).contains("epoch (loss on a logarithmic scale)");

        findAll(".curves select").get(0).sendKeys("second");
        findAll(".curves select").get(1).sendKeys("validation");

        assertThat(find(figure).getText()).contains("seconds (loss");
        assertThat(find(".curves figcaption").getText()).startsWith("100-10: validation loss");
    }

    @Test
    void savesAFigureAsPngSvgAndCsv() throws Exception {
        List<List<String>> saved = savedBy(".distribution .saves");

        assertThat(saved.get(0)).first().isEqualTo("image/png");
        assertThat(saved.get(0).get(1)).contains("PNG");
        assertThat(root(saved.get(1)).getAttribute("width")).isNotEmpty();
        assertThat(saved.get(2).get(1)).startsWith("optimizer,run,RMSE\r\nAdam,0,0.4\r\n");
    }

    @Test
    void savesThePictureAsPngSvgAndCsv() throws Exception {
        List<List<String>> saved = savedBy(".picture .saves");

        assertThat(saved.get(0).get(1)).contains("PNG");
        Element svg = root(saved.get(1));
        assertThat(svg.getTextContent())
                .contains("RMSE beside Adam", "CaAdam depth", "better", "+0.0400", "n 4 vs 4");
        assertThat(svg.getElementsByTagName("use").getLength()).isZero();
        assertThat(saved.get(2).get(1))
                .startsWith("Problem,Optimizer,Verdict,Gain,")
                .contains("\r\n100-10,CaAdam depth,better,0.0399");
    }

    /** What the buttons for PNG, SVG and CSV give to be saved, with its type. */
    @SuppressWarnings("unchecked")
    private static List<List<String>> savedBy(String css) {
        return (List<List<String>>)
                browser.executeAsyncScript(
                        """
                        const done = arguments[1];
                        const saved = [];
                        URL.createObjectURL = (blob) => {
                          blob.text().then((text) => {
                            saved.push([blob.type, text]);
                            if (saved.length === 3) {
                              done(saved.sort());
                            }
                          });
                          return "#";
                        };
                        document.querySelector(arguments[0]).querySelectorAll("button")
                          .forEach((button) => button.click());
                        """,
                        css);
    }

    private static Element root(List<String> saved) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(saved.get(1))))
                .getDocumentElement();
    }

    @Test
    void listsRunsByPages() {
        assertThat(find(".pager output").getText()).isEqualTo("Runs 1 to 16 of 16");
        assertThat(findAll(".pager button")).noneMatch(WebElement::isEnabled);
    }

    @Test
    void findsARunByItsId() {
        String id = Studies.run("64-32", "CaAdam", "depth", 2, 0).id();

        find("#runs input").sendKeys(id);

        assertThat(findAll("#runs tbody tr")).hasSize(1);
        assertThat(find(".pager output").getText()).isEqualTo("Runs 1 to 1 of 1 chosen of 16");
    }

    @Test
    void axeFindsNothingOnAWideScreenOrAPhoneInLightOrDark() throws IOException {
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {1200, 360}) {
                emulate(
                        Map.of(
                                "media",
                                "screen",
                                "features",
                                List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
                browser.executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of(
                                "width",
                                width,
                                "height",
                                800,
                                "deviceScaleFactor",
                                1,
                                "mobile",
                                width < 500));
                try {
                    browser.get(address);
                    drawAll();
                    browser.executeScript(
                            "document.querySelectorAll('details').forEach((d) => d.open = true)");
                    findAll("#runs .toggle").get(0).click();

                    assertThat(Browser.accessibilityFaults(browser))
                            .as(scheme + ", " + width)
                            .isEmpty();
                } finally {
                    browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
                }
            }
        }
    }

    @Test
    void axeFindsWhatIsWrong() throws IOException {
        browser.executeScript(
                "document.querySelector('main').append(document.createElement('button'))");

        assertThat(Browser.accessibilityFaults(browser))
                .singleElement()
                .asString()
                .startsWith("button-name: ");
    }

    @Test
    void everythingThatCanBePressedIsReachedByTheKeyboard() {
        double all =
                number(
                        "document.querySelectorAll('a[href], button:not(:disabled), input, select,"
                                + " summary, [tabindex=\"0\"]').length");
        Set<Object> reached = new HashSet<>();
        for (int i = 0; i < all + 5; i++) {
            new Actions(browser).sendKeys(Keys.TAB).perform();
            reached.add(
                    evaluate(
                            "document.activeElement.closest('nav, .saves, .legend, .pager,"
                                    + " .filters, .plot, .sort, .toggle, .scroll, summary')?.className"
                                    + " || document.activeElement.closest('nav, summary')?.tagName"));
        }

        assertThat(reached)
                .contains("NAV", "SUMMARY", "saves", "legend", "filters", "plot", "sort", "toggle")
                .contains("scroll");
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
    void opensTheDetailsOfARun() {
        WebElement toggle = findAll("#runs-table .toggle").get(1);
        toggle.click();
        drawAll();

        assertThat(toggle.getDomAttribute("aria-expanded")).isEqualTo("true");
        assertThat(find(".detail").getText())
                .contains(Studies.run("100-10", "Adam", "none", 1, 0).id())
                .contains("best epoch\n25")
                .contains("0.41");
        assertThat(findAll(".detail polyline")).hasSize(2);

        toggle.click();
        assertThat(findAll(".detail")).isEmpty();
    }

    @Test
    void filtersRuns() {
        find("select[name=Optimizer] option:nth-child(3)").click();

        assertThat(findAll("#runs-table tbody tr"))
                .hasSize(8)
                .allMatch(row -> row.getText().contains("CaAdam depth"));
        assertThat(find(".pager output").getText()).isEqualTo("Runs 1 to 8 of 8 chosen of 16");
    }

    @Test
    void fitsAPhone() {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 360, "height", 740, "deviceScaleFactor", 2, "mobile", true));
        try {
            browser.get(address);
            drawAll();
            findAll("#runs-table .toggle").get(0).click();

            assertThat(number("document.documentElement.scrollWidth")).isEqualTo(360);
            assertThat(number("document.querySelector('#results-0-means').offsetWidth"))
                    .isGreaterThan(360);
            assertThat(number("document.querySelector('.forest').offsetWidth")).isLessThan(360);
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
        assertThat(find("#runs .filters").isDisplayed()).isFalse();
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
