package io.vivace.optimize.train;

import io.vivace.core.codec.Postprocessor;
import io.vivace.core.codec.Preprocessor;
import io.vivace.optimize.train.internal.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.random.RandomGenerator;

/** All that a trainer was told. */
record TrainerOptions<X, Y, O>(
    Supplier<Network> model,
    Preprocessor<X> input,
    Postprocessor<O> output,
    Loss<Y> loss,
    Optimizer optimizer,
    int epochs,
    int batchSize,
    double holdOut,
    Map<String, ToDoubleBiFunction<List<Y>, List<O>>> metrics,
    Optional<EarlyStopping> earlyStopping,
    double clipNorm,
    double clipValue,
    Predicate<String> frozen,
    Optional<Augmentation<X>> augmentation,
    Optional<Path> checkpoint,
    int checkpointSteps,
    boolean resume) {

  /** Changes an input of the training data. */
  @FunctionalInterface
  interface Augmentation<X> {
    X apply(X input, RandomGenerator random);
  }
}
