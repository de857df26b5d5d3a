package io.vivace.core.model;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One download, of limited size, over at most a few redirects, from a server that must not stall.
 */
final class Download {
  private static final int OK = 200;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MOST_REDIRECTS = 5;

  private final URI uri;
  private final long maxBytes;
  private final Duration timeout;
  private final HttpClient client;
  private volatile long lastNews;

  Download(URI uri, long maxBytes, Duration timeout) {
    this.uri = uri;
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  static boolean isWeb(URI uri) {
    String scheme = uri.getScheme();
    return ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        && uri.getHost() != null;
  }

  /** The URL for messages: user-info and query may be secrets. */
  static String redacted(URI uri) {
    if (uri.isOpaque()) {
      return uri.getScheme() + ":...";
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme() + ":";
    String host = uri.getHost() == null ? "" : "//" + uri.getHost();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return scheme + host + port + uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?...");
  }

  /** Overwrites the file. */
  void to(Path file) throws IOException, InterruptedException {
    URI at = uri;
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<@Nullable Void> response = fetch(at, file);
      int status = response.statusCode();
      if (status == OK) {
        return;
      }
      if (!REDIRECTS.contains(status)) {
        throw new IOException("the server answered with status " + status + "; check the URL");
      }
      at = target(at, response.headers().firstValue("Location").orElse(""));
    }
    throw new IOException("the server redirected more than " + MOST_REDIRECTS + " times");
  }

  static URI target(URI from, String location) throws IOException {
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      // Neither shown nor kept as the cause: it may hold a secret.
      throw new IOException("the server redirected to something that is not a URL");
    }
    boolean weaker =
        "https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(to.getScheme());
    if (!isWeb(to) || weaker) {
      throw new IOException(
          "the server redirected to %s; only http and https are followed, and no step from https to http"
              .formatted(redacted(to)));
    }
    return to;
  }

  private HttpResponse<@Nullable Void> fetch(URI at, Path file)
      throws IOException, InterruptedException {
    lastNews = System.nanoTime();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return await(client.sendAsync(request(at), info -> body(info, channel)));
    }
  }

  private HttpRequest request(URI at) {
    HttpRequest.Builder request = HttpRequest.newBuilder(at).GET();
    String user = uri.getUserInfo();
    if (user != null && isSameServer(uri, at)) {
      String encoded = Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
      request.header("Authorization", "Basic " + encoded);
    }
    return request.build();
  }

  private static boolean isSameServer(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && a.getPort() == b.getPort();
  }

  private HttpResponse.BodySubscriber<@Nullable Void> body(ResponseInfo info, FileChannel channel) {
    lastNews = System.nanoTime();
    if (info.statusCode() != OK) {
      return BodySubscribers.replacing(null);
    }
    long announced = info.headers().firstValueAsLong("Content-Length").orElse(0);
    return new FileBody(channel, announced, maxBytes, () -> lastNews = System.nanoTime());
  }

  private <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
    try {
      for (long left = nanosLeft(); left > 0; left = nanosLeft()) {
        try {
          return answer.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          // There may have been news meanwhile: look again.
        }
      }
      throw new IOException("the server was silent for " + timeout + " (timeout)");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      answer.cancel(true); // Ends the exchange, if it still runs.
    }
  }

  private long nanosLeft() {
    return timeout.toNanos() - (System.nanoTime() - lastNews);
  }

  private IOException failure(@Nullable Throwable cause) {
    if (cause instanceof HttpConnectTimeoutException) {
      return new IOException("no connection within " + timeout + " (timeout)", cause);
    }
    if (cause instanceof ConnectException) {
      return new IOException("the server cannot be reached; is the host right, and up?", cause);
    }
    return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
  }
}
