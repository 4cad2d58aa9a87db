// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.scaling;

import io.github.caadam.structure.NetworkStructure;
import io.github.caadam.structure.ParameterStructure;

/** A parameter's number of connections relative to its network's minimum, median and maximum. */
final class MinMaxMedian {

    private MinMaxMedian() {}

    /**
     * Returns the signed position of {@code c}: {@code (c̃−c)/(c̃−c_min)}, 0 or more, where {@code
     * c ≤ c̃}, else {@code −(c−c̃)/(c_max−c̃)}; 0 at the median and where a side of it is empty.
     * Above 1 for a count below {@code c_min}, which the REFERENCE convention has.
     */
    static double position(ParameterStructure parameter, NetworkStructure network) {
        double c = parameter.connections();
        double median = network.medianConnections();
        double span =
                c <= median ? median - network.minConnections() : network.maxConnections() - median;
        return span == 0 || network.minConnections() == network.maxConnections()
                ? 0
                : (median - c) / span;
    }
}
