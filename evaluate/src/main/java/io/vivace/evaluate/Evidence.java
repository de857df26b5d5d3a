package io.vivace.evaluate;

import io.vivace.evaluate.metric.Column;
import io.vivace.evaluate.metric.Metric;
import java.util.Map;

/** What lies behind a row of a table: enough to test it against another row of the same kind. */
interface Evidence {
  Map<Column, Figure> figures();

  int examples();

  int failures();

  /** Tests this minus the other; the p-value is not corrected. */
  Comparison compare(Metric<?> metric, Evidence other);
}
