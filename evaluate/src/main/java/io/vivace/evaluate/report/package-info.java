/**
 * Tables, charts and reports that are read offline: text, Markdown, CSV, JSON, LaTeX, SVG and one
 * self-contained HTML file.
 */
@NullMarked
package io.vivace.evaluate.report;

import org.jspecify.annotations.NullMarked;
