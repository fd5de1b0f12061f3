"""What the Python peers share: reading the exchanged weights and batches, and answering the measuring program.

A peer is started with the file's path. It trains on the file's batches once, says one line of JSON with the losses, and
then for each number read from stdin trains so many more times over all batches and says the milliseconds per step of
each pass and the speed of its matrix product. Losses and timings are of the very same compiled step.
"""

import json
import struct
import sys
import time

import numpy as np


class Exchange:
    """Weights by name, batches, the model's shape and the optimizer's settings, as written by exchange.ts."""

    def __init__(self, path):
        with open(path, "rb") as file:
            (size,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(size))
            data = file.read()
        metadata = header.pop("__metadata__")
        self.model = json.loads(metadata["model"])
        self.adam = json.loads(metadata["adam"])
        arrays = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            kind = {"F32": "<f4", "I32": "<i4"}[entry["dtype"]]
            arrays[name] = np.frombuffer(data[begin:end], kind).reshape(entry["shape"])
        self.weights = {name[2:]: array for name, array in arrays.items() if name.startswith("w.")}
        # [steps, batch, places, exampleDim], [steps, batch, contextPairs], [steps, batch]
        self.examples, self.labels, self.targets = (arrays[f"batch.{part}"] for part in ("examples", "labels", "targets"))
        self.steps = len(self.targets)

    def sinusoidal(self, tokens):
        """[tokens, dModel]: sin on even features, cos on odd ones."""
        feature = np.arange(self.model["dModel"])
        exponent = 2 * (feature // 2) / self.model["dModel"]
        angle = np.arange(tokens)[:, None] / self.model["positionTime"] ** exponent
        return np.where(feature % 2 == 0, np.sin(angle), np.cos(angle)).astype(np.float32)


def say(**answer):
    print(json.dumps(answer), flush=True)


def timed(work):
    """Milliseconds; `work` returns only when all is computed."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def gemm_gflops(multiply, size=1024):
    """Best of several products of `size` x `size` matrices."""
    return 2 * size**3 / min(timed(multiply) for _ in range(12)) / 1e6


def serve(exchange, version, losses, train_pass, gemm, sampler=None):
    """`train_pass()`: all batches once, computed when it returns. `sampler()`: draws as many batches."""
    say(version=version, losses=[float(loss) for loss in losses])
    for line in sys.stdin:
        answer = {"stepMs": [timed(train_pass) / exchange.steps for _ in range(int(line))]}
        if sampler:
            answer["samplerMs"] = [timed(sampler) / exchange.steps for _ in range(int(line))]
        say(**answer, gemmGflops=gemm_gflops(gemm))
