// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * Makes the screenshots of the documentation: {@code -Dreport.screenshots=NAME=REPORT.html,...}
 * writes {@code docs/images/report-NAME-wide.png}, {@code -narrow.png} and {@code -dark.png}. Those
 * that are kept are of {@code paper=results/california-paper/report.html} and {@code
 * own=runs/sign-or-sgd/report.html}, the study of the README.
 */
@Tag("browser")
@EnabledIfSystemProperty(named = "report.screenshots", matches = ".+")
class ReportScreenshotsTest {

    private static final Path IMAGES = Path.of("../docs/images");
    private static final int MOST_BYTES = 250_000;
    private static final int COLORS = 256;

    /** The bits of a colour in which those that look alike agree. */
    private static final int ALIKE = 0xf0f0f0;

    @Test
    void areSmallEnoughToBeKept() throws IOException {
        ChromeDriver browser = Browser.open();
        try {
            for (String each : System.getProperty("report.screenshots").split(",", -1)) {
                String[] report = each.split("=", 2);
                String address = Path.of(report[1]).toAbsolutePath().toUri().toString();
                shoot(browser, address, "light", 1280, 900, 1, report[0] + "-wide");
                shoot(browser, address, "light", 390, 844, 2, report[0] + "-narrow");
                shoot(browser, address, "dark", 390, 844, 2, report[0] + "-dark");
            }
        } finally {
            browser.quit();
        }
    }

    private static void shoot(
            ChromeDriver browser,
            String address,
            String scheme,
            int width,
            int height,
            int scale,
            String name)
            throws IOException {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        scale,
                        "mobile",
                        scale > 1));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        browser.get(address);
        Object data =
                browser.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                        .get("data");
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(data.toString())));
        Path file = IMAGES.resolve("report-" + name + ".png");
        ImageIO.write(reduced(image), "png", file.toFile());

        assertThat(Files.size(file)).isLessThan(MOST_BYTES);
    }

    /** The image in a few of its colours, each other one being the nearest of these. */
    private static BufferedImage reduced(BufferedImage image) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                counts.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
            }
        }
        int[] palette = palette(counts);
        IndexColorModel model =
                new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage reduced =
                new BufferedImage(
                        image.getWidth(),
                        image.getHeight(),
                        BufferedImage.TYPE_BYTE_INDEXED,
                        model);
        Map<Integer, Integer> places = new HashMap<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int color = image.getRGB(x, y) & 0xffffff;
                int place = places.computeIfAbsent(color, one -> nearest(one, palette));
                reduced.getRaster().setSample(x, y, 0, place);
            }
        }
        return reduced;
    }

    /** The most frequent colours, of those that look alike only one. */
    private static int[] palette(Map<Integer, Integer> counts) {
        Map<Integer, Integer> seen = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .forEach(one -> seen.putIfAbsent(one.getKey() & ALIKE, one.getKey()));
        return seen.values().stream().limit(COLORS).mapToInt(Integer::intValue).toArray();
    }

    private static int nearest(int color, int... palette) {
        int nearest = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < palette.length; i++) {
            int distance = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                int difference = (color >> shift & 0xff) - (palette[i] >> shift & 0xff);
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                nearest = i;
            }
        }
        return nearest;
    }
}
