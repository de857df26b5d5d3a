package io.vivace.core.model;

/** The file formats that a model may have. */
public enum ModelFormat {
  /** An ONNX protobuf file, {@code .onnx}. */
  ONNX,
  /** A TorchScript archive, {@code .pt}. */
  TORCHSCRIPT,
  /** Anything else: left to the engine that is asked to open it. */
  OTHER
}
