// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.experiments.dataset;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A download into a file. The client's own timeouts end with the headers, so this looks at the
 * clock itself. A redirection from TLS to plain HTTP is not followed.
 */
final class Transfer implements HttpResponse.BodySubscriber<Void> {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();

    private static final int OK = 200;
    private static final long TICK_MILLIS = 50;

    private final Path target;
    private final FileChannel file;
    private final RemoteFile.Limits limits;
    private final CompletableFuture<Void> body = new CompletableFuture<>();
    private final long start = System.nanoTime();
    private volatile long heard = start;
    private Flow.Subscription subscription;
    private long bytes;

    private Transfer(Path target, FileChannel file, RemoteFile.Limits limits) {
        this.target = target;
        this.file = file;
        this.limits = limits;
    }

    /**
     * Downloads a file.
     *
     * @param uri where it is
     * @param target the file to write
     * @param limits how large it may be, and how long the download may take
     * @throws IOException if it cannot be had; the message is part of a sentence
     */
    static void run(URI uri, Path target, RemoteFile.Limits limits) throws IOException {
        try (FileChannel file = open(target)) {
            new Transfer(target, file, limits).run(HttpRequest.newBuilder(uri).build());
        }
    }

    private static FileChannel open(Path target) throws IOException {
        try {
            return FileChannel.open(target, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw KeptFiles.failure(target, e);
        }
    }

    private void run(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<Void>> response =
                CLIENT.sendAsync(
                        request,
                        headers ->
                                headers.statusCode() == OK
                                        ? this
                                        : HttpResponse.BodySubscribers.discarding());
        try {
            int status = await(response).statusCode();
            if (status != OK) {
                throw new IOException("the server answered " + status);
            }
        } catch (ExecutionException e) {
            throw reason(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the download was interrupted", e);
        } finally {
            response.cancel(true);
        }
    }

    private HttpResponse<Void> await(CompletableFuture<HttpResponse<Void>> response)
            throws IOException, ExecutionException, InterruptedException {
        while (true) {
            try {
                return response.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = System.nanoTime();
                if (now - heard > limits.silence().toNanos()) {
                    throw new IOException(
                            "the server sent nothing for " + seconds(limits.silence()), e);
                }
                if (now - start > limits.total().toNanos()) {
                    throw new IOException(
                            "the download was not complete after " + seconds(limits.total()), e);
                }
            }
        }
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1e3 + " s";
    }

    /** The client wraps what the file system and this class throw, and says little of the rest. */
    private static IOException reason(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return new IOException("the host is not known", fault);
            }
        }
        if (fault instanceof ConnectException && fault.getMessage() == null) {
            return new IOException("the server does not answer", fault);
        }
        return fault instanceof IOException io ? io : new IOException(fault.toString(), fault);
    }

    @Override
    public CompletionStage<Void> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        heard = System.nanoTime();
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        heard = System.nanoTime();
        try {
            for (ByteBuffer part : parts) {
                bytes += part.remaining();
                if (bytes > limits.bytes()) {
                    throw new IOException(
                            "the download has more than " + limits.bytes() + " bytes");
                }
                write(part);
            }
            subscription.request(1);
        } catch (IOException e) {
            subscription.cancel();
            body.completeExceptionally(e);
        }
    }

    private void write(ByteBuffer part) throws IOException {
        try {
            while (part.hasRemaining()) {
                file.write(part);
            }
        } catch (IOException e) {
            throw KeptFiles.failure(target, e);
        }
    }

    @Override
    public void onError(Throwable fault) {
        body.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
        body.complete(null);
    }
}
