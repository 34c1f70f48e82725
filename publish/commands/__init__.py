"""The commands of ``cancu``, by what they do: build and serve, read a document, ask the base, write files."""

from publish.commands import asking, building, reading, writing

COMMANDS = (
    building.build, building.serve, reading.extract, reading.check, reading.evaluate, asking.trace, asking.paths,
    asking.compare, writing.export, writing.draw,
)  # fmt: skip
"""In no order: the help sorts them."""
