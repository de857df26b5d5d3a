package io.vivace.engines.pytorch;

import io.vivace.engines.contract.EngineContract;

class PyTorchEngineContractTest extends EngineContract implements PyTorchSubject {}
