"""How many numbers of documents are read right from scans: ``python -m benchmarks.scans [--keep FOLDER] PATH …``.

Each PATH (.docx, .md, .txt, or a folder of them) is printed by LibreOffice, its pages are made into pictures and
spoiled as scanners spoil them (skew, blur, noise, specks, JPEG), and put into a PDF that holds nothing else. The
numbers that the engine finds in the printed PDF are the truth; the scan is read through whatever recogniser is
installed. Needs soffice, a recogniser, Pillow and numpy. Nothing is drawn by lot: noise comes from fixed seeds.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import docx
import numpy as np
import pypdfium2 as pdfium
from docx.shared import Pt
from PIL import Image, ImageFilter

from extract.model import Extraction
from extract.pipeline import extract_file
from extract.read import ReadError, ocr, read_file

DOTS = 200
_SUFFIXES = frozenset({".docx", ".md", ".txt"})


@dataclass(frozen=True, slots=True)
class Scanner:
    """How a scanner spoils a page: degrees of skew, blur and noise (of 255), share of specks, JPEG quality."""

    name: str
    skew: float
    blur: float
    noise: float
    specks: float
    quality: int


SCANNERS = (
    Scanner("straight", 0.0, 0.3, 4, 0.0, 85),
    Scanner("usual", 0.7, 0.6, 12, 0.0005, 70),
    Scanner("bad", 1.5, 0.9, 20, 0.001, 50),
)


def print_pdf(path: Path, folder: Path) -> Path:
    """Print ``path`` to a PDF in ``folder`` by LibreOffice; plain text as an office sets it, Times 14."""
    if path.suffix != ".docx":
        paper = docx.Document()
        paper.styles["Normal"].font.name, paper.styles["Normal"].font.size = "Times New Roman", Pt(14)
        for block in (source := read_file(path)).blocks:
            paper.add_paragraph(source.text[block.start : block.end])
        path = folder / f"{path.stem}.docx"
        paper.save(str(path))
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{path.stem}.pdf"


def scan(printed: Path, scanner: Scanner, folder: Path) -> Path:
    """Return a PDF of pictures of the pages of ``printed``."""
    document = pdfium.PdfDocument(printed)
    pages = [
        _spoil(page.render(scale=DOTS / 72, grayscale=True).to_pil().convert("L"), scanner, n)
        for n, page in enumerate(document)
    ]
    document.close()
    target = folder / f"{printed.stem}-{scanner.name}.pdf"
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=DOTS)
    return target


def _spoil(page: Image.Image, scanner: Scanner, seed: int) -> Image.Image:
    skew = scanner.skew if seed % 2 else -scanner.skew
    page = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(scanner.blur))
    dice = np.random.default_rng(seed)
    grey = np.asarray(page, dtype=np.float32) * 0.86 + 26 + dice.normal(0, scanner.noise, (page.height, page.width))
    grey[dice.random(grey.shape) < scanner.specks] = 40
    buffer = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=scanner.quality)
    return Image.open(buffer)


def numbers(facts: Extraction) -> Counter[str]:
    """Return the numbers that ``facts`` cite, its own too, with how often."""
    return Counter(c.mention.number for c in facts.citations if c.mention.number)


def _papers(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from (
            sorted(p for p in path.rglob("*") if p.suffix in _SUFFIXES and not p.with_suffix(".docx").is_file())
            if path.is_dir()
            else (path,)
        )
        if path.is_dir():
            yield from sorted(path.rglob("*.docx"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Scan the papers and print one line for each scanner; 0 when done, 2 when something needed is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--keep", type=Path, help="keep the PDFs in this folder")
    options = parser.parse_args(arguments)
    engine = ocr.find()
    if engine is None:
        print("no recogniser is installed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        printed = [print_pdf(path, folder) for path in _papers(options.paths)]
        truth = [numbers(extract_file(path)) for path in printed]
        print(f"{engine.name}: {len(printed)} papers, {sum(map(Counter.total, truth))} numbers")
        for scanner in SCANNERS:
            right = found = 0
            missed: Counter[str] = Counter()
            wrong: Counter[str] = Counter()
            for path, wanted in zip(printed, truth, strict=True):
                try:
                    seen = numbers(extract_file(scan(path, scanner, folder)))
                except ReadError as error:
                    print(f"  {path.name}: {error}", file=sys.stderr)
                    seen = Counter()
                right, found = right + (wanted & seen).total(), found + seen.total()
                missed, wrong = missed + (wanted - seen), wrong + (seen - wanted)
            total = sum(map(Counter.total, truth))
            print(f"{scanner.name}: exact {right / total:.3f} ({right} of {total}), wrong {found - right}")
            print("  missed:", ", ".join(f"{n} ×{k}" for n, k in sorted(missed.items())[:60]))
            print("  wrong:", ", ".join(f"{n} ×{k}" for n, k in sorted(wrong.items())[:60]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
