// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.dataset.Checksum;
import io.github.caadam.experiments.dataset.DjlRepository;
import io.github.caadam.experiments.dataset.Downloads;
import io.github.caadam.experiments.dataset.FileDataset;
import io.github.caadam.experiments.dataset.GzipFiles;
import io.github.caadam.experiments.dataset.RemoteFile;
import io.github.caadam.experiments.dataset.RemoteFolder;
import io.github.caadam.experiments.dataset.RemoteSource;
import io.github.caadam.experiments.dataset.TarArchive;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSignature;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import io.github.caadam.plugin.TargetScale;
import io.github.caadam.plugin.Task;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * folder that it unpacks to, or, of CIFAR-10, the two files that DJL's repository has, which keeps
 * all training images in one. A folder with other contents than the published ones, or with
 * contents whose digest was not published, is used, too, and named in the captions of all results.
 */
public final class Cifar implements FileDataset {

    private static final String SITE = "https://www.cs.toronto.edu/~kriz/";
    private static final String DJL = "cifar10";

    /**
     * A data set in DJL's repository.
     *
     * @param format the layout of its files, in a folder of the name that they are kept under
     * @param remote where they can be downloaded, compressed
     * @param local the folder where DJL keeps them, decompressed
     */
    record DjlCopy(CifarFormat format, RemoteFolder remote, Path local) {}

    private final String name;
    private final CifarFormat format;
    private final RemoteFile archive;
    private final Optional<String> publishedDigest;
    private final Optional<DjlCopy> djlCopy;

    /**
     * Describes a data set.
     *
     * @param name its name
     * @param format the layout of its files
     * @param archive the published archive
     * @param publishedDigest the digest of its published contents, where it is known
     * @param djlCopy the same in DJL's repository, where it is there
     */
    Cifar(
            String name,
            CifarFormat format,
            RemoteFile archive,
            Optional<String> publishedDigest,
            Optional<DjlCopy> djlCopy) {
        this.name = name;
        this.format = format;
        this.archive = archive;
        this.publishedDigest = publishedDigest;
        this.djlCopy = djlCopy;
    }

    /**
     * Returns CIFAR-10. The digest of its published contents is not known here, only that of its
     * archive, so that neither a folder nor DJL's files pass for the original.
     *
     * @return the data set
     */
    public static Cifar ten() {
        RemoteFolder djlFiles =
                new RemoteFolder(
                        DjlRepository.uri(DJL),
                        CifarFormat.TEN_OF_DJL.folder(),
                        List.of(
                                djl(
                                        "data_batch.bin.gz",
                                        "7d419c355d2267b1f8e949af07cef073d26c590e"),
                                djl(
                                        "test_batch.bin.gz",
                                        "e3211925febe953b7bce86a8cb3cca98724aceee")));
        return new Cifar(
                "cifar10",
                CifarFormat.TEN,
                published("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530"),
                Optional.empty(),
                Optional.of(
                        new DjlCopy(
                                CifarFormat.TEN_OF_DJL, djlFiles, DjlRepository.localCopy(DJL))));
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
                Optional.of("b41e29387b788506ced6a48cea527c65d6387e1598add60c84d6995abf0b21fa"),
                Optional.empty());
    }

    private static RemoteFile djl(String fileName, String sha1) {
        return new RemoteFile(
                DjlRepository.uri(DJL).resolve(fileName),
                fileName,
                Checksum.sha1(sha1),
                RemoteFile.Limits.LARGE);
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
    public Optional<Path> locate(DataContext directories) {
        return Stream.concat(
                        directories.searchPath().stream().flatMap(this::places),
                        djlCopy.stream().map(DjlCopy::local))
                .filter(this::isSource)
                .findFirst();
    }

    /** Returns what a directory may hold the data set as. */
    private Stream<Path> places(Path directory) {
        return Stream.of(
                        Stream.of(format.folder(), archive.fileName()),
                        djlCopy.stream().map(copy -> copy.format().folder()),
                        Stream.of(""))
                .flatMap(names -> names)
                .map(directory::resolve);
    }

    private boolean isSource(Path path) {
        return path.endsWith(archive.fileName())
                ? Files.isRegularFile(path)
                : files(path).findAny().isPresent();
    }

    /** Returns the files of the data set that a folder has. */
    private Stream<Path> files(Path folder) {
        return formatOf(folder).files().stream()
                .map(file -> GzipFiles.find(folder, file))
                .flatMap(Optional::stream);
    }

    /** Returns the layout of a folder: DJL's if it has a file that only that has. */
    private CifarFormat formatOf(Path folder) {
        return djlCopy.map(DjlCopy::format)
                .filter(
                        djl ->
                                djl.trainFiles().stream()
                                        .anyMatch(file -> GzipFiles.find(folder, file).isPresent()))
                .orElse(format);
    }

    @Override
    public List<Path> files(DataContext directories) {
        return locate(directories).stream()
                .flatMap(source -> Files.isDirectory(source) ? files(source) : Stream.of(source))
                .toList();
    }

    @Override
    public Path fetch(DataContext directories) throws IOException {
        Optional<Path> found = locate(directories);
        if (found.isPresent()) {
            return found.get();
        }
        List<RemoteSource> sources = new ArrayList<>();
        djlCopy.map(DjlCopy::remote).ifPresent(sources::add);
        sources.add(archive);
        return Downloads.fetch(
                title(),
                sources,
                directories,
                archive.fileName() + " or the folder " + format.folder());
    }

    @Override
    public int downloadMegabytes() {
        return 170;
    }

    @Override
    public DataSplit load(DataContext directories, Options options) throws IOException {
        Path source = fetch(directories);
        boolean archived = source.endsWith(archive.fileName());
        CifarFormat layout = archived ? format : formatOf(source);
        RawImages train;
        RawImages test;
        try {
            Map<String, byte[]> contents = archived ? readArchive(source) : readFolder(source);
            train = layout.train(contents);
            test = layout.test(contents);
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
        return new DataSplit(
                new DataSignature(
                        Task.CLASSIFICATION,
                        preprocessing.outputShape(train.shape()),
                        format.classes(),
                        TargetScale.NONE),
                new ImageSamples(train, preprocessing),
                train.targets(),
                0,
                new ImageSamples(test, preprocessing),
                test.targets(),
                digest,
                layout.equals(format) ? source.getFileName().toString() : layout.folder(),
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
        CifarFormat layout = formatOf(folder);
        Map<String, byte[]> contents = new HashMap<>();
        for (String name : layout.files()) {
            Path file =
                    GzipFiles.find(folder, name)
                            .orElseThrow(() -> new IOException("it has no " + name));
            if (file.endsWith(name)) {
                layout.requireSize(name, Files.size(file));
            }
            contents.put(name, GzipFiles.read(file, Math.toIntExact(layout.size(name))));
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
