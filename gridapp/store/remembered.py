"""What this PC remembers between two starts: a dataclass of plain values as a JSON file; whatever of it cannot be read is as good as none."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from gridapp.store.files import write_whole

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    D = TypeVar("D", bound=DataclassInstance)


def recall(made: D, path: Path) -> D:
    """`made` with what was saved in it; what is missing or of the wrong kind stays as it was made."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return made
    for told in fields(made):
        value = raw.get(told.name) if isinstance(raw, dict) else None
        if isinstance(value, type(getattr(made, told.name))):
            setattr(made, told.name, value)
    return made


def remember(made: DataclassInstance, path: Path) -> None:
    """Save it whole. Raises CannotWrite, DiskFull."""
    write_whole(path, json.dumps(asdict(made), ensure_ascii=False, indent=1).encode())
