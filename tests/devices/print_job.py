"""Prints with the desk's own adapter in a process of its own: libcups looks for its server only once.

Arguments: `list`, or `print FILE PRINTER PAPER COPIES`. Answers with one line of JSON.
"""

import json
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from onewindow_desk.devices.printer import Paper
from onewindow_desk.devices.printer_qt import QtPrinters
from onewindow_desk.faults import Refusal


def answer(words: list[str]) -> object:
    if words[0] == "list":
        return [
            {
                "name": found.name,
                "papers": sorted(found.papers),
                "colour": found.colour,
                "trouble": found.trouble,
            }
            for found in QtPrinters().printers()
        ]
    _, file, printer, paper, copies = words
    try:
        ticket = QtPrinters().print_pdf(
            Path(file).read_bytes(), printer, Paper(paper), int(copies), "材料接收凭证"
        )
    except Refusal as refusal:
        return {"refused": refusal.text}
    return {"pages": ticket.pages, "copies": ticket.copies, "reference": ticket.reference}


application = QGuiApplication(sys.argv[:1])
print(json.dumps(answer(sys.argv[1:])))
