package io.vivace.evaluate.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;

  private static final Space SPACE =
      Space.of(
          Parameter.real("x", 0, 1),
          Parameter.choice("kind", "a", "b\"\n\u00e9"),
          Parameter.integer("n", 1, 5).when("kind", "a"));

  private StudyOptions options(Path file) {
    return Study.tpe()
        .trials(7)
        .lag(2)
        .pruner(Pruner.successiveHalving(1, 2))
        .journal(Journal.at(file).sync(Journal.Sync.NEVER));
  }

  /**
   * Completes, is pruned, breaks constraints, fails, is infinite: everything a journal must keep.
   */
  static double score(Params params, Trial trial) {
    double x = params.real("x");
    trial.constraint("c", x - 0.9);
    trial.report(1, x);
    if (trial.number() == 3) {
      throw new IllegalStateException("bad luck \"\n");
    }
    if (trial.number() == 4) {
      return Double.POSITIVE_INFINITY;
    }
    trial.pruneIfAdvised();
    trial.report(2, Double.NaN);
    return x;
  }

  @Test
  void resumed_afterACutAtEveryByte_comesOutTheSame() throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    String log = options(whole).minimize(SPACE, JournalTest::score).log();
    assertThat(log).contains("PRUNED", "FAILED", "Infinity", "NaN");
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.jsonl");
    for (int length = 0; length <= bytes.length; length++) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      String again = options(cut).minimize(SPACE, JournalTest::score).log();
      assertThat(again).as("cut at %d of %d", length, bytes.length).isEqualTo(log);
    }
    String last = Files.readString(cut, StandardCharsets.UTF_8);
    assertThat(last).isEqualTo(new String(bytes, StandardCharsets.UTF_8)); // nothing was added
  }

  @Test
  void resumed_runsOnlyWhatDidNotEnd() throws IOException {
    Path file = folder.resolve("a.jsonl");
    AtomicInteger calls = new AtomicInteger();
    TrialScore counting =
        (params, trial) -> {
          calls.incrementAndGet();
          return score(params, trial);
        };
    options(file).trials(5).minimize(SPACE, counting);
    assertThat(calls).hasValue(5);
    Study more = options(file).trials(7).minimize(SPACE, counting);
    assertThat(calls).hasValue(7);
    assertThat(more.log())
        .isEqualTo(options(folder.resolve("b.jsonl")).minimize(SPACE, JournalTest::score).log());
    Study same = options(file).trials(7).minimize(SPACE, counting);
    assertThat(calls).hasValue(7);
    assertThat(same.log()).isEqualTo(more.log());
    assertThat(same.stopReason()).isEqualTo(StopReason.TRIALS_DONE);
  }

  @Test
  void resumed_withAGapInTheMiddle_fillsIt() throws IOException {
    Path file = folder.resolve("a.jsonl");
    String log = options(file).minimize(SPACE, JournalTest::score).log();
    List<String> lines = Files.readAllLines(file);
    // trial 4 had not ended when the process was killed, but trial 5 had
    List<String> gap =
        lines.stream()
            .filter(line -> !(line.contains("\"trial\":4,") && line.contains("\"end\"")))
            .filter(line -> !line.contains("\"trial\":6,"))
            .toList();
    Files.write(file, gap);
    assertThat(options(file).minimize(SPACE, JournalTest::score).log()).isEqualTo(log);
  }

  @Test
  void journalOfAnotherStudy_isRefusedAndKept() throws IOException {
    Path file = folder.resolve("a.jsonl");
    options(file).minimize(SPACE, JournalTest::score);
    byte[] before = Files.readAllBytes(file);
    Space other = Space.of(Parameter.real("x", 0, 2));
    assertThatThrownBy(() -> options(file).seed(7).minimize(SPACE, JournalTest::score))
        .isInstanceOf(SearchException.class)
        .hasMessageContaining("is of another study, name another file")
        .hasMessageContaining("seed is 42, the study has 7");
    assertThatThrownBy(() -> options(file).minimize(other, p -> 0))
        .hasMessageContaining("space is [\"x: real 0.0..1.0\"");
    assertThatThrownBy(() -> options(file).lag(3).maximize(SPACE, p -> 0))
        .hasMessageContaining("directions is")
        .hasMessageContaining("lag is 2, the study has 3");
    assertThatThrownBy(
            () -> options(file).first(Map.of("x", 1, "kind", "a", "n", 1)).minimize(SPACE, p -> 0))
        .hasMessageContaining("first is []");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void fileThatIsNoJournal_isRefusedAndKept() throws IOException {
    for (String content : List.of("my thesis", "my thesis\n", "[1]\n", "{}\n{}\n")) {
      Path file = folder.resolve("thesis.txt");
      Files.writeString(file, content);
      assertThatThrownBy(() -> options(file).minimize(SPACE, p -> 0))
          .isInstanceOf(SearchException.class)
          .hasMessageContaining("thesis.txt");
      assertThat(file).hasContent(content);
    }
  }

  @Test
  void damageInTheMiddle_namesTheLine() throws IOException {
    Path file = folder.resolve("a.jsonl");
    options(file).minimize(SPACE, JournalTest::score);
    List<String> lines = Files.readAllLines(file);
    for (String damage :
        List.of(
            "{\"event\":\"sta",
            "",
            "7",
            "{\"event\":\"end\",\"trial\":77,\"state\":\"COMPLETE\",\"values\":[1]}",
            "{\"event\":\"start\",\"trial\":1,\"params\":{\"x\":7}}",
            "{\"event\":\"start\"}")) {
      List<String> damaged = new ArrayList<>(lines);
      damaged.add(3, damage);
      Files.write(file, damaged);
      assertThatThrownBy(() -> options(file).minimize(SPACE, p -> 0))
          .as("%s", damage)
          .isInstanceOf(SearchException.class)
          .hasMessageContaining("line 4 of the journal");
      assertThat(Files.readAllLines(file)).isEqualTo(damaged);
    }
  }

  @Test
  void journalInUse_isRefused() {
    Path file = folder.resolve("sub/dir/a.jsonl");
    try (StudySession session = options(file).open(SPACE, Direction.MINIMIZE)) {
      assertThat(session.ask()).isPresent();
      assertThatThrownBy(() -> options(file).open(SPACE, Direction.MINIMIZE))
          .isInstanceOf(SearchException.class)
          .hasMessageContaining("in use by another study");
    }
    options(file).open(SPACE, Direction.MINIMIZE).close();
  }

  @Test
  void everySync_writesTheSame() throws IOException {
    String first = null;
    for (Journal.Sync sync : Journal.Sync.values()) {
      Path file = folder.resolve(sync + ".jsonl");
      Study.tpe().trials(4).journal(Journal.at(file).sync(sync)).minimize(SPACE, p -> 1);
      String content = Files.readString(file);
      first = first == null ? content : first;
      assertThat(content).isEqualTo(first);
    }
  }

  @Test
  void resumed_afterAKilledProcess_comesOutTheSame() throws Exception {
    Path file = folder.resolve("killed.jsonl");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                KilledStudy.classPath(),
                KilledStudy.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("out.txt"))).isEqualTo(9);
    assertThat(file).content().contains("\"trial\":15").doesNotContain("\"trial\":19");
    StudyOptions resumed = KilledStudy.options(file).workers(3);
    String log = resumed.minimize(KilledStudy.SPACE, KilledStudy::score).log();
    StudyOptions whole = KilledStudy.options(folder.resolve("whole.jsonl"));
    assertThat(log).isEqualTo(whole.minimize(KilledStudy.SPACE, KilledStudy::score).log());
  }
}
