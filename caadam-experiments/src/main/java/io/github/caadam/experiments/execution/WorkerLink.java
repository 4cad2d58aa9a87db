// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.execution;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An end of the connection between a study and a worker. Texts go over a Unix-domain socket, each
 * after its length, so that nothing that is printed can be taken for one.
 */
final class WorkerLink implements AutoCloseable {

    /**
     * What a worker sends while it has nothing to say; how many epochs it has made follows. No
     * reply starts so.
     */
    static final String ALIVE = "alive ";

    /** Above any run's record; a length beyond it is none. */
    private static final int LONGEST = 1 << 28;

    private final SocketChannel channel;

    WorkerLink(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects to the process that listens.
     *
     * @param socket where it does
     */
    static WorkerLink connect(Path socket) throws IOException {
        return new WorkerLink(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    /** Sends a text, whole, whichever threads send others. */
    synchronized void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message =
                ByteBuffer.allocate(Integer.BYTES + bytes.length)
                        .putInt(bytes.length)
                        .put(bytes)
                        .flip();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    /**
     * Waits for a text.
     *
     * @return the text, or empty at the end of the other process
     */
    Optional<String> receive() throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        if (!fill(length)) {
            return Optional.empty();
        }
        int bytes = length.flip().getInt();
        if (bytes < 0 || bytes > LONGEST) {
            throw new IOException("A message of " + bytes + " bytes was announced.");
        }
        ByteBuffer text = ByteBuffer.allocate(bytes);
        if (!fill(text) && bytes > 0) {
            throw new EOFException("A message broke off.");
        }
        return Optional.of(StandardCharsets.UTF_8.decode(text.flip()).toString());
    }

    /** Returns whether there was anything. */
    private boolean fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                if (buffer.position() > 0) {
                    throw new EOFException("A message broke off.");
                }
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
