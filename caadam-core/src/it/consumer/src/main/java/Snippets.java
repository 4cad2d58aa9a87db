import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.TrainingConfig;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.optimizer.RuleOptimizer;
import io.github.caadam.rule.Operand;
import io.github.caadam.rule.Slot;
import io.github.caadam.rule.Step;
import io.github.caadam.rule.UpdateRule;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.CosineSchedule;
import io.github.caadam.training.EarlyStopping;
import io.github.caadam.training.EpochListener;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.LearningRateSchedule;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.PlateauTracker;
import io.github.caadam.training.WarmUpSchedule;
import java.nio.file.Path;
import java.util.List;

/** What the README shows in parts, so that a build compiles it against the packaged library. */
final class Snippets {

    private Snippets() {}

    static Optimizer scaled(Model model) {
        Optimizer optimizer = CaAdam.builder()
                .setBlock(model.getBlock())
                .setScaling(ScalingStrategy.multiplicative())
                .optLearningRateTracker(Tracker.fixed(1e-3f))
                .build();
        return optimizer;
    }

    static void fit(Model model, Dataset training, Dataset validation) throws Exception {
        PlateauTracker learningRate = PlateauTracker.builder().setBaseValue(1e-3f).optPatience(6).build();
        Optimizer optimizer = CaAdam.builder()
                .setBlock(model.getBlock())
                .setScaling(ScalingStrategy.depth())
                .optLearningRateTracker(learningRate)
                .build();
        EpochListener listener = EpochListener.builder()
                .optEpochs(1_000)
                .optEarlyStopping(EarlyStopping.builder().optPatience(15).build())
                .optPlateauTracker(learningRate)
                .optCheckpoints(Path.of("checkpoints"), optimizer)
                .build();
        TrainingConfig config = new DefaultTrainingConfig(new MeanSquaredError())
                .optOptimizer(optimizer)
                .addTrainingListeners(TrainingListener.Defaults.basic())
                .addTrainingListeners(listener);
        FusedTrainer.Builder trainers = FusedTrainer.builder().setModel(model).setConfig(config);
        try (Trainer trainer = trainers.optCompiledEpochs().build()) {
            trainer.initialize(new Shape(1, 8));
            int done = listener.resume(trainer);    // 0 where there is no checkpoint
            EasyTrain.fit(trainer, 1_000 - done, training, validation);
        } catch (EarlyStoppedException e) {
            System.out.println("Stopped early: " + e.getMessage());
        }
    }

    static List<Object> schedules() {
        LearningRateSchedule schedule = WarmUpSchedule.builder()
                .setSteps(500)
                .setNext(CosineSchedule.builder().setPeak(1e-3).setSteps(9_500).optFloor(1e-5).build())
                .build();
        Optimizer adam = Optimizer.adam().optLearningRateTracker(schedule).build();
        PlateauTracker onTop = PlateauTracker.builder().optSchedule(schedule).optFactor(0.5).build();
        return List.of(adam, onTop);
    }

    record Momentum(double beta) implements UpdateRule {
        public String name() {
            return "momentum";
        }

        public List<Slot> slots() {
            return List.of(Slot.zeros("velocity"));
        }

        public void update(Step s) {
            Operand velocity = s.slot("velocity");
            s.mulInPlace(velocity, beta);
            s.addInPlace(velocity, s.gradients(), s.constant(1));
            s.addInPlace(s.weights(), velocity, s.number(n -> -n.rate()));
        }
    }

    static Optimizer ruled(Model model) {
        Optimizer optimizer = RuleOptimizer.builder()
                .setRule(new Momentum(0.9))
                .optBlock(model.getBlock())
                .optScaling(ScalingStrategy.depth())
                .optGlobalClipNorm(1)
                .optLearningRateTracker(Tracker.fixed(0.01f))
                .build();
        return optimizer;
    }
}
