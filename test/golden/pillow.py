"""What Pillow and numpy say of pictures: hashes that src/features must reproduce. Run it to make pillow-resize.json:

    python test/golden/pillow.py [FOLDER WITH images_background.zip AND images_evaluation.zip] > test/golden/pillow-resize.json

Before Pillow 13: since then tall pictures are now and then resized along columns first, which rounds otherwise.
With the folder it also prints, to stderr, the content hash of the drawings of Omniglot (content-hash.ts).
"""

import hashlib
import io
import json
import pathlib
import sys
import zipfile

import numpy
import PIL
from PIL import Image

UNSIGNED = 2**32


def picture(number, width, height):
    """Grey values of a picture that any language can make: a linear congruential generator, now and then all ink or paper."""
    state = number
    values = []
    for _ in range(width * height):
        state = (state * 1664525 + 1013904223) % UNSIGNED
        value = state >> 24
        if number % 3 == 1:
            value = 255 if value > 20 else 0
        values.append(value)
    return Image.frombytes("L", (width, height), bytes(values))


def cases():
    sizes = [(105, 105, 224, 224), (105, 105, 21, 21), (105, 105, 84, 84), (224, 224, 105, 105), (1, 1, 7, 5), (7, 5, 1, 1)]
    for number in range(240):
        if number < 60:
            yield (number, *sizes[number % len(sizes)])
        else:
            side = lambda factor, most: 1 + number * factor % most
            yield (number, side(37, 61), side(53, 47), side(29, 67), side(71, 59))


def resized(image, width, height):
    return hashlib.sha256(image.resize((width, height), Image.Resampling.BILINEAR).tobytes()).hexdigest()[:16]


def drawings_hash(folder):
    total = hashlib.sha256()
    for name in ("images_background", "images_evaluation"):
        archive = zipfile.ZipFile(pathlib.Path(folder) / f"{name}.zip")
        for path in sorted(entry for entry in archive.namelist() if entry.endswith(".png")):
            pixels = numpy.asarray(Image.open(io.BytesIO(archive.read(path))))
            total.update(f"{path}\n".encode() + numpy.packbits(pixels, axis=1).tobytes())
    return total.hexdigest()


rows = [[*case, resized(picture(*case[:3]), *case[3:])] for case in cases()]
print("{")
print(f'  "note": "test/golden/pillow.py, Pillow {PIL.__version__}: number, width, height, to width, to height, SHA-256",')
print('  "resized": [\n    ' + ",\n    ".join(json.dumps(row) for row in rows) + "\n  ]\n}")
if len(sys.argv) > 1:
    print(drawings_hash(sys.argv[1]), file=sys.stderr)
