import io.github.caadam.experiments.component.Catalog;
import io.github.caadam.experiments.dataset.DataDirectories;
import io.github.caadam.experiments.results.PlannedRun;
import io.github.caadam.experiments.results.RunStore;
import io.github.caadam.experiments.study.DataFacts;
import io.github.caadam.experiments.study.RunSet;
import io.github.caadam.experiments.study.Study;
import io.github.caadam.experiments.study.StudyReader;
import io.github.caadam.plugin.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A store of runs that nobody made, in two parts that can be collected: the plan as the suite makes
 * it, and files of runs as it writes them, whose numbers are drawn. Arguments: the directory, the
 * runs (a multiple of 100), the epochs of a run.
 */
public final class Stores {

    private static final int CONFIGURATIONS = 50;

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        int runs = Integer.parseInt(arguments[1]);
        int epochs = Integer.parseInt(arguments[2]);
        Files.createDirectories(directory);
        Path file = directory.resolve("growth.yaml");
        Files.writeString(file, study(runs / CONFIGURATIONS));
        Study study = StudyReader.read(file.toString(), Catalog.ofSuite());
        DataSource friedman =
                Catalog.ofSuite()
                        .named(io.github.caadam.experiments.component.Kind.DATA, "friedman1", Map.of())
                        .factory(DataSource.class);
        DataFacts facts =
                DataFacts.of(
                        friedman.load(
                                DataDirectories.of(Optional.empty()),
                                io.github.caadam.plugin.Options.NONE));
        List<PlannedRun> planned =
                new ArrayList<>(RunSet.of(study, Map.of("friedman1", facts)).planned());
        RunStore whole = new RunStore(directory.resolve("whole"));
        whole.plan("growth", "", 2, planned);
        List<RunStore> parts =
                List.of(
                        new RunStore(directory.resolve("part-1")),
                        new RunStore(directory.resolve("part-2")));
        for (int i = 0; i < 2; i++) {
            int rest = i;
            parts.get(i)
                    .plan(
                            "growth",
                            "",
                            2,
                            planned.stream().filter(run -> run.seed() % 2 == rest).toList());
        }
        Random random = new Random(1);
        for (PlannedRun run : planned) {
            String text = record(run, epochs, random);
            String name = "runs/" + run.id() + ".json";
            Path written = Files.writeString(whole.directory().resolve(name), text);
            Files.createLink(parts.get(run.seed() % 2).directory().resolve(name), written);
        }
    }

    private static String study(int seeds) {
        StringBuilder text = new StringBuilder("format: 1\nname: growth\ndata: [friedman1]\nmodels:\n");
        for (int width = 4; width <= 20; width += 4) {
            text.append("  - \"mlp:").append(width).append("\"\n");
        }
        text.append("optimizers:\n");
        for (int i = 1; i <= 10; i++) {
            text.append("  - {name: adam, label: Adam ")
                    .append(i)
                    .append(String.format(Locale.ROOT, ", options: {learning-rate: %.3f}}%n", i * 1e-3));
        }
        return text.append("protocol: {batch-size: 64, epochs: 50}\nseeds: ").append(seeds).append('\n')
                .toString();
    }

    private static String record(PlannedRun run, int epochs, Random random) throws IOException {
        double value = 1 + 0.1 * random.nextGaussian() + 0.02 * run.optimizer().length();
        StringBuilder history = new StringBuilder();
        for (int i = 0; i < epochs; i++) {
            history.append(i == 0 ? "" : ", ")
                    .append(
                            String.format(
                                    Locale.ROOT,
                                    "{%n    \"loss\" : %s,%n    \"validationLoss\" : %s,%n"
                                            + "    \"learningRate\" : 0.0010000000474974513%n  }",
                                    value + random.nextDouble() / (i + 1),
                                    value + random.nextDouble() / (i + 1)));
        }
        return """
                {
                  "id" : "%s",
                  "study" : "growth",
                  "status" : "finished",
                  "dataset" : "%s",
                  "dataSource" : "generated",
                  "architecture" : "%s",
                  "optimizer" : "%s",
                  "strategy" : "%s",
                  "protocol" : "%s",
                  "run" : %d,
                  "question" : %s,
                  "metric" : "rmse",
                  "value" : %s,
                  "secondary" : %s,
                  "metrics" : {"loss" : %s, "mae" : %s, "r2" : 0.9, "rmse" : %s},
                  "seconds" : %s,
                  "epochs" : %d,
                  "steps" : %d,
                  "bestEpoch" : %d,
                  "history" : [%s],
                  "stints" : [{"from" : 1, "to" : %d, "place" : {"cores" : "2", "cpu" : "AMD EPYC",
                    "device" : "cpu()", "djl" : "0.36.0", "engine" : "PyTorch 2.7.1",
                    "java" : "17.0.15+6", "os" : "Linux amd64", "path" : "compiled", "threads" : "1"},
                    "commit" : "681fbae7c6c6815ab235d582ab337554b25a2a7c",
                    "started" : "2026-01-01T00:00:00Z"}]
                }
                """
                .formatted(
                        run.id(),
                        run.dataset(),
                        run.architecture(),
                        run.optimizer(),
                        run.strategy(),
                        run.protocol(),
                        run.seed(),
                        new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(run.question()),
                        value,
                        value / 2,
                        value,
                        value / 2,
                        value,
                        1 + random.nextDouble(),
                        epochs,
                        epochs * 100L,
                        epochs - 1,
                        history,
                        epochs);
    }
}
