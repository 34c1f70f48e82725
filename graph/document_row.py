"""The row of a document while a base is being written: all of them wait in memory, since a later text may know more."""

from __future__ import annotations

from typing import Any

from graph.schema import columns_of


class DocumentRow:
    """The values of a row of ``van_ban`` by the names of its columns, in less room than a dictionary takes."""

    __slots__ = columns_of("van_ban")

    def __init__(self, **values: Any) -> None:
        """Take a value for every column."""
        for name in self.__slots__:
            setattr(self, name, values.pop(name))
        if values:
            raise TypeError(f"no such columns: {', '.join(values)}")

    def __getitem__(self, column: str) -> Any:
        """Return the value of a column."""
        return getattr(self, column)

    def __setitem__(self, column: str, value: Any) -> None:
        """Set the value of a column."""
        setattr(self, column, value)
