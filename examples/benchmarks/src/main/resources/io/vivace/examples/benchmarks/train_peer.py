"""Steps of Adam on fashion-cnn's architecture in PyTorch, one thread, with the allocator tuned as ours is."""
import ctypes
import sys
import time

libc = ctypes.CDLL(None)
if hasattr(libc, "mallopt"):
    libc.mallopt(-3, 1 << 30)
    libc.mallopt(-1, 2**31 - 1)
    libc.mallopt(-2, 1 << 27)

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
net = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(1568, 64), nn.ReLU(), nn.Linear(64, 10))
images = torch.rand(128, 1, 28, 28)
labels = torch.arange(128) % 10
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
loss_of = nn.CrossEntropyLoss()

print("ready torch-" + torch.__version__, flush=True)
for line in sys.stdin:
    count = int(line.split()[1])
    begin = time.perf_counter()
    for _ in range(count):
        optimizer.zero_grad()
        loss = loss_of(net(images), labels)
        loss.backward()
        optimizer.step()
    print(time.perf_counter() - begin, loss.item(), flush=True)
