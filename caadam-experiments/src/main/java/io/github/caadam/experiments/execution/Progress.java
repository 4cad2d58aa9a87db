// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.time.Duration;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar with the time that is left, on standard error: drawn in place on a terminal, a
 * plain line every so often elsewhere. Where there is nothing to do, nothing is drawn.
 */
public final class Progress implements AutoCloseable {

    private static final Duration ON_TERMINAL = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofSeconds(30);

    /** The system property that leaves the bar out. */
    public static final String QUIET = "caadam.quiet";

    private final Optional<ProgressBar> bar;

    Progress(String task, int total) {
        bar =
                total == 0 || Boolean.getBoolean(QUIET)
                        ? Optional.empty()
                        : Optional.of(newBar(task, total));
    }

    private static ProgressBar newBar(String task, int total) {
        boolean terminal = Terminal.isInteractive();
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" runs", 1)
                .setStyle(terminal ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(
                        Math.toIntExact((terminal ? ON_TERMINAL : ELSEWHERE).toMillis()))
                .setConsumer(
                        terminal
                                ? new ConsoleProgressBarConsumer(System.err)
                                : new DelegatingProgressBarConsumer(System.err::println, 100))
                .build();
    }

    void stepTo(int done) {
        bar.ifPresent(drawn -> drawn.stepTo(done));
    }

    void message(String text) {
        bar.ifPresent(drawn -> drawn.setExtraMessage(" " + text));
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
