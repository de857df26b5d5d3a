package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.Predictor;
import io.vivace.core.codec.VectorInput;
import io.vivace.core.codec.VectorOutput;
import io.vivace.core.testing.StubModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Vivace's classes, loaded by a class loader that has no Micrometer. */
class WithoutMicrometerTest {
  /** Defines Vivace's classes itself, and refuses Micrometer's; the rest is its parent's. */
  private static final class Filter extends ClassLoader {
    Filter() {
      super(WithoutMicrometerTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.micrometer.")) {
        throw new ClassNotFoundException(name);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return name.startsWith("io.vivace.") ? define(name) : super.loadClass(name, resolve);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] code = in.readAllBytes();
        return defineClass(name, code, 0, code.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** What an application does that has no Micrometer. */
  public static final class Application implements Callable<String> {
    @Override
    public String call() {
      ServingStatistics statistics = new ServingStatistics();
      InferenceListener all =
          statistics
              .and(HealthMonitor.standard())
              .and(new FlightRecorderEvents())
              .and(new WarningLog());
      ModelVersion model = new ModelVersion("m", "1", "Stub", "cpu");
      all.opened(model);
      all.ran(model, 1, 1, 1, 1, 1);
      all.completed(model, 0, 1);
      try (Predictor<float[], float[]> predictor =
          Predictor.builder()
              .model(StubModel.answering(1, 7))
              .input(VectorInput.floats(1))
              .output(VectorOutput.floats())
              .build()) {
        return statistics.summary().completed() + " " + predictor.predict(new float[1])[0];
      }
    }
  }

  /** What an application does that forgot the dependency. */
  public static final class Forgetful implements Callable<Class<?>> {
    @Override
    public Class<?> call() throws Exception {
      return Class.forName(MicrometerMetrics.class.getName())
          .getConstructors()[0]
          .getParameterTypes()[0];
    }
  }

  @Test
  void everythingElse_worksWithoutMicrometer() throws Exception {
    assertThat(run(Application.class)).isEqualTo("1 7.0");
  }

  @Test
  void metrics_withoutMicrometer_failWithItsName() {
    assertThatThrownBy(() -> run(Forgetful.class))
        .isInstanceOf(NoClassDefFoundError.class)
        .hasMessageContaining("io/micrometer/core/instrument/MeterRegistry");
  }

  private static Object run(Class<?> application) throws Exception {
    Filter filter = new Filter();
    Class<?> loaded = filter.loadClass(application.getName());
    assertThat(loaded.getClassLoader()).isSameAs(filter);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(filter);
    try {
      return ((Callable<?>) loaded.getConstructor().newInstance()).call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
