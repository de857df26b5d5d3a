package io.vivace.engines.pytorch;

import io.vivace.engines.contract.EngineLifecycleContract;

class PyTorchEngineLifecycleContractTest extends EngineLifecycleContract
    implements PyTorchSubject {}
