// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchCommandTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --seconds 3 | Missing required argument(s): --throughput
                    --throughput --seconds 0 | --seconds and --budget above 0.
                    --throughput --processes 0 | takes --processes of 1 or more
                    --throughput --quick | does not go together with --quick or --serve.
                    --throughput --only mlp:4,resnet20 | takes one network, found --only mlp:4,resnet20
                    """)
    void whatDoesNotGoTogetherIsRefused(String options, String message) {
        StringWriter errors = new StringWriter();
        CommandLine command = Main.commandLine().setErr(new PrintWriter(errors));

        int code = command.execute(("bench " + options).split(" "));

        assertThat(code).isEqualTo(Main.BAD_INPUT);
        assertThat(errors.toString()).contains(message);
    }
}
