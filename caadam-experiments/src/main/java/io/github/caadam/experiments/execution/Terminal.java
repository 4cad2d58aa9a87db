// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.Console;

/** Whether somebody is watching. */
final class Terminal {

    private Terminal() {}

    /** Returns whether the process is connected to a terminal. */
    @SuppressWarnings("SystemConsoleNull") // The newer answer is asked for where it exists.
    static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // JDK 22 and newer always have a console and tell by this method.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
