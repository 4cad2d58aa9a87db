// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.plugin;

import java.io.IOException;

/**
 * Data that a study can name.
 *
 * @since 0.1.0
 */
public interface DataSource extends Named {

    /**
     * Loads, splits and preprocesses the data. The same options and files give the same values on
     * every machine.
     *
     * @param context where to look for files, and where to keep a download
     * @param options the options that the study gives
     * @return the data
     * @throws IOException if the data can be neither found nor downloaded, or are not what was
     *     asked for; the message says what to do
     */
    DataSplit load(DataContext context, Options options) throws IOException;
}
