// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import io.github.caadam.plugin.DataSignature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/**
 * SHA-256 of data as a network sees them: the signature with the scale of the targets, the number
 * of validation rows, then samples and targets of the training rows, then those of the test rows,
 * as little-endian single-precision numbers.
 */
final class ValuesDigest {

    private static final int BLOCK = 1 << 14;

    private final MessageDigest digest = sha256();
    private final ByteBuffer bytes =
            ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private ValuesDigest() {}

    private static MessageDigest sha256() {
        return Table.sha256();
    }

    /** Returns the digest of data, in hex. */
    static String of(
            DataSignature signature,
            int validationRows,
            float[] trainSamples,
            float[] trainTargets,
            float[] testSamples,
            float[] testTargets) {
        ValuesDigest all = new ValuesDigest();
        String made =
                String.format(
                        Locale.ROOT,
                        "%s %s %d %s %s %d %d %d",
                        signature.task(),
                        signature.sampleShape(),
                        signature.outputs(),
                        Double.toHexString(signature.targets().mean()),
                        Double.toHexString(signature.targets().deviation()),
                        trainTargets.length,
                        validationRows,
                        testTargets.length);
        all.digest.update(made.getBytes(StandardCharsets.UTF_8));
        all.add(trainSamples);
        all.add(trainTargets);
        all.add(testSamples);
        all.add(testTargets);
        return HexFormat.of().formatHex(all.digest.digest());
    }

    private void add(float[] values) {
        for (int from = 0; from < values.length; from += BLOCK) {
            int count = Math.min(BLOCK, values.length - from);
            bytes.clear();
            bytes.asFloatBuffer().put(values, from, count);
            digest.update(bytes.array(), 0, count * Float.BYTES);
        }
    }
}
