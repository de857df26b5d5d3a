package io.vivace.core.internal.schedule;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;

/**
 * Chooses how many rows run together, and whether blocked callers should, from what runs have
 * taken: a bigger run must pay. Thread-safe.
 */
public final class Sizing {
  /**
   * The smallest size is chosen in which a row takes at most this much of what it takes at best.
   */
  private static final double GOOD_ENOUGH = 1.05;

  /** A bigger size is tried if in the last one a row took at most this much of the best. */
  private static final double WORTH_TRYING = 1.1;

  /** Combining begins to pay here, in hand-offs saved per row, and ends to pay at half of it. */
  private static final double PAYS = 1.5;

  /**
   * Where callers wait so long for a slot that each is handed one in turn, a hand-off is paid
   * either way, and less must be saved: a row may take this much of what it takes alone.
   */
  private static final double PAYS_IN_TURN = 0.9;

  /** What it costs beside a run to get it going: threads and caches change. */
  private static final double START_NANOS = 20_000;

  /** Callers who save so much a row run it themselves: another thread to wake costs little then. */
  private static final long LEADS_NANOS = 100_000;

  /** Beside a run this long a hand-off costs no twentieth of it, even where it costs much. */
  private static final long LONG_NANOS = 1_000_000;

  private static final int APART = 0;
  private static final int IN_TURN = 1;
  private static final int TOGETHER = 2;

  /** Every so many choices a bigger or a smaller size is tried again, in turn. */
  private static final int RETRY = 256;

  private final Costs costs;
  private final int limit;
  private final boolean adaptive;
  private final boolean alone;
  private final long handoffNanos;

  /** By group: the size that is aimed at, 0 if not known; and when callers combine. */
  private final AtomicIntegerArray targets = new AtomicIntegerArray(Costs.GROUPS);

  private final AtomicIntegerArray combining = new AtomicIntegerArray(Costs.GROUPS);
  private volatile int reference = -1;
  private final Turns turns;
  private int choices;

  private Sizing(
      int limit,
      boolean adaptive,
      boolean alone,
      long handoffNanos,
      LongSupplier clock,
      LongSupplier answered) {
    this.limit = limit;
    this.adaptive = adaptive && limit > 1;
    this.alone = alone;
    this.handoffNanos = handoffNanos;
    this.costs = new Costs(clock);
    this.turns = new Turns(clock, answered);
  }

  /**
   * Sizes that are chosen from what runs take.
   *
   * @param answered about how many rows have been answered so far
   */
  public static Sizing adaptive(int limit, LongSupplier clock, LongSupplier answered) {
    return adaptive(limit, Handoff.nanos(), clock, answered);
  }

  static Sizing adaptive(int limit, long handoffNanos, LongSupplier clock, LongSupplier answered) {
    return new Sizing(limit, true, false, handoffNanos, clock, answered);
  }

  /** Each request alone; the rows of one call are run together as it pays. */
  public static Sizing alone(int limit, LongSupplier clock) {
    return new Sizing(limit, true, true, Handoff.nanos(), clock, () -> 0);
  }

  /** As many rows as there are, up to a limit. */
  public static Sizing fixed(int limit, LongSupplier clock) {
    return new Sizing(limit, false, false, 0, clock, () -> 0);
  }

  /** The group of rows with so many elements in open tensors: four to each power of two. */
  public static int group(long volume) {
    return 1 + (int) (4 * Math.log((double) Math.max(1, volume)) / Math.log(2));
  }

  private static double volume(int group) {
    return Math.pow(2, (group - 1) / 4.0);
  }

  public int limit() {
    return limit;
  }

  /** Learns from a run that was neither a warm-up nor a failure. */
  public void learn(int group, int size, long nanos) {
    if (costs.record(group, size, nanos) && adaptive) {
      choose(group);
    }
  }

  /** Learns from a run that was stopped before its end, because nobody waited for it any more. */
  void learnStopped(int group, int size, long nanos) {
    costs.recordStopped(group, size, nanos);
  }

  /** Like {@link #learn}, and takes the group as the one to estimate unknown groups by. */
  public void calibrate(int group, int size, long nanos) {
    learn(group, size, nanos);
    reference = group;
  }

  private void choose(int group) {
    double[] perRow =
        new double[Math.min(Costs.SIZES, Integer.SIZE - Integer.numberOfLeadingZeros(limit))];
    double bestPerRow = Double.MAX_VALUE;
    int next = 0;
    for (int power = 0; power < perRow.length; power++) { // read once: others learn meanwhile
      perRow[power] = perRow(group, power);
      bestPerRow = Math.min(bestPerRow, withStart(perRow, power));
      next = next == 0 && perRow[power] == Double.MAX_VALUE ? power : next;
    }
    if (bestPerRow == Double.MAX_VALUE) {
      return; // too little is known
    }
    int best = 0;
    while (withStart(perRow, best) > bestPerRow * GOOD_ENOUGH) {
      best++;
    }
    boolean tryNext = next > 0 && withStart(perRow, next - 1) <= bestPerRow * WORTH_TRYING;
    targets.set(group, 1 << (tryNext ? next : best));
    chooseMode(group, perRow[0], perRow[best], tryNext);
  }

  /** What a row costs in a run of some size: its part of the run, and of getting it going. */
  private double withStart(double[] perRow, int power) {
    return perRow[power] == Double.MAX_VALUE
        ? Double.MAX_VALUE
        : perRow[power] + START_NANOS / (1 << power);
  }

  private double perRow(int group, int power) {
    long low = costs.low(group, power);
    return low < 0 ? Double.MAX_VALUE : low / (double) (1 << power);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Sizing[limit=").append(limit);
    for (int group = 0; group < Costs.GROUPS; group++) {
      if (targets.get(group) > 0) {
        text.append(String.format("; group %d: target %d", group, targets.get(group)));
        text.append(combines(group) ? ", combining" : ", direct");
        for (int power = 0; power < Costs.SIZES; power++) {
          if (perRow(group, power) < Double.MAX_VALUE) {
            text.append(String.format(", %d: %.2f us", 1 << power, perRow(group, power) / 1e3));
          }
        }
      }
    }
    return text.append(']').toString();
  }

  /** Bigger runs that nobody has tried may pay: whoever must wait anyway tries them. */
  private void chooseMode(int group, double alone, double together, boolean tries) {
    if (alone < Double.MAX_VALUE) {
      double saved = (alone - together) / handoffNanos;
      boolean combined = combining.get(group) == TOGETHER;
      if (saved > (combined ? PAYS / 2 : PAYS)) {
        combining.set(group, TOGETHER);
      } else {
        combining.set(group, tries || together <= alone * PAYS_IN_TURN ? IN_TURN : APART);
      }
    }
  }

  /** Whether callers that must wait are better run together than one by one. */
  public boolean combines(int group) {
    int when = mode(group);
    return when == TOGETHER || (when == IN_TURN && turns.together());
  }

  private int mode(int group) {
    return !adaptive || alone ? APART : combining.get(known(group));
  }

  /**
   * Whether callers that run together do so on their own threads. Where runs are short, workers
   * that do nothing else wake fewer threads.
   */
  public boolean leads(int group) {
    int known = known(group);
    int size = Math.max(1, targets.get(known));
    return leastNanos(known, 1) - leastNanos(known, size) / size > LEADS_NANOS;
  }

  private int known(int group) {
    return targets.get(group) > 0 || reference < 0 ? group : reference;
  }

  /** Notes that a caller has waited so long for a slot that each should be handed one in turn. */
  public void contested(int group) {
    if (mode(group) != IN_TURN) {
      return; // turns would change nothing
    }
    if (leastNanos(known(group), 1) >= LONG_NANOS) {
      turns.keep();
    } else {
      turns.contested();
    }
  }

  /** To be called now and then by those who must wait anyway. */
  public void look() {
    turns.look();
  }

  /** Notes that there have been few callers for long. */
  void uncontested() {
    turns.over();
  }

  /** How many rows of a group should run together if there are many. */
  public int target(int group) {
    if (!adaptive) {
      return limit;
    }
    int target = targets.get(group);
    if (target == 0) {
      return unknown(group);
    }
    int choice = ++choices; // racy: any rhythm will do
    if (choice % RETRY != 0) {
      return target;
    }
    return choice % (2 * RETRY) == 0 ? Math.min(limit, target * 2) : Math.max(1, target / 2);
  }

  /** Like {@link #target}, but without trying anything. */
  int aim(int group) {
    int target = adaptive ? targets.get(group) : limit;
    return target == 0 ? unknown(group) : target;
  }

  /** The same number of elements in a run as in the group that is known. */
  private int unknown(int group) {
    int known = reference;
    if (known < 0 || targets.get(known) == 0) {
      return limit;
    }
    double rows = targets.get(known) * volume(known) / volume(group);
    return Math.min(limit, Integer.highestOneBit((int) Math.max(1, Math.min(rows, limit))));
  }

  /**
   * How many rows the next run should take of those that wait.
   *
   * <p>Runs have sizes of powers of two, so that engines see few shapes. What lies between is cut,
   * or filled up where that costs less than a second run.
   */
  int rows(int group, int waiting) {
    if (alone) {
      return 1;
    }
    int most = Math.min(waiting, target(group));
    if (!adaptive || most == limit) {
      return most;
    }
    int lower = Integer.highestOneBit(most);
    return most == lower || fillsUp(group, most) ? most : lower;
  }

  private boolean fillsUp(int group, int rows) {
    int power = Costs.power(rows);
    if (1 << power > limit) {
      return false;
    }
    long full = costs.low(group, power);
    long lower = costs.low(group, power - 1);
    long rest = costs.low(group, Costs.power(rows - (1 << (power - 1))));
    return full >= 0 && lower >= 0 && rest >= 0 && full <= lower + rest;
  }

  /** The size of a run of so many rows, padding included. */
  int size(int rows) {
    return adaptive ? Math.min(limit, 1 << Costs.power(rows)) : rows;
  }

  /**
   * What a run of this size takes by what is known of the last seconds: what seven of eight stay
   * below if there were enough, else what one takes at best; -1 if nothing is known.
   */
  long predictedNanos(int group, int size) {
    return costs.predicted(group, size);
  }

  /**
   * What a run of this size took at best, or twice as long as one of half the rows; 0 if nothing is
   * known.
   */
  long leastNanos(int group, int size) {
    for (int power = Costs.power(size), times = 0; power >= 0; power--, times++) {
      long low = costs.low(group, power);
      if (low >= 0) {
        return low << times;
      }
    }
    return 0;
  }

  /** What a row takes in a run of the size aimed at; 0 if not known. */
  public long nanosPerRow(int group) {
    int known = known(group);
    int size = Math.max(1, targets.get(known));
    long low = costs.low(known, Costs.power(size));
    return low < 0 ? 0 : (long) (low / (double) size * (volume(group) / volume(known)));
  }
}
