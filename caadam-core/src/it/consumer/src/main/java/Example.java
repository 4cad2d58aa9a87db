import ai.djl.Model;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.listener.TrainingListener;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.MeanSquaredError;

public final class Example {
    public static void main(String[] args) throws Exception {
        var block = new SequentialBlock().add(Linear.builder().setUnits(64).build());
        block.add(Activation.reluBlock()).add(Linear.builder().setUnits(1).build());
        var optimizer = CaAdam.builder()
                .setBlock(block)
                .setScaling(ScalingStrategy.multiplicative())
                .build();
        var config = new DefaultTrainingConfig(new MeanSquaredError())
                .optOptimizer(optimizer)
                .addTrainingListeners(TrainingListener.Defaults.basic());
        var model = Model.newInstance("example");
        model.setBlock(block);
        try (model; optimizer; var trainer = model.newTrainer(config)) {
            var x = model.getNDManager().randomUniform(-1, 1, new Shape(1_000, 2));
            var y = x.square().sum(new int[] {1}, true);
            var rows = new ArrayDataset.Builder().setData(x).optLabels(y);
            var data = rows.setSampling(32, true).build();
            trainer.initialize(new Shape(1, 2));
            EasyTrain.fit(trainer, 1, data, null);
            System.out.println("Loss after 1 epoch: " + trainer.getTrainingResult().getTrainLoss());
            EasyTrain.fit(trainer, 20, data, null);
            System.out.println("after 21 epochs: " + trainer.getTrainingResult().getTrainLoss());
        }
    }
}
