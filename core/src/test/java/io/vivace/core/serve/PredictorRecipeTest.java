package io.vivace.core.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vivace.core.ModelLoadException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorClosedException;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.testing.StubPredictor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PredictorRecipeTest {
  private static final AtomicInteger BUILT = new AtomicInteger();
  private static final List<StubPredictor<float[], float[]>> STUBS = new ArrayList<>();

  /** Builds what the recipe says, then puts a stub in its place. */
  private static Predictor<float[], float[]> stub(Predictor<float[], float[]> built) {
    built.close();
    BUILT.incrementAndGet();
    StubPredictor<float[], float[]> stub = StubPredictor.computing(float[]::clone);
    synchronized (STUBS) {
      STUBS.add(stub);
    }
    return stub;
  }

  private static StubPredictor<float[], float[]> lastStub() {
    synchronized (STUBS) {
      return STUBS.get(STUBS.size() - 1);
    }
  }

  /** A file that only the stub engine of the tests opens. */
  private static PredictorRecipe<float[], float[]> recipe(Path folder) throws IOException {
    Files.writeString(folder.resolve("a.txt"), "no model at all");
    Files.writeString(folder.resolve("b.txt"), "no model at all");
    return PredictorRecipe.of(
            ModelLocation.path(folder), () -> VectorInput.floats(2), () -> VectorOutput.floats())
        .configured(builder -> builder.engine(RecipeEngine.NAME).warmUp(false))
        .wrapped(PredictorRecipeTest::stub)
        .idle(Duration.ZERO);
  }

  @SuppressWarnings("unchecked")
  private static <T> T sent(T value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }

  @Test
  void open_copiesThatWereSent_shareOnePredictor(@TempDir Path folder) throws Exception {
    PredictorRecipe<float[], float[]> recipe = recipe(folder);
    PredictorRecipe<float[], float[]> copy = sent(recipe);
    assertThat(copy).isEqualTo(recipe).hasSameHashCodeAs(recipe);
    int before = BUILT.get();
    Predictor<float[], float[]> first = recipe.open();
    Predictor<float[], float[]> second = copy.open();
    assertThat(BUILT.get() - before).isEqualTo(1);
    assertThat(recipe.openCount()).isEqualTo(2);

    first.close();
    first.close();
    assertThat(copy.openCount()).isEqualTo(1);
    assertThatThrownBy(() -> first.predict(new float[2]))
        .isInstanceOf(PredictorClosedException.class)
        .hasMessageContaining("open the recipe again");
    assertThat(first.predictAsync(new float[2])).isCompletedExceptionally();
    assertThat(second.predict(new float[] {1, 2})).containsExactly(1, 2);
    assertThat(second.predictAll(List.of(new float[] {1, 2}))).hasSize(1);

    StubPredictor<float[], float[]> stub = lastStub();
    assertThat(stub.isClosed()).isFalse();
    second.close();
    assertThat(stub.isClosed()).isTrue();
    assertThat(recipe.openCount()).isZero();
    recipe.open().close();
    assertThat(BUILT.get() - before).isEqualTo(2);
  }

  @Test
  void open_manyThreads_buildsOnce(@TempDir Path folder) throws Exception {
    PredictorRecipe<float[], float[]> recipe = recipe(folder);
    Predictor<float[], float[]> holding = recipe.open();
    holding.close();
    int before = BUILT.get();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Predictor<float[], float[]>>> opening = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        opening.add(recipe::open);
      }
      List<Predictor<float[], float[]>> opened = new ArrayList<>();
      for (Future<Predictor<float[], float[]>> each : threads.invokeAll(opening)) {
        opened.add(each.get());
      }
      assertThat(BUILT.get() - before).isEqualTo(1);
      assertThat(recipe.openCount()).isEqualTo(64);
      opened.forEach(Predictor::close);
      assertThat(lastStub().isClosed()).isTrue();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void openAndClose_manyThreads_neverMeetAClosedPredictor(@TempDir Path folder) throws Exception {
    PredictorRecipe<float[], float[]> recipe = recipe(folder);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        tasks.add(
            () -> {
              try (Predictor<float[], float[]> predictor = recipe.open()) {
                predictor.predict(new float[] {1, 2});
              }
              return null;
            });
      }
      for (Future<Void> each : threads.invokeAll(tasks)) {
        each.get();
      }
      assertThat(recipe.openCount()).isZero();
      synchronized (STUBS) {
        assertThat(STUBS).allMatch(StubPredictor::isClosed);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void idle_openedAgainInTime_buildsOnce(@TempDir Path folder) throws Exception {
    PredictorRecipe<float[], float[]> recipe = recipe(folder).idle(Duration.ofHours(1));
    int before = BUILT.get();
    recipe.open().close();
    recipe.open().close();
    assertThat(BUILT.get() - before).isEqualTo(1);
    assertThat(lastStub().isClosed()).isFalse();
    lastStub().close();
  }

  @Test
  void idle_timePassed_closes(@TempDir Path folder) throws Exception {
    PredictorRecipe<float[], float[]> recipe = recipe(folder).idle(Duration.ofMillis(1));
    recipe.open().close();
    await().until(() -> lastStub().isClosed());
  }

  @Test
  void open_failure_isTriedAgain(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing");
    PredictorRecipe<float[], float[]> recipe =
        PredictorRecipe.<float[], float[]>of(
                ModelLocation.path(missing), () -> VectorInput.floats(2), VectorOutput::floats)
            .configured(builder -> builder.engine(RecipeEngine.NAME).warmUp(false))
            .wrapped(PredictorRecipeTest::stub)
            .idle(Duration.ZERO);
    assertThatThrownBy(recipe::open).isInstanceOf(ModelLoadException.class);
    assertThat(recipe.openCount()).isZero();
    Files.createDirectory(missing);
    Files.writeString(missing.resolve("a.txt"), "a");
    recipe.open().close();
  }

  @Test
  void change_recipe_hasAnIdentityOfItsOwn(@TempDir Path folder) throws Exception {
    PredictorRecipe<float[], float[]> recipe = recipe(folder);
    assertThat(recipe.idle(Duration.ofSeconds(1))).isNotEqualTo(recipe);
    assertThat(recipe.toString()).contains("path " + folder, "configured, wrapped, idle=PT0S");
    assertThatThrownBy(() -> recipe.idle(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("idle must be at least 0, but was PT-0.000000001S");
  }

  @Test
  void location_faulty_isRefusedAlsoWhenItIsRead() {
    assertThat(ModelLocation.classpath("/m.onnx").toString()).isEqualTo("class path /m.onnx");
    assertThat(ModelLocation.url(URI.create("https://user:secret@host/m.onnx")).toString())
        .contains("https://host/m.onnx")
        .doesNotContain("secret");
    assertThatThrownBy(() -> ModelLocation.url(URI.create("ftp://host/m")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModelLocation.classpath("m").sha256("abc"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void read_tamperedForm_isRefused() throws Exception {
    byte[] bytes;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(ModelLocation.url(URI.create("https://host/model.onnx")));
    }
    bytes = out.toByteArray();
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] tampered =
        text.replace("https://host", "file:///host")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(tampered))) {
      assertThatThrownBy(in::readObject)
          .isInstanceOf(java.io.InvalidObjectException.class)
          .hasMessageContaining("http or https");
    }
  }
}
