"""Steps of Adam on fashion-cnn's architecture in PyTorch, one thread.

Called with a folder and with "tuned", for the C library's allocator as ours is, or "shipped".
"""
import ctypes
import sys
import time

libc = ctypes.CDLL(None)
if sys.argv[2] == "tuned" and hasattr(libc, "mallopt"):
    libc.mallopt(-3, 1 << 30)
    libc.mallopt(-1, 2**31 - 1)
    libc.mallopt(-2, 1 << 27)

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)


def net(normalized):
    def convolution(inputs, outputs):
        norm = [nn.BatchNorm2d(outputs)] if normalized else []
        return [nn.Conv2d(inputs, outputs, 3, padding=1), *norm, nn.ReLU(), nn.MaxPool2d(2)]

    return nn.Sequential(
        *convolution(1, 16), *convolution(16, 32),
        nn.Flatten(), nn.Linear(1568, 64), nn.ReLU(), nn.Linear(64, 10))


nets = {"graph": net(False), "block": net(True)}  # the file's batch normalization is folded
optimizers = {name: torch.optim.Adam(each.parameters(), lr=1e-3) for name, each in nets.items()}
images = torch.rand(128, 1, 28, 28)
labels = torch.arange(128) % 10
loss_of = nn.CrossEntropyLoss()

print("ready torch-" + torch.__version__, flush=True)
for line in sys.stdin:
    name, count = line.split()
    begin = time.perf_counter()
    for _ in range(int(count)):
        optimizers[name].zero_grad()
        loss = loss_of(nets[name](images), labels)
        loss.backward()
        optimizers[name].step()
    print(time.perf_counter() - begin, loss.item(), flush=True)
