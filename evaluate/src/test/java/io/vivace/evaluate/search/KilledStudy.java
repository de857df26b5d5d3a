package io.vivace.evaluate.search;

import com.google.gson.Gson;
import io.vivace.core.Progress;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.commons.numbers.core.Sum;
import org.apache.commons.numbers.fraction.ContinuedFraction;
import org.apache.commons.numbers.gamma.Erfc;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.core.BaseProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.slf4j.LoggerFactory;

/** A study in a JVM of its own, which halts in the middle of a trial. */
final class KilledStudy {
  static final Space SPACE =
      Space.of(Parameter.real("x", 0, 1), Parameter.choice("kind", "a", "b"));

  private KilledStudy() {}

  static StudyOptions options(Path journal) {
    return Study.tpe().trials(30).lag(3).journal(Journal.at(journal));
  }

  static double score(Params params, Trial trial) {
    trial.report(1, trial.number());
    return params.real("x") + (params.choice("kind").equals("a") ? 0 : 0.5);
  }

  public static void main(String[] args) {
    options(Path.of(args[0]))
        .workers(3)
        .minimize(
            SPACE,
            (params, trial) -> {
              double score = score(params, trial);
              if (trial.number() == 15) {
                Runtime.getRuntime().halt(9);
              }
              return score;
            });
  }

  /** Where the classes are that the child needs, however this JVM was started. */
  static String classPath() throws URISyntaxException {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type :
        new Class<?>[] {
          KilledStudy.class,
          Study.class,
          Progress.class,
          Gson.class,
          RandomSource.class,
          UniformRandomProvider.class,
          BaseProvider.class,
          Erfc.class,
          ContinuedFraction.class,
          Sum.class,
          LoggerFactory.class
        }) {
      places.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    return String.join(File.pathSeparator, places);
  }
}
