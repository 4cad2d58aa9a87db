// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.component;

import io.github.caadam.plugin.Named;
import java.util.Optional;

/**
 * Names that are not finitely many, such as {@code mlp:64-32}. Its own name is what they begin
 * with, in front of a colon.
 */
public interface NameFamily extends Named {

    /**
     * Returns the kind of the members.
     *
     * @return the kind
     */
    Kind kind();

    /**
     * Returns a member.
     *
     * @param argument what is behind the colon
     * @return the member, whose name is the whole; empty if there is none of that name
     */
    Optional<Named> member(String argument);

    /**
     * Says how members are named.
     *
     * @return such as {@code mlp:64-32, mlp: followed by the units of the hidden layers}
     */
    String usage();
}
