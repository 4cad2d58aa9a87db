// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.Model;
import ai.djl.nn.Block;
import io.github.caadam.experiments.component.FileFormat;
import io.github.caadam.experiments.component.Kind;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.ModelFactory;
import io.github.caadam.plugin.Named;
import io.github.caadam.plugin.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Networks in TorchScript files, which bring their initial weights and keep their shapes. */
public final class TorchScriptFormat implements FileFormat {

    /** The models of the blocks in use: DJL frees a block whose model nobody holds. */
    private static final Map<Block, Model> LOADED =
            Collections.synchronizedMap(new IdentityHashMap<>());

    /** Creates the format. */
    public TorchScriptFormat() {}

    @Override
    public Kind kind() {
        return Kind.MODEL;
    }

    @Override
    public List<String> extensions() {
        return TorchScriptFile.EXTENSIONS;
    }

    @Override
    public Named open(Path file) {
        return new Traced(file);
    }

    /**
     * A network in a file. All runs start from the weights of the file.
     *
     * @param file the file
     */
    record Traced(Path file) implements ModelFactory {

        @Override
        public String name() {
            return TorchScriptFile.baseName(file);
        }

        @Override
        public String description() {
            return "a TorchScript file";
        }

        @Override
        public Block create(DataSignature data, int seed, Options options) throws IOException {
            Model model = TorchScriptFile.load(file);
            LOADED.put(model.getBlock(), model);
            return model.getBlock();
        }

        @Override
        public void release(Block block) {
            Model model = LOADED.remove(block);
            if (model != null) {
                model.close();
            }
        }
    }
}
