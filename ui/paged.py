"""A finished PDF in memory, drawn page by page for the screen, and strip by strip for a printer."""

from __future__ import annotations

from PySide6.QtGui import QImage

POINTS = 72


class Document:
    """A PDF in memory, drawn page by page by pdfium; nothing stays open between pages."""

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        self.data = data
        with pypdfium2.PdfDocument(data) as pdf:
            self._pages = len(pdf)

    def __len__(self) -> int:
        return self._pages

    def image(self, number: int, *, dpi: int = 0, width: int = 0) -> QImage:
        """Page `number` from 0, at `dpi` or `width` pixels wide, on white (pdfium's ground is transparent: black when saved or printed)."""
        import pypdfium2

        with pypdfium2.PdfDocument(self.data) as pdf:
            page = pdf[number]
            scale = dpi / POINTS if dpi else width / page.get_width()
            bitmap = page.render(scale=scale, fill_color=(255, 255, 255, 255), rev_byteorder=True, prefer_bgrx=True)
            image = QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888).copy()
            bitmap.close()
            page.close()
        return image

    def strip(self, number: int, dpi: int, line: int, lines: int) -> tuple[QImage, bool]:
        """So many lines of page `number` at `dpi`, from `line` on, and whether there is more of it: a page at 600 dpi is 140 MB at once."""
        import pypdfium2
        from pypdfium2 import raw

        with pypdfium2.PdfDocument(self.data) as pdf:
            page = pdf[number]
            width, height = (round(side * dpi / POINTS) for side in page.get_size())
            rows = min(lines, height - line)
            bitmap = pypdfium2.PdfBitmap.new_native(width, rows, raw.FPDFBitmap_BGRx)
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, rows)
            raw.FPDF_RenderPageBitmap(bitmap, page, 0, -line, width, height, 0, raw.FPDF_ANNOT)
            image = QImage(bytes(bitmap.buffer), width, rows, bitmap.stride, QImage.Format.Format_RGB32).copy()
            bitmap.close()
            page.close()
        return image, line + rows < height
