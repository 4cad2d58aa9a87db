// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import ai.djl.repository.Repository;
import io.github.caadam.plugin.DataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;

/** DJL's repository of data sets, on the disk. */
public final class DjlTestRepository {

    private DjlTestRepository() {}

    /**
     * Writes a repository as DJL's is laid out, and returns a data set of DJL's that reads it. The
     * property {@code DJL_CACHE_DIR} says where DJL copies it to.
     */
    public static DataSource source(
            Path folder, String name, String application, Map<String, byte[]> files)
            throws IOException {
        String artifact = name.equals("djl:fashion-mnist") ? "fashmnist" : name.substring(4);
        Path place =
                folder.resolve("repo/dataset/" + application + "/ai/djl/basicdataset/" + artifact);
        Files.createDirectories(place.resolve("1.0"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            // DJL copies one and reads the other.
            Files.write(place.resolve(file.getKey()), file.getValue());
            Files.write(place.resolve("1.0").resolve(file.getKey()), file.getValue());
        }
        String items =
                files.entrySet().stream()
                        .map(
                                file ->
                                        String.format(
                                                "\"%s\": {\"uri\": \"%s\", \"sha1Hash\": \"%s\","
                                                        + " \"size\": %d}",
                                                file.getKey(),
                                                file.getKey(),
                                                DigestUtils.sha1Hex(file.getValue()),
                                                file.getValue().length))
                        .collect(Collectors.joining(", "));
        Files.writeString(
                place.resolve("metadata.json"),
                String.format(
                        "{\"metadataVersion\": \"0.2\", \"resourceType\": \"dataset\","
                                + " \"application\": \"%s\", \"groupId\":"
                                + " \"ai.djl.basicdataset\", \"artifactId\": \"%s\", \"name\":"
                                + " \"x\", \"description\": \"x\", \"artifacts\": [{\"version\":"
                                + " \"1.0\", \"snapshot\": false, \"files\": {%s}}]}",
                        application, artifact, items));
        Repository repository =
                Repository.newInstance("test", folder.resolve("repo").toUri().toString());
        return new DjlDatasets(Optional.of(repository))
                .members().stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }
}
