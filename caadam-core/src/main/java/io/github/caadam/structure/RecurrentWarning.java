// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.structure;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says, once, that the paper's authors advise against their method for recurrent networks. */
final class RecurrentWarning {

    private static final Logger LOGGER = LoggerFactory.getLogger(StructureInspector.class);

    private final AtomicBoolean given = new AtomicBoolean();

    /** Logs the warning unless this object has logged it before. */
    void warn(String layer) {
        if (!given.getAndSet(true)) {
            LOGGER.warn(
                    "{} is recurrent: for recurrent networks the authors of CaAdam found mixed"
                            + " results, and advise against scaling by structure as it is.",
                    layer);
        }
    }
}
