"""The windowless door itself: which ledger, which password, in words or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import make_url

from gridapp import places, usage
from gridapp.errors import Mistake
from gridapp.ledger import Ledger
from gridapp.texts import _

MENDABLE, MACHINE = 2, 3


class PasswordNeeded(Mistake):
    """A verb that needs the ledger, without saying which or how to open it."""

    def __init__(self) -> None:
        super().__init__(_("请用 --ledger 指明台账，用 --password-file 指明密码文件（文件的第一行是密码）。"))


class FileNeeded(Mistake):
    """A village's register is a file."""

    def __init__(self) -> None:
        super().__init__(_("村里的台账是一个文件。请用 --ledger 指明文件的位置；数据库地址只用于镇级台账。"))


def whole(file: Path) -> str:
    """What a password file holds. Raises Mistake."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise Mistake(_("读不到密码文件“{0}”，请检查位置。").format(file)) from error


def first_line(file: Path) -> str:
    """A password from its file. Raises Mistake."""
    lines = whole(file).splitlines()
    if not lines or not lines[0]:
        raise Mistake(_("密码文件的第一行是空的，请写入密码。"))
    return lines[0]


class Door:
    """What the options before the verb said."""

    def __init__(self, ledger: str | None, password_file: Path | None, as_json: bool, officer: str | None = None) -> None:
        self.ledger, self.password_file, self.as_json, self.officer = ledger, password_file, as_json, officer

    @property
    def place(self) -> Path | str:
        """The ledger's file, or the address of the town's database. Raises PasswordNeeded."""
        if self.ledger is None:
            raise PasswordNeeded
        return places.place_of(self.ledger)

    @property
    def file(self) -> Path:
        """The ledger's file. Raises PasswordNeeded, FileNeeded."""
        if isinstance(self.place, str):
            raise FileNeeded
        return self.place

    @property
    def shown(self) -> str:
        """How the ledger is named on the screen: never with a database's password."""
        place = self.place
        return str(place) if isinstance(place, Path) else make_url(place).render_as_string()

    def password(self) -> str:
        """The first line of the password file. Raises PasswordNeeded, Mistake."""
        if self.ledger is None or self.password_file is None:
            raise PasswordNeeded
        return first_line(self.password_file)

    def open(self) -> Ledger:
        """The ledger, with the officer signed in whose password it is. Raises WhichOfficer, MustChoose, what `password` and open_ledger raise."""
        from gridapp.work import opening

        password, place = self.password(), self.place
        if isinstance(place, Path):
            if self.officer is None and opening.several_officers(place):
                raise opening.WhichOfficer
            opening.refuse_once(place, password)
        ledger = opening.open_ledger(place, password, self.officer)
        if ledger.must_change:
            ledger.close()
            raise opening.MustChoose
        self._doubt_the_clock(ledger)
        return ledger

    @staticmethod
    def _doubt_the_clock(ledger: Ledger) -> None:
        """Said beside the answer, on stderr: a script must not fail because of a long weekend."""
        from gridapp.work import clocks

        if (doubt := clocks.clock_doubt(ledger)) is not None:
            click.echo(doubt.text, err=True)

    def say(self, told: Any, lines: Callable[[], str]) -> None:
        """Print plain data as JSON, or the same in words."""
        holds_all = (sys.stdout.encoding or "").lower().startswith("utf")
        click.echo(json.dumps(told, ensure_ascii=not holds_all, default=str) if self.as_json else lines())


@click.group(cls=usage.Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--ledger", metavar="PATH", help="台账文件，或镇里数据库的地址（postgresql+psycopg://…）")
@click.option("--password-file", type=click.Path(path_type=Path), help="密码文件，第一行是密码")
@click.option("--officer", metavar="姓名", help="谁的密码：姓名或编号；台账有几个账号时要写")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.pass_context
def door(context: click.Context, ledger: str | None, password_file: Path | None, officer: str | None, as_json: bool) -> None:
    """平安网格：流动人口和出租房屋台账（命令行）。"""
    context.obj = Door(ledger, password_file, as_json, officer)
