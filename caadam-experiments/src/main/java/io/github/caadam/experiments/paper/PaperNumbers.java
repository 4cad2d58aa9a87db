// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.analysis.RunGroup;
import io.github.caadam.experiments.report.PublishedComparison;
import io.github.caadam.experiments.report.PublishedNumbers;
import java.util.Optional;

/** The numbers of the paper's Tables I to IV. */
public final class PaperNumbers implements PublishedNumbers {

    /** Makes the numbers, as {@link java.util.ServiceLoader} does. */
    public PaperNumbers() {}

    @Override
    public String name() {
        return Paper.NAME;
    }

    @Override
    public String scope() {
        return "MLPs on california-housing, and ResNet20 on cifar10, cifar100 and fashion-mnist";
    }

    @Override
    public Optional<PublishedComparison> compare(RunGroup group, String suffix) {
        return PaperComparison.of(group, suffix);
    }
}
