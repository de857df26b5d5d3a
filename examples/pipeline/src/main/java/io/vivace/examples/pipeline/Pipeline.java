package io.vivace.examples.pipeline;

import io.vivace.core.codec.Classification;
import io.vivace.core.data.Dataset;
import io.vivace.evaluate.MetricTable;
import io.vivace.evaluate.report.TableReport;
import io.vivace.evaluate.search.Params;
import io.vivace.evaluate.select.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a classifier of clothes the whole way: prepares the images, trains, searches, distils,
 * prunes, shares, quantizes, compares, chooses, and serves what was chosen.
 *
 * <p>The argument is the folder of the model files; left out, it is {@code target/pipeline}.
 */
public final class Pipeline {
  static final long SEED = 42;

  private final Settings settings;
  private final Path folder;
  private final PrintStream out;
  private int stage;

  /**
   * What came of it.
   *
   * @param comparison all models on the images to choose by
   * @param verdict the choice
   * @param winner the model that was served: the dense one where none was chosen
   * @param test all models on the test images
   * @param answers what was served, of the test images over and over
   */
  record Result(
      MetricTable comparison,
      Verdict verdict,
      Path winner,
      MetricTable test,
      List<Classification> answers) {}

  private Pipeline(Settings settings, Path folder, PrintStream out) {
    this.settings = settings;
    this.folder = folder;
    this.out = out;
  }

  /**
   * Runs the example.
   *
   * @param args the folder of the model files, or nothing
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    // One thread gives the same weights in every run; read when the engine starts.
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    boolean fast = Boolean.getBoolean("vivace.pipeline.fast");
    run(
        fast ? Settings.fast() : Settings.standard(),
        Path.of(args.length > 0 ? args[0] : "target/pipeline"),
        System.out);
  }

  static Result run(Settings settings, Path folder, PrintStream out) throws IOException {
    Files.createDirectories(folder);
    return new Pipeline(settings, folder, out).run();
  }

  private Result run() throws IOException {
    long started = System.nanoTime();
    List<Contender> contenders = new ArrayList<>();
    try {
      heading("prepare");
      Prepared data = Prepared.run(settings, folder, out);
      heading("train with early stopping");
      Contender dense = keep(contenders, TrainStage.run(data, settings, folder, out));
      heading("search and cross-validate a student");
      Params params = SearchStage.run(data, settings, out);
      heading("distil");
      Contender student =
          keep(contenders, DistilStage.run(data, dense, params, settings, folder, out));
      heading("prune and fine-tune");
      PruneStage pruning = new PruneStage(data, dense, settings, folder, out);
      Contender narrow = keep(contenders, pruning.narrow());
      Contender sparse = keep(contenders, pruning.sparse());
      heading("share and pack");
      keep(contenders, ShareStage.run(data, sparse, settings, folder, out));
      heading("quantize");
      contenders.addAll(QuantizeStage.run(data, List.of(dense, student, narrow), folder, out));
      heading("compare");
      MetricTable comparison = ChooseStage.compare(data, contenders, settings, out);
      heading("select");
      Verdict verdict = ChooseStage.select(comparison, out);
      return serve(data, contenders, comparison, verdict);
    } finally {
      contenders.forEach(Contender::close);
      out.printf("%n%.0f s in all%n", (System.nanoTime() - started) / 1e9);
    }
  }

  private Result serve(
      Prepared data, List<Contender> contenders, MetricTable comparison, Verdict verdict)
      throws IOException {
    Dataset<float[], Integer> images = Images.test().slice(0, settings.tests()).materialized();
    String name = verdict.chosen().orElse(comparison.baseline());
    Contender winner =
        contenders.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    heading("serve");
    out.printf(
        verdict.chosen().isPresent()
            ? "serving the winner, %s%n"
            : "no model was chosen, so it is %s that serves%n",
        name);
    List<Classification> answers =
        ServeStage.run(winner.file(), data.input(), images, settings.requests(), out);
    heading("the test images, read once");
    MetricTable test = Judge.table(images, contenders);
    out.println(TableReport.of(test).toText());
    return new Result(comparison, verdict, winner.file(), test, answers);
  }

  private static Contender keep(List<Contender> contenders, Contender contender) {
    contenders.add(contender);
    return contender;
  }

  private void heading(String title) {
    out.printf("%n== %d. %s ==%n", ++stage, title);
  }
}
