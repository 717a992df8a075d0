"""The words a refusal uses stand on a key of the screen where the step is taken."""

from __future__ import annotations

from typing import Any

import pytest

from gridapp.records import BY_NAME
from gridapp.work import steps

#: kind of case → the screen it is worked on in
SCREEN = {"hazard": "hazards", "event": "events", "dispute": "disputes", "petition": "petitions", "listing": "listings"}


def test_every_kind_of_case_has_a_screen() -> None:
    assert {entity.__tablename__ for entity in steps.COURSES} == set(SCREEN)


@pytest.mark.parametrize(("kind", "key"), SCREEN.items())
def test_every_step_is_called_as_its_key_is(office: Any, kind: str, key: str) -> None:
    titles = {action.title for action in office.show(key).offers}
    for told in steps.machine_of(BY_NAME[kind]).transitions:
        assert steps.on_the_key(told.step) in titles, told.step
