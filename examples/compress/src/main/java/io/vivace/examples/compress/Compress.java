package io.vivace.examples.compress;

import io.vivace.core.InferenceException;
import io.vivace.optimize.graph.GraphException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Makes model files smaller from the command line. Without arguments it quantizes a sentence
 * encoder of 90 MB that comes with a Maven artifact.
 *
 * <pre>{@code ./mvnw -q -pl examples/compress -am compile exec:java}</pre>
 *
 * <p>Exit codes: 0 done, 1 the model cannot be compressed as asked, 2 wrong arguments, 3 a file
 * cannot be read or written, 4 a search missed its goal (the best model found is written), 130
 * cancelled.
 */
@Command(
    name = "compress",
    description = "Makes ONNX and TorchScript model files smaller, and tells what that costs.",
    mixinStandardHelpOptions = true,
    version = "0.1.0-SNAPSHOT",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the model cannot be compressed as asked",
      "2:wrong arguments",
      "3:a file cannot be read or written",
      "4:a search missed its goal; the best model found is written",
      "130:cancelled"
    },
    subcommands = {
      QuantizeCommand.class,
      PruneCommand.class,
      ShareCommand.class,
      FactorizeCommand.class,
      RoundCommand.class,
      PackCommand.class,
      InspectCommand.class,
      CompareCommand.class,
      AutoCommand.class
    })
public final class Compress {
  static final int REFUSED = 1;
  static final int FILE = 3;
  static final int MISSED = 4;
  static final int CANCELLED = 130;

  private static final String[] DEMONSTRATION = {
    "quantize", "classpath:all-minilm-l6-v2.onnx", "target/all-minilm-l6-v2-int8.onnx"
  };

  Compress() {}

  private static PrintWriter console(PrintStream stream) {
    return new PrintWriter(stream, true, Charset.defaultCharset());
  }

  /**
   * Runs a command.
   *
   * @param args a command and its arguments, see {@code --help}
   */
  public static void main(String[] args) {
    int code = run(console(System.out), console(System.err), args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line =
        new CommandLine(new Compress())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((failure, command, result) -> failed(failure, command));
    return line.execute(args.length == 0 ? DEMONSTRATION : args);
  }

  private static int failed(Exception exception, CommandLine line) throws Exception {
    int code = code(exception);
    if (code < 0) {
      throw exception;
    }
    line.getErr().println(line.getCommandName() + ": " + exception.getMessage());
    return code;
  }

  private static int code(Exception exception) {
    if (exception instanceof CancellationException) {
      return CANCELLED;
    }
    if (exception instanceof UncheckedIOException) {
      return FILE;
    }
    if (exception instanceof IllegalArgumentException) {
      return CommandLine.ExitCode.USAGE;
    }
    boolean refused =
        exception instanceof GraphException || exception instanceof InferenceException;
    return refused ? REFUSED : -1;
  }
}
