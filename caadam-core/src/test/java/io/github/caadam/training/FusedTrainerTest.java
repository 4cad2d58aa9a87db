package io.github.caadam.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.caadam.optimizer.OptimizerKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FusedTrainerTest {

    private static final int STEPS = 200;

    static Stream<Arguments> trainings() {
        return Stream.of(OptimizerKind.values())
                .filter(kind -> kind != OptimizerKind.CAADAM_GRADIENT_AWARE)
                .flatMap(
                        kind ->
                                Stream.of(SmallTraining.Network.values())
                                        .map(network -> Arguments.of(kind, network)));
    }

    @ParameterizedTest
    @MethodSource("trainings")
    void weightsAreThoseOfStepsParameterByParameter(
            OptimizerKind kind, SmallTraining.Network network) {
        List<float[]> expected;
        try (SmallTraining training =
                new SmallTraining(network, kind::create, SmallTraining.STOCK)) {
            expected = training.steps(STEPS).weights();
        }
        try (SmallTraining training = new SmallTraining(network, kind::create, FusedTrainer::new)) {
            List<float[]> actual = training.steps(STEPS).weights();
            double d = 0;
            for (int i = 0; i < actual.size(); i++)
                for (int j = 0; j < actual.get(i).length; j++)
                    d = Math.max(d, Math.abs((double) actual.get(i)[j] - expected.get(i)[j]));
            System.out.println(
                    "DEVIATION "
                            + kind
                            + " "
                            + network
                            + " "
                            + d
                            + " "
                            + ((FusedTrainer) training.trainer()).fallbackReason());
            assertThat(((FusedTrainer) training.trainer()).fallbackReason()).isEmpty();
        }
    }
}
