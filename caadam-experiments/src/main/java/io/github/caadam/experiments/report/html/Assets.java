// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** The parts of the page that are the same for all runs: templates, style sheet, script. */
final class Assets {

    private static final List<String> SCRIPTS =
            List.of(
                    "dom.js",
                    "tables.js",
                    "chart.js",
                    "figures.js",
                    "save.js",
                    "runs.js",
                    "page.js");

    private Assets() {}

    static String read(String name) throws IOException {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("The resource " + name + " is not in this program's jar.");
            }
            // As browsers normalise line ends before they compare a script with its digest.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }

    static String script() throws IOException {
        StringBuilder script = new StringBuilder();
        for (String name : SCRIPTS) {
            script.append(read(name));
        }
        return script.toString();
    }

    /** A policy that admits this style sheet and this script, and nothing from anywhere. */
    static String policy(String style, String script) {
        return "default-src 'none'; script-src "
                + digest(script)
                + "; style-src "
                + digest(style)
                + "; img-src data:; base-uri 'none'; form-action 'none'";
    }

    private static String digest(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
