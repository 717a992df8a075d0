"""The windowless door: the window's own functions for scripts, IT staff and tests."""

from __future__ import annotations

import sys
from types import TracebackType

import click

from gridapp import logs, preflight, usage
from gridapp.door import door
from gridapp.door.base import MACHINE, MENDABLE
from gridapp.errors import Mistake, Trouble
from gridapp.texts import _


def main(arguments: list[str] | None = None) -> int:
    """Run the door; 0 done, 2 the user can mend it, 3 the machine must be mended, 1 our bug."""
    preflight.speak_anyhow()
    logs.begin()
    try:
        ended = door.main(arguments, prog_name="gridapp", standalone_mode=False)
    except Mistake as error:
        return _complain(error.text, MENDABLE)
    except Trouble as error:
        return _complain(error.text, MACHINE)
    except click.ClickException as error:
        return _complain(usage.complaint(error), MENDABLE)
    except click.Abort:
        return _complain(_("已中止，没有写入任何内容。"), MENDABLE)
    except SystemExit as end:
        return int(end.code or 0)
    return ended or 0


def _complain(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code


def _crashed(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Our bug: a number, under which the log tells kind and place; the values that were on the way are told nowhere."""
    _complain(_("程序内部错误，错误编号 {0}。台账没有被改坏；请把这个编号和文件“{1}”交给维护人员（里面没有个人信息）。").format(
        logs.failed(error, trace), logs.path()), 1)


if __name__ == "__main__":
    preflight.leave_no_core()
    sys.excepthook = _crashed
    logs.hear_the_unraisable()
    sys.exit(main())
