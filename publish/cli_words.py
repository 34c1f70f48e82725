"""The command line in Vietnamese: click's own headings and errors, said anew."""

from __future__ import annotations

from typing import Any

import click

_HELP = "Hiện trợ giúp này rồi thoát."


class _Vietnamese(click.Command):
    """Help and usage in Vietnamese, for commands and groups alike."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return click's help option with a Vietnamese text."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _HELP
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write "Cách dùng: cancu …"."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Cách dùng: ")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the usage words, "[OPTIONS]" as "[TÙY CHỌN]"."""
        pieces = super().collect_usage_pieces(ctx)
        return [p.replace("[OPTIONS]", "[TÙY CHỌN]").replace("COMMAND [ARGS]...", "LỆNH …") for p in pieces]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under a Vietnamese heading."""
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [r for p in options if (r := p.get_help_record(ctx)) is not None]
        if records:
            with formatter.section("Tùy chọn"):
                formatter.write_dl([(name, _words(text)) for name, text in records])


class VietnameseCommand(_Vietnamese):
    """A command that speaks Vietnamese."""


class VietnameseGroup(_Vietnamese, click.Group):
    """A group of commands that speaks Vietnamese; its commands keep the order they were written in."""

    command_class = VietnameseCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write options, then commands."""
        super().format_options(ctx, formatter)
        rows = [(name, self.commands[name].get_short_help_str(88)) for name in self.list_commands(ctx)]
        with formatter.section("Các lệnh"):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in written order."""
        return list(self.commands)


def _words(text: str) -> str:
    return text.replace("[required]", "[bắt buộc]").replace("[default: ", "[mặc định: ")


def explain(error: click.UsageError) -> str:
    """Return a usage error as one Vietnamese sentence that says what to do."""
    where = f" Gõ “{error.ctx.command_path} --help” để xem cách dùng." if error.ctx else ""
    return _reason(error) + where


def _reason(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f" Có phải ý bạn là {', '.join(error.possibilities)}?" if error.possibilities else ""
        return f"Không có tùy chọn “{error.option_name}”.{near}"
    if isinstance(error, click.MissingParameter):
        return f"Thiếu {_name(error.param)}."
    if isinstance(error, click.BadOptionUsage):
        return f"Tùy chọn “{error.option_name}” cần một giá trị đi kèm."
    if isinstance(error, click.BadParameter):
        return f"Giá trị của {_name(error.param)} không hợp lệ: {_vietnamese(error.message)}"
    if "No such command" in error.message:
        return f"Không có lệnh “{error.message.split(' ', 3)[-1].strip(chr(39) + '.')}”."
    if "unexpected extra argument" in error.message:
        return "Thừa tham số: " + error.message.split("(", 1)[-1].split(")", 1)[-1].strip(" ()") + "."
    if "Missing command" in error.message:
        return "Thiếu tên lệnh."
    return f"Sai cách dùng: {error.message}"


def _name(param: Any) -> str:
    if isinstance(param, click.Option):
        return f"tùy chọn {'/'.join(param.opts)}"
    return f"tham số {param.human_readable_name}" if isinstance(param, click.Parameter) else "tham số"


def _vietnamese(message: str) -> str:
    for english, vietnamese in (
        ("is not a valid integer range", "không phải số nguyên"),
        ("is not a valid integer", "không phải số nguyên"),
        ("is not in the range", "nằm ngoài khoảng"),
        ("is not one of", "không thuộc"),
        ("does not match the formats", "không đúng dạng ngày"),
    ):
        message = message.replace(english, vietnamese)
    return message
