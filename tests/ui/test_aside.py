"""What is counted beside the work: nobody waits for it, and what nobody waits for is broken off."""

from __future__ import annotations

import threading
from typing import Any

import sqlalchemy as sa

from gridapp.ledger import PLAIN, needs

ENDLESS = sa.text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")


def endless(begun: threading.Event) -> Any:
    """A question without an end."""
    @needs(PLAIN)
    def question(read: Any) -> Any:
        begun.set()
        return read.scalar(ENDLESS)

    return question


def test_a_newer_question_of_the_lane_breaks_the_older_one_off(busy: Any) -> None:
    begun, heard = threading.Event(), list[object]()
    busy.desk.aside.ask(endless(begun), then=heard.append, lane="count")
    assert begun.wait(10)
    busy.desk.aside.ask(needs(PLAIN)(lambda read: read.scalar(sa.text("SELECT 7"))), then=heard.append, lane="count")
    busy.settle()
    assert heard == [7] and busy.told == []


def test_whoever_searches_does_not_wait_for_what_is_counted(busy: Any, qtbot: Any) -> None:
    begun, found = threading.Event(), list[Any]()
    busy.desk.aside.ask(endless(begun), then=found.append, lane="count")
    assert begun.wait(10)
    busy.desk.search("zhang", found.append)
    qtbot.waitUntil(lambda: bool(found))
    busy.desk.aside.stop()
    assert len(found) == 1 and all(hit.label for hit in found[0])


def test_the_program_ends_without_waiting_for_what_is_counted(busy: Any) -> None:
    begun, heard = threading.Event(), list[object]()
    busy.desk.aside.ask(endless(begun), then=heard.append, lane="count")
    assert begun.wait(10)
    busy.desk.aside.stop()
    assert busy.desk.aside.idle and heard == []
