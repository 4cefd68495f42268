"""Charts as pictures, as they look on the screen."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, QSaveFile, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator

from desktop import theme
from desktop.charts.plot import Plot

SCALE = 2
TITLE_HEIGHT = 36
MARGIN = 12


def image(chart: Plot, title: str = "") -> QImage:
    """Paint the chart at twice its resolution, under its ``title``."""
    picture = QImage(_size(chart, title) * SCALE, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(SCALE)
    _paint(chart, title, picture)
    return picture


def save_png(chart: Plot, path: str, title: str = "") -> None:
    """Save a PNG. Raises OSError if the file cannot be written."""
    contents = QBuffer()
    image(chart, title).save(contents, "PNG")  # type: ignore[call-overload]  # a device, says Qt
    _write(path, contents.data())


def save_svg(chart: Plot, path: str, title: str = "") -> None:
    """Save an SVG, in which lines stay lines. Raises OSError if the file cannot be written."""
    size, contents = _size(chart, title), QBuffer()
    # The default version of the format cuts nothing off at the axes.
    drawing = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    drawing.setOutputDevice(contents)
    drawing.setSize(size)
    drawing.setViewBox(QRect(QPoint(0, 0), size))
    drawing.setTitle(title)
    _paint(chart, title, drawing)
    _write(path, contents.data())


def _size(chart: Plot, title: str) -> QSize:
    return QSize(chart.width(), chart.height() + (TITLE_HEIGHT if title else 0))


def _paint(chart: Plot, title: str, device: QPaintDevice) -> None:
    chart.point_out(None)
    head = TITLE_HEIGHT if title else 0
    colours, painter = theme.tokens(), QPainter(device)
    painter.fillRect(QRect(QPoint(0, 0), _size(chart, title)), QColor(colours.surface))
    if title:
        font = QFont(chart.font())
        font.setPointSize(13)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        place = QRect(MARGIN, 0, chart.width() - 2 * MARGIN, TITLE_HEIGHT)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, title)
    chart.render(painter, QRectF(QPoint(0, head), chart.size()), chart.viewport().rect())
    painter.end()


def _write(path: str, contents: QByteArray) -> None:
    """Write all of it or nothing."""
    file = QSaveFile(path)
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise OSError(file.errorString())
    file.write(contents)
    if not file.commit():
        raise OSError(file.errorString())
