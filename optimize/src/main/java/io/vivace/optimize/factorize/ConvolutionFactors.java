package io.vivace.optimize.factorize;

/** How convolutions of more than one pixel are factorized. */
public enum ConvolutionFactors {
  /**
   * Fewer channels, the pixels, more channels again: three convolutions, the outer two of one pixel
   * (Tucker-2, Kim and others, 2016).
   */
  TUCKER,
  /** The columns, then the rows: two convolutions (Jaderberg and others, 2014). Only of images. */
  SPATIAL,
  /** They stay as they are. */
  NONE
}
