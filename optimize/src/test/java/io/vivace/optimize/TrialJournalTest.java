package io.vivace.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialJournalTest {
  @TempDir Path folder;

  private static TrialJournal open(Path journal) {
    return TrialJournal.open(journal, "ab".repeat(32), List.of());
  }

  /** The old file keeps its bytes under another name: it was replaced, not written over. */
  @Test
  void open_tornLine_isDroppedInAFileThatTakesTheOldOnesPlace() throws IOException {
    Path journal = folder.resolve("journal");
    open(journal).originalQuality(0.5);
    String whole = Files.readString(journal);
    byte[] torn = "{\"levels\":[{\"gewicht.größe".getBytes(StandardCharsets.UTF_8);
    int withinLetter = torn.length - 3;
    Files.write(journal, java.util.Arrays.copyOf(torn, withinLetter), StandardOpenOption.APPEND);
    Path old = Files.createLink(folder.resolve("old"), journal);
    byte[] before = Files.readAllBytes(old);
    TrialJournal again = open(journal);
    assertThat(again.originalQuality()).isEqualTo(0.5);
    assertThat(journal).hasContent(whole);
    assertThat(old).hasBinaryContent(before);
  }
}
