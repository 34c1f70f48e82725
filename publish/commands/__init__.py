"""The commands of ``cancu``, by what they do: build and serve, read, ask the base, write files, help to draft."""

from publish.commands import asking, building, deciding, drafting, reading, registering, writing

COMMANDS = (
    building.build, building.update, building.serve, reading.extract, reading.check, reading.evaluate, asking.trace,
    asking.paths, asking.compare, writing.export, writing.draw, drafting.can_cu,
    registering.register, deciding.decisions,
)  # fmt: skip
"""In no order: the help sorts them."""
