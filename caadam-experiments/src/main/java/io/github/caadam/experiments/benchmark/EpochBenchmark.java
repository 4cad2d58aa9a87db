// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.benchmark;

import ai.djl.Device;
import io.github.caadam.scaling.ScalingStrategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whole training epochs, in turns: stock, our ways with CaAdam and with Adam, and convolutions. */
final class EpochBenchmark implements AutoCloseable {

    private final Workload workload;
    private final List<Contender> contenders = new ArrayList<>();
    private final EpochContender stock;
    private final Way eager;
    private final Optional<Way> compiled;
    private final Optional<EpochContender> inFit;
    private final Optional<Convolutions> stockConvolutions;
    private final Optional<Convolutions> ourConvolutions;
    private final Turns turns;

    /** One of our ways, with CaAdam and with Adam, which is CaAdam without scaling. */
    private record Way(EpochContender caAdam, EpochContender adam) {}

    EpochBenchmark(Workload workload, Device device) {
        this.workload = workload;
        ScalingStrategy scaling = ScalingStrategy.multiplicative();
        ScalingStrategy none = ScalingStrategy.none();
        stock = add(EpochContender.stock(workload, device));
        eager =
                new Way(
                        add(EpochContender.eager(workload, device, scaling)),
                        add(EpochContender.eager(workload, device, none)));
        compiled =
                EpochContender.compiled(workload, device, scaling)
                        .map(
                                caAdam ->
                                        new Way(
                                                add(caAdam),
                                                add(
                                                        EpochContender.compiled(
                                                                        workload, device, none)
                                                                .orElseThrow())));
        inFit = EpochContender.compiledInFit(workload, device, scaling).map(this::add);
        stockConvolutions = Convolutions.of(stock.training(), false).map(this::add);
        ourConvolutions = Convolutions.of(stock.training(), true).map(this::add);
        turns = new Turns(contenders, !device.isGpu());
    }

    private <T extends Contender> T add(T contender) {
        contenders.add(contender);
        return contender;
    }

    void run(BenchmarkSettings settings) {
        turns.warmUp(settings.epochsBefore(workload));
        turns.measure(settings.leastRounds(), settings.mostRounds(), settings.budget());
    }

    int rounds() {
        return turns.rounds();
    }

    /** Stock over our eager loop. */
    Ratio eagerRatio() {
        return turns.ratio(0, place(eager.caAdam()));
    }

    /** The same in processor time. */
    Ratio eagerProcessorRatio() {
        return turns.processorRatio(0, place(eager.caAdam()));
    }

    /** CaAdam over Adam in our eager loop, in processor time. */
    Ratio eagerCost() {
        return cost(eager);
    }

    /** Stock over the compiled epoch. */
    Optional<Ratio> compiledRatio() {
        return compiled.map(way -> turns.ratio(0, place(way.caAdam())));
    }

    /** The same in processor time. */
    Optional<Ratio> compiledProcessorRatio() {
        return compiled.map(way -> turns.processorRatio(0, place(way.caAdam())));
    }

    /** CaAdam over Adam in the compiled epoch, in processor time. */
    Optional<Ratio> compiledCost() {
        return compiled.map(this::cost);
    }

    /** Stock over compiled epochs inside {@code EasyTrain.fit}. */
    Optional<Ratio> fitRatio() {
        return inFit.map(contender -> turns.ratio(0, place(contender)));
    }

    /** The same in processor time. */
    Optional<Ratio> fitProcessorRatio() {
        return inFit.map(contender -> turns.processorRatio(0, place(contender)));
    }

    /** Compiled epochs inside {@code EasyTrain.fit} over bare ones, in processor time. */
    Optional<Ratio> fitCost() {
        return inFit.flatMap(
                contender ->
                        compiled.map(
                                way ->
                                        turns.processorRatio(
                                                place(contender), place(way.caAdam()))));
    }

    private Ratio cost(Way way) {
        return turns.processorRatio(place(way.caAdam()), place(way.adam()));
    }

    /** The share of its convolutions in an epoch of stock, in processor time. */
    Optional<Ratio> convolutionsOfStock() {
        return stockConvolutions.map(alone -> share(alone, stock));
    }

    /** The share of its convolutions in an epoch of our eager loop, in processor time. */
    Optional<Ratio> convolutionsOfOurs() {
        return ourConvolutions.map(alone -> share(alone, eager.caAdam()));
    }

    /** Convolutions run a single step. */
    private Ratio share(Convolutions alone, EpochContender epoch) {
        return turns.processorRatio(place(alone), place(epoch)).times(workload.steps());
    }

    private int place(Contender contender) {
        return contenders.indexOf(contender);
    }

    @Override
    public void close() {
        contenders.forEach(Contender::close);
    }
}
