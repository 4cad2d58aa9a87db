// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A web server of this machine; what it was not given is not found. */
public final class LoopbackServer implements AutoCloseable {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final long FOR_EVER = 60_000;

    private final HttpServer server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);

    public LoopbackServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    // DJL asks for paths with double slashes.
                    String path = exchange.getRequestURI().getPath().replace("//", "/");
                    byte[] content = files.get(path);
                    if (content == null) {
                        exchange.sendResponseHeaders(NOT_FOUND, -1);
                    } else {
                        exchange.sendResponseHeaders(OK, content.length);
                        exchange.getResponseBody().write(content);
                    }
                    exchange.close();
                });
        server.setExecutor(task -> new Thread(task).start());
        server.start();
    }

    /** Serves a file from now on. */
    public LoopbackServer with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    /** Serves a file no longer. */
    public LoopbackServer without(String path) {
        files.remove(path);
        return this;
    }

    /** Announces some bytes, sends fewer and closes the connection. */
    public LoopbackServer withCut(String path, byte[] content) {
        server.createContext(
                path,
                exchange -> {
                    exchange.sendResponseHeaders(OK, content.length);
                    exchange.getResponseBody().write(content, 0, content.length / 2);
                    exchange.getResponseBody().flush();
                    exchange.close();
                });
        return this;
    }

    /** Adds paths that answer with nothing, with headers only, and with a byte now and then. */
    public LoopbackServer withHangingPaths() {
        server.createContext("/silent", exchange -> await(FOR_EVER));
        server.createContext(
                "/stalling",
                exchange -> {
                    exchange.sendResponseHeaders(OK, 1_000);
                    exchange.getResponseBody().write(new byte[10]);
                    exchange.getResponseBody().flush();
                    await(FOR_EVER);
                });
        server.createContext(
                "/dripping",
                exchange -> {
                    exchange.sendResponseHeaders(OK, 1_000);
                    while (!await(20)) {
                        exchange.getResponseBody().write(0);
                        exchange.getResponseBody().flush();
                    }
                });
        return this;
    }

    private boolean await(long millis) throws IOException {
        try {
            return end.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    /** Where a path is; of a folder if it ends with a slash. */
    public URI uri(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
