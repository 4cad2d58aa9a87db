// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import io.github.caadam.rule.UpdateRule;
import io.github.caadam.scaling.WeightFactor;
import io.github.caadam.spi.UpdatePlan;
import java.util.Optional;

/**
 * What the source of a group's steps depends on.
 *
 * @param rule the rule that its parameters follow
 * @param decays whether decoupled weight decay applies
 * @param ofNorm how the learning rate follows the Euclidean norm of a layer's weights; empty if it
 *     follows none
 */
record GroupKind(UpdateRule rule, boolean decays, Optional<WeightFactor> ofNorm) {

    static GroupKind of(UpdatePlan.Entry first) {
        return new GroupKind(
                first.rule(),
                first.weightDecay() != 0,
                first.following().map(following -> following.ofNorm()));
    }

    /** Returns whether the learning rate follows weights. */
    boolean follows() {
        return ofNorm.isPresent();
    }
}
