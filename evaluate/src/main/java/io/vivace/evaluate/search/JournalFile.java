package io.vivace.evaluate.search;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** An open journal: lines of JSON, the first of which says what the study is. */
final class JournalFile implements Closeable {
  private final Path file;
  private final FileChannel channel;
  private final Journal.Sync sync;

  private JournalFile(Journal journal, FileChannel channel) {
    this.file = journal.file();
    this.sync = journal.sync();
    this.channel = channel;
  }

  /**
   * Opens the file, drops a line that was cut, and hands over every event in it.
   *
   * @throws SearchException if it is in use, is of another study, or is damaged
   */
  static JournalFile open(Journal journal, JsonObject header, Consumer<JsonObject> events) {
    try {
      Path folder = journal.file().toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      FileChannel channel =
          FileChannel.open(
              journal.file(),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        JournalFile open = new JournalFile(journal, channel);
        open.lock();
        open.replay(header, events);
        return open;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the journal " + journal.file() + " cannot be opened", e);
    }
  }

  private void lock() throws IOException {
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // another study of this process has it: told below like one of another process
    }
    if (lock == null) {
      throw new SearchException(
          "the journal " + file + " is in use by another study; wait for it or name another file");
    }
  }

  private void replay(JsonObject header, Consumer<JsonObject> events) throws IOException {
    byte[] bytes = content();
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end == 0) {
      begin(header, bytes);
      return;
    }
    String[] lines =
        new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n", -1); // the last one is empty
    List<JsonObject> parsed = new ArrayList<>();
    for (int i = 0; i < lines.length - 1; i++) {
      parsed.add(parse(lines[i], i + 1));
    }
    compare(header, parsed.get(0));
    for (int i = 1; i < parsed.size(); i++) {
      try {
        events.accept(parsed.get(i));
      } catch (RuntimeException e) {
        throw new SearchException(
            "line "
                + (i + 1)
                + " of the journal "
                + file
                + " is no event of this study: "
                + e.getMessage(),
            e);
      }
    }
    channel.truncate(end);
    channel.position(end);
  }

  /** Read through this channel: to close another one would give the lock away. */
  private byte[] content() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    int read;
    do {
      read = channel.read(bytes);
    } while (read > 0 && bytes.hasRemaining());
    return bytes.array();
  }

  /** A new journal, or one whose first line was cut; anything else is not ours to overwrite. */
  private void begin(JsonObject header, byte[] found) throws IOException {
    byte[] first = line(header);
    if (!Arrays.equals(found, Arrays.copyOf(first, Math.min(found.length, first.length)))) {
      throw new SearchException("the file " + file + " is no journal of this study; name another");
    }
    channel.truncate(0);
    append(header, true);
  }

  private JsonObject parse(String line, int number) {
    try {
      return JsonParser.parseString(line).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new SearchException(
          "line "
              + number
              + " of the journal "
              + file
              + " is damaged: "
              + line.substring(0, Math.min(80, line.length()))
              + "; remove it and those after it, or name another file",
          e);
    }
  }

  private void compare(JsonObject wanted, JsonObject found) {
    List<String> differences = new ArrayList<>();
    for (String key : wanted.keySet()) {
      if (!wanted.get(key).equals(found.get(key))) {
        differences.add(key + " is " + found.get(key) + ", the study has " + wanted.get(key));
      }
    }
    if (!differences.isEmpty()) {
      throw new SearchException(
          "the journal "
              + file
              + " is of another study, name another file:\n  "
              + String.join("\n  ", differences));
    }
  }

  private static byte[] line(JsonObject json) {
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Appends an event, and puts it on the disk where the policy says so. */
  synchronized void append(JsonObject event, boolean trialEnds) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line(event));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (sync == Journal.Sync.EVERY_LINE || (trialEnds && sync == Journal.Sync.EVERY_TRIAL)) {
        channel.force(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the journal " + file + " cannot be written", e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the journal " + file + " cannot be closed", e);
    }
  }
}
