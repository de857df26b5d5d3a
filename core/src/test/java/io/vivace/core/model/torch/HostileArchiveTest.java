package io.vivace.core.model.torch;

import static io.vivace.core.model.torch.TorchArchiveTest.files;
import static io.vivace.core.model.torch.TorchArchiveTest.latin1;
import static io.vivace.core.model.torch.TorchArchiveTest.pickle;
import static io.vivace.core.model.torch.TorchArchiveTest.view;
import static io.vivace.core.model.torch.TorchArchiveTest.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vivace.core.ModelLoadException;
import io.vivace.core.model.ModelArtifact;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.model.ModelSource;
import io.vivace.core.model.onnx.ByteRange;
import io.vivace.core.model.onnx.OnnxContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small files that state, repeat or nest a lot. */
@Timeout(60)
class HostileArchiveTest {
  /** Keeps the function that makes tensors as value 0, and its arguments as value 1. */
  private static final String TENSOR =
      "ctorch._utils\n_rebuild_tensor_v2\nq\0"
          + "((X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpuK\6tQ"
          + view(0, 2, 3, 3, 1)
          + "\u0089ccollections\nOrderedDict\n)Rtq\1";

  /**
   * Of 2 GiB and 64 bytes, by Python's zlib; to sum them up here would take as long as the test.
   */
  private static final int CRC_OF_ZEROS = 0x07574577;

  @TempDir Path folder;

  private static Map<String, byte[]> plain() {
    return files(pickle("0", 6, view(0, 2, 3, 3, 1)));
  }

  private ModelArtifact artifact(byte[] archive) throws IOException {
    Path file = Files.write(folder.resolve("model.pt"), archive);
    return ModelArtifact.of("model.pt", file, ModelFormat.TORCHSCRIPT);
  }

  private String refusal(byte[] archive) throws IOException {
    ModelArtifact artifact = artifact(archive);
    try {
      TorchArchive.open(artifact).close();
      return "";
    } catch (ModelLoadException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String pickleRefusal(String pickle) throws IOException {
    return refusal(zip(files(pickle), ""));
  }

  @Test
  void open_moreValuesThanAModelHas_refused() throws IOException {
    assertThat(pickleRefusal("\u0080\2)" + "\u0085".repeat(1_000_000) + "."))
        .contains("more than 1,000,000 values", "model.pt");
    assertThat(pickleRefusal("\u0080\2](" + "N".repeat(999_000) + "e.")).isEmpty();
  }

  @Test
  void open_oneTensorDescribedTooOften_refused() throws IOException {
    assertThat(pickleRefusal("\u0080\2](" + TENSOR + "h\0h\1R".repeat(100_001) + "e."))
        .contains("more than 100,000 tensors");
    assertThat(pickleRefusal("\u0080\2](" + TENSOR + "h\0h\1R".repeat(1_000) + "e.")).isEmpty();
  }

  /** 20,000 places of one tensor, below a name of 4,000 letters. */
  @Test
  void open_onePartInTooManyPlaces_refused() throws IOException {
    String named = "}X\u00a0\17\0\0" + "n".repeat(4_000) + "](" + TENSOR + "h\0h\1Rq\2";
    assertThat(pickleRefusal("\u0080\2" + named + "h\2".repeat(20_000) + "es."))
        .contains("67,108,864 letters");
    assertThat(pickleRefusal("\u0080\2" + named + "h\2".repeat(10) + "es.")).isEmpty();
  }

  @Test
  void open_longListOfNumbers_takesNoNames() throws IOException {
    String named = "}X\u00a0\17\0\0" + "n".repeat(4_000) + "](" + TENSOR;
    assertThat(pickleRefusal("\u0080\2" + named + "K\1".repeat(400_000) + "es.")).isEmpty();
  }

  @Test
  void open_tensorOfManyAxes_refusedBeforeTheyAreRead() throws IOException {
    String axes = "(" + "K\1".repeat(65) + "t";
    assertThat(pickleRefusal(pickle("0", 6, "K\0" + axes + axes)))
        .contains("65 axes, allowed are 64");
  }

  @Test
  void open_longForeignName_isCutInTheMessage() throws IOException {
    assertThat(pickleRefusal("\u0080\2cos\n" + "x".repeat(1_000_000) + "\n."))
        .contains("names os.xxx")
        .hasSizeLessThan(500);
  }

  /** Gives a file another name of the same length, which {@code ZipOutputStream} would not. */
  private static byte[] renamed(byte[] archive, String from, String to) {
    String text = new String(archive, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    return latin1(text.replace(from, to));
  }

  @Test
  void open_twoFilesOfOneName_refusedByAll() throws IOException {
    Map<String, byte[]> files = plain();
    files.put("m/data.xxx", files.get("m/data.pkl"));
    refusedByAll(renamed(zip(files, ""), "m/data.xxx", "m/data.pkl"), "is there twice");
    refusedByAll(renamed(zip(files, ""), "m/data.xxx", "m/Data.PKL"), "differs only in case");
    files = plain();
    files.put("m/dat@/0", new byte[24]);
    refusedByAll(renamed(zip(files, ""), "m/dat@/0", "m/data/0"), "is there twice");
    files = plain();
    files.put("n/data.pkl", files.get("m/data.pkl"));
    refusedByAll(zip(files, ""), "has two of data.pkl");
  }

  private void refusedByAll(byte[] archive, String reason) throws IOException {
    assertThat(refusal(archive)).contains(reason, "model.pt", "torch.jit.save");
    Path file = folder.resolve("model.pt");
    assertThat(ModelFormat.detect(file)).isEqualTo(ModelFormat.OTHER);
    ModelSource source = ModelSource.path(file);
    assertThatThrownBy(source::resolve)
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("two files of one name, or two of data.pkl");
  }

  /**
   * What an attacker would change of an archive's structure rather than bits: other numbers in its
   * headers and directory, parts of it twice, cut or in each other's place, and instructions of the
   * pickle moved about, with the checksum put right.
   */
  @Test
  void open_damagedStructure_errorOrReadable() throws IOException {
    Random random = new Random(22);
    byte[] whole = zip(plain(), "m/code/__torch__.py");
    int readable = 0;
    for (int i = 0; i < 1_500; i++) {
      byte[] damaged =
          switch (i % 5) {
            case 0 -> renumbered(whole, random);
            case 1 -> Arrays.copyOf(whole, directory(whole) + random.nextInt(150));
            case 2 -> copied(whole, random);
            case 3 -> zip(files(shuffled(random)), "");
            default -> zip(files(remembering(random)), "");
          };
      try (TorchArchive archive = TorchArchive.open(artifact(damaged))) {
        archive.tensors().forEach(TorchTensor::end);
        readable++;
      } catch (ModelLoadException e) {
        assertThat(e).hasMessageContaining("model.pt");
      }
    }
    assertThat(readable).isBetween(1, 1_499);
  }

  private static int directory(byte[] archive) {
    return new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
  }

  /** A field of 2 or 4 bytes of the directory or its end. */
  private static byte[] renumbered(byte[] archive, Random random) {
    byte[] bytes = archive.clone();
    int start = directory(bytes);
    int at = start + random.nextInt(bytes.length - start - 4);
    int[] numbers = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, bytes.length, random.nextInt()};
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int number = numbers[random.nextInt(numbers.length)];
    if (random.nextBoolean()) {
      fields.putInt(at, number);
    } else {
      fields.putShort(at, (short) number);
    }
    return bytes;
  }

  /** A stretch that begins at a header, over or before what is there. */
  private static byte[] copied(byte[] archive, Random random) {
    int from = header(archive, random);
    int to = header(archive, random);
    int length = Math.min(20 + random.nextInt(80), archive.length - Math.max(from, to));
    if (random.nextBoolean()) {
      byte[] bytes = archive.clone();
      System.arraycopy(archive, from, bytes, to, length);
      return bytes;
    }
    ByteBuffer longer = ByteBuffer.allocate(archive.length + length);
    longer.put(archive, 0, to).put(archive, from, length).put(archive, to, archive.length - to);
    return longer.array();
  }

  private static int header(byte[] archive, Random random) {
    List<Integer> headers = new ArrayList<>();
    for (int i = 0; i < archive.length - 20; i++) {
      if (archive[i] == 'P' && archive[i + 1] == 'K') {
        headers.add(i);
      }
    }
    return headers.get(random.nextInt(headers.size()));
  }

  /** Parts of a pickle that reads well, some of them twice, some not at all. */
  private static String shuffled(Random random) {
    String good = pickle("0", 6, view(0, 2, 3, 3, 1));
    StringBuilder parts = new StringBuilder("\u0080\2");
    for (int i = random.nextInt(6); i >= 0; i--) {
      int from = 2 + random.nextInt(good.length() - 2);
      parts.append(good, from, Math.min(good.length(), from + random.nextInt(60)));
    }
    return parts.append(random.nextBoolean() ? "." : "b.").toString();
  }

  /** Lists, dictionaries and modules that hold each other, and double over and over. */
  private static String remembering(Random random) {
    StringBuilder pickle = new StringBuilder("\u0080\2]q\0}q\1c__torch__\nNet\n)\u0081q\2");
    int values = 3;
    for (int i = 5 + random.nextInt(60); i > 0; i--) {
      char one = (char) random.nextInt(3);
      char other = (char) random.nextInt(values);
      switch (random.nextInt(4)) {
        case 0 -> pickle.append("h\0h").append(other).append("ah").append(one).append("\u0086");
        case 1 -> pickle.append("h\1h").append(one).append('h').append(other).append('s');
        case 2 -> pickle.append("h\2h").append(other).append('b');
        default -> pickle.append('h').append(other).append("h").append(other).append("\u0086");
      }
      if (values < 120) {
        pickle.append('q').append((char) values++);
      }
    }
    return pickle.insert(2, "(").append("t.").toString();
  }

  @Test
  void open_moreThan2Gib_isRead() throws IOException {
    long length = (1L << 31) + 64;
    String storage = "storagectorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpu";
    String pickle =
        "\u0080\2c__torch__\nNet\n)\u0081}(X\6\0\0\0weightctorch._utils\n_rebuild_tensor_v2\n"
            + "((X\7\0\0\0"
            + storage
            + "J\u0010\0\0 tQK\0(J\u0010\0\0 t(K\1t"
            + "\u0089ccollections\nOrderedDict\n)RtRub.";
    Path file = folder.resolve("large.pt");
    Map<String, byte[]> small = files(pickle);
    small.remove("m/data/0");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.WRITE)) {
      ArchiveWriter archive = new ArchiveWriter();
      for (Map.Entry<String, byte[]> entry : small.entrySet()) {
        archive.add(entry.getKey(), OnnxContent.of(entry.getValue()));
      }
      archive.add(
          new ArchiveEntry("m/data/0", false, CRC_OF_ZEROS, length, new ByteRange(0, length)),
          new Zeros(length));
      writeSparsely(channel, archive.finish(), length);
    }
    assertThat(Files.size(file)).isGreaterThan(length);
    try (TorchArchive archive =
        TorchArchive.open(ModelArtifact.of("large.pt", file, ModelFormat.TORCHSCRIPT))) {
      assertThat(archive.tensors()).hasSize(1);
      assertThat(archive.storage("0").length()).isEqualTo(length);
    }
  }

  /** Zeros of any number, without memory. */
  private record Zeros(long length) implements OnnxContent {
    @Override
    public void read(long from, ByteBuffer target) {
      while (target.hasRemaining()) {
        target.put((byte) 0);
      }
    }
  }

  /** All but the middle, which are zeros. */
  private static void writeSparsely(FileChannel channel, OnnxContent content, long zeros)
      throws IOException {
    int edge = 1 << 16;
    long tail = content.length() - edge;
    assertThat(tail - edge).isLessThan(zeros);
    for (long from : List.of(0L, tail)) {
      ByteBuffer bytes = ByteBuffer.allocate(edge).order(ByteOrder.LITTLE_ENDIAN);
      content.read(from, bytes);
      channel.write(bytes.flip(), from);
    }
  }
}
