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
import io.github.caadam.experiments.component.ComponentSet;
import io.github.caadam.experiments.component.Kind;
import java.util.List;

/**
 * The networks of DJL's model zoo. Its ResNet-18 and ResNet-34 are left out, as DJL 0.36.0 builds
 * them with bottleneck units of three convolutions, which makes them 26 and 50 layers deep.
 */
public final class Zoo implements ComponentSet {

    private static final Shape IMAGE_NET = new Shape(3, 224, 224);
    private static final int IMAGE_NET_CLASSES = 1000;

    private static final List<ZooModel> ALL =
            List.of(
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

    /** Creates the set. */
    public Zoo() {}

    @Override
    public Kind kind() {
        return Kind.MODEL;
    }

    @Override
    public List<ZooModel> members() {
        return ALL;
    }

    @FunctionalInterface
    private interface ImageNet {
        Block newBlock(int outputs);
    }

    private static ZooModel zoo(String name, Shape input, int outputs, ZooModel.Builder builder) {
        return new ZooModel(name, input, outputs, builder);
    }

    private static ZooModel imageNet(String name, ImageNet network) {
        return zoo(
                name, IMAGE_NET, IMAGE_NET_CLASSES, (input, outputs) -> network.newBlock(outputs));
    }

    private static ZooModel resNet(int layers) {
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
    private static ZooModel vgg(int layers, int... convolutions) {
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
