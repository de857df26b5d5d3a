package io.vivace.core.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.vivace.core.model.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One tokenizer, many threads; and tokenizers that are forgotten while others work. */
class TextInputStressTest {
  private static final int THREADS = 8;
  private static final int ROUNDS = 120;

  private static TextInput open() throws IOException {
    try (InputStream in = Rows.open("/all-minilm-l6-v2-tokenizer.json")) {
      return TextInput.tokenizer(in);
    }
  }

  private static long[] ids(TextInput codec, String text) {
    return Rows.encode(codec, 0, ElementType.INT64, text).toLongs();
  }

  @Test
  void encode_manyThreads_givesWhatOneThreadGives() throws Exception {
    List<String> texts =
        IntStream.range(0, 40).mapToObj(i -> "text number " + i + " and more".repeat(i)).toList();
    TextInput alone = open();
    List<long[]> expected = texts.stream().map(text -> ids(alone, text)).toList();
    TextInput shared = open();
    runEverywhere(
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            int at = round % texts.size();
            assertThat(ids(shared, texts.get(at))).isEqualTo(expected.get(at));
          }
          return true;
        });
  }

  @Test
  void encode_tokenizersThatAreForgotten_areFreedSafely() throws Exception {
    TextInput base = open();
    long[] expected = ids(base, "forgotten but correct");
    runEverywhere(
        () -> {
          for (int round = 0; round < 3; round++) {
            assertThat(ids(base.maxLength(64 + round), "forgotten but correct"))
                .isEqualTo(expected);
            System.gc();
          }
          return true;
        });
  }

  private static void runEverywhere(Callable<Boolean> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Boolean>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(threads.submit(work));
      }
      for (Future<Boolean> one : running) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
