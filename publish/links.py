"""Addresses of the pages: every link of the site is made here, so that none is spelled twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from extract.model import ACTING_UNITS

_SAFE = "~"


@dataclass(frozen=True, slots=True)
class Links:
    """Maker of addresses: ``root`` is where the site hangs ("/"), ``tables`` where Datasette shows the base.

    ``editing`` is true where documents may be added; ``person`` is who signed in; ``here`` is the address of the page
    itself, with all that was asked. ``as_of`` is the day (dd/mm/yyyy) that the page was asked for, which pages that
    tell validity keep in their addresses; ``notice`` stands on every page until it is done: decisions are written, and
    the base is being built anew.
    """

    root: str = "/"
    tables: str = "/cancu"
    editing: bool = False
    person: str = ""
    as_of: str = ""
    here: str = ""
    notice: str = ""

    @property
    def home(self) -> str:
        """The first page."""
        return self.root

    def document(self, document: str, unit_code: str = "") -> str:
        """Return the page of a document, at the unit ``unit_code`` of its text when given."""
        anchor = f"#{quote(anchor_of(unit_code), safe=_SAFE)}" if unit_code else ""
        return f"{self._asked(f'van-ban/{_part(document)}', self._day)}{anchor}"

    def unit(self, unit: str) -> str:
        """Return the page of a task, group or assignment by its id ("PLAN#II.1.3.1")."""
        plan, _, code = unit.partition("#")
        return self._asked(f"nhiem-vu/{_part(plan)}/{_part(code)}", self._day)

    def node(self, node: str, data: Mapping[str, Any]) -> str:
        """Return the page of a node of the graph."""
        return self.unit(node) if data["kind"] in ACTING_UNITS else self.document(node)

    def search(self, query: str = "", **more: str | int) -> str:
        """Return the search page, asked ``query``."""
        return self._asked("tim", {"q": query, **more} if query else {})

    def trace(self, query: str = "", **more: str | int) -> str:
        """Return the page of a trace by document, asked ``query`` (a number or an id)."""
        return self._asked("truy-vet", {"q": query, **more} if query else {})

    def review(self, **filters: str | int) -> str:
        """Return the review table of tasks, filtered."""
        return self._asked("ra-soat", {**filters, **self._day})

    def ending(self, **filters: str | int) -> str:
        """Return the list of what runs out in a year."""
        return self._asked("het-giai-doan", {**filters, **self._day})

    def official(self, **filters: str | int) -> str:
        """Return one of the three lists by validity."""
        return self._asked("danh-muc-hieu-luc", {**filters, **self._day})

    def findings(self, document: str = "", **filters: str | int) -> str:
        """Return the findings of the checks: in all texts, or in one."""
        return self._asked(f"soat/{_part(document)}" if document else "soat", filters)

    def bases(self, plan: str, **chosen: str | int) -> str:
        """Return the block of bases of a plan, of the documents that are chosen."""
        return self._asked(f"can-cu/{_part(plan)}", chosen)

    def bases_file(self, plan: str, **chosen: str | int) -> str:
        """Return the same as a Word file."""
        return self._asked(f"can-cu/{_part(plan)}/tai-ve", chosen)

    def doers(self, **filters: str | int) -> str:
        """Return the list of units."""
        return self._asked("don-vi", filters)

    def doer(self, doer: str, **filters: str | int) -> str:
        """Return the page of a unit."""
        return self._asked(f"don-vi/{_part(doer)}", filters)

    def coverage(self, plan: str = "") -> str:
        """Return the coverage of a plan; the choice of plans without one."""
        return f"{self.root}do-phu/{_part(plan)}" if plan else f"{self.root}do-phu"

    def paths(self, first: str = "", second: str = "") -> str:
        """Return the ways between two nodes, asked by ids or words."""
        return self._asked("duong-noi", {k: v for k, v in (("tu", first), ("den", second)) if v})

    def chain(self, node: str, form: str) -> str:
        """Return the chain of a node as a list."""
        return self._asked(f"danh-sach/chuoi/{_node_path(node)}.{form}", self._day)

    @property
    def logout(self) -> str:
        """The page that ends a login."""
        return f"{self.root}-/logout"

    def adding(self, step: str = "") -> str:
        """Return the page that takes new documents, or the address of a ``step`` of it."""
        return f"{self.root}them-van-ban" + (f"/{step}" if step else "")

    def registers(self, **values: str | int) -> str:
        """Return the page of the imported lists: one import of them (``lan``), the rows of a number (``so``)."""
        return self._asked("danh-muc", {**values, **self._day})

    def importing(self, key: str = "") -> str:
        """Return the page that takes a list of documents, or that of a list which waits."""
        return f"{self.root}danh-muc/nhap" + (f"/{_part(key)}" if key else "")

    def removing(self, source: str = "") -> str:
        """Return the page that takes the list of ``source`` out of the register."""
        return self._asked("danh-muc/go", {"ten": source} if source else {})

    def reconcile(self, **filters: str | int) -> str:
        """Return the list of citations that a person should compare with the original, filtered."""
        return self._asked("dan-chieu", filters)

    def suspects(self, **filters: str | int) -> str:
        """Return the list of what is to be looked at again, filtered."""
        return self._asked("can-xem-lai", filters)

    def decision(self, sort: str, name: str = "", **more: str | int) -> str:
        """Return the page of decisions about a citation ("trich-dan"), document ("van-ban") or task ("nhiem-vu").

        The others are in :data:`graph.decisions.entry.SORTS`; the page of one entry by its number is "nhat-ky".
        """
        return self._asked(f"quyet-dinh/{sort}", {**({"id": name} if name else {}), **more})

    def listing(self, name: str, form: str, **filters: str | int) -> str:
        """Return the download of a list ("ra-soat", "don-vi/ID" …) as Word, Excel or CSV."""
        return self._asked(f"danh-sach/{quote(name, safe=_SAFE + '/')}.{form}", {**filters, **self._day})

    def drawing(self, node: str, **more: str | int) -> str:
        """Return the interactive view around a node."""
        return self._asked(f"so-do/{_node_path(node)}", {**more, **self._day})

    def drawn(self, node: str, *, whole: bool = False) -> str:
        """Return the name of the list of what a drawing shows, for :meth:`listing`."""
        kind = "ke-hoach" if whole else "nhiem-vu" if "#" in node else "van-ban"
        return f"so-do/{kind}/{node.replace('#', '/')}"

    def picture(self, node: str, **more: str | int) -> str:
        """Return the frame that stands in the interactive view."""
        return self._asked(f"so-do-khung/{_node_path(node)}", {**more, **self._day})

    def compare(self, old: str = "", new: str = "", **more: str | int) -> str:
        """Return the comparison of two texts of the base by their ids, or the page where they are chosen."""
        values = {"cu": old, "moi": new, **more, **self._day}
        return self._asked("so-sanh", {name: v for name, v in values.items() if v})

    def compare_file(self, form: str, old: str, new: str) -> str:
        """Return the download of a comparison."""
        return self._asked(f"so-sanh/{form}", {"cu": old, "moi": new, **self._day})

    def plan_drawing(self, plan: str, **more: str | int) -> str:
        """Return the interactive view of a whole plan."""
        return self._asked(f"so-do/ke-hoach/{_part(plan)}", {**more, **self._day})

    def plan_picture(self, plan: str, **more: str | int) -> str:
        """Return the frame of the whole plan."""
        return self._asked(f"so-do-khung/ke-hoach/{_part(plan)}", {**more, **self._day})

    def printed(self, node: str, form: str, what: str = "", **more: str | int) -> str:
        """Return the drawing for print as "svg" or "png": around a node, or ``what`` is "ke-hoach", "truy-vet"."""
        path = f"{what}/{_part(node)}" if what else _node_path(node)
        return self._asked(f"so-do-in/{form}/{path}", {**more, **self._day})

    def download(self, form: str, node: str = "") -> str:
        """Return the download of the chain of a node, or of the whole base without ``node``."""
        return self._asked(f"xuat/{form}/{_node_path(node) if node else 'kho'}", self._day if node else {})

    def asset(self, name: str) -> str:
        """Return a style sheet or script of ours."""
        return f"{self.root}tinh/{quote(name)}"

    def table(self, name: str, **filters: str | int) -> str:
        """Return a table (or view, or named query) as Datasette shows it, filtered."""
        query = f"?{urlencode(filters)}" if filters else ""
        return f"{self.tables}/{name}{query}"

    @property
    def _day(self) -> dict[str, str]:
        return {"tai_ngay": self.as_of} if self.as_of else {}

    def _asked(self, path: str, values: Mapping[str, str | int]) -> str:
        return f"{self.root}{path}" + (f"?{urlencode(values)}" if values else "")


def anchor_of(unit_code: str) -> str:
    """Return the id that a unit carries in the text of its document: "muc-II.2.2.3"."""
    return f"muc-{unit_code}"


@lru_cache(maxsize=4096)
def _part(words: str) -> str:
    return quote(words, safe=_SAFE)


def _node_path(node: str) -> str:
    plan, _, code = node.partition("#")
    return f"nhiem-vu/{_part(plan)}/{_part(code)}" if code else f"van-ban/{_part(plan)}"
