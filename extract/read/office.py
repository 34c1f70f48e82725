"""Programs of the system that read what we do not: found at run time, bounded in time, killed with their children.

LibreOffice gets a profile of its own for each job (a second job on one profile fails) in which macros and links are
off.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from extract.read.limits import end_tree, more_memory, popen_options

SECONDS = 45
"""A job of LibreOffice; one real file in 250 made it spin for ever. Whoever limits a reader gives it a minute: our
limit must come first, for a program whose starter was killed has nobody who ends it, and a second reader needs time.
"""
QUICK_SECONDS = 10


class OfficeError(Exception):
    """A program of the system is missing, failed, or took too long."""


_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def soffice() -> str:
    """Return the path of LibreOffice, "" when it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), "")


def antiword() -> str:
    """Return the path of antiword, "" when it is not installed."""
    return shutil.which("antiword") or ""


_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">\
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"\
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">\
<value>0</value></prop></item>
</oor:items>
"""


def to_docx(data: bytes, suffix: str) -> bytes:
    """Return a file of Word or RTF as .docx, by LibreOffice; ``suffix`` is "doc" or "rtf".

    Raises:
        OfficeError: not installed, too slow, or it made nothing.
    """
    program = soffice()
    if not program:
        raise OfficeError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="cancu-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "profile" / "user").mkdir(parents=True)
        (home / "profile" / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        (home / f"in.{suffix}").write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless", "--norestore", "--nolockcheck", "--nodefault",
            "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(home / "out"), str(home / f"in.{suffix}"),
        ]  # fmt: skip
        run(command, SECONDS, {"SAL_USE_VCLPLUGIN": "svp"})
        made = home / "out" / "in.docx"
        if not made.is_file():
            raise OfficeError("LibreOffice made no file")
        return made.read_bytes()


def by_antiword(data: bytes) -> str:
    """Return the text of a .doc by antiword: one line a paragraph, tables drawn with "|".

    Raises:
        OfficeError: not installed, too slow, or it does not know the file.
    """
    program = antiword()
    if not program:
        raise OfficeError("antiword is not installed")
    with tempfile.TemporaryDirectory(prefix="cancu-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "in.doc"
        path.write_bytes(data)
        said = run([program, "-m", "UTF-8.txt", "-w", "0", str(path)], QUICK_SECONDS)
    return said.decode("utf-8", "replace")


def run(command: Sequence[str], seconds: float, environment: Mapping[str, str] | None = None) -> bytes:
    """Return what a program printed; it and all its children are ended after ``seconds``.

    Raises:
        OfficeError: it could not be started, failed, or took too long.
    """
    try:
        process = _start(command, {**os.environ, **(environment or {})})
    except OSError as error:
        raise OfficeError(f"{command[0]}: {error}") from error
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise OfficeError(f"{command[0]} took more than {seconds:.0f} s") from error
    finally:
        end_tree(process)
        process.wait()
    if process.returncode:
        raise OfficeError(f"{command[0]} ended with {process.returncode}")
    return said


def _start(command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    with more_memory(_MEMORY):
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            **popen_options(),
        )


_MEMORY = 2 * 1024**3
"""A word processor maps far more than it uses."""
