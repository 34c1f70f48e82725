"""How the bases of tasks stood on the day of two texts and now, in words for the comparison."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graph.held import Held, HeldBases
from graph.standing import OUT_OF_FORCE
from graph.statuses import UNKNOWN
from graph.words import vietnamese_date

HEADING = "Hiệu lực của căn cứ"
NOTE = (
    "“Hiệu lực của căn cứ” xét những văn bản mà nhiệm vụ nêu trực tiếp, theo danh mục đã nhập và văn bản trong kho dữ "
    "liệu; chương trình không kết luận về hiệu lực, cần đối chiếu văn bản gốc."
)
NOTHING = f"{HEADING}: chưa xác định, chưa có danh mục hay văn bản nào trong kho cho biết."
_MOMENTS = {"old": "ngày bản cũ", "new": "ngày bản mới", "now": "nay"}


def days_line(held: HeldBases) -> str:
    """Return for which days the validity is told."""
    days = (("bản cũ", held.old_day), ("bản mới", held.new_day))
    told = [f"ngày {text} {vietnamese_date(day)}" for text, day in days if day]
    undated = "".join(f"; {text} chưa ghi đủ ngày" for text, day in days if not day)
    return f"{HEADING}: xét tại {_joined([*told, f'nay ({vietnamese_date(held.now)})'])}{undated}."


def sentences(found: Iterable[Held]) -> Iterator[str]:
    """Yield a sentence for each document, what nothing is known of in one."""
    unknown = []
    for one in found:
        if all(standing.status == UNKNOWN for _, standing in one.moments):
            unknown.append(one.label)
        else:
            yield f"{one.label}: {_course(one)}."
    if unknown:
        yield f"Chưa xác định hiệu lực: {'; '.join(unknown)}."


def needs_look(found: Iterable[Held]) -> bool:
    """Tell whether one of the bases is now not as a plan needs it: amended, ended, suspended, its years over."""
    return any(one.now.warns for one in found)


def out_of_force(found: Iterable[Held]) -> bool:
    """Tell whether nothing may rest on one of the bases now."""
    return any(one.now.status in OUT_OF_FORCE for one in found)


def _course(one: Held) -> str:
    """Return the moments with what held at each; those at which the same held stand together."""
    runs: list[tuple[list[str], str, str]] = []
    for name, standing in one.moments:
        if runs and runs[-1][1] == standing.words:
            runs[-1][0].append(_MOMENTS[name])
        else:
            runs.append(([_MOMENTS[name]], standing.words, standing.source))
    return "; ".join(
        f"{_joined(names)} {words[:1].lower()}{words[1:]}{f' (theo {source})' if source else ''}"
        for names, words, source in runs
    )


def _joined(names: Sequence[str]) -> str:
    return " và ".join(filter(None, (", ".join(names[:-1]), names[-1])))
