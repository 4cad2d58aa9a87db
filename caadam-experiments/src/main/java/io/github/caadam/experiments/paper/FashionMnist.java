// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.dataset.Checksum;
import io.github.caadam.experiments.dataset.DjlRepository;
import io.github.caadam.experiments.dataset.Downloads;
import io.github.caadam.experiments.dataset.FileDataset;
import io.github.caadam.experiments.dataset.GzipFiles;
import io.github.caadam.experiments.dataset.RemoteFile;
import io.github.caadam.experiments.dataset.RemoteFolder;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking
 * machine learning algorithms, 2017): 60,000 training and 10,000 test images of 28 × 28 grey
 * pixels, enlarged to 56 × 56 as {@link CubicInterpolation} says, in three equal channels, from 0
 * to 1 up to the overshoot of the interpolation.
 *
 * <p>Reads the four idx files, compressed or not, from one directory, whose contents have published
 * checksums. Debian's package {@code dataset-fashion-mnist} has them, and so has DJL's repository.
 */
public final class FashionMnist implements FileDataset {

    private static final String NAME = "fashion-mnist";
    private static final String TITLE = "Fashion-MNIST";
    private static final int CLASSES = 10;
    private static final int ENLARGED = 56;
    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
    private static final String DJL = "fashmnist";

    /** Where Keras has the files; the authors' own place is without TLS. */
    private static final URI SITE =
            URI.create("https://storage.googleapis.com/tensorflow/tf-keras-datasets/");

    /** The largest of the files has 47 MB; more than this is none of them. */
    private static final int SIZE_LIMIT = 64 << 20;

    /**
     * One of the four files.
     *
     * @param name its name, decompressed
     * @param contents the published checksum of its contents
     */
    record Part(String name, Checksum contents) {

        private String compressedName() {
            return name + GzipFiles.EXTENSION;
        }

        /** Where a place has the file, compressed in whatever way. */
        private RemoteFile at(URI place) {
            return new RemoteFile(
                    place.resolve(compressedName()),
                    compressedName(),
                    contents.ofContents(),
                    RemoteFile.Limits.DEFAULT);
        }
    }

    /**
     * The four files.
     *
     * @param trainImages the training images
     * @param trainLabels their classes
     * @param testImages the test images
     * @param testLabels their classes
     */
    record Parts(Part trainImages, Part trainLabels, Part testImages, Part testLabels) {

        static final Parts PUBLISHED =
                new Parts(
                        part("train-images-idx3-ubyte", "f4a8712d7a061bf5bd6d2ca38dc4d50a"),
                        part("train-labels-idx1-ubyte", "9018921c3c673c538a1fc5bad174d6f9"),
                        part("t10k-images-idx3-ubyte", "8181f5470baa50b63fa0f6fddb340f0a"),
                        part("t10k-labels-idx1-ubyte", "15d484375f8d13e6eb1aabb0c3f46965"));

        private static Part part(String name, String md5) {
            return new Part(name, Checksum.md5(md5));
        }

        List<Part> all() {
            return List.of(trainImages, trainLabels, testImages, testLabels);
        }
    }

    private final Parts parts;
    private final List<URI> places;
    private final List<Path> system;

    /** Creates the data set. */
    public FashionMnist() {
        this(
                Parts.PUBLISHED,
                List.of(DjlRepository.versionUri(DJL), SITE),
                List.of(DEBIAN, DjlRepository.localCopy(DJL)));
    }

    /**
     * Describes a data set.
     *
     * @param parts its files
     * @param places where they can be downloaded, compressed, in order
     * @param system the system's own directories, looked into last
     */
    FashionMnist(Parts parts, List<URI> places, List<Path> system) {
        this.parts = parts;
        this.places = List.copyOf(places);
        this.system = List.copyOf(system);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return TITLE + ": 60,000 and 10,000 images of 28 × 28, enlarged to 56 × 56, 10 classes";
    }

    @Override
    public Optional<Path> locate(DataContext directories) {
        return Stream.concat(
                        directories.searchPath().stream()
                                .flatMap(
                                        directory -> Stream.of(directory.resolve(NAME), directory)),
                        system.stream())
                .filter(directory -> found(directory).findAny().isPresent())
                .findFirst();
    }

    private Stream<Path> found(Path directory) {
        return parts.all().stream()
                .map(part -> GzipFiles.find(directory, part.name()))
                .flatMap(Optional::stream);
    }

    @Override
    public List<Path> files(DataContext directories) {
        return locate(directories).stream().flatMap(this::found).toList();
    }

    @Override
    public Path fetch(DataContext directories) throws IOException {
        Optional<Path> found = locate(directories);
        if (found.isPresent()) {
            return found.get();
        }
        List<RemoteFolder> sources =
                places.stream()
                        .map(
                                place ->
                                        new RemoteFolder(
                                                place,
                                                NAME,
                                                parts.all().stream()
                                                        .map(part -> part.at(place))
                                                        .toList()))
                        .toList();
        return Downloads.fetch(
                TITLE,
                sources,
                directories,
                "all of " + parts.all().stream().map(Part::compressedName).toList());
    }

    @Override
    public int downloadMegabytes() {
        return 31;
    }

    @Override
    public DataSplit load(DataContext directories, Options options) throws IOException {
        Path directory = fetch(directories);
        RawImages train;
        RawImages test;
        try {
            train = images(directory, parts.trainImages(), parts.trainLabels());
            test = images(directory, parts.testImages(), parts.testLabels());
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    directory
                            + " does not hold "
                            + TITLE
                            + ": "
                            + e.getMessage()
                            + ". Delete its files or replace them with good copies.",
                    e);
        }
        ImagePreprocessing preprocessing = new ImagePreprocessing.ResizedToColour(ENLARGED);
        return new DataSplit(
                new DataSignature(
                        Task.CLASSIFICATION,
                        preprocessing.outputShape(train.shape()),
                        CLASSES,
                        TargetScale.NONE),
                new ImageSamples(train, preprocessing),
                train.targets(),
                0,
                new ImageSamples(test, preprocessing),
                test.targets(),
                RawImages.digest(train, test),
                NAME,
                "");
    }

    private static RawImages images(Path directory, Part images, Part labels) throws IOException {
        return IdxFormat.read(read(directory, images), read(directory, labels), CLASSES);
    }

    /** Reads a file and verifies its contents. */
    private static byte[] read(Path directory, Part part) throws IOException {
        Path file =
                GzipFiles.find(directory, part.name())
                        .orElseThrow(
                                () -> new IOException("it has no " + part.name() + " nor its .gz"));
        byte[] bytes = GzipFiles.read(file, SIZE_LIMIT);
        Checksum found = part.contents().of(bytes);
        if (!found.equals(part.contents())) {
            throw new IOException(
                    file.getFileName()
                            + " holds "
                            + bytes.length
                            + " bytes with "
                            + found
                            + ", as published "
                            + part.contents());
        }
        return bytes;
    }
}
