package io.vivace.optimize.train;

import io.vivace.optimize.internal.AtomicFile;
import io.vivace.optimize.train.TrainingException.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A run at one moment, as a file: a magic number, the description of the run, its position, the
 * arrays of network and optimizer, the best weights so far, and a checksum over all of it.
 */
record Checkpoint(
    String description, Position position, Snapshot network, Snapshot optimizer, Snapshot best) {
  private static final long MAGIC = 0x5669766163650001L;
  private static final int LONGEST_NAME = 1 << 20;

  void write(Path file) {
    AtomicFile.write(file, this::write);
  }

  private void write(OutputStream file) throws IOException {
    CheckedOutputStream checked =
        new CheckedOutputStream(new BufferedOutputStream(file), new CRC32());
    DataOutputStream out = new DataOutputStream(checked);
    out.writeLong(MAGIC);
    writeText(out, description);
    writePosition(out);
    writeArrays(out, network);
    writeArrays(out, optimizer);
    writeArrays(out, best);
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  private void writePosition(DataOutputStream out) throws IOException {
    out.writeInt(position.epoch());
    out.writeInt(position.batch());
    out.writeLong(position.step());
    out.writeDouble(position.lossSum());
    out.writeDouble(position.bestValue());
    out.writeInt(position.bestEpoch());
    out.writeInt(position.curve().size());
    for (Map<String, Double> values : position.curve()) {
      out.writeInt(values.size());
      for (Map.Entry<String, Double> value : values.entrySet()) {
        writeText(out, value.getKey());
        out.writeDouble(value.getValue());
      }
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void writeArrays(DataOutputStream out, Snapshot snapshot) throws IOException {
    WritableByteChannel channel = Channels.newChannel(out);
    out.writeInt(snapshot.arrays().size());
    for (Map.Entry<String, ByteBuffer> array : snapshot.arrays().entrySet()) {
      writeText(out, array.getKey());
      ByteBuffer bytes = array.getValue().duplicate();
      out.writeInt(bytes.remaining());
      channel.write(bytes);
    }
  }

  static Checkpoint read(Path file) {
    try (CheckedInputStream checked =
        new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), new CRC32())) {
      DataInputStream in = new DataInputStream(checked);
      Reader reader = new Reader(in, Files.size(file));
      if (in.readLong() != MAGIC) {
        throw damaged(file, "it does not start as a checkpoint does", null);
      }
      Checkpoint result =
          new Checkpoint(
              reader.text(), reader.position(), reader.arrays(), reader.arrays(), reader.arrays());
      long found = checked.getChecksum().getValue();
      if (in.readLong() != found) {
        throw damaged(file, "its checksum is wrong", null);
      }
      return result;
    } catch (IOException e) {
      throw damaged(file, e.toString(), e);
    }
  }

  static TrainingException damaged(
      Path file, String why, @org.jspecify.annotations.Nullable IOException cause) {
    return new TrainingException(
        Reason.CHECKPOINT_DAMAGED,
        "checkpoint %s cannot be read: %s; remove it to start from the beginning"
            .formatted(file, why),
        cause);
  }

  /** Reads parts; no size is trusted that is above the file's. */
  private record Reader(DataInputStream in, long limit) {
    private int size(int smallest) throws IOException {
      int size = in.readInt();
      if (size < 0 || (long) size * smallest > limit) {
        throw new IOException("a part of size %,d in a file of %,d bytes".formatted(size, limit));
      }
      return size;
    }

    String text() throws IOException {
      int size = size(1);
      if (size > LONGEST_NAME) {
        throw new IOException("a text of %,d bytes".formatted(size));
      }
      return new String(in.readNBytes(size), java.nio.charset.StandardCharsets.UTF_8);
    }

    Position position() throws IOException {
      int epoch = in.readInt();
      int batch = in.readInt();
      long step = in.readLong();
      double lossSum = in.readDouble();
      double bestValue = in.readDouble();
      int bestEpoch = in.readInt();
      List<Map<String, Double>> curve = new ArrayList<>();
      int epochs = size(Integer.BYTES);
      for (int i = 0; i < epochs; i++) {
        curve.add(values());
      }
      return new Position(epoch, batch, step, lossSum, bestValue, bestEpoch, curve);
    }

    private Map<String, Double> values() throws IOException {
      Map<String, Double> values = new LinkedHashMap<>();
      int count = size(Double.BYTES);
      for (int i = 0; i < count; i++) {
        values.put(text(), in.readDouble());
      }
      return values;
    }

    Snapshot arrays() throws IOException {
      Map<String, ByteBuffer> arrays = new LinkedHashMap<>();
      int count = size(Integer.BYTES);
      for (int i = 0; i < count; i++) {
        String name = text();
        int bytes = size(1);
        byte[] content = in.readNBytes(bytes);
        if (content.length < bytes) {
          throw new IOException("it is cut short");
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        direct.put(content).flip();
        arrays.put(name, direct);
      }
      return new Snapshot(arrays);
    }
  }
}
