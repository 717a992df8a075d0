"""What this PC remembers: the last ledger, dark or light, type size. No personal data; a damaged file is as good as none."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from gridapp import places
from gridapp.store.files import write_whole


@dataclass
class Settings:
    """The settings of this user on this PC."""

    ledger: str = ""
    dark: bool = False
    factor: float = 1.0

    @staticmethod
    def path() -> Path:
        return places.data_dir() / "settings.json"

    @classmethod
    def load(cls) -> Settings:
        """What was saved; defaults for whatever is missing or of the wrong kind."""
        made = cls()
        try:
            raw = json.loads(cls.path().read_text("utf-8"))
        except (OSError, ValueError):
            return made
        for field in fields(cls):
            value = raw.get(field.name) if isinstance(raw, dict) else None
            if isinstance(value, type(getattr(made, field.name))):
                setattr(made, field.name, value)
        return made

    def save(self) -> None:
        """Raises CannotWrite, DiskFull."""
        write_whole(self.path(), json.dumps(asdict(self), ensure_ascii=False, indent=1).encode())
