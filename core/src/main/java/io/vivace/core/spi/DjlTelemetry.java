package io.vivace.core.spi;

/**
 * Keeps DJL from reporting its use.
 *
 * <p>When DJL's list of engines is first looked at, DJL 0.36 asks the metadata service of Amazon's
 * cloud for the machine's identity and, where it gets an answer, sends it to a server of the DJL
 * project, with the names of the engine and version. Vivace turns this off before it touches DJL.
 * Who wants it on sets the system property or environment variable {@code OPT_OUT_TRACKING} to
 * {@code false}; a value that is there is never changed.
 */
public final class DjlTelemetry {
  static final String OPT_OUT = "OPT_OUT_TRACKING";

  private DjlTelemetry() {}

  /**
   * Turns telemetry off, unless the user has decided. Call it before the first use of a class of
   * DJL; further calls do nothing.
   */
  public static void off() {
    if (System.getenv(OPT_OUT) == null && System.getProperty(OPT_OUT) == null) {
      System.setProperty(OPT_OUT, "true");
    }
  }

  /**
   * Tells whether DJL may report its use.
   *
   * @return false unless the user has set {@code OPT_OUT_TRACKING} to {@code false}
   */
  public static boolean isOn() {
    String environment = System.getenv(OPT_OUT);
    return !Boolean.parseBoolean(
        environment != null ? environment : System.getProperty(OPT_OUT, "true"));
  }
}
