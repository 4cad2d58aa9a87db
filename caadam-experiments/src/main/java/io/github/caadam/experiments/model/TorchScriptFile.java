// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A network in a TorchScript file. */
public final class TorchScriptFile {

    /** How the names of such files end. */
    static final List<String> EXTENSIONS = List.of(".pt", ".jit", ".ts");

    private TorchScriptFile() {}

    /**
     * Returns whether a model's name is that of a TorchScript file.
     *
     * @param name the name
     * @return whether it ends with {@code .pt}, {@code .jit} or {@code .ts}
     */
    public static boolean isName(String name) {
        return EXTENSIONS.stream().anyMatch(name::endsWith);
    }

    /**
     * Returns what a network in a file is called.
     *
     * @param file the file
     * @return its name without directory and end
     */
    public static String baseName(Path file) {
        String name = String.valueOf(file.getFileName());
        return isName(name) ? name.substring(0, name.lastIndexOf('.')) : name;
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
