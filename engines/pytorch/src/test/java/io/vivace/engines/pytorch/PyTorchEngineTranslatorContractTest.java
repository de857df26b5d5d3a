package io.vivace.engines.pytorch;

import io.vivace.engines.contract.EngineTranslatorContract;

class PyTorchEngineTranslatorContractTest extends EngineTranslatorContract
    implements PyTorchSubject {}
