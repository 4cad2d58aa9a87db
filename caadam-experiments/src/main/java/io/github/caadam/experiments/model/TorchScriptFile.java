// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A network in a TorchScript file, {@code .pt}. */
public final class TorchScriptFile {

    private static final String EXTENSION = ".pt";

    private TorchScriptFile() {}

    /**
     * Returns whether a model's name is that of a TorchScript file.
     *
     * @param name the name
     * @return whether it ends with {@code .pt}
     */
    public static boolean isName(String name) {
        return name.endsWith(EXTENSION);
    }

    /**
     * Loads a network so that it can be trained.
     *
     * @param file the file
     * @return the model, which the caller closes
     * @throws IOException if the file cannot be read or is not TorchScript
     */
    public static Model load(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("There is no file " + file + ".");
        }
        Model model = Model.newInstance(file.toString(), "PyTorch");
        try {
            model.load(file, null, Map.of("trainParam", "true"));
            return model;
        } catch (MalformedModelException | EngineException e) {
            model.close();
            throw new IOException(file + " is not a TorchScript file.", e);
        }
    }
}
