"""One stick that is plugged in, as any system tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stick:
    """A stick that is plugged in and can be read: where, what it is called, bytes free; `device` is what ejecting names."""

    root: Path
    label: str
    free: int
    read_only: bool
    filesystem: str
    device: str = ""

    @property
    def same(self) -> tuple[Path, str]:
        """What stays while bytes come and go."""
        return self.root, self.device
