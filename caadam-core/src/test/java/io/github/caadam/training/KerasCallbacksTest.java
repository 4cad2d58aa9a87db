// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Decisions and learning rates against Keras' own, made by scripts/golden/keras_callbacks.py. */
class KerasCallbacksTest {

    static Stream<JsonObject> cases() throws IOException {
        try (Reader reader =
                new InputStreamReader(
                        KerasCallbacksTest.class.getResourceAsStream(
                                "/golden/keras-callbacks.json"),
                        StandardCharsets.UTF_8)) {
            return StreamSupport.stream(
                            JsonParser.parseReader(reader)
                                    .getAsJsonObject()
                                    .getAsJsonArray("cases")
                                    .spliterator(),
                            false)
                    .map(element -> element.getAsJsonObject());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void learningRateFallsAndTrainingStopsWhereTheyDoInKeras(JsonObject golden) {
        Monitor monitor =
                golden.get("mode").getAsString().equals("max")
                        ? Monitor.maximum("value")
                        : Monitor.minimum("value");
        PlateauTracker learningRate =
                PlateauTracker.builder()
                        .optMonitor(monitor)
                        .setBaseValue(1e-3f)
                        .optFactor(golden.get("factor").getAsDouble())
                        .optPatience(golden.get("plateauPatience").getAsInt())
                        .optMinDelta(golden.get("minDelta").getAsDouble())
                        .optMinValue(golden.get("minValue").getAsDouble())
                        .optCooldown(golden.get("cooldown").getAsInt())
                        .build();
        EarlyStopping stopping =
                EarlyStopping.builder()
                        .optMonitor(monitor)
                        .optPatience(golden.get("patience").getAsInt())
                        .optMinDelta(golden.get("minDelta").getAsDouble())
                        .optStartFromEpoch(golden.get("startFromEpoch").getAsInt())
                        .build();
        int epochs = golden.getAsJsonArray("rates").size();
        int stopEpoch = -1;

        for (int epoch = 0; epoch < epochs; epoch++) {
            double loss = golden.getAsJsonArray("losses").get(epoch).getAsDouble();
            if (stopping.update(epoch, loss).stops()) {
                assertThat(stopEpoch).isEqualTo(-1);
                stopEpoch = epoch;
            }
            learningRate.update(loss);

            assertThat(learningRate.getNewValue(epoch))
                    .as("learning rate after epoch %d", epoch)
                    .isEqualTo(golden.getAsJsonArray("rates").get(epoch).getAsFloat());
        }

        assertThat(stopEpoch).isEqualTo(golden.get("stopEpoch").getAsInt());
        assertThat(stopping.bestEpoch()).isEqualTo(golden.get("bestEpoch").getAsInt());
    }
}
