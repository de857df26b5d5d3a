package io.vivace.examples.pipeline;

/**
 * How much work the stages do.
 *
 * @param images how many of the 5,000 images there are to learn from and to choose by
 * @param tests how many of the 2,000 test images are read at the end
 * @param epochs the most epochs of the large network and of the students
 * @param tuning epochs after each compression
 * @param trials points that the search tries
 * @param searchEpochs epochs of a trial and of a fold
 * @param calls latency measurements of each model
 * @param requests how many requests are served
 */
record Settings(
    int images,
    int tests,
    int epochs,
    int tuning,
    int trials,
    int searchEpochs,
    int calls,
    int requests) {
  /** What the README shows. */
  static Settings standard() {
    return new Settings(5_000, 2_000, 12, 8, 6, 4, 1_000, 2_000);
  }

  /** Enough to see that every stage works, and too little to learn much. */
  static Settings fast() {
    return new Settings(800, 200, 3, 1, 3, 1, 400, 200);
  }
}
