package io.vivace.examples.compress;

import io.vivace.core.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the terminal for what is counted; nothing where there is no terminal. */
final class ProgressLine implements Progress, AutoCloseable {
  private final boolean shown;
  private @Nullable ProgressBar bar;
  private String stage = "";

  private ProgressLine(boolean shown) {
    this.shown = shown;
  }

  /** Shown on a console only; newer JVMs have one object for it in any case. */
  @SuppressWarnings("SystemConsoleNull")
  static ProgressLine open(boolean wanted) {
    return new ProgressLine(wanted && System.console() != null);
  }

  @Override
  public void report(Step step) {
    if (!shown || step.stage().equals("pass")) {
      return;
    }
    ProgressBar current = bar;
    if (current == null || !stage.equals(step.stage())) {
      close();
      stage = step.stage();
      ProgressBarBuilder builder =
          new ProgressBarBuilder()
              .setTaskName(stage)
              .setInitialMax(step.total())
              .setStyle(ProgressBarStyle.ASCII);
      if (stage.equals("write")) {
        builder.setUnit(" MB", 1_000_000);
      }
      current = builder.build();
      bar = current;
    }
    current.maxHint(step.total());
    current.stepTo(step.done());
    Double quality = step.values().get("quality");
    if (quality != null) {
      current.setExtraMessage(" quality %.5f".formatted(quality));
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
