"""What SQLAlchemy made of a statement is kept for every ledger of one run of tests: making it anew for each is most of an opening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache
from sqlcipher3 import dbapi2 as sqlcipher


def keep(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """The program itself forgets it with the ledger: a statement holds what was first asked for."""
    make = sa.create_engine
    first, kept = make("sqlite://", module=sqlcipher), LRUCache[Any, Any](2000)
    first.connect().close()  # from now on its dialect knows what it speaks with

    def create_engine(url: Any, **told: Any) -> sa.Engine:
        made = make(url, **told)
        if told.get("module") is sqlcipher:
            made.dialect = first.dialect
            made.update_execution_options(compiled_cache=kept)
        return made

    put(sa, "create_engine", create_engine)
