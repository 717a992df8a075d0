"""What an officer does in a file an officer does in the town's database: some of the same tests, on a ledger that lives there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from gridapp.ledger import Ledger
from tests import test_every_entity
from tests.ledger import test_bulk, test_undo
from tests.work import test_hazards, test_houses, test_lodging, test_registers, test_tenancies, test_weighing

#: whole modules whose SQL or rows differ on the server, and of the others the tests that ask the database something no other asks
MODULES = (test_registers, test_bulk)
CHOSEN = {
    test_every_entity: {"test_adding_undoing_and_redoing", "test_the_journal_alone_brings_it_back"},
    test_undo: {"test_undo_brings_the_state_of_before_back_and_redo_the_one_after", "test_a_room_with_people_in_it_is_not_undone_under_them"},
    test_hazards: {"test_numbers_have_no_gaps_after_undo_and_redo"},
    test_houses: {"test_a_taken_number_is_refused_with_whose_it_is_also_in_a_correction", "test_doors_stand_in_the_order_of_the_stairs",
                  "test_a_house_is_closed_when_nobody_lives_there_and_opened_again"},
    test_lodging: {"test_another_room_with_a_day_is_a_move_on_that_day", "test_all_of_it_can_be_taken_back"},
    test_tenancies: {"test_the_same_paper_is_registered_once", "test_reporting_to_the_police_marks_beginning_end_and_person",
                     "test_a_moving_out_is_taken_back_once_and_only_while_they_live_nowhere_else"},
    test_weighing: {"test_a_new_person_gets_what_the_number_tells"},
}
#: how SQLite plans a question
OF_THE_FILE = {"test_many_ids_are_looked_up_in_the_index"}
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
for _module, _names in CHOSEN.items():
    _known = _tests(_module)
    _short = _module.__name__.rpartition(".")[2]
    globals().update({_name: _known[_name] for _name in (f"{_short}_{n.removeprefix('test_')}" for n in sorted(_names))})
