package io.vivace.core.model.torch;

import io.vivace.core.model.onnx.ByteRange;

/**
 * A file of an archive, as it lies there.
 *
 * @param name with the top folder
 * @param isPacked whether the bytes are compressed
 * @param crc the CRC-32 of the plain bytes
 * @param plainLength the number of plain bytes
 * @param bytes where the bytes are in the archive
 */
record ArchiveEntry(String name, boolean isPacked, int crc, long plainLength, ByteRange bytes) {}
