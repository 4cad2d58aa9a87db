// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.analysis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Colours. The first seven are those of Okabe and Ito, which colour-blind people tell apart
 * (https://jfly.uni-koeln.de/color/); all others have those of Paul Tol's muted scheme
 * (https://sronpersonalpages.nl/~pault/), and share them where they are more than these.
 */
public final class Palette {

    private static final List<String> OKABE_ITO =
            List.of("#000000", "#56b4e9", "#cc79a7", "#e69f00", "#009e73", "#d55e00", "#0072b2");

    private static final List<String> MUTED =
            List.of(
                    "#332288", "#882255", "#117733", "#999933", "#44aa99", "#aa4499", "#cc6677",
                    "#88ccee");

    /** How many colours everybody tells apart. */
    static final int DISTINCT = OKABE_ITO.size();

    private Palette() {}

    /**
     * Returns the colours of Paul Tol's muted scheme, for what is no configuration.
     *
     * @return the colours, as {@code #rrggbb}
     */
    public static List<String> muted() {
        return MUTED;
    }

    /** Returns a colour each, those of the first scheme for what is known. */
    static <T> Map<T, String> of(List<T> known, Collection<T> all) {
        Map<T, String> colors = new LinkedHashMap<>();
        int others = 0;
        for (T one : all) {
            int position = known.indexOf(one);
            colors.put(
                    one,
                    position >= 0 && position < DISTINCT
                            ? OKABE_ITO.get(position)
                            : MUTED.get(others++ % MUTED.size()));
        }
        return colors;
    }

    /**
     * Returns the colours of scaling strategies, which are those that configurations of a
     * publication with these strategies have.
     *
     * @param strategies the strategies by name
     * @return a colour each, as {@code #rrggbb}, in the order given
     */
    public static Map<String, String> ofStrategies(Collection<String> strategies) {
        Optional<Publication> publication =
                Publication.all().stream()
                        .filter(
                                one ->
                                        one.configurations().stream()
                                                .map(Configuration::strategy)
                                                .anyMatch(strategies::contains))
                        .findFirst();
        List<String> known =
                publication.stream()
                        .flatMap(one -> one.configurations().stream())
                        .map(Configuration::strategy)
                        .toList();
        return of(known, strategies);
    }
}
