"""trueocr in a process of its own, since it maps more memory than a reader may: a picture in, its lines out."""

from __future__ import annotations

import importlib
from typing import Any

from extract.read import worker
from extract.wire import dump

READY = b"ready"


def main() -> None:
    """Load the models, say so, and answer each picture (PGM) with its lines as JSON until the parent is gone.

    A line is [text, left, top, right, bottom] in pixels; a picture that trueocr cannot take has none.
    """
    requests, answers = worker.take_pipes()
    model: Any = importlib.import_module("trueocr").load_model()
    worker.send(answers, READY)
    while (picture := worker.receive(requests)) is not None:
        try:
            lines = [[str(line["text"]), *map(float, line["bbox"])] for line in model.predict(picture).lines]
        except Exception:  # one page that the recogniser cannot take is no reason to lose the others
            lines = []
        worker.send(answers, dump(lines))


if __name__ == "__main__":
    main()
