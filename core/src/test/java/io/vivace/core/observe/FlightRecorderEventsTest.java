package io.vivace.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderEventsTest {
  private static final ModelVersion FIRST = new ModelVersion("m", "1", "Stub", "cpu");
  private static final ModelVersion SECOND = new ModelVersion("m", "2", "Stub", "cpu");

  @TempDir Path folder;

  @Test
  void events_areRecordedWithTheirFields() throws IOException {
    FlightRecorderEvents events = new FlightRecorderEvents();
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.vivace.Batch");
      recording.enable("io.vivace.Shed");
      recording.enable("io.vivace.Swap");
      recording.start();
      events.ran(FIRST, 3, 4, 10, 20, 30);
      events.shed(FIRST, ShedReason.QUEUE_FULL, 40);
      events.swapped(FIRST, SECOND, 50);
      events.swapFailed(SECOND, new IllegalStateException("no file"));
      recording.stop();
      recording.dump(file);
    }
    Map<String, List<RecordedEvent>> found =
        RecordingFile.readAllEvents(file).stream()
            .collect(Collectors.groupingBy(event -> event.getEventType().getName()));
    RecordedEvent batch = found.get("io.vivace.Batch").get(0);
    assertThat(batch.getString("predictor")).isEqualTo("m");
    assertThat(batch.getInt("rows")).isEqualTo(3);
    assertThat(batch.getInt("size")).isEqualTo(4);
    assertThat(batch.getDuration("assemble").toNanos()).isEqualTo(10);
    assertThat(batch.getDuration("run").toNanos()).isEqualTo(20);
    assertThat(batch.getDuration("split").toNanos()).isEqualTo(30);
    RecordedEvent shed = found.get("io.vivace.Shed").get(0);
    assertThat(shed.getString("reason")).isEqualTo("QUEUE_FULL");
    assertThat(shed.getDuration("waited").toNanos()).isEqualTo(40);
    List<RecordedEvent> swaps = found.get("io.vivace.Swap");
    assertThat(swaps).hasSize(2);
    assertThat(swaps.get(0).getString("after")).isEqualTo("2");
    assertThat(swaps.get(0).getString("error")).isEmpty();
    assertThat(swaps.get(1).getString("error")).contains("no file");
  }
}
