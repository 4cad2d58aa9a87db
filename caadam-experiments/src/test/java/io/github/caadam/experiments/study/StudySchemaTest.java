// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.github.caadam.experiments.component.Catalog;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The reader and a JSON Schema validator, which knows nothing of it, judge the same files. */
class StudySchemaTest {

    private static final Catalog CATALOG = Catalog.ofSuite();

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                    .getSchema(StudySchema.of(CATALOG));

    static List<Path> good() throws IOException, URISyntaxException {
        return files("good");
    }

    static List<Path> bad() throws IOException, URISyntaxException {
        return files("bad");
    }

    private static List<Path> files(String folder) throws IOException, URISyntaxException {
        Path directory = Path.of(StudySchemaTest.class.getResource("/studies/" + folder).toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void thereAreFortyFilesOrMore() throws IOException, URISyntaxException {
        assertThat(good().size() + bad().size()).isGreaterThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodStudiesAreGoodForBoth(Path file) throws IOException {
        assertThatCode(() -> read(file)).doesNotThrowAnyException();
        assertThat(validate(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badStudiesAreBadForBoth(Path file) throws IOException {
        assertThatIOException()
                .isThrownBy(() -> read(file))
                .withMessageMatching(".*" + file.getFileName() + ":\\d+:\\d+: .*");
        assertThat(validate(file)).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void shippedStudiesFollowTheSchema(String name) throws IOException {
        String resource = "/studies/" + name + ".yaml";
        try (var in = StudySchemaTest.class.getResourceAsStream(resource)) {
            assertThat(validate(new String(in.readAllBytes(), StandardCharsets.UTF_8))).isEmpty();
        }
    }

    static List<String> shipped() {
        return StudyReader.builtIn();
    }

    private static Study read(Path file) throws IOException {
        return StudyReader.read(file.toString(), CATALOG);
    }

    private static Set<ValidationMessage> validate(Path file) throws IOException {
        return validate(Files.readString(file));
    }

    private static Set<ValidationMessage> validate(String yaml) {
        Object values = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JsonNode json = new ObjectMapper().valueToTree(values);
        return SCHEMA.validate(json);
    }
}
