// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import io.github.caadam.experiments.component.Component;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/** Data that were loaded, each once. */
final class LoadedData {

    private final DataContext context;
    private final Map<String, DataSplit> loaded = new HashMap<>();

    LoadedData(DataContext context) {
        this.context = context;
    }

    /**
     * Returns data.
     *
     * @param data what they are
     * @throws IOException if they cannot be had
     */
    DataSplit get(Component data) throws IOException {
        String key = data.toJson().toString();
        DataSplit split = loaded.get(key);
        if (split == null) {
            split = load(data);
            loaded.put(key, split);
        }
        return split;
    }

    private DataSplit load(Component data) throws IOException {
        try {
            return data.factory(DataSource.class).load(context, data.options());
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            if (data.isOfSuite()) {
                throw e;
            }
            throw new IllegalArgumentException("The " + data + " cannot be loaded: " + e + ".", e);
        }
    }
}
