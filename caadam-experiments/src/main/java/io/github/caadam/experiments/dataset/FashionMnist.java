package io.github.caadam.experiments.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Fashion-MNIST (Xiao, Rasul and Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking
 * machine learning algorithms, 2017): 60,000 training and 10,000 test images of 28 × 28 grey
 * pixels, enlarged to 56 × 56 as {@link CubicInterpolation} says, in three equal channels, from 0
 * to 1 up to the overshoot of the interpolation.
 *
 * <p>Reads the four idx files, compressed or not, from one directory, whose contents have published
 * checksums. Debian's package {@code dataset-fashion-mnist} has them.
 */
public final class FashionMnist implements FileDataset {

    private static final String NAME = "fashion-mnist";
    private static final String TITLE = "Fashion-MNIST";
    private static final int CLASSES = 10;
    private static final int ENLARGED = 56;
    private static final String GZIP = ".gz";
    private static final Path DEBIAN = Path.of("/usr/share/datasets/fashion-mnist");
    private static final String SITE =
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";

    /** The largest of the files has 47 MB; more than this is none of them. */
    private static final int SIZE_LIMIT = 64 << 20;

    /** One of the four files. */
    private record Part(String name, Checksum contents, Checksum compressed) {

        static Part of(String name, String contents, String compressed) {
            return new Part(name, Checksum.md5(contents), Checksum.md5(compressed));
        }
    }

    private static final Part TRAIN_IMAGES =
            Part.of(
                    "train-images-idx3-ubyte",
                    "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                    "8d4fb7e6c68d591d4c3dfef9ec88bf0d");
    private static final Part TRAIN_LABELS =
            Part.of(
                    "train-labels-idx1-ubyte",
                    "9018921c3c673c538a1fc5bad174d6f9",
                    "25c81989df183df01b3e8a0aad5dffbe");
    private static final Part TEST_IMAGES =
            Part.of(
                    "t10k-images-idx3-ubyte",
                    "8181f5470baa50b63fa0f6fddb340f0a",
                    "bef4ecab320f06d8554ea6380940ec79");
    private static final Part TEST_LABELS =
            Part.of(
                    "t10k-labels-idx1-ubyte",
                    "15d484375f8d13e6eb1aabb0c3f46965",
                    "bb300cfdad3c16e7a12a480ee83cd310");
    private static final List<Part> PARTS =
            List.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);

    private final String site;
    private final Path system;

    /** Creates the data set. */
    public FashionMnist() {
        this(SITE, DEBIAN);
    }

    /** The same with another place to download from, and another directory of the system. */
    FashionMnist(String site, Path system) {
        this.site = site;
        this.system = system;
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
    public Task task() {
        return Task.CLASSIFICATION;
    }

    @Override
    public Optional<Path> locate(DataDirectories directories) {
        return Stream.concat(
                        directories.searchPath().stream()
                                .flatMap(
                                        directory -> Stream.of(directory.resolve(NAME), directory)),
                        Stream.of(system))
                .filter(
                        directory ->
                                PARTS.stream().anyMatch(part -> find(directory, part).isPresent()))
                .findFirst();
    }

    private static Optional<Path> find(Path directory, Part part) {
        return Stream.of(part.name(), part.name() + GZIP)
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    @Override
    public List<Path> files(DataDirectories directories) {
        return locate(directories).stream()
                .flatMap(directory -> PARTS.stream().map(part -> find(directory, part)))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Path fetch(DataDirectories directories) throws IOException {
        Optional<Path> found = locate(directories);
        if (found.isPresent()) {
            return found.get();
        }
        Path folder = directories.cache().resolve(NAME);
        DataDirectories target = new DataDirectories(directories.searchPath(), folder);
        List<String> files = PARTS.stream().map(part -> part.name() + GZIP).toList();
        for (Part part : PARTS) {
            RemoteFile file =
                    new RemoteFile(
                            URI.create(site + part.name() + GZIP),
                            part.name() + GZIP,
                            part.compressed(),
                            RemoteFile.Limits.DEFAULT);
            Downloads.fetch(TITLE, List.of(file), target, files);
        }
        return folder;
    }

    @Override
    public TrainTestData load(DataDirectories directories) throws IOException {
        Path directory = fetch(directories);
        RawImages train;
        RawImages test;
        try {
            train = IdxFormat.read(read(directory, TRAIN_IMAGES), read(directory, TRAIN_LABELS));
            test = IdxFormat.read(read(directory, TEST_IMAGES), read(directory, TEST_LABELS));
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
        return new TrainTestData(
                new ImageSamples(train, preprocessing),
                train.targets(),
                new ImageSamples(test, preprocessing),
                test.targets(),
                CLASSES,
                RawImages.digest(train, test),
                NAME,
                "");
    }

    /** Reads a file and verifies its contents. */
    private static byte[] read(Path directory, Part part) throws IOException {
        Path file =
                find(directory, part)
                        .orElseThrow(
                                () -> new IOException("it has no " + part.name() + " nor its .gz"));
        String name = String.valueOf(file.getFileName());
        try (InputStream in = Files.newInputStream(file);
                InputStream contents =
                        name.endsWith(GZIP) ? new GzipCompressorInputStream(in) : in) {
            byte[] bytes = contents.readNBytes(SIZE_LIMIT);
            Checksum found = part.contents().of(bytes);
            if (!found.equals(part.contents())) {
                throw new IOException(
                        name
                                + " holds "
                                + bytes.length
                                + " bytes with "
                                + found
                                + ", as published "
                                + part.contents());
            }
            return bytes;
        } catch (EOFException e) {
            throw new IOException(name + " ends too early", e);
        }
    }
}
