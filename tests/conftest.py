"""The ground under every test: no screen, a home of its own, no box that waits for ever, no stray warning."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

# before anything imports Qt: no screen, no scaling, no input method, so that pictures and widths are the same everywhere
os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", "QT_FONT_DPI": "96", "QT_IM_MODULE": ""}

# where Python is told to keep nothing it compiled, every process of every run would compile three hundred files of tests again
if sys.dont_write_bytecode and sys.pycache_prefix is None:
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(Path(__file__).parents[1] / ".pytest_cache" / "compiled")

import pytest  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402

from tests.thorough import EXAMPLES  # noqa: E402

# properties are tried on the same examples everywhere, as often as the machine needs time for them
settings.register_profile("steady", derandomize=True, deadline=None, database=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

pytest_plugins = ["tests.fixtures", "tests.postgres", "tests.hubs"]

#: calls that open a box and wait for a person
WAITING = {
    "QDialog": ("exec",),
    "QMessageBox": ("exec", "about", "critical", "information", "question", "warning"),
    "QFileDialog": ("getExistingDirectory", "getOpenFileName", "getOpenFileNames", "getSaveFileName"),
    "QInputDialog": ("getDouble", "getInt", "getItem", "getMultiLineText", "getText"),
    "QColorDialog": ("getColor",),
    "QFontDialog": ("getFont",),
    "QMenu": ("exec",),
}
_homes = count(1)


@pytest.fixture(scope="session")
def _homes_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(scope="session", autouse=True)
def _shared_cache(request: pytest.FixtureRequest, _homes_of_this_run: Path) -> Iterator[None]:
    """One cache for all runs, so that the fonts are unpacked once; a home for fixtures that serve the whole run."""
    assert request.config.cache is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRIDAPP_CACHE", str(request.config.cache.mkdir("gridapp")))
        patch.setenv("GRIDAPP_HOME", str(_homes_of_this_run / "shared"))
        yield


def pytest_collection_finish() -> None:
    """The collector of rubbish need not look at thousands of tests again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    from tests import compiled, founding

    with pytest.MonkeyPatch.context() as patch:
        compiled.keep(patch.setattr)
        founding.keep(patch.setattr)
        yield


@pytest.fixture(autouse=True)
def _own_home(_homes_of_this_run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test its own data folder; `places` makes it when somebody asks."""
    monkeypatch.setenv("GRIDAPP_HOME", str(_homes_of_this_run / str(next(_homes))))


@pytest.fixture(autouse=True)
def _codes_as_shipped() -> Iterator[None]:
    """Code tables a town published count in the whole program: the next test begins with the shipped ones."""
    from gridapp.fields import codes

    yield
    codes.receive({})
    codes.preferred.clear()


def _refusing(call: str) -> Callable[..., NoReturn]:
    def refuse(*_args: Any, **_named: Any) -> NoReturn:
        raise AssertionError(f"{call} waits for a person: replace it in this test")

    return refuse


@pytest.fixture(scope="session", autouse=True)
def _no_waiting_box() -> Iterator[None]:
    """A box that waits would hang the run: it fails the test instead."""
    from PySide6 import QtWidgets

    with pytest.MonkeyPatch.context() as patch:
        for box, calls in WAITING.items():
            for call in calls:
                patch.setattr(getattr(QtWidgets, box), call, _refusing(f"{box}.{call}"))
        yield


class _Heard(logging.Handler):
    """Keeps warnings and worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_stray_log_line(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning nobody expected fails the test; one that asks for `caplog` reads the log itself (Qt's: see setup.cfg)."""
    heard = _Heard()
    logging.getLogger().addHandler(heard)
    yield
    logging.getLogger().removeHandler(heard)
    if "caplog" not in request.fixturenames:
        assert not heard.lines, "unexpected log lines:\n" + "\n".join(heard.lines)
