"""Our eSCL client against a scanner that misbehaves on demand."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from onewindow_desk.devices.escl import EsclScanner, Patience
from onewindow_desk.devices.escl_line import Line, certificate_pin
from onewindow_desk.devices.scanner import Colour, ScanSettings, Source, never
from onewindow_desk.devices.simulated.escl import Mischief, SimulatedEscl
from onewindow_desk.faults import Refusal, Unreachable

QUICK = Patience(answer=10, page=10)
HASTY = Patience(answer=10, page=0.5)
FEEDER = ScanSettings(dpi=100)
FLATBED = ScanSettings(dpi=100, source=Source.FLATBED)


class Desk:
    """Collects the pages of one scanner."""

    def __init__(self, scanner: SimulatedEscl, patience: Patience = QUICK, pin: str = "") -> None:
        self.pages: list[bytes] = []
        self.client = EsclScanner("窗口扫描仪", scanner.address, pin=pin, patience=patience)

    def scan(self, settings: ScanSettings = FEEDER, cancelled=never) -> int:
        return self.client.scan(settings, lambda data, _: self.pages.append(data), cancelled)


def test_feeder_is_scanned_until_it_is_empty():
    with SimulatedEscl(sheets_loaded=3) as scanner:
        desk = Desk(scanner)
        assert desk.scan() == 3
        assert len(set(desk.pages)) == 3
        with pytest.raises(Refusal, match="没有纸"):
            desk.scan()
        assert scanner.cancelled_jobs == []


def test_flatbed_gives_one_page_with_an_empty_feeder():
    with SimulatedEscl(sheets_loaded=0) as scanner:
        assert Desk(scanner).scan(FLATBED) == 1


def test_grey_pages_are_grey():
    with SimulatedEscl(sheets_loaded=1) as scanner:
        desk = Desk(scanner)
        desk.scan(ScanSettings(dpi=100, colour=Colour.GREY))
    # JPEG start of frame: one component.
    frame = desk.pages[0].index(b"\xff\xc0")
    assert desk.pages[0][frame + 9] == 1


def test_name_is_the_persons():
    assert EsclScanner("窗口扫描仪", "http://127.0.0.1:1").name == "窗口扫描仪"


@pytest.mark.parametrize(
    ("mischief", "words"), [(Mischief.JAM, "卡纸"), (Mischief.COVER_OPEN, "盖子"), (Mischief.BUSY, "别人")]
)
def test_trouble_before_the_start_is_named(mischief, words):
    with SimulatedEscl(mischief=mischief) as scanner, pytest.raises(Refusal, match=words):
        Desk(scanner).scan()


@pytest.mark.parametrize(("mischief", "words"), [(Mischief.JAM, "卡纸"), (Mischief.COVER_OPEN, "盖子")])
def test_trouble_after_two_pages_keeps_them_and_scanning_goes_on(mischief, words):
    with SimulatedEscl(sheets_loaded=5, mischief=mischief, strikes_after=2) as scanner:
        desk = Desk(scanner)
        with pytest.raises(Refusal, match=words):
            desk.scan()
        assert len(desk.pages) == 2
        scanner.load(3)
        assert desk.scan() == 3
        assert len(set(desk.pages)) == 5


@pytest.mark.parametrize(
    ("mischief", "words"),
    [
        (Mischief.CUT, "没有应答"),
        (Mischief.GIANT, "看不懂"),
        (Mischief.GIANT_CLAIM, "看不懂"),
        (Mischief.NOT_A_PAGE, "看不懂"),
    ],
)
def test_bad_page_ends_the_job_keeps_the_good_ones_and_frees_the_scanner(mischief, words):
    with SimulatedEscl(mischief=mischief, strikes_after=1) as scanner:
        desk = Desk(scanner)
        with pytest.raises(Unreachable, match=words):
            desk.scan()
        assert len(desk.pages) == 1
        assert scanner.cancelled_jobs == ["/eSCL/ScanJobs/1"]


def test_silence_in_mid_page_ends_by_itself():
    with SimulatedEscl(mischief=Mischief.STALL, strikes_after=1) as scanner:
        desk = Desk(scanner, HASTY)
        with pytest.raises(Unreachable, match="没有应答"):
            desk.scan()
        assert len(desk.pages) == 1
        assert scanner.cancelled_jobs == ["/eSCL/ScanJobs/1"]


def test_cancel_in_mid_page_returns_what_there_is_and_stops_the_scanner():
    with SimulatedEscl(mischief=Mischief.STALL, strikes_after=1) as scanner:
        desk = Desk(scanner)
        assert desk.scan(cancelled=scanner.stalled.is_set) == 1
        assert scanner.cancelled_jobs == ["/eSCL/ScanJobs/1"]


def test_cancel_between_pages_stops_the_scanner():
    with SimulatedEscl(sheets_loaded=9) as scanner:
        desk = Desk(scanner)
        count = desk.scan(cancelled=lambda: len(desk.pages) >= 2)
        assert count == len(desk.pages) == 2
        assert scanner.cancelled_jobs == ["/eSCL/ScanJobs/1"]


def test_cancel_before_the_start_asks_for_no_page():
    with SimulatedEscl() as scanner:
        assert Desk(scanner).scan(cancelled=lambda: True) == 0
        assert not any("NextDocument" in request for request in scanner.requests)
        assert scanner.jobs == {}


def test_desk_that_cannot_keep_a_page_stops_the_scanner():
    def full(data: bytes, media: str) -> None:
        raise Refusal("磁盘满了。")

    with SimulatedEscl() as scanner:
        with pytest.raises(Refusal, match="磁盘"):
            Desk(scanner).client.scan(FEEDER, full, never)
        assert scanner.cancelled_jobs == ["/eSCL/ScanJobs/1"]


def test_scanner_that_says_not_yet_is_asked_again():
    with SimulatedEscl(mischief=Mischief.NOT_YET, strikes_after=1) as scanner:
        assert Desk(scanner).scan() == 3


@pytest.mark.parametrize("mischief", [Mischief.MALFORMED, Mischief.BOMB])
def test_nonsense_is_not_believed(mischief):
    with SimulatedEscl(mischief=mischief) as scanner, pytest.raises(Unreachable, match="看不懂"):
        Desk(scanner).scan()


def test_job_is_never_followed_to_another_machine():
    with SimulatedEscl(mischief=Mischief.ELSEWHERE) as scanner:
        assert Desk(scanner).scan() == 3
        assert "GET /eSCL/ScanJobs/1/NextDocument" in scanner.requests


def test_scanner_that_is_switched_off_is_out_of_reach():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Unreachable, match="没有应答"):
            EsclScanner("x", address).scan(FEEDER, lambda *_: None, never)


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "ftp://10.0.0.5", "http://", "http://a:port/", "file:///etc"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(Refusal) as caught:
        Line(address)
    assert caught.value.field == "address"


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    """A scanner's own certificate, as a file with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "scanner")])
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("scanner") / "identity.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def secure(identity):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity)
    with SimulatedEscl(context=context) as scanner:
        yield scanner


def test_pinned_certificate_is_accepted_also_with_colons(secure):
    pin = certificate_pin("127.0.0.1", secure.port)
    assert Desk(secure, pin=pin).scan() == 3
    secure.load(1)
    spaced = ":".join(pin[at : at + 2].upper() for at in range(0, 64, 2))
    assert Desk(secure, pin=spaced).scan() == 1


def test_pin_may_stand_in_the_address(secure):
    address = f"{secure.address}#{certificate_pin('127.0.0.1', secure.port)}"
    assert EsclScanner("x", address).scan(FEEDER, lambda *_: None, never) == 3
    with pytest.raises(Refusal, match="证书"):
        EsclScanner("x", f"{secure.address}#{'0' * 64}").scan(FEEDER, lambda *_: None, never)


def test_another_certificate_is_refused_before_anything_is_asked(secure):
    with pytest.raises(Refusal, match="证书"):
        Desk(secure, pin="0" * 64).scan()
    assert secure.requests == []


def test_unknown_certificate_without_a_pin_is_refused(secure):
    with pytest.raises(Refusal, match="证书"):
        Desk(secure).scan()
    assert secure.requests == []


def test_pin_demands_a_secure_line():
    with SimulatedEscl() as scanner, pytest.raises(Refusal, match="证书"):
        Desk(scanner, pin="0" * 64).scan()


def test_cancel_works_on_a_secure_line_too(secure):
    secure.mischief, secure.strikes_after = Mischief.STALL, 1
    desk = Desk(secure, pin=certificate_pin("127.0.0.1", secure.port))
    assert desk.scan(cancelled=secure.stalled.is_set) == 1


def test_two_desks_cannot_mix_their_pages():
    with SimulatedEscl(sheets_loaded=4) as scanner:
        desks = [Desk(scanner), Desk(scanner)]
        errors: list[Refusal] = []

        def scan(desk: Desk) -> None:
            try:
                desk.scan()
            except Refusal as refusal:
                errors.append(refusal)

        threads = [threading.Thread(target=scan, args=(desk,)) for desk in desks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(desks[0].pages + desks[1].pages)) == 4
