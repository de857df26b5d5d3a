package io.vivace.core.internal.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user's translator, with its failures told apart: an item's fault, or an answer's. */
record SidedTranslator<I, O>(Translator<I, O> translator) implements Translator<I, O> {
  @Override
  public void prepare(TranslatorContext context) throws Exception {
    translator.prepare(context);
  }

  @Override
  public @Nullable Batchifier getBatchifier() {
    return translator.getBatchifier();
  }

  @Override
  public NDList processInput(TranslatorContext context, I item) throws Exception {
    try {
      return translator.processInput(context, item);
    } catch (Exception e) {
      throw DjlFailure.ofInput(e);
    }
  }

  @Override
  public NDList batchProcessInput(TranslatorContext context, List<I> items) throws Exception {
    try {
      return translator.batchProcessInput(context, items);
    } catch (Exception e) {
      throw DjlFailure.ofInput(e);
    }
  }

  @Override
  public O processOutput(TranslatorContext context, NDList outputs) throws Exception {
    try {
      return translator.processOutput(context, outputs);
    } catch (Exception e) {
      throw DjlFailure.ofOutput(e);
    }
  }

  @Override
  public List<O> batchProcessOutput(TranslatorContext context, NDList outputs) throws Exception {
    try {
      return translator.batchProcessOutput(context, outputs);
    } catch (Exception e) {
      throw DjlFailure.ofOutput(e);
    }
  }
}
