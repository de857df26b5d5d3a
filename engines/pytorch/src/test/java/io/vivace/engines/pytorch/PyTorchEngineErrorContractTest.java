package io.vivace.engines.pytorch;

import io.vivace.engines.contract.EngineErrorContract;

class PyTorchEngineErrorContractTest extends EngineErrorContract implements PyTorchSubject {}
