// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener.EarlyStoppedException;
import ai.djl.training.listener.TrainingListener.BatchData;
import ai.djl.training.listener.TrainingListenerAdapter;
import java.util.Objects;

/**
 * Brings early stopping that restores the best weights, and a learning rate that falls on plateaus,
 * to a plain {@code EasyTrain.fit}:
 *
 * <pre>{@code
 * PlateauTracker learningRate = PlateauTracker.builder().setBaseValue(1e-3f).build();
 * TrainingConfig config = new DefaultTrainingConfig(loss)
 *         .optOptimizer(CaAdam.builder()...optLearningRateTracker(learningRate).build())
 *         .addTrainingListeners(TrainingListener.Defaults.basic())
 *         .addTrainingListeners(ValidationListener.builder()
 *                 .optEarlyStopping(EarlyStopping.builder().optPatience(15).build())
 *                 .optPlateauTracker(learningRate)
 *                 .build());
 * try (Trainer trainer = model.newTrainer(config)) {
 *     EasyTrain.fit(trainer, 1000, training, validation);
 * } catch (EarlyStoppingListener.EarlyStoppedException e) {
 *     // the usual end; the model now has its best weights
 * }
 * }</pre>
 *
 * <p>It monitors the validation loss, so the trainer also needs DJL's {@link
 * ai.djl.training.listener.EvaluatorTrainingListener} (part of {@code TrainingListener.Defaults}),
 * added before this one, and a validation set. An instance serves one training.
 *
 * @since 0.1.0
 */
public final class ValidationListener extends TrainingListenerAdapter {

    private final EarlyStopping earlyStopping;
    private final PlateauTracker plateauTracker;
    private BestWeights bestWeights;
    private boolean validated;
    private int epoch;

    private ValidationListener(Builder builder) {
        earlyStopping = builder.earlyStopping;
        plateauTracker = builder.plateauTracker;
    }

    /** Starts a training. */
    @Override
    public void onTrainingBegin(Trainer trainer) {
        bestWeights = new BestWeights(trainer.getModel().getBlock());
    }

    /** Notes that there is a validation set. */
    @Override
    public void onValidationBatch(Trainer trainer, BatchData batchData) {
        validated = true;
    }

    /**
     * Looks at the validation loss of the epoch that ended.
     *
     * @throws EarlyStoppedException if training is to stop; the best weights are restored; epochs
     *     count from 1, as in DJL's own listener
     * @throws IllegalStateException if the trainer has no validation loss
     */
    @Override
    public void onEpoch(Trainer trainer) {
        double loss = validationLoss(trainer);
        epoch++;
        if (plateauTracker != null) {
            plateauTracker.update(loss);
        }
        if (earlyStopping != null) {
            switch (earlyStopping.update(epoch - 1, loss)) {
                case KEEP_WEIGHTS -> bestWeights.capture();
                case STOP -> {
                    bestWeights.restore();
                    throw new EarlyStoppedException(
                            epoch,
                            "the validation loss has not improved since epoch "
                                    + (earlyStopping.bestEpoch() + 1));
                }
                case CONTINUE -> {}
            }
        }
    }

    /** Restores the best weights and frees their copies. */
    @Override
    public void onTrainingEnd(Trainer trainer) {
        bestWeights.restore();
        bestWeights.close();
    }

    private double validationLoss(Trainer trainer) {
        Float loss = null;
        if (validated && trainer.getTrainingResult().getEvaluations() != null) {
            loss = trainer.getTrainingResult().getValidateLoss();
        }
        if (loss == null) {
            throw new IllegalStateException(
                    "There is no validation loss: add DJL's EvaluatorTrainingListener (part of"
                            + " TrainingListener.Defaults) before this listener, and train with a"
                            + " validation set.");
        }
        validated = false;
        return loss;
    }

    /**
     * Creates a builder.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a {@link ValidationListener}. */
    public static final class Builder {

        private EarlyStopping earlyStopping;
        private PlateauTracker plateauTracker;

        private Builder() {}

        /**
         * Stops early and restores the best weights (default: neither).
         *
         * @param earlyStopping when to stop
         * @return this builder
         */
        public Builder optEarlyStopping(EarlyStopping earlyStopping) {
            this.earlyStopping = Objects.requireNonNull(earlyStopping, "earlyStopping");
            return this;
        }

        /**
         * Updates a learning rate at the end of every epoch (default: none).
         *
         * @param plateauTracker the tracker, which is also the optimizer's
         * @return this builder
         */
        public Builder optPlateauTracker(PlateauTracker plateauTracker) {
            this.plateauTracker = Objects.requireNonNull(plateauTracker, "plateauTracker");
            return this;
        }

        /**
         * Builds the listener.
         *
         * @return the listener
         * @throws IllegalArgumentException if it has nothing to do
         */
        public ValidationListener build() {
            if (earlyStopping == null && plateauTracker == null) {
                throw new IllegalArgumentException(
                        "The listener has nothing to do: set optEarlyStopping or"
                                + " optPlateauTracker.");
            }
            return new ValidationListener(this);
        }
    }
}
