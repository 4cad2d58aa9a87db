// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Examples of ECMAScript, which RFC 8785 follows. */
    @ParameterizedTest
    @CsvSource({
        "0.0, 0",
        "-0.0, 0",
        "1000.0, 1000",
        "0.001, 0.001",
        "2.5e-5, 0.000025",
        "1e-6, 0.000001",
        "1e-7, 1e-7",
        "1.5e-7, 1.5e-7",
        "1e20, 100000000000000000000",
        "1e21, 1e+21",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "4.9e-324, 5e-324",
        "2e-3, 0.002",
        "2.0E23, 2e+23",
        "0.30000000000000004, 0.30000000000000004",
        "-123.456, -123.456"
    })
    void numbersHaveOneForm(double number, String text) {
        assertThat(CanonicalJson.number(number)).isEqualTo(text);
        assertThat(Double.parseDouble(text)).isEqualTo(number == 0 ? 0 : number);
    }

    @Test
    void orderOfKeysAndFormOfNumbersAreNoPartOfTheIdentity() throws IOException {
        String parts =
                "'data':{'name':'d','digest':'x'},'model':{'name':'m'},'protocol':{'a':1000,'b':1e-7}";
        String others =
                "'protocol':{'b':0.0000001,'a':1e3},'model':{'name':'m'},'data':{'digest':'x','name':'d'}";
        String rest = ",'optimizer':{'name':'o'},'seed':3,'randomness':'r','results-version':2";

        assertThat(question("{" + parts + rest + "}"))
                .isEqualTo(question("{" + others + rest + "}"));
        assertThat(question("{" + parts + rest + "}").id())
                .isEqualTo(question("{" + others + rest + "}").id())
                .isNotEqualTo(question("{" + parts + rest.replace("3", "4") + "}").id());
        assertThat(question("{" + parts + rest + "}").withSeed(4))
                .isEqualTo(question("{" + parts + rest.replace("3", "4") + "}"));
    }

    /** Parts that are equal are kept once, but not in another order than they were written. */
    @Test
    void partsKeepTheirOrder() throws IOException {
        String rest =
                "'data':{'name':'d'},'model':{'name':'m'},'optimizer':{'name':'o'},"
                        + "'seed':3,'randomness':'r','results-version':2}";
        for (String part : List.of("{'order':{%s}}", "{'orders':[{%s}]}")) {
            String one = "{'protocol':" + part.formatted("'a':1,'b':2") + "," + rest;
            String other = "{'protocol':" + part.formatted("'b':2,'a':1") + "," + rest;

            assertThat(question(one).part("protocol").toString()).contains("\"a\":1,\"b\":2");
            assertThat(question(other).part("protocol").toString()).contains("\"b\":2,\"a\":1");
            assertThat(question(one)).isEqualTo(question(other));
        }
    }

    /** SHA-256 of the text by sha256sum. */
    @Test
    void idIsTheDigestOfTheCanonicalForm() {
        Question question = new RunRecordBuilder().question();

        assertThat(question)
                .hasToString(
                        "{\"data\":{\"digest\":\"abc\",\"name\":\"friedman1\"},"
                                + "\"model\":{\"name\":\"mlp:64-32\"},"
                                + "\"optimizer\":{\"name\":\"Adam:none\","
                                + "\"options\":{\"learning-rate\":0.001}},"
                                + "\"protocol\":{\"batch-size\":64,\"epochs\":1000},"
                                + "\"randomness\":\"none\",\"results-version\":2,\"seed\":0}");
        assertThat(question.id()).isEqualTo("f66c11a7b248ea24");
    }

    @Test
    void partsThatAreMissingOrUnknownAreRefused() {
        ObjectNode json = new RunRecordBuilder().question().json();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Question.of(json.deepCopy().put("place", "here")))
                .withMessageContaining("place");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Question.of(json.deepCopy().without("model")))
                .withMessageContaining("has no \"model\"");
    }

    private static Question question(String text) throws IOException {
        return Question.of((ObjectNode) JSON.readTree(text.replace("'", "\"")));
    }
}
