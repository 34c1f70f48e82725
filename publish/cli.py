"""The command ``cancu``: parse, call, print. Messages in Vietnamese; data on stdout, all else on stderr.

Exit status: 0 done; 1 done, with findings that must be mended (`check`); 2 could not be done (bad input, bad
usage, unknown or ambiguous number);
130 stopped by the user.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from graph.version import version
from publish.cli_words import VietnameseGroup, explain
from publish.commands import COMMANDS
from publish.commands.asked import COULD_NOT


class _Commands(VietnameseGroup):
    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; when the reader of its output went away (`cancu trace … | head`), end in peace.

        Done here because click itself turns a closed pipe into exit status 1 before ``main`` sees it.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # nothing to say, nobody to say it to
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None


@click.group(cls=_Commands)
@click.version_option(version(), "--version", message="cancu %(version)s", help="Hiện phiên bản rồi thoát.")
def cancu() -> None:
    """Căn Cứ: nối từng nhiệm vụ với căn cứ pháp lý của nó."""


for _command in COMMANDS:
    cancu.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and leave with its exit status; no traceback for anything a user can cause."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # pipes on Windows default to a code page without Vietnamese
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cancu.main(args=list(arguments) if arguments is not None else None, prog_name="cancu", standalone_mode=False)
    except click.UsageError as error:
        _leave(explain(error), COULD_NOT)
    except click.ClickException as error:
        _leave(error.format_message(), error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _leave("Đã dừng theo yêu cầu.", 130)
    except OSError as error:
        _leave(f"Hệ thống báo lỗi khi đọc hoặc ghi tệp: {error.strerror or error}.", COULD_NOT)
    sys.exit(0)


def _leave(message: str, status: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(status)
