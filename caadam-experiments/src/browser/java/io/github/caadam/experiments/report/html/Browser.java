// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser without a window, and the checks of axe-core in it. */
final class Browser {

    static final String MISSING =
            "Skipped: these tests need chromium and chromedriver on the PATH.";

    private static final Optional<Path> CHROMIUM =
            onPath("chromium", "chromium-browser", "google-chrome");
    private static final Optional<Path> DRIVER = onPath("chromedriver");

    private Browser() {}

    static boolean isThere() {
        boolean found = CHROMIUM.isPresent() && DRIVER.isPresent();
        if (!found) {
            System.out.println(MISSING);
        }
        return found;
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

    /** Starts the browser; whoever does ends it. */
    static ChromeDriver open() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu");
        options.setCapability("goog:loggingPrefs", logs);
        return new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.orElseThrow().toFile())
                        .build(),
                options);
    }

    /** What axe-core finds wrong with the page: the rule, what it wants, and where. */
    @SuppressWarnings("unchecked")
    static List<String> accessibilityFaults(ChromeDriver browser) throws IOException {
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            browser.executeScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<String>)
                browser.executeAsyncScript(
                        """
                        const done = arguments[0];
                        axe.run(document, { resultTypes: ["violations"] })
                          .then(({ violations }) => done(violations.map(({ id, help, nodes }) =>
                            `${id}: ${help}: ${nodes.map((node) => node.html).join("; ")}`)))
                          .catch((error) => done([String(error)]));
                        """);
    }
}
