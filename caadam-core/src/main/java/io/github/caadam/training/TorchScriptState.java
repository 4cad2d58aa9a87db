// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.training;

import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import ai.djl.util.Pair;
import io.github.caadam.internal.PrivateFields;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a loaded TorchScript has beside its parameters. DJL leaves it in evaluation mode until it
 * was evaluated for the first time, and in training mode whenever it trains after that; that is
 * kept here. Running statistics of a batch normalisation change in training mode, but DJL shows
 * parameters only, so they can be neither kept nor restored, and are refused.
 */
final class TorchScriptState implements Resumable {

    private static final String KIND = "a saved state of TorchScript";

    /** The field in which DJL notes the mode that it believes in. */
    private static final String MODE = "isTrain";

    private static final String STATISTICS = "num_batches_tracked";

    private final List<Block> scripts;
    private boolean wasEvaluated;

    private TorchScriptState(List<Block> scripts) {
        this.scripts = scripts;
    }

    /** Looks for TorchScript in a block; empty if there is none. */
    static Optional<TorchScriptState> of(Block block) {
        List<Block> scripts = new ArrayList<>();
        collect(block, scripts);
        return scripts.isEmpty() ? Optional.empty() : Optional.of(new TorchScriptState(scripts));
    }

    private static void collect(Block block, List<Block> scripts) {
        if (block instanceof SymbolBlock && isTraining(block).isPresent()) {
            scripts.add(block);
        }
        for (Pair<String, Block> child : block.getChildren()) {
            collect(child.getValue(), scripts);
        }
    }

    private static Optional<Boolean> isTraining(Block block) {
        return PrivateFields.read(block, block.getClass(), MODE, Boolean.class);
    }

    /**
     * Checks that there are no running statistics.
     *
     * @throws IllegalStateException if there are
     */
    void requireNoRunningStatistics() {
        for (Block script : scripts) {
            if (hasRunningStatistics(script)) {
                throw new IllegalStateException(
                        "The TorchScript has a batch normalisation with running statistics, which"
                                + " DJL changes in training but does not show, so that they can be"
                                + " neither saved nor restored. Export it with fixed ones"
                                + " (torchvision's FrozenBatchNorm2d) or none"
                                + " (track_running_stats=False), build the network of DJL's"
                                + " blocks, or train without early stopping and checkpoints.");
            }
        }
    }

    /** Looks for the name of their counter among the attributes of the modules. */
    private static boolean hasRunningStatistics(Block script) {
        Search search = new Search(STATISTICS);
        try (DataOutputStream out = new DataOutputStream(search)) {
            script.saveParameters(out);
        } catch (IOException e) {
            throw new UncheckedIOException("The TorchScript cannot be looked into.", e);
        }
        return search.isFound();
    }

    /** Looks for a word in what is written. */
    private static final class Search extends OutputStream {

        private final byte[] word;
        private final byte[] latest;
        private long count;
        private boolean isFound;

        Search(String word) {
            this.word = word.getBytes(StandardCharsets.US_ASCII);
            latest = new byte[this.word.length];
        }

        @Override
        public void write(int b) {
            latest[(int) (count % latest.length)] = (byte) b;
            count++;
            isFound |= (byte) b == word[word.length - 1] && isLatest();
        }

        private boolean isLatest() {
            for (int i = 0; i < word.length; i++) {
                if (latest[(int) ((count + i) % latest.length)] != word[i]) {
                    return false;
                }
            }
            return true;
        }

        boolean isFound() {
            return isFound;
        }
    }

    /** Notes that the block was evaluated. */
    void noteEvaluation() {
        wasEvaluated = true;
    }

    @Override
    public void save(Path file) throws IOException {
        boolean trains =
                wasEvaluated || scripts.stream().anyMatch(s -> !isTraining(s).orElse(true));
        SavedValues.write(file, KIND, Map.of("trainsInTrainingMode", trains));
    }

    @Override
    public void load(Path file) throws IOException {
        wasEvaluated = SavedValues.read(file, KIND).flag("trainsInTrainingMode");
        if (wasEvaluated) {
            // DJL then switches to training mode before the next batch.
            scripts.forEach(s -> PrivateFields.write(s, s.getClass(), MODE, false));
        }
    }
}
