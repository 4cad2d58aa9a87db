// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.figure;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A figure read back from its two files. */
public record WrittenFigure(BufferedImage png, Document svg) {

    public static WrittenFigure read(Path directory, String name) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(
                    "http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            String text = Files.readString(directory.resolve(name + ".svg"));
            return new WrittenFigure(
                    ImageIO.read(directory.resolve(name + ".png").toFile()),
                    factory.newDocumentBuilder().parse(new InputSource(new StringReader(text))));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(name + ".svg is not XML.", e);
        }
    }

    /** What the title and the caption say. */
    public String text() {
        return String.join(" ", elements("text").map(Element::getTextContent).toList());
    }

    /** How many curves are drawn in a colour such as {@code #0072b2}. */
    public long curves(String color) {
        return elements("polyline").filter(curve -> isIn(curve, color)).count();
    }

    /** Whether anything is drawn in a colour. */
    public boolean uses(String color) {
        return elements("*").anyMatch(element -> isIn(element, color));
    }

    private static boolean isIn(Element element, String color) {
        int rgb = Integer.decode(color);
        return element.getAttribute("style")
                .contains(String.format("rgb(%d,%d,%d)", rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff));
    }

    private Stream<Element> elements(String tag) {
        NodeList nodes = svg.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i));
    }

    /** The colours of the pixels; one alone means that the image is blank. */
    public Set<Integer> pixelColors() {
        Set<Integer> colors = new HashSet<>();
        for (int y = 0; y < png.getHeight(); y++) {
            for (int x = 0; x < png.getWidth(); x++) {
                colors.add(png.getRGB(x, y) & 0xffffff);
            }
        }
        return colors;
    }
}
