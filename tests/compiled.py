"""What SQLAlchemy made of a statement is kept for every ledger of one run of tests: making it anew for each is most of an opening."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.util import LRUCache
from sqlcipher3 import dbapi2 as sqlcipher

from gridapp.store import hub


def keep(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """The program itself forgets it with the ledger: a statement holds what was first asked for.

    What is kept belongs to a dialect, so files share one, and so do the databases of the run's server: the first that has connected.
    """
    make = sa.create_engine
    first, kept, hubs = make("sqlite://", module=sqlcipher), LRUCache[Any, Any](4000), list[sa.Dialect]()
    first.connect().close()  # from now on its dialect knows what it speaks with

    def create_engine(url: Any, **told: Any) -> sa.Engine:
        made = make(url, **told)
        if told.get("module") is sqlcipher:
            made.dialect = first.dialect
        elif made.url.drivername != hub.DRIVER or "isolation_level" in told:
            return made
        elif hubs:
            made.dialect = hubs[0]
        else:
            sa.event.listen(made, "connect", lambda *_connected: hubs.append(made.dialect), once=True)
        made.update_execution_options(compiled_cache=kept)
        return made

    put(sa, "create_engine", create_engine)
