"""Pages of a PDF as pictures, for the screen and for printers."""

from collections.abc import Iterator
from threading import Lock

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPainter

from services.progress import Progress, silent

POINTS = 72
FINEST = 300
"""Dots an inch: on paper the eye tells no more apart."""
DRAWING, PRINTING = "Drawing the pages", "Printing"

_one_at_a_time = Lock()
"""pdfium is not made for several threads."""


def page_images(pdf: bytes, dpi: int, stage: str = DRAWING, progress: Progress = silent) -> Iterator[QImage]:
    """Each page at so many dots an inch. Raises whatever ``progress`` raises."""
    import pypdfium2  # not before there is something to show

    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        for number in range(len(document)):
            progress(stage, number, len(document))
            bitmap = document[number].render(scale=dpi / POINTS, rev_byteorder=True)
            form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBX8888
            # The copy outlives pdfium's memory.
            yield QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, form).copy()
        progress(stage, len(document), len(document))


def print_pages(pdf: bytes, device: QPagedPaintDevice, progress: Progress) -> None:
    """Put the pages that were asked for on whole sheets of paper. Raises whatever ``progress`` raises."""
    dots, wanted = device.logicalDpiX(), device.pageRanges()
    painter = QPainter()
    try:
        for number, image in enumerate(page_images(pdf, min(dots, FINEST), PRINTING, progress), start=1):
            if not wanted.isEmpty() and not wanted.contains(number):
                continue
            if not painter.isActive():
                painter.begin(device)
            else:
                device.newPage()
            sheet = device.pageLayout().fullRect(QPageLayout.Unit.Inch)
            painter.drawImage(QRectF(0, 0, sheet.width() * dots, sheet.height() * dots), image)
    finally:
        painter.end()
