"""设置: the village on the papers, password, holidays from a file, the proof, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import places
from gridapp.fields import codes
from gridapp.fields.codes import Editions
from gridapp.settings import Settings
from gridapp.ledger import Ledger
from gridapp.store import slots, vault
from gridapp.store.passwords import DENGBAO
from gridapp.store.refusals import WrongPassword
from gridapp.work import accounts, hazards
from tests import ledgers, permissions
from ui import theme

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(busy: Any) -> Any:
    return busy.show("settings")


def test_a2_whoever_manages_chooses_the_rules_for_passwords(busy: Any, screen: Any) -> None:
    [card] = screen.rules
    assert card.chips[""].isChecked() and card.isVisible()
    card.chips[DENGBAO].click()
    busy.settle()
    assert "✓ 已改" in card.told.text() and "等保" in card.told.text()
    for field, text in ((screen.old, ledgers.PASSWORD), (screen.new, "blue kettle sings"), (screen.again, "blue kettle sings")):
        field.setText(text)
    screen.change_password()
    busy.settle()
    assert "三类" in screen._password_told.text()
    busy.desk.ledger._proved_at = None
    card.chips[""].click()
    busy.settle()
    assert busy.window.desk.prover is not None and accounts.password_rules(busy.desk.ledger) == DENGBAO, "asks for the password first"


def test_who_manages_no_accounts_has_no_rules_to_choose(open_office: Callable[..., Any], village: Ledger) -> None:
    numbers = permissions.with_roles(village)
    village.officer = numbers["grid"]
    assert open_office(village).show("settings").rules == []


def words_on(screen: Any) -> str:
    return "\n".join(label.text() for label in screen.findChildren(QLabel))


def test_the_head_of_notices_is_changed(busy: Any, screen: Any) -> None:
    screen.correct_village()
    busy.settle()
    page = screen.currentWidget()
    page.form.slots["issuer"].editor.set_text("古青")
    busy.type(page.form, phone="0579-87000000")
    busy.press(Qt.Key.Key_S, CONTROL)
    assert "文号代字：古青" in screen._village.text() and "0579-87000000" in screen._village.text()
    assert busy.desk.ledger.ask(hazards.next_notice_no).startswith("古青隐改〔2026〕第")


def test_another_password(busy: Any, screen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "ARGON2", ledgers.CHEAP)
    for old, new, again, said in (("wrong", "a new one for autumn", "a new one for autumn", "密码不对"), (ledgers.PASSWORD, "short", "short", "太短"),
                                  (ledgers.PASSWORD, "a new one for autumn", "a new one 2", "不一样"),
                                  (ledgers.PASSWORD, "a new one for autumn", "a new one for autumn", "✓ 密码已修改")):
        for field, text in ((screen.old, old), (screen.new, new), (screen.again, again)):
            field.setText(text)
        screen.change_password()
        busy.settle()
        assert said in screen._password_told.text()
    path = busy.desk.ledger.path
    assert slots.Vault.load(path).unlock("a new one for autumn")
    with pytest.raises(WrongPassword):
        slots.Vault.load(path).unlock(ledgers.PASSWORD)


def test_holidays_of_another_year_from_a_file(busy: Any, screen: Any, tmp_path: Path) -> None:
    assert "2027 年的还没有" in screen._covered.text()
    file = tmp_path / "2027.tsv"
    file.write_text("2027-01-01\t休\t元旦\n2027-01-03\t班\t调休\n", "utf-8")
    screen.take_holidays(file)
    busy.settle()
    assert "2027" in screen._covered.text() and "还没有" not in screen._covered.text() and places.own_holidays().exists()
    file.write_text("nonsense\n", "utf-8")
    screen.take_holidays(file)
    assert "第 1 行" in screen._covered.text() and "元旦" in places.own_holidays().read_text("utf-8"), "the good table stays"


def test_the_ledger_is_proved_whole(busy: Any, screen: Any) -> None:
    screen.verify()
    busy.settle()
    assert "台账完好" in screen._proof_told.text() and screen._proof_button.isEnabled()


def test_the_acts_are_listed_and_fallen_ones_marked(busy: Any, screen: Any) -> None:
    busy.desk.undo()
    busy.settle()
    words = [label.text() for label in screen.findChildren(QLabel)]
    assert any("撤销：发整改通知书" in w for w in words) and any(w.endswith("（已撤销）") for w in words)


def test_the_choice_of_look_is_kept_for_tomorrow(busy: Any, screen: Any) -> None:
    screen._change_look(dark=True)
    screen = busy.window.screens["settings"]
    screen._change_look(factor=1.25)
    busy.settle()
    kept = Settings.load()
    assert kept.dark and kept.factor == 1.25 and theme.look.dark and theme.look.factor == 1.25


def test_the_names_of_the_four_platforms_are_chosen_and_kept(busy: Any, screen: Any) -> None:
    chip = next(b for b in screen.findChildren(QPushButton) if b.text() == "党建统领、经济生态、平安法治、公共服务")
    assert not chip.isChecked() and codes.table("platform").choices()[0] == ("01", "综治工作")
    chip.click()
    busy.settle()
    assert Settings.load().platforms == "2021" and codes.table("platform").choices()[0] == ("05", "党建统领")
    assert "✓ 以后用：党建统领" in words_on(screen)
    codes.receive({"platform": Editions(("code\tname\n01\t综治工作\n",))})
    chip.click()
    assert "镇里发布了另一套，仍用镇里的：综治工作" in words_on(screen)


def test_the_minutes_stand_off_the_edge_of_their_field(busy: Any, screen: Any) -> None:
    """No ink of the number within eight pixels of it."""
    screen.minutes.lineEdit().deselect()
    seen = screen.minutes.grab().toImage()
    middle = seen.height() // 2
    inside = [[seen.pixelColor(x, y).lightness() for y in range(middle - 6, middle + 6)] for x in range(3, seen.width() - 3)]
    inked = [x for x, column in enumerate(inside, 3) if min(column) < 128]
    assert inked and min(inked) >= 8, "the number is painted, and not at once beside the frame"
