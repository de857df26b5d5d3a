/**
 * TorchScript archives: the tensors of a model, read without an engine, and a copy of the archive
 * with other values in them.
 *
 * <pre>{@code
 * try (TorchArchive archive = TorchArchive.open(artifact)) {
 *   for (TorchTensor tensor : archive.tensors()) {
 *     OnnxContent bytes = archive.storage(tensor.storage().key());
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>An archive is a zip file. Its pickle is read by a reader of our own, which knows the
 * instructions that TorchScript writes and no others, and calls nothing.
 */
@NullMarked
package io.vivace.core.model.torch;

import org.jspecify.annotations.NullMarked;
