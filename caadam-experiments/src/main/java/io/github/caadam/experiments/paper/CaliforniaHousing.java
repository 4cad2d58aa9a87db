// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.paper;

import io.github.caadam.experiments.dataset.Checksum;
import io.github.caadam.experiments.dataset.Downloads;
import io.github.caadam.experiments.dataset.FileDataset;
import io.github.caadam.experiments.dataset.NumPyShuffle;
import io.github.caadam.experiments.dataset.RemoteFile;
import io.github.caadam.experiments.dataset.Table;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Options;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * California Housing (Pace and Barry, <em>Sparse spatial autoregressions</em>, 1997): 20,640
 * districts, eight features, and the median house value as target. Split exactly as {@code
 * keras.datasets.california_housing.load_data()} splits it: rows shuffled with NumPy's {@code
 * RandomState(113)}, the first 16,512 for training, the other 4,128 for testing. Features and
 * target are standardised with the training rows' mean and population standard deviation, so an
 * RMSE is in standard deviations of the target.
 *
 * <p>Reads StatLib's {@code cal_housing.data} (with or without a header line), scikit-learn's
 * {@code cal_housing.tgz} or Keras' {@code california_housing.npz}, whichever is found first. All
 * must hold the same values, which a digest checks.
 */
public final class CaliforniaHousing implements FileDataset {

    static final int ROWS = 20_640;
    static final int TRAIN_ROWS = 16_512;

    private static final String DIGEST =
            "ed4f14c10a77d14e0d7d92f0794297409d932ad1892724fa35a324598c430a57";
    private static final int SPLIT_SEED = 113;

    /** SHA-256 of the files as they are published. */
    private static final Map<String, String> PUBLISHED =
            Map.of(
                    HousingFiles.TEXT,
                    "a2b44dcc7e1c9091b43c4f458b25cbd1f7e8068d08edd26bc4703108d3fa6214",
                    HousingFiles.ARCHIVE,
                    "aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681",
                    HousingFiles.ARRAYS,
                    "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f");

    private static final List<RemoteFile> SOURCES =
            List.of(
                    source(
                            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/california_housing.npz",
                            HousingFiles.ARRAYS),
                    source("https://ndownloader.figshare.com/files/5976036", HousingFiles.ARCHIVE));

    private final List<RemoteFile> sources;

    /** Creates the data set. */
    public CaliforniaHousing() {
        this(SOURCES);
    }

    CaliforniaHousing(List<RemoteFile> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public String name() {
        return "california-housing";
    }

    @Override
    public String description() {
        return "California Housing with Keras' split: 20,640 rows, 8 features, regression";
    }

    @Override
    public Optional<Path> locate(DataContext directories) {
        return directories.searchPath().stream()
                .flatMap(directory -> HousingFiles.NAMES.stream().map(directory::resolve))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    @Override
    public Path fetch(DataContext directories) throws IOException {
        Optional<Path> found = locate(directories);
        if (found.isPresent()) {
            return found.get();
        }
        return Downloads.fetch(
                "California Housing", sources, directories, "one of " + HousingFiles.NAMES);
    }

    @Override
    public int downloadMegabytes() {
        return 1;
    }

    @Override
    public DataSplit load(DataContext directories, Options options) throws IOException {
        Path file = fetch(directories);
        return readVerified(file)
                .split(
                        NumPyShuffle.permutation(ROWS, SPLIT_SEED),
                        TRAIN_ROWS,
                        DIGEST,
                        String.valueOf(file.getFileName()));
    }

    /** Reads a file and checks that it holds the data set's values. */
    static Table readVerified(Path file) throws IOException {
        Table table;
        try {
            table = HousingFiles.read(file);
        } catch (FileSystemException e) {
            throw new IOException(file + " cannot be read.", e);
        } catch (IOException e) {
            throw new IOException(
                    refusal(
                            file,
                            describe(e)
                                    + "; the file has SHA-256 "
                                    + Checksum.sha256("").of(file).hex()
                                    + ", as published it has "
                                    + PUBLISHED.get(String.valueOf(file.getFileName()))),
                    e);
        }
        String found = table.digest();
        if (!found.equals(DIGEST)) {
            throw new IOException(
                    refusal(
                            file,
                            "it has "
                                    + table.rows()
                                    + " rows, expected "
                                    + ROWS
                                    + ", and its values have SHA-256 "
                                    + found
                                    + ", expected "
                                    + DIGEST));
        }
        return table;
    }

    private static RemoteFile source(String uri, String fileName) {
        return new RemoteFile(
                URI.create(uri),
                fileName,
                Checksum.sha256(PUBLISHED.get(fileName)),
                RemoteFile.Limits.DEFAULT);
    }

    private static String refusal(Path file, String reason) {
        return file
                + " is not California Housing: "
                + reason
                + ". Delete it or replace it with a good copy.";
    }

    private static String describe(IOException e) {
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
