// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.Dataset.Usage;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.translate.TranslateException;
import ai.djl.util.Utils;
import io.github.caadam.plugin.DataContext;
import io.github.caadam.plugin.DataSource;
import io.github.caadam.plugin.DataSplit;
import io.github.caadam.plugin.Option;
import io.github.caadam.plugin.Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A data set by DJL's conventions. It downloads by its own means into DJL's cache. Each row is made
 * once, by the set's own pipeline, and kept in memory in single precision; what does not fit into
 * 60 % of this Java's memory is refused before. A row has one array of data and one number as
 * label.
 *
 * @param name what studies call it
 * @param description one line
 * @param maker how the set is made
 */
record DjlData(String name, String description, Maker maker) implements DataSource {

    /** Rows that are made at once. */
    private static final int AT_ONCE = 256;

    /** Makes a data set that is not prepared yet. */
    interface Maker {

        /** Returns the options of the set itself. */
        List<Option<?>> options();

        /**
         * Makes a data set.
         *
         * @param usage which rows are asked for
         * @param manager the owner of its arrays
         * @param options the options
         */
        RandomAccessDataset make(Usage usage, NDManager manager, Options options);

        /** Checks the set's own options. */
        default Options complete(Options options) {
            return options;
        }
    }

    @Override
    public List<Option<?>> options() {
        List<Option<?>> all = new ArrayList<>(maker.options());
        all.addAll(ArraySplit.OPTIONS);
        return List.copyOf(all);
    }

    @Override
    public Options complete(Options options) {
        return ArraySplit.complete(maker.complete(options));
    }

    @Override
    public DataSplit load(DataContext context, Options options) throws IOException {
        ArrayRows train = rows(Usage.TRAIN, options);
        Optional<ArrayRows> test = Optional.empty();
        if (options.find(ArraySplit.TEST).isEmpty()) {
            try {
                test = Optional.of(rows(Usage.TEST, options));
            } catch (UnsupportedOperationException e) {
                throw new IOException(
                        name
                                + " has no test rows of its own. Say which share of its rows to"
                                + " test on, such as test: 0.2.",
                        e);
            }
        }
        return ArraySplit.of(name, train, Optional.empty(), test, options);
    }

    private ArrayRows rows(Usage usage, Options options) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            RandomAccessDataset set = maker.make(usage, manager, options);
            set.prepare();
            return rows(set, manager);
        } catch (UnsupportedOperationException e) {
            if (usage == Usage.TEST) {
                throw e;
            }
            throw unprepared(e);
        } catch (IOException | TranslateException | RuntimeException e) {
            throw e instanceof DataFault fault ? fault : unprepared(e);
        }
    }

    /** What is said in our own words already. */
    private static final class DataFault extends IOException {
        private static final long serialVersionUID = 1;

        DataFault(String message) {
            super(message);
        }
    }

    private IOException unprepared(Exception cause) {
        if (lacksFeatures(cause)) {
            return new IOException(
                    name
                            + " is told its features by Java code, for which a study has no words:"
                            + " give its table to csv instead, such as {name: csv, options: {file:"
                            + " TABLE.csv, target: COLUMN, test: 0.2}}, or name a class of your own"
                            + " whose builder() adds them.",
                    cause);
        }
        return new IOException(
                name
                        + " could not be made by DJL ("
                        + cause
                        + "). Its files are downloaded into "
                        + Utils.getCacheDir().resolve("cache")
                        + (Utils.isOfflineMode()
                                ? ", but DJL_OFFLINE or ai.djl.offline is set."
                                : "."),
                cause);
    }

    /** What DJL's tables say that have a builder with addFeature and no features by themselves. */
    private static boolean lacksFeatures(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if ("Missing features.".equals(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    private ArrayRows rows(RandomAccessDataset set, NDManager manager)
            throws IOException, TranslateException {
        int rows = Math.toIntExact(set.size());
        if (rows == 0) {
            throw new DataFault(name + " has no rows.");
        }
        float[] samples = new float[0];
        double[] targets = new double[rows];
        Shape shape = new Shape();
        boolean whole = true;
        int row = 0;
        for (Batch batch :
                set.getData(manager, new BatchSampler(new SequenceSampler(), AT_ONCE, false))) {
            try (batch) {
                NDArray data = only(batch.getData(), "data");
                NDArray labels = only(batch.getLabels(), "label");
                int size = Math.toIntExact(data.getShape().get(0));
                if (row == 0) {
                    shape = shapeOf(data);
                    samples = memory(rows, shape);
                }
                if (labels.size() != size || row + size > rows) {
                    throw new DataFault(
                            name
                                    + " has labels of shape "
                                    + labels.getShape().slice(1)
                                    + "; a study needs one number for each row.");
                }
                float[] values = data.toType(DataType.FLOAT32, false).toFloatArray();
                if (values.length != size * shape.size()) {
                    throw new DataFault(name + " has rows of different shapes.");
                }
                System.arraycopy(values, 0, samples, row * (int) shape.size(), values.length);
                double[] numbers = labels.toType(DataType.FLOAT64, false).toDoubleArray();
                System.arraycopy(numbers, 0, targets, row, size);
                whole = whole && labels.getDataType().isInteger();
                row += size;
            }
        }
        return new ArrayRows(samples, shape, targets, whole);
    }

    private NDArray only(NDList arrays, String what) throws DataFault {
        if (arrays.size() != 1) {
            throw new DataFault(
                    name
                            + " has "
                            + arrays.size()
                            + " arrays of "
                            + what
                            + " in a row; a study needs one.");
        }
        return arrays.get(0);
    }

    private static Shape shapeOf(NDArray data) {
        Shape batch = data.getShape();
        return batch.dimension() == 1 ? new Shape(1) : batch.slice(1);
    }

    private float[] memory(int rows, Shape shape) throws DataFault {
        try {
            DataMemory.require(
                    name, rows, shape.size(), "Or take fewer rows, such as limit: 10000.");
        } catch (IOException e) {
            throw new DataFault(e.getMessage());
        }
        return new float[Math.multiplyExact(rows, Math.toIntExact(shape.size()))];
    }
}
