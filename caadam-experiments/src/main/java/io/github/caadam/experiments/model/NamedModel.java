// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.model;

import ai.djl.basicmodelzoo.cv.classification.AlexNet;
import ai.djl.basicmodelzoo.cv.classification.GoogLeNet;
import ai.djl.basicmodelzoo.cv.classification.LeNet;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV1;
import ai.djl.basicmodelzoo.cv.classification.MobileNetV2;
import ai.djl.basicmodelzoo.cv.classification.NiN;
import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.basicmodelzoo.cv.classification.SqueezeNet;
import ai.djl.basicmodelzoo.cv.classification.VGG;
import ai.djl.basicmodelzoo.cv.object_detection.yolo.YOLOV3;
import ai.djl.basicmodelzoo.tabular.TabNet;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;

/**
 * A network with a fixed name: the paper's {@code resnet20}, and those of DJL's model zoo. The
 * zoo's initial weights are {@link HeNormal}, as DJL's own default is but for the cut. The zoo's
 * ResNet-18 and ResNet-34 are left out, as DJL 0.36.0 builds them with bottleneck units of three
 * convolutions, which makes them 26 and 50 layers deep.
 *
 * @param name the name
 * @param defaultInput the shape of one sample that it was made for
 * @param defaultOutputs the number of classes that it was made for
 * @param factory builds it
 */
public record NamedModel(String name, Shape defaultInput, int defaultOutputs, Factory factory)
        implements ModelSpec {

    /** Builds a network. */
    @FunctionalInterface
    public interface Factory {
        /**
         * Builds a network.
         *
         * @param input the shape of one sample
         * @param outputs the number of classes
         * @param random where the initial weights are drawn from
         * @return the block, not initialized
         */
        Block newBlock(Shape input, int outputs, RandomGenerator random);
    }

    private static final String RESNET20 = "resnet20";
    private static final Shape CIFAR = new Shape(3, 32, 32);
    private static final Shape IMAGE_NET = new Shape(3, 224, 224);
    private static final int IMAGE_NET_CLASSES = 1000;

    /** All networks, the paper's first. */
    public static final List<NamedModel> ALL =
            List.of(
                    new NamedModel(
                            RESNET20,
                            CIFAR,
                            10,
                            (input, outputs, random) -> ResNet20.newBlock(outputs, random)),
                    imageNet("alexnet", outputs -> AlexNet.builder().setOutSize(outputs).build()),
                    imageNet(
                            "darknet53",
                            outputs -> YOLOV3.builder().optDarkNetOutSize(outputs).buildDarkNet()),
                    imageNet(
                            "googlenet",
                            outputs -> GoogLeNet.builder().setOutSize(outputs).build()),
                    zoo(
                            "lenet",
                            new Shape(1, 28, 28),
                            10,
                            (input, outputs) -> LeNet.builder().setOutSize(outputs).build()),
                    imageNet(
                            "mobilenet-v1",
                            outputs -> MobileNetV1.builder().setOutSize(outputs).build()),
                    imageNet(
                            "mobilenet-v2",
                            outputs -> MobileNetV2.builder().setOutSize(outputs).build()),
                    imageNet(
                            "nin",
                            outputs ->
                                    NiN.builder()
                                            .setNumChannels(new int[] {96, 256, 384, outputs})
                                            .build()),
                    resNet(50),
                    resNet(101),
                    resNet(152),
                    imageNet("squeezenet", SqueezeNet::squeezenet),
                    zoo(
                            "tabnet",
                            new Shape(128),
                            10,
                            (input, outputs) ->
                                    TabNet.builder()
                                            .setInputDim(Math.toIntExact(input.get(0)))
                                            .setOutDim(outputs)
                                            .build()),
                    vgg(11, 1, 1, 2, 2, 2),
                    vgg(13, 2, 2, 2, 2, 2),
                    vgg(16, 2, 2, 3, 3, 3),
                    vgg(19, 2, 2, 4, 4, 4),
                    zoo(
                            "yolov3",
                            new Shape(3, 416, 416),
                            20,
                            (input, outputs) -> YOLOV3.builder().setNumClasses(outputs).build()));

    /**
     * Returns the names of all networks.
     *
     * @return the names
     */
    public static List<String> names() {
        return ALL.stream().map(NamedModel::name).toList();
    }

    /** Returns the name; the paper calls its ResNet-20 {@code ResNet20}. */
    @Override
    public String architecture() {
        return name.equals(RESNET20) ? "ResNet20" : name;
    }

    @Override
    public Optional<Penalty> penalty() {
        return name.equals(RESNET20) ? Optional.of(ResNet20.PENALTY) : Optional.empty();
    }

    @Override
    public Block newBlock(Shape input, int outputs, int... seed) {
        requireDimensions(input);
        return factory.newBlock(input, outputs, new MersenneTwister(seed));
    }

    @FunctionalInterface
    private interface Zoo {
        Block newBlock(Shape input, int outputs);
    }

    @FunctionalInterface
    private interface ImageNet {
        Block newBlock(int outputs);
    }

    private static NamedModel zoo(String name, Shape input, int outputs, Zoo zoo) {
        return new NamedModel(
                name,
                input,
                outputs,
                (sample, units, random) -> {
                    Block block = zoo.newBlock(sample, units);
                    block.setInitializer(new HeNormal(random), Parameter.Type.WEIGHT);
                    return block;
                });
    }

    private static NamedModel imageNet(String name, ImageNet network) {
        return zoo(
                name, IMAGE_NET, IMAGE_NET_CLASSES, (input, outputs) -> network.newBlock(outputs));
    }

    private static NamedModel resNet(int layers) {
        return zoo(
                "resnet" + layers,
                IMAGE_NET,
                IMAGE_NET_CLASSES,
                (input, outputs) ->
                        ResNetV1.builder()
                                .setNumLayers(layers)
                                .setImageShape(input)
                                .setOutSize(outputs)
                                .build());
    }

    /** VGG with so many convolutions in each of its five stages. */
    private static NamedModel vgg(int layers, int... convolutions) {
        int[] filters = {64, 128, 256, 512, 512};
        int[][] stages = new int[filters.length][];
        for (int i = 0; i < stages.length; i++) {
            stages[i] = new int[] {convolutions[i], filters[i]};
        }
        return imageNet(
                "vgg" + layers,
                outputs ->
                        VGG.builder()
                                .setNumLayers(layers)
                                .setConvArch(stages)
                                .setOutSize(outputs)
                                .build());
    }
}
