package io.vivace.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PaperAccountingTest {
  @Test
  void huffmanBits_ofFourSymbols_areThoseOfTheTree() {
    // Codes of 1, 2, 3 and 3 bits: 5 + 2 * 2 + 3 * 1 + 3 * 1.
    assertThat(PaperAccounting.huffmanBits(Map.of("a", 5, "b", 2, "c", 1, "d", 1))).isEqualTo(15);
    assertThat(PaperAccounting.huffmanBits(Map.of("a", 7))).isEqualTo(7);
    assertThat(PaperAccounting.huffmanBits(Map.of())).isEqualTo(0);
  }

  @Test
  void of_sparseLayer_countsValuesPlacesAndFillers() {
    float[] weights = new float[600];
    weights[0] = 1;
    weights[2] = 1;
    weights[599] = -1; // 597 from the one before: two fillers of 256, then 85
    PaperAccounting layer = PaperAccounting.of("w", weights);
    assertThat(layer.nonZeros()).isEqualTo(3);
    // Values: 1 twice, the filler twice, -1 once; the inner nodes of the tree are 3 and 5.
    assertThat(layer.weightBits()).isEqualTo(8.0 / 5);
    // Distances: 1, 2 and 85 once, 256 twice; the inner nodes are 2, 3 and 5.
    assertThat(layer.indexBits()).isEqualTo(10.0 / 5);
    assertThat(layer.bytes()).isEqualTo((8 + 10) / 8.0 + 3 * 4);
  }
}
