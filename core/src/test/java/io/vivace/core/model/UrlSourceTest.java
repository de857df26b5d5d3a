package io.vivace.core.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.vivace.core.InferenceInterruptedException;
import io.vivace.core.ModelLoadException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UrlSourceTest {
  @TempDir Path cache;

  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private ExecutorService threads;
  private HttpServer server;
  private byte[] onnx;

  @BeforeEach
  void start() throws IOException {
    onnx = ModelSourceTest.resource("digits-mlp.onnx");
    threads = Executors.newCachedThreadPool();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private UrlSource serve(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          requests.incrementAndGet();
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return ModelSource.url(uri(path)).cache(cache);
  }

  private UrlSource serveModel() {
    return serve("/m.onnx", exchange -> send(exchange, onnx));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().add("Location", location);
    exchange.sendResponseHeaders(302, -1);
  }

  private AbstractThrowableAssert<?, ?> assertFails(ModelSource source) throws IOException {
    AbstractThrowableAssert<?, ?> thrown =
        assertThatThrownBy(source::resolve)
            .isInstanceOf(ModelLoadException.class)
            .hasMessageContaining("http://127.0.0.1:");
    assertThat(cachedFiles()).isEmpty();
    return thrown;
  }

  private List<Path> cachedFiles() throws IOException {
    try (Stream<Path> walk = Files.walk(cache)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void resolve_twice_downloadsOnceAndKeepsTheFile() throws IOException {
    UrlSource source = serveModel();

    ModelArtifact first = source.resolve();
    first.close();
    ModelArtifact second = source.resolve();

    assertThat(second.path()).isEqualTo(first.path()).hasBinaryContent(onnx);
    assertThat(second.name()).isEqualTo("m.onnx");
    assertThat(second.format()).isEqualTo(ModelFormat.ONNX);
    assertThat(requests).hasValue(1);
    assertThat(cachedFiles()).containsExactly(first.path());
  }

  @Test
  void resolve_ofCachedFile_needsNoServer() {
    UrlSource plain = serveModel();
    UrlSource pinned = plain.sha256(Sha256.of(onnx).hex());
    plain.resolve();
    pinned.resolve();
    server.stop(0);

    assertThat(plain.resolve().path()).hasBinaryContent(onnx);
    assertThat(pinned.resolve().path()).hasBinaryContent(onnx);
  }

  @Test
  void resolve_ofChangedCachedFile_downloadsAgainIfTheDigestIsKnown() throws IOException {
    UrlSource source = serveModel().sha256(Sha256.of(onnx).hex());
    Path file = source.resolve().path();
    Files.write(file, new byte[] {1});

    assertThat(source.resolve().path()).isEqualTo(file).hasBinaryContent(onnx);
    assertThat(requests).hasValue(2);
  }

  @Test
  void resolve_withDigest_findsTheFileWhateverTheQuery() {
    UrlSource signed = serveModel().sha256(Sha256.of(onnx).hex());
    signed.resolve();

    ModelSource.url(uri("/m.onnx?signature=2"))
        .cache(cache)
        .sha256(Sha256.of(onnx).hex())
        .resolve();
    assertThat(requests).hasValue(1);
    ModelSource.url(uri("/m.onnx?version=2")).cache(cache).resolve();
    assertThat(requests).hasValue(2);
  }

  @Test
  void resolve_withWrongDigest_fails() throws IOException {
    assertFails(serveModel().sha256("0".repeat(64)))
        .hasMessageContaining("0".repeat(64))
        .hasMessageContaining(Sha256.of(onnx).hex());
  }

  @Test
  void resolve_of404_fails() throws IOException {
    assertFails(ModelSource.url(uri("/none.onnx")).cache(cache)).hasMessageContaining("status 404");
  }

  @Test
  void resolve_ofTooManyAnnouncedBytes_fails() throws IOException {
    UrlSource source = serveModel();

    assertFails(source.maxBytes(onnx.length - 1L)).hasMessageContaining("maxBytes");
    source.maxBytes(onnx.length).resolve();
  }

  @Test
  void resolve_ofTooManyBytesWithoutLength_fails() throws IOException {
    UrlSource source =
        serve(
            "/endless.onnx",
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              while (end.getCount() > 0) {
                exchange.getResponseBody().write(onnx);
              }
            });

    assertFails(source.maxBytes(1_000_000)).hasMessageContaining("allowed are 1,000,000");
  }

  @Test
  void resolve_ofFileCutOff_fails() throws IOException {
    assertFails(
        serve(
            "/m.onnx",
            exchange -> {
              exchange.sendResponseHeaders(200, onnx.length);
              exchange.getResponseBody().write(onnx, 0, 1_000);
              exchange.getResponseBody().flush();
            }));
  }

  @Test
  void resolve_ofSilentServer_timesOut() throws IOException {
    UrlSource source = serve("/m.onnx", exchange -> awaitEnd());

    assertFails(source.timeout(Duration.ofMillis(300))).hasMessageContaining("PT0.3S");
  }

  @Test
  void resolve_ofServerThatStalls_timesOut() throws IOException {
    UrlSource source =
        serve(
            "/m.onnx",
            exchange -> {
              exchange.sendResponseHeaders(200, onnx.length);
              exchange.getResponseBody().write(onnx, 0, 1_000);
              exchange.getResponseBody().flush();
              awaitEnd();
            });

    assertFails(source.timeout(Duration.ofMillis(300))).hasMessageContaining("silent");
  }

  private void awaitEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void resolve_ofClosedPort_fails() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + port + "/m.onnx");

    assertFails(ModelSource.url(nobody).cache(cache)).hasMessageContaining("cannot be reached");
  }

  @Test
  void resolve_interrupted_keepsTheFlag() throws IOException {
    UrlSource source = serve("/m.onnx", exchange -> awaitEnd());
    Thread.currentThread().interrupt();

    assertThatThrownBy(source::resolve).isInstanceOf(InferenceInterruptedException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(cachedFiles()).isEmpty();
  }

  @Test
  void resolve_ofRedirect_followsItUpToALimit() throws IOException {
    serveModel();
    UrlSource moved = serve("/moved", exchange -> redirect(exchange, "/m.onnx"));
    UrlSource loop = serve("/loop", exchange -> redirect(exchange, "loop"));
    UrlSource file = serve("/file", exchange -> redirect(exchange, "file:///etc/passwd"));

    assertFails(loop).hasMessageContaining("more than 5 times");
    assertFails(file).hasMessageContaining("only http and https");
    assertThat(moved.resolve().path()).hasBinaryContent(onnx);
  }

  @Test
  void target_ofRedirect_neverLeavesHttps() throws IOException {
    URI secure = URI.create("https://a.example/x/y");

    assertThat(Download.target(secure, "z")).isEqualTo(URI.create("https://a.example/x/z"));
    assertThatThrownBy(() -> Download.target(secure, "http://a.example/z?token=secret"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no step from https to http")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> Download.target(secure, "http://[")).isInstanceOf(IOException.class);
  }

  @Test
  void resolve_withUserInfo_authenticatesAndShowsNoSecret() throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    HttpHandler record =
        exchange -> seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
    serve(
        "/private",
        exchange -> {
          record.handle(exchange);
          redirect(exchange, "http://localhost:" + server.getAddress().getPort() + "/elsewhere");
        });
    serve(
        "/elsewhere",
        exchange -> {
          record.handle(exchange);
          exchange.sendResponseHeaders(403, -1);
        });
    String address = "http://user:secret@127.0.0.1:" + server.getAddress().getPort();
    UrlSource source = ModelSource.url(URI.create(address + "/private?token=hidden")).cache(cache);

    assertFails(source).hasMessageNotContaining("secret").hasMessageNotContaining("hidden");

    // printf user:secret | base64
    assertThat(seen).containsExactly("Basic dXNlcjpzZWNyZXQ=", null);
    assertThat(source.toString()).doesNotContain("secret").doesNotContain("hidden");
  }

  @Test
  void resolve_ofOneUrlFromManyThreads_givesEachTheWholeFile() throws Exception {
    UrlSource source = serveModel();
    CountDownLatch go = new CountDownLatch(1);
    List<Future<Path>> paths = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Callable<Path> resolve =
          () -> {
            go.await();
            return source.resolve().path();
          };
      paths.add(threads.submit(resolve));
    }
    go.countDown();

    for (Future<Path> path : paths) {
      assertThat(path.get()).hasBinaryContent(onnx);
    }
    assertThat(cachedFiles()).hasSize(1);
  }

  @Test
  void resolve_ofPage_saysThatItIsHtml() {
    UrlSource source =
        serve("/m.onnx", exchange -> send(exchange, "<html>log in</html>".getBytes(UTF_8)));

    assertThatThrownBy(source::resolve)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("an HTML page");
  }

  @Test
  void resolve_withCacheThatIsAFile_fails() throws IOException {
    Path file = Files.createTempFile(cache, "not-a-folder", "");

    assertThatThrownBy(() -> serveModel().cache(file).resolve())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void options_outOfRange_areRefused() {
    UrlSource source = ModelSource.url(URI.create("https://a.example/m.onnx"));

    assertThatIllegalArgumentException().isThrownBy(() -> source.maxBytes(0));
    assertThatIllegalArgumentException().isThrownBy(() -> source.timeout(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> source.sha256("12"));
    for (String other : List.of("ftp://a.example/m", "file:///m", "m.onnx", "mailto:a", "http:m")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ModelSource.url(URI.create(other)))
          .withMessageContaining("http or https");
    }
  }

  @Test
  void toString_printsEveryValue() {
    UrlSource source =
        ModelSource.url(URI.create("https://u:p@a.example:8443/m.onnx?t=1#f"))
            .cache(Path.of("c"))
            .maxBytes(5_000)
            .timeout(Duration.ofSeconds(7));

    assertThat(source)
        .hasToString(
            "url https://a.example:8443/m.onnx?... (sha256 any, maxBytes 5,000, cache c, timeout PT7S)");
  }
}
