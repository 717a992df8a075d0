"""What an officer does in a file an officer does in the town's database: the same tests, on a ledger that lives there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from gridapp.ledger import Ledger
from tests import test_every_entity
from tests.ledger import test_bulk, test_meanwhile, test_undo
from tests.work import (
    test_deadlines,
    test_hazards,
    test_houses,
    test_lodging,
    test_patrols,
    test_people,
    test_registers,
    test_tenancies,
    test_village,
    test_weighing,
)

MODULES = (test_deadlines, test_hazards, test_houses, test_lodging, test_patrols, test_people, test_registers, test_tenancies,
           test_village, test_weighing, test_every_entity, test_bulk, test_meanwhile, test_undo)
#: counts what is said to the database: a hub is also told whose village it is
OF_THE_FILE = {"test_a_long_list_is_cut_and_counted_whole_and_each_rule_is_one_question"}
rooms, tenant = test_lodging.rooms, test_lodging.tenant


@pytest.fixture
def ledger(hub_ledger: Ledger) -> Ledger:
    return hub_ledger


@pytest.fixture
def village(hub_village: Ledger) -> Ledger:
    return hub_village


def _fits(test: Callable[..., Any]) -> bool:
    asked = inspect.signature(test).parameters.keys()
    return bool({"ledger", "village"} & asked) and "plan" not in asked


def _tests(module: ModuleType) -> dict[str, Callable[..., Any]]:
    short = module.__name__.rpartition(".")[2].removeprefix("test_")
    return {f"test_{short}_{name.removeprefix('test_')}": test for name, test in vars(module).items()
            if name.startswith("test_") and inspect.isfunction(test) and _fits(test) and name not in OF_THE_FILE}


for _module in MODULES:
    globals().update(_tests(_module))
