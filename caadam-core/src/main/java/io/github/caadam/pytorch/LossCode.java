package io.github.caadam.pytorch;

import static io.github.caadam.pytorch.SourceWriter.call;

import ai.djl.training.loss.Loss;
import io.github.caadam.training.MeanSquaredError;
import io.github.caadam.training.NotCompilableException;

/** A loss that a program can compute. */
enum LossCode {

    /** {@link MeanSquaredError}. */
    MEAN_SQUARED_ERROR {
        @Override
        String write(SourceWriter out, String predictions, String labels) {
            return out.let(
                    "loss", call("torch.mse_loss", predictions, shapedLike(predictions, labels)));
        }
    };

    /** Finds the code of a loss. */
    static LossCode of(Loss loss) throws NotCompilableException {
        if (loss.getClass() == MeanSquaredError.class) {
            return MEAN_SQUARED_ERROR;
        }
        throw new NotCompilableException(
                "loss", loss.getClass() + " is none that the compiler knows.");
    }

    /**
     * Writes the loss of a batch, a mean over its rows.
     *
     * @param out where to
     * @param predictions the name of the network's output
     * @param labels the name of the labels
     * @return the name of the loss
     */
    abstract String write(SourceWriter out, String predictions, String labels);

    /** Returns labels in the shape of the predictions. */
    static String shapedLike(String predictions, String labels) {
        return call("torch.reshape_as", labels, predictions);
    }
}
