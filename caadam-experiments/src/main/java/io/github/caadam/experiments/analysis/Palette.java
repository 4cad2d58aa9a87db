// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The colours of configurations, the same in every figure. The paper's seven have those of Okabe
 * and Ito, which colour-blind people tell apart (https://jfly.uni-koeln.de/color/); others have
 * those of Paul Tol's muted scheme (https://sronpersonalpages.nl/~pault/), in the order of the
 * configurations, and share them where they are more than these.
 */
public final class Palette {

    private static final List<String> OKABE_ITO =
            List.of("#000000", "#56b4e9", "#cc79a7", "#e69f00", "#009e73", "#d55e00", "#0072b2");

    private static final List<String> MUTED =
            List.of(
                    "#332288", "#882255", "#117733", "#999933", "#44aa99", "#aa4499", "#cc6677",
                    "#88ccee");

    private Palette() {}

    /**
     * Returns the colours of Paul Tol's muted scheme, for what is no configuration.
     *
     * @return the colours, as {@code #rrggbb}
     */
    public static List<String> muted() {
        return MUTED;
    }

    /**
     * Returns the colours of configurations.
     *
     * @param configurations the configurations of a figure
     * @return a colour each, as {@code #rrggbb}, in the order of the configurations
     */
    public static Map<Configuration, String> of(Collection<Configuration> configurations) {
        Map<Configuration, String> colors = new LinkedHashMap<>();
        int others = 0;
        for (Configuration configuration : new TreeSet<>(configurations)) {
            int position = Configuration.PAPER.indexOf(configuration);
            colors.put(
                    configuration,
                    position >= 0 ? OKABE_ITO.get(position) : MUTED.get(others++ % MUTED.size()));
        }
        return colors;
    }
}
