// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.util.Utils;
import java.net.URI;
import java.nio.file.Path;

/**
 * DJL's repository of data sets, which its module {@code basicdataset} reads, and the copy that DJL
 * keeps of what it has downloaded: in {@code ~/.djl.ai}, or where {@code DJL_CACHE_DIR} says.
 */
public final class DjlRepository {

    private static final URI SITE = URI.create("https://mlrepo.djl.ai/");
    private static final String DATASETS = "dataset/cv/ai/djl/basicdataset/";
    private static final String VERSION = "1.0/";

    private DjlRepository() {}

    /**
     * Returns where a data set's files are.
     *
     * @param artifact DJL's name of the data set
     * @return the address, which ends with a slash
     */
    public static URI uri(String artifact) {
        return SITE.resolve(DATASETS + artifact + "/");
    }

    /**
     * Returns where the files of a data set's version 1.0 are.
     *
     * @param artifact DJL's name of the data set
     * @return the address, which ends with a slash
     */
    public static URI versionUri(String artifact) {
        return uri(artifact).resolve(VERSION);
    }

    /**
     * Returns the folder where DJL keeps what it has downloaded, decompressed.
     *
     * @param artifact DJL's name of the data set
     * @return the folder, which need not exist
     */
    public static Path localCopy(String artifact) {
        return Utils.getCacheDir()
                .resolve("cache/repo")
                .resolve(DATASETS + artifact + "/" + VERSION);
    }
}
