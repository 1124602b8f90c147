import pytest

from onewindow_desk.devices.chosen import SeveralPrinters, chosen_scanner
from onewindow_desk.devices.escl import EsclScanner
from onewindow_desk.devices.printer import Paper
from onewindow_desk.devices.printer_file import NAME, FolderPrinter
from onewindow_desk.devices.sane import SaneScanner
from onewindow_desk.faults import Refusal


@pytest.mark.parametrize(
    ("address", "kind"),
    [("escl:http://127.0.0.1:9/eSCL", EsclScanner), ("sane:test:0", SaneScanner), ("", type(None))],
)
def test_an_address_says_which_scanner(address, kind):
    assert isinstance(chosen_scanner(address), kind)


def test_an_unknown_address_is_refused():
    with pytest.raises(Refusal):
        chosen_scanner("twain:1")


class NoPrinters:
    def printers(self):
        return ()

    def print_pdf(self, *_):
        raise AssertionError("asked for a printer it does not have")


def test_the_port_that_has_the_printer_gets_the_paper(tmp_path):
    several = SeveralPrinters(NoPrinters(), FolderPrinter(tmp_path))
    assert [info.name for info in several.printers()] == [NAME]
    with pytest.raises(Refusal):
        several.print_pdf(b"%PDF", "another", Paper.A5)
