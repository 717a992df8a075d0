"""How the windowless door explains itself: help and complaints about a command in Chinese (click speaks English)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import click

from gridapp.errors import Mistake
from gridapp.texts import _

#: what click writes beside an option → what an officer reads
KINDS = {"PATH": "文件", "INTEGER RANGE": "数", "INTEGER": "数", "TEXT": "文字"}
HEADINGS = {"Options": "选项", "Commands": "动作", "Positional arguments": "内容"}


class NoSuchVerb(Mistake):
    """The first word is no verb of the door."""

    def __init__(self, given: str, verbs: Sequence[str]) -> None:
        super().__init__(_("没有“{0}”这个动作。可以用的有：{1}。").format(given, "、".join(verbs)))


class _Formatter(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _("用法：") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl([(_kind_told(left), _extras_told(right)) for left, right in rows], col_max, col_spacing)


def _kind_told(text: str) -> str:
    return re.sub(r"(?<=[a-z] )(PATH|INTEGER RANGE|INTEGER|TEXT)$", lambda found: KINDS[found[1]], text)


def _extras_told(text: str) -> str:
    text = re.sub(r"default: ([^;\]]+)", lambda found: _("不写则为 {0}").format(found[1]), text)
    text = re.sub(r"(\d+)<=x<=(\d+)", lambda found: _("{0} 到 {1}").format(*found.groups()), text)
    return re.sub(r"\brequired\b", _("必填"), text)


class _Context(click.Context):
    formatter_class = _Formatter


class Verb(click.Command):
    """A verb of the door."""

    context_class = _Context

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **{"options_metavar": _("[选项]")} | told)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The same option, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("显示这段说明")
        return option


class Verbs(Verb, click.Group):
    """The door itself: options, then a verb."""

    command_class = Verb

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **{"subcommand_metavar": _("动作 …"), "no_args_is_help": False} | told)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Without a word it tells what there is, and ends as a mistake."""
        if not args:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name. Raises NoSuchVerb."""
        found = super().get_command(ctx, cmd_name)
        if found is None:
            raise NoSuchVerb(cmd_name, self.list_commands(ctx))
        return found


def complaint(error: click.ClickException) -> str:
    """What is wrong with the words of a command, and how it is written."""
    context = getattr(error, "ctx", None)
    if context is None:
        return _said(error)
    return "\n".join((_said(error), context.get_usage(), _("详细说明：{0} --help").format(context.command_path)))


def _said(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return _("没有 {0} 这个选项。").format(error.option_name)
    hint = _hint(error)
    if isinstance(error, click.MissingParameter):
        return _("缺少 {0}。").format(hint)
    if isinstance(error, click.BadParameter):
        return _("{0} 的内容不对，请改正。").format(hint)
    return _("命令写得不对，请按下面的写法再试。")


def _hint(error: click.ClickException) -> str:
    param = getattr(error, "param", None)
    if param is None:
        return ""
    return str(param.human_readable_name).upper() if isinstance(param, click.Argument) else " / ".join(param.opts)
