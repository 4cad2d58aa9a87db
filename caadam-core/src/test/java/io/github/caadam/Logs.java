// SPDX-License-Identifier: Apache-2.0
package io.github.caadam;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What slf4j-simple prints, which is to standard error. */
public final class Logs {

    private Logs() {}

    /** Returns what an action logs. */
    public static String of(Runnable action) {
        PrintStream error = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(error);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
