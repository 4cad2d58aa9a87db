package io.github.caadam.experiments.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * CIFAR-10 and CIFAR-100 with its fine labels (Krizhevsky, Learning multiple layers of features
 * from tiny images, 2009): 50,000 training and 10,000 test images of 32 × 32 pixels in three
 * channels, from 0 to 1 minus the mean of the training images at each pixel.
 *
 * <p>Reads the binary version: the archive as it is published, whose checksum is verified, or the
 * folder that it unpacks to. A folder with other contents than the published ones is used, too, and
 * named in the captions of all results.
 */
public final class Cifar implements FileDataset {

    private static final String SITE = "https://www.cs.toronto.edu/~kriz/";

    private final String name;
    private final CifarFormat format;
    private final RemoteFile archive;
    private final Optional<String> publishedDigest;

    /**
     * Describes a data set.
     *
     * @param name its name
     * @param format the layout of its files
     * @param archive the published archive
     * @param publishedDigest the digest of its published contents, where it is known
     */
    Cifar(String name, CifarFormat format, RemoteFile archive, Optional<String> publishedDigest) {
        this.name = name;
        this.format = format;
        this.archive = archive;
        this.publishedDigest = publishedDigest;
    }

    /**
     * Returns CIFAR-10. The digest of its published contents is not known here, only that of its
     * archive, so that no folder passes for the original.
     *
     * @return the data set
     */
    public static Cifar ten() {
        return new Cifar(
                "cifar10",
                CifarFormat.TEN,
                published("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530"),
                Optional.empty());
    }

    /**
     * Returns CIFAR-100.
     *
     * @return the data set
     */
    public static Cifar hundred() {
        return new Cifar(
                "cifar100",
                CifarFormat.HUNDRED,
                published("cifar-100-binary.tar.gz", "03b5dce01913d631647c71ecec9e9cb8"),
                Optional.of("b41e29387b788506ced6a48cea527c65d6387e1598add60c84d6995abf0b21fa"));
    }

    private static RemoteFile published(String fileName, String md5) {
        return new RemoteFile(
                URI.create(SITE + fileName), fileName, Checksum.md5(md5), RemoteFile.Limits.LARGE);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return title() + ": 50,000 and 10,000 images of 32 × 32, " + format.classes() + " classes";
    }

    private String title() {
        return "CIFAR-" + format.classes();
    }

    @Override
    public Task task() {
        return Task.CLASSIFICATION;
    }

    @Override
    public Optional<Path> locate(DataDirectories directories) {
        return directories.searchPath().stream()
                .flatMap(
                        directory ->
                                Stream.of(
                                                directory.resolve(format.folder()),
                                                directory.resolve(archive.fileName()),
                                                directory)
                                        .filter(this::isSource))
                .findFirst();
    }

    private boolean isSource(Path path) {
        return path.endsWith(archive.fileName())
                ? Files.isRegularFile(path)
                : format.files().stream().anyMatch(file -> Files.exists(path.resolve(file)));
    }

    @Override
    public List<Path> files(DataDirectories directories) {
        return locate(directories).stream()
                .flatMap(
                        source ->
                                Files.isDirectory(source)
                                        ? format.files().stream().map(source::resolve)
                                        : Stream.of(source))
                .filter(Files::exists)
                .toList();
    }

    @Override
    public Path fetch(DataDirectories directories) throws IOException {
        Optional<Path> found = locate(directories);
        if (found.isPresent()) {
            return found.get();
        }
        return Downloads.fetch(
                title(),
                List.of(archive),
                directories,
                List.of(archive.fileName(), format.folder()));
    }

    @Override
    public TrainTestData load(DataDirectories directories) throws IOException {
        Path source = fetch(directories);
        boolean archived = source.endsWith(archive.fileName());
        RawImages train;
        RawImages test;
        try {
            Map<String, byte[]> contents = archived ? readArchive(source) : readFolder(source);
            train = format.train(contents);
            test = format.test(contents);
        } catch (FileSystemException e) {
            throw e;
        } catch (EOFException e) {
            throw refused(source, "it ends too early", e);
        } catch (IOException e) {
            throw refused(source, e.getMessage(), e);
        }
        String digest = RawImages.digest(train, test);
        boolean original = archived || publishedDigest.equals(Optional.of(digest));
        ImagePreprocessing preprocessing = new ImagePreprocessing.MinusMean(train.meanImage());
        return new TrainTestData(
                new ImageSamples(train, preprocessing),
                train.targets(),
                new ImageSamples(test, preprocessing),
                test.targets(),
                format.classes(),
                digest,
                source.getFileName().toString(),
                original
                        ? ""
                        : title() + " from files that are not known to be the published ones");
    }

    private Map<String, byte[]> readArchive(Path file) throws IOException {
        Checksum found = archive.checksum().of(file);
        if (!found.equals(archive.checksum())) {
            throw new IOException("it has " + found + ", as published " + archive.checksum());
        }
        Map<String, Long> sizes = new HashMap<>();
        format.files().forEach(name -> sizes.put(format.folder() + "/" + name, format.size(name)));
        Map<String, byte[]> contents = new HashMap<>();
        TarArchive.read(file, sizes)
                .forEach(
                        (path, bytes) ->
                                contents.put(path.substring(format.folder().length() + 1), bytes));
        return contents;
    }

    private Map<String, byte[]> readFolder(Path folder) throws IOException {
        Map<String, byte[]> contents = new HashMap<>();
        for (String file : format.files()) {
            Path path = folder.resolve(file);
            if (!Files.isRegularFile(path)) {
                throw new IOException("it has no " + file);
            }
            format.requireSize(file, Files.size(path));
            contents.put(file, Files.readAllBytes(path));
        }
        return contents;
    }

    private IOException refused(Path source, String reason, IOException cause) {
        return new IOException(
                source
                        + " is not "
                        + title()
                        + ": "
                        + reason
                        + ". Delete it or replace it with a good copy.",
                cause);
    }
}
