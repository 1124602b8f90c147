"""Printing through the system's own printers (CUPS, Windows) as pixels at the printer's resolution.

Pixels because no system prints a PDF silently everywhere, and because a driver can then neither substitute a
font nor scale a bar code. Only for papers this program made.
"""

from PySide6.QtCore import QMarginsF, QPoint
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from onewindow_desk.devices.printer import JobTicket, Paper, PrinterInfo
from onewindow_desk.devices.printer_raster import Band, PrintPages, print_pages, same_size
from onewindow_desk.faults import Refusal

MAX_DPI = 600
"""Bar codes survive a second rastering in the printer at this resolution, and not at 300."""

QT_SIZES = {Paper.A4: QPageSize.PageSizeId.A4, Paper.A5: QPageSize.PageSizeId.A5}


class QtPrinters:
    """The printers of this computer; needs a QGuiApplication, may be used on any thread."""

    def printers(self) -> tuple[PrinterInfo, ...]:
        """The printers there are, the system's default first."""
        found = [_described(info) for info in QPrinterInfo.availablePrinters()]
        return tuple(sorted(found, key=lambda printer: not printer.default))

    def print_pdf(
        self, pdf: bytes, printer: str, paper: Paper, copies: int = 1, title: str = ""
    ) -> JobTicket:
        """Print as told by `PrinterPort.print_pdf`."""
        info = _ready(printer, paper)
        with print_pages(pdf) as pages:
            pages.check_size(paper)
            _print(pages, _device(info, paper, copies, title), printer)
            return JobTicket(printer, paper, copies, len(pages), title)


def _described(info: QPrinterInfo) -> PrinterInfo:
    return PrinterInfo(
        name=info.printerName(),
        title=info.description() or info.printerName(),
        papers=frozenset(paper for paper in Paper if _supports(info, paper)),
        colour=QPrinter.ColorMode.Color in info.supportedColorModes(),
        default=info.isDefault(),
        trouble=_stopped(info),
    )


def _supports(info: QPrinterInfo, paper: Paper) -> bool:
    """Whether the printer takes this paper; by size, since drivers name papers as they like."""
    sizes = (size.size(QPageSize.Unit.Millimeter) for size in info.supportedPageSizes())
    return any(same_size((size.width(), size.height()), paper) for size in sizes)


def _stopped(info: QPrinterInfo) -> str:
    if info.state() in {QPrinter.PrinterState.Error, QPrinter.PrinterState.Aborted}:
        return f"打印机“{info.printerName()}”停着。请检查电源、纸和网线，或换一台打印机。"
    return ""


def _ready(name: str, paper: Paper) -> QPrinterInfo:
    """The printer, if it can print this paper now; raises `Refusal`."""
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise Refusal(f"找不到打印机“{name}”。请检查电源和网线，或换一台打印机。")
    if stopped := _stopped(info):
        raise Refusal(stopped)
    if not _supports(info, paper):
        raise Refusal(f"打印机“{name}”没有设置 {paper} 纸。请放入 {paper} 纸并设置好，或换一台打印机。")
    return info


def _device(info: QPrinterInfo, paper: Paper, copies: int, title: str) -> QPrinter:
    device = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    device.setPageSize(QPageSize(QT_SIZES[paper]))
    device.setPageOrientation(QPageLayout.Orientation.Portrait)
    # The PDF has its own margins; the driver's would shrink it and the bars with it.
    device.setFullPage(True)
    device.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    device.setResolution(min(device.resolution(), MAX_DPI))
    device.setCopyCount(copies)
    device.setDocName(title)
    return device


def _print(pages: PrintPages, device: QPrinter, name: str) -> None:
    """Send every page; raises `Refusal` when the printer does not take the job."""
    refused = Refusal(f"打印机“{name}”没有收下这份文书。请检查打印机后再打印，或换一台打印机。")
    painter = QPainter()
    if not painter.begin(device):
        raise refused
    # Otherwise Qt sends the bars as JPEG.
    painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
    sent = True
    for number in range(len(pages)):
        sent = sent and (number == 0 or device.newPage())
        for band in pages.bands(number, device.resolution()):
            painter.drawImage(QPoint(0, band.top), _image(band))
    sent = painter.end() and sent
    if not sent or device.printerState() is QPrinter.PrinterState.Error:
        raise refused


def _image(band: Band) -> QImage:
    """The band for Qt; grey where nothing is coloured, a quarter of the data."""
    image = QImage(band.pixels, band.width, band.height, band.stride, QImage.Format.Format_RGB32)
    return image.convertToFormat(QImage.Format.Format_Grayscale8) if image.allGray() else image.copy()
