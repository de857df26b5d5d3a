package io.vivace.engines.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vivace.core.spi.ExecutionContext;
import io.vivace.core.spi.LoadedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** How models and contexts live, in one thread and in many. */
public abstract class EngineLifecycleContract implements EngineSubject {
  private static final Path MEMORY = Path.of("/proc/self/statm");
  private static final int PAGE = 4096;

  /** For subclasses. */
  protected EngineLifecycleContract() {}

  private LoadedModel open(String model) {
    return provider().open(ContractModels.artifact(model, format()), provider().defaultOptions());
  }

  @Test
  void close_twice_doesNothing() {
    LoadedModel model = open(ContractModels.DIGITS);
    ExecutionContext context = model.newContext();
    Golden.of(ContractModels.DIGITS).get(0).run(context);
    context.close();
    context.close();
    model.close();
    model.close();
  }

  @Test
  void close_contextThatNeverRan_doesNothing() {
    try (LoadedModel model = open(ContractModels.DIGITS)) {
      model.newContext().close();
    }
  }

  @Test
  void close_oneContext_leavesTheOthers() {
    Golden golden = Golden.of(ContractModels.DIGITS).get(1);
    try (LoadedModel model = open(ContractModels.DIGITS);
        ExecutionContext context = model.newContext()) {
      golden.run(context);
      try (ExecutionContext other = model.newContext()) {
        golden.run(other);
      }
      golden.assertAnsweredBy(golden.run(context));
    }
  }

  @Test
  void close_oneOfTwoModelsOfOneFile_leavesTheOther() {
    Golden golden = Golden.of(ContractModels.DIGITS).get(1);
    try (LoadedModel model = open(ContractModels.DIGITS);
        ExecutionContext context = model.newContext()) {
      open(ContractModels.DIGITS).close();
      golden.assertAnsweredBy(golden.run(context));
    }
  }

  @Test
  void run_beforePrepareOrAfterClose_isRefused() {
    try (LoadedModel model = open(ContractModels.DIGITS)) {
      ExecutionContext context = model.newContext();
      assertThatIllegalStateException().isThrownBy(context::run);
      Golden.of(ContractModels.DIGITS).get(0).run(context);
      context.close();
      assertThatIllegalStateException().isThrownBy(context::run);
    }
  }

  @Test
  void run_manyContextsInManyThreads_answersAsReference()
      throws InterruptedException, ExecutionException {
    List<Golden> goldens = Golden.of(ContractModels.DYNAMIC);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (LoadedModel model = open(ContractModels.DYNAMIC)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int first = thread;
        runs.add(threads.submit(() -> runMany(model, goldens, first)));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void runMany(LoadedModel model, List<Golden> goldens, int first) {
    try (ExecutionContext context = model.newContext()) {
      for (int i = 0; i < 100; i++) {
        Golden golden = goldens.get((first + i) % goldens.size());
        golden.assertAnsweredBy(golden.run(context));
      }
    }
  }

  @Test
  void run_oneContextHandedFromThreadToThread_answersAsReference()
      throws InterruptedException, ExecutionException {
    Golden golden = Golden.of(ContractModels.SEVERAL).get(1);
    try (LoadedModel model = open(ContractModels.SEVERAL);
        ExecutionContext context = model.newContext()) {
      for (int i = 0; i < 5; i++) {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        thread.submit(() -> golden.assertAnsweredBy(golden.run(context))).get();
        thread.shutdown();
      }
    }
  }

  /** A round that leaks the weights alone leaks 200 KB; the limit is a tenth of that. */
  @Test
  void openRunClose_manyTimes_doesNotGrow() throws IOException {
    Golden golden = Golden.of(ContractModels.DIGITS).get(0);
    rounds(golden, 50);
    long before = residentBytes();
    rounds(golden, 200);
    assertThat(residentBytes() - before).isLessThan(200 * 20_000L);
  }

  private void rounds(Golden golden, int count) {
    for (int i = 0; i < count; i++) {
      try (LoadedModel model = open(golden.model());
          ExecutionContext context = model.newContext()) {
        golden.run(context);
      }
    }
    System.gc();
  }

  /** The process's memory, where the system tells it in the manner of Linux; 0 elsewhere. */
  private static long residentBytes() throws IOException {
    return Files.isReadable(MEMORY)
        ? Long.parseLong(Files.readString(MEMORY).split(" ", -1)[1]) * PAGE
        : 0;
  }
}
