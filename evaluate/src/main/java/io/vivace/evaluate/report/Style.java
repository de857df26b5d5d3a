package io.vivace.evaluate.report;

/** The style sheets: light, and dark where the reader's system asks for it. */
final class Style {
  /**
   * Eight colours that colour-blind readers tell apart (Okabe and Ito, 2008), dark ones lighter.
   */
  static final String CHART =
      """
      .chart{--ink:#1f2328;--soft:#59636e;--rule:#d8dee4;--paper:#fff;--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#cc79a7;\
      --c4:#e69f00;--c5:#56b4e9;--c6:#6e5aa8;--c7:#7a6a00;font-family:system-ui,sans-serif;background:var(--paper)}
      @media(prefers-color-scheme:dark){.chart{--ink:#e6edf3;--soft:#9198a1;--rule:#30363d;--paper:#0d1117;--c0:#58a6e0;\
      --c1:#ff8b47;--c2:#3cc99c;--c3:#e39ec5;--c4:#f2b84b;--c5:#86cdf5;--c6:#a999dd;--c7:#cdbb4a}}
      .chart .grid{stroke:var(--rule)}.chart .axis{stroke:var(--soft)}.chart .guide{stroke:var(--soft);stroke-dasharray:4 4}
      .chart text{fill:var(--soft);font-size:12px}.chart .label{fill:var(--ink);font-size:13px}.chart .note{fill:var(--ink)}
      .chart .line{fill:none;stroke-width:2;stroke:currentColor}.chart .band{stroke:none;fill:currentColor;fill-opacity:.15}
      .chart .point,.chart .key{fill:currentColor}.chart .ring{fill:none;stroke:var(--ink);stroke-width:2}
      .chart .faint{fill:var(--soft);fill-opacity:.45}.chart .bar{stroke:var(--ink);stroke-width:5}.chart .tick{stroke:var(--ink)}
      .chart .shade{fill:var(--c0)}.chart .over{fill:#fff}.chart .bold{font-weight:600;fill:var(--ink)}
      .c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}\
      .c6{color:var(--c6)}.c7{color:var(--c7)}
      """;

  static final String PAGE =
      """
      :root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--rule:#d8dee4;--paper:#fff;--mark:#ddf4ff}
      @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--rule:#30363d;--paper:#0d1117;--mark:#0c2d4a}}
      body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
      h1{font-size:1.7rem;margin-bottom:.2rem}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:1px solid var(--rule)}
      .scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.92rem}
      th,td{padding:.35rem .7rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
      th:first-child,td:first-child{text-align:left}.best{background:var(--mark);font-weight:600}.small{color:var(--soft);font-size:.85em}
      figure{margin:1rem 0}figcaption{color:var(--soft);font-size:.9rem}svg{max-width:100%;height:auto}
      pre{white-space:pre-wrap;overflow-wrap:anywhere;color:var(--soft);font-size:.82rem}
      """;

  private Style() {}
}
