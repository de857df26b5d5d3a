package io.vivace.evaluate.metric;

/**
 * The metrics of clustering, made for static import. Those that compare with true classes see
 * {@link Labels}, whose prediction is the cluster; which cluster has which number does not matter.
 */
public final class ClusteringMetrics {
  /**
   * The mean silhouette, {@code (b - a) / max(a, b)} with the mean distance a to the own cluster
   * and b to the nearest other one, in [-1, 1]. 0 for a point alone in its cluster; NaN unless
   * there are from 2 to n - 1 clusters. Euclidean; takes O(n^2). Source: Rousseeuw, "Silhouettes",
   * 1987.
   */
  public static final Metric<Clusters> SILHOUETTE =
      Metric.of(
          "silhouette", Goal.MAXIMIZE, -1, 1, Clusters.class, Silhouettes::new, Silhouettes::mean);

  /**
   * The share of pairs on which classes and clusters agree, adjusted for chance, in [-0.5, 1]; 1
   * where they agree on all. Takes whole weights only. Source: Hubert and Arabie, "Comparing
   * partitions", 1985.
   */
  public static final Metric<Labels> ADJUSTED_RAND =
      Metric.of(
          "adjusted rand",
          Goal.MAXIMIZE,
          -0.5,
          1,
          Labels.class,
          Contingency::new,
          Contingency::adjustedRand);

  /** Normalised mutual information. */
  public static final NormalizedInformation NMI =
      new NormalizedInformation(NormalizedInformation.Mean.ARITHMETIC);

  /**
   * Whether clusters hold one class each, in [0, 1]; 1 where there is one class. Takes whole
   * weights only. Source: Rosenberg and Hirschberg, "V-measure", 2007.
   */
  public static final Metric<Labels> HOMOGENEITY =
      Metric.of(
          "homogeneity",
          Goal.MAXIMIZE,
          0,
          1,
          Labels.class,
          Contingency::new,
          Contingency::homogeneity);

  /**
   * Whether classes lie in one cluster each, in [0, 1]; 1 where there is one cluster. As {@link
   * #HOMOGENEITY}.
   */
  public static final Metric<Labels> COMPLETENESS =
      Metric.of(
          "completeness",
          Goal.MAXIMIZE,
          0,
          1,
          Labels.class,
          Contingency::new,
          Contingency::completeness);

  private ClusteringMetrics() {}
}
