package io.vivace.optimize.train;

/**
 * Ends training when a value has not become better for some epochs, and gives back the weights of
 * the best epoch. Immutable: each option returns a changed copy.
 *
 * <p>Each epoch is compared with the best one so far, not with the one before. A value that is not
 * a number is never better. While a schedule still prunes the network, no epoch counts.
 */
public final class EarlyStopping {
  private static final int USUAL_PATIENCE = 5;

  private final String value;
  private final boolean maximized;
  private final int patience;
  private final double minDelta;

  private EarlyStopping(String value, boolean maximized, int patience, double minDelta) {
    this.value = value;
    this.maximized = maximized;
    this.patience = patience;
    this.minDelta = minDelta;
  }

  /**
   * Watches a value that should be small, with a patience of 5 epochs.
   *
   * @param value {@code loss} (training), {@code validationLoss}, or the name of a metric
   * @return the rule
   */
  public static EarlyStopping minimize(String value) {
    return new EarlyStopping(value, false, USUAL_PATIENCE, 0);
  }

  /**
   * Watches a value that should be large, with a patience of 5 epochs.
   *
   * @param value the name of a metric
   * @return the rule
   */
  public static EarlyStopping maximize(String value) {
    return new EarlyStopping(value, true, USUAL_PATIENCE, 0);
  }

  /**
   * Sets for how many epochs in a row the value may fail to become better.
   *
   * @param epochs at least 0, where the first epoch that is not better is the last; default 5
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 0
   */
  public EarlyStopping patience(int epochs) {
    Numbers.requireFrom("patience", epochs, 0, Integer.MAX_VALUE);
    return new EarlyStopping(value, maximized, epochs, minDelta);
  }

  /**
   * Sets by how much a value must be better than the best so far to count.
   *
   * @param amount at least 0, the default, where any gain counts
   * @return a changed copy
   * @throws IllegalArgumentException if it is below 0
   */
  public EarlyStopping minDelta(double amount) {
    Numbers.requireFrom("minDelta", amount, 0, Double.MAX_VALUE);
    return new EarlyStopping(value, maximized, patience, amount);
  }

  String value() {
    return value;
  }

  /** Tells whether a value is better; a best value of NaN means that there is none. */
  boolean isBetter(double now, double best) {
    if (Double.isNaN(now)) {
      return false;
    }
    return Double.isNaN(best) || (maximized ? now - best > minDelta : best - now > minDelta);
  }

  boolean isOver(int epochsSinceBest) {
    return epochsSinceBest > patience;
  }

  /**
   * Returns the options.
   *
   * @return one line
   */
  @Override
  public String toString() {
    return "EarlyStopping[%s %s, patience=%d, minDelta=%s]"
        .formatted(maximized ? "maximize" : "minimize", value, patience, minDelta);
  }
}
