"""The PDF being written (成稿): what is complete goes out at once and leaves the memory; the rest follows when the document ends.

ReportLab's document keeps every page until the end and then joins them twice: 10,027 pages took 285 MB. Fonts, catalogue and
properties are still its own; pages and pictures are plain objects written here, of which only the place in the file is remembered.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase import pdfdoc

from gridapp.store.files import Sink

_HEAD = b"%PDF-1.7\n%\xe5\xb9\xb3\xe5\xae\x89\n"
#: nobody wrote this object yet
_LATER = 0


@dataclass(frozen=True)
class Place:
    """Where writing stands: bytes, numbers given, what was written into a hash, the places of the objects, the pages."""

    offset: int
    counter: int
    digest: bytes
    offsets: bytes
    kids: bytes


class _Tree(pdfdoc.PDFPages):  # type: ignore[misc]  # ReportLab has no types
    """The page tree: numbers of pages that lie in the file already."""

    def __init__(self, kids: array[int]) -> None:
        super().__init__()
        self._numbers = kids

    def check_format(self, _document: Any) -> None:
        self.Kids = pdfdoc.PDFArray([f"{number} 0 R" for number in self._numbers])
        self.Count = len(self._numbers)


class Document(pdfdoc.PDFDocument):  # type: ignore[misc]  # ReportLab has no types
    """A document that goes out as it is made; `out` is written from where it stands."""

    def __init__(self, out: Sink) -> None:
        super().__init__(pdfVersion=(1, 7), invariant=1, lang="zh-CN")
        self._out, self._offset = out, 0
        self._offsets, self._kids = array("Q", [_LATER]), array("Q")
        self._digest = bytes(16)
        self.Pages = self.Catalog.Pages = _Tree(self._kids)
        self._tree = self.Reference(self.Pages).format(self).decode()
        self._write(_HEAD)

    # -- writing ----------------------------------------------------------------------------------------------

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._offset += len(data)
        self._digest = hashlib.blake2b(self._digest + data, digest_size=16).digest()

    def _put(self, number: int, body: bytes) -> None:
        while len(self._offsets) <= number:
            self._offsets.append(_LATER)
        self._offsets[number] = self._offset
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def stream(self, data: bytes, entries: str = "/Filter /FlateDecode") -> int:
        """Write a stream that is packed already; its number."""
        self.objectcounter += 1
        self._put(self.objectcounter, b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries.encode(), len(data), data))
        number: int = self.objectcounter
        return number

    def page(self, width: float, height: float, resources: str, contents: Sequence[int]) -> None:
        """Write a page whose streams lie in the file."""
        self.objectcounter += 1
        drawn = " ".join(f"{number} 0 R" for number in contents)
        self._put(self.objectcounter, f"<< /Type /Page /Parent {self._tree} /MediaBox [ 0 0 {width:.2f} {height:.2f} ] /Resources {resources} "
                                      f"/Contents [ {drawn} ] >>".encode())
        self._kids.append(self.objectcounter)

    def finish(self) -> None:
        """Write fonts, properties, the page tree and where everything lies."""
        for font in self.delayedFonts:
            font.addObjects(self)
        self.updateSignature(self._digest)
        self.info.invariant = self.invariant
        self.info.digest(self.signature)
        self.Outlines.prepare(self, None)
        if self.Outlines.ready < 0:
            self.Catalog.Outlines = None
        root, about = self.Reference(self.Catalog), self.Reference(self.info)
        done = 0
        while done < len(self.numberToId):  # formatting gives out further numbers
            for number, name in sorted(self.numberToId.items())[done:]:
                self._put(number, pdfdoc.format(self.idToObject[name], self, toplevel=1).strip(b"\n"))
                done += 1
        self._end(root, about)

    def _end(self, root: Any, about: Any) -> None:
        start = self._offset
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset)
        self._write(pdfdoc.PDFTrailer(startxref=start, Size=len(self._offsets), Root=root, Info=about, ID=self.ID()).format(self))

    # -- going on another time --------------------------------------------------------------------------------

    @property
    def place(self) -> Place:
        """Where it stands between two pages."""
        return Place(self._offset, self.objectcounter, self._digest, self._offsets.tobytes(), self._kids.tobytes())

    def go_on(self, place: Place) -> None:
        """Go on as if everything up to `place` had been written here; `out` begins there."""
        self._offset, self.objectcounter, self._digest = place.offset, place.counter, place.digest
        self._offsets[:] = array("Q", place.offsets)
        self._kids[:] = array("Q", place.kids)
