package io.vivace.engines.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.modality.Classifications;
import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.transform.CenterCrop;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.translate.Transform;
import io.vivace.core.EngineException;
import io.vivace.core.Predictor;
import io.vivace.core.PredictorBuilder.InputStage;
import io.vivace.core.codec.ImageInput;
import io.vivace.core.codec.TensorOutput;
import io.vivace.core.model.ModelFormat;
import io.vivace.core.tensor.Tensor;
import io.vivace.engines.contract.ContractModels;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** DJL's own image translator, with no PyTorch on the class path. */
class DjlImageTranslatorTest {
  private static final int OUTPUTS = 4 * 8 * 8;
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] STD = {0.229f, 0.224f, 0.225f};

  private static InputStage model() {
    return Predictor.builder()
        .model(() -> ContractModels.artifact(ContractModels.CONV_20, ModelFormat.ONNX));
  }

  private static ImageClassificationTranslator translator(Transform... transforms) {
    var builder =
        ImageClassificationTranslator.builder()
            .optSynset(IntStream.range(0, OUTPUTS).mapToObj(String::valueOf).toList());
    for (Transform transform : transforms) {
      builder.addTransform(transform);
    }
    return builder.build();
  }

  private static BufferedImage picture(int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(7);
    for (int i = 0; i < width * height; i++) {
      picture.setRGB(i % width, i / width, random.nextInt(1 << 24));
    }
    return picture;
  }

  private static Image image(BufferedImage picture) {
    return new BufferedImageFactory().fromImage(picture);
  }

  @Test
  void predict_pictures_answersAsOurCodec() {
    List<BufferedImage> pictures = List.of(picture(8, 8), picture(8, 8));
    List<Tensor> ours;
    try (var predictor =
        model()
            .input(ImageInput.rgb(8, 8).mean(0.485, 0.456, 0.406).std(0.229, 0.224, 0.225))
            .output(TensorOutput.all())
            .build()) {
      ours =
          predictor.predictAll(pictures).stream()
              .map(outputs -> outputs.values().iterator().next())
              .toList();
    }
    var translator = translator(new CenterCrop(8, 8), new ToTensor(), new Normalize(MEAN, STD));
    try (var predictor = model().translator(translator).build()) {
      List<Classifications> found =
          predictor.predictAll(pictures.stream().map(DjlImageTranslatorTest::image).toList());
      for (int i = 0; i < pictures.size(); i++) {
        float[] wanted = ours.get(i).toFloats();
        assertThat(found.get(i).getProbabilities()).hasSize(OUTPUTS);
        for (int k = 0; k < OUTPUTS; k++) {
          assertThat(found.get(i).getProbabilities().get(k)).isCloseTo(wanted[k], within(1e-4));
        }
      }
    }
  }

  @Test
  void predict_resize_isNamedAsMissing() {
    var translator = translator(new Resize(224, 224), new ToTensor());
    try (var predictor = model().translator(translator).build()) {
      assertThatThrownBy(() -> predictor.predict(image(picture(16, 16))))
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("NDArray.resize (");
    }
  }
}
