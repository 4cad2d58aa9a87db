import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import io.github.caadam.optimizer.CaAdam;
import io.github.caadam.scaling.ScalingStrategy;
import io.github.caadam.training.CompiledEpoch;
import io.github.caadam.training.FusedTrainer;
import io.github.caadam.training.MeanSquaredError;
import java.util.stream.IntStream;

/** Compiled against each of the two jars, and loaded beside it. */
public final class Training implements Contender {

    private static final int FEATURES = 8;

    private final SequentialBlock block = new SequentialBlock();
    private final CaAdam optimizer;
    private final int batch;
    private final Trainer trainer;
    private final ArrayDataset data;
    private final CompiledEpoch epoch;
    private final NDArray features;
    private final NDArray labels;
    private final NDArray someFeatures;
    private final NDArray someLabels;
    private final int[] order;

    /** Trains two epochs, and compiles. */
    public Training(String units, Boolean scaled, Integer rows, Integer batch) throws Exception {
        this.batch = batch;
        for (String width : units.split("-")) {
            block.add(Linear.builder().setUnits(Integer.parseInt(width)).build());
            block.add(Activation.reluBlock());
        }
        block.add(Linear.builder().setUnits(1).build());
        Model model = Model.newInstance("cost", "PyTorch");
        model.setBlock(block);
        optimizer =
                CaAdam.builder()
                        .setBlock(block)
                        .setScaling(
                                scaled
                                        ? ScalingStrategy.multiplicative()
                                        : ScalingStrategy.none())
                        .build();
        trainer =
                FusedTrainer.builder()
                        .setModel(model)
                        .setConfig(
                                new DefaultTrainingConfig(new MeanSquaredError())
                                        .optOptimizer(optimizer))
                        .build();
        trainer.initialize(new Shape(batch, FEATURES));
        NDManager manager = trainer.getManager();
        features = manager.randomUniform(-1, 1, new Shape(rows, FEATURES));
        labels = manager.randomUniform(-1, 1, new Shape(rows, 1));
        someFeatures = features.get(":" + rows / 4);
        someLabels = labels.get(":" + rows / 4);
        data =
                new ArrayDataset.Builder()
                        .setData(features)
                        .optLabels(labels)
                        .setSampling(batch, true)
                        .build();
        EasyTrain.fit(trainer, 2, data, null);
        try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(
                    trainer.getLoss()
                            .evaluate(
                                    new NDList(labels), trainer.forward(new NDList(features))));
        }
        order = IntStream.range(0, rows).toArray();
        epoch = CompiledEpoch.compile(block, trainer.getLoss(), optimizer, batch);
    }

    @Override
    public void steps(int count) {
        for (int i = 0; i < count; i++) {
            trainer.step();
        }
    }

    @Override
    public void eager() {
        try {
            EasyTrain.fit(trainer, 1, data, null);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void compiled() {
        epoch.run(features, labels, order);
    }

    @Override
    public void evaluate() {
        epoch.evaluate(someFeatures, someLabels);
    }

    @Override
    public void compile() {
        int[] first = IntStream.range(0, batch).toArray();
        try (CompiledEpoch other =
                CompiledEpoch.compile(block, trainer.getLoss(), optimizer, batch)) {
            other.run(features, labels, first);
            other.run(features, labels, first);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
