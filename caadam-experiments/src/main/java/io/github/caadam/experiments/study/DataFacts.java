// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.study;

import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import java.util.Optional;

/**
 * What a plan must know of data.
 *
 * @param digest the digest of the values; empty where they were not read
 * @param signature what a network must know of them; empty where they were not read
 */
public record DataFacts(String digest, Optional<DataSignature> signature) {

    /** Of data that were not read, whose runs have no ids. */
    public static final DataFacts UNKNOWN = new DataFacts("", Optional.empty());

    /**
     * Returns what a plan must know of data that were loaded.
     *
     * @param data the data
     * @return the facts
     */
    public static DataFacts of(DataSplit data) {
        return new DataFacts(data.digest(), Optional.of(data.signature()));
    }
}
