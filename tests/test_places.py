"""Where files live: a home that cannot be written keeps nobody from reading and printing."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridapp import places
from gridapp.errors import Trouble
from gridapp.ledger import Ledger
from gridapp.settings import Settings
from tests import ledgers


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Home and cache lie below a file: they can be neither made nor written."""
    (tmp_path / "file").write_text("")
    for variable in ("GRIDAPP_HOME", "GRIDAPP_CACHE"):
        monkeypatch.setenv(variable, str(tmp_path / "file" / "home"))
    return tmp_path / "file" / "home"


def test_fonts_are_unpacked_for_this_run_where_the_cache_cannot_be_written(no_home: Path) -> None:
    places.font.cache_clear()
    font = places.font("FormHei")
    assert font.stat().st_size > 1_000_000
    assert no_home not in font.parents
    assert places.cache_dir() == font.parent, "one folder for the whole run"
    places.font.cache_clear()


def test_settings_are_the_defaults_where_there_is_no_home(no_home: Path) -> None:
    assert Settings.load() == Settings()
    with pytest.raises(Trouble):
        Settings(dark=True).save()


def test_a_ledger_for_which_there_is_no_folder_is_a_sentence(no_home: Path) -> None:
    with pytest.raises(Trouble):
        Ledger.create(places.data_dir() / "台账.grid", ledgers.PASSWORD, "officer 1", "v:330784108238", cost=ledgers.CHEAP)


def test_folders_are_made_when_somebody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDAPP_HOME", str(tmp_path / "新" / "家"))
    monkeypatch.setenv("GRIDAPP_CACHE", str(tmp_path / "cache"))
    assert places.log_dir() == tmp_path / "新" / "家" / "日志" and places.log_dir().is_dir()
    assert places.cache_dir() == tmp_path / "cache" and places.cache_dir().is_dir()
