"""Names of the parts in an Office package (ECMA-376, part 2), as members and links write them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable


def part_key(part: str) -> str:
    """Return the key under which a package has the part ``part``: writers differ in case and slashes."""
    return part.replace("\\", "/").lstrip("/").lower()


def parts_of(members: Iterable[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the parts among the members of a package by :func:`part_key`; folders and what has no name are none."""
    return {part_key(member.filename): member for member in members if member.filename and not member.is_dir()}


def part_inside(folder: str, target: str) -> str:
    """Return the name of the part that ``target``, as written in ``folder``, means."""
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/") if folder else []
    for step in target.replace("\\", "/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
