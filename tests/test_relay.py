import socket
import threading

import pytest

from onewindow_desk.relay import Relay


@pytest.fixture
def echo():
    """A port that says back what it hears."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer(end: socket.socket) -> None:
        with end:
            while heard := end.recv(1024):
                end.sendall(heard)

    def serve() -> None:
        while True:
            try:
                end, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(end,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


def talk(port: int) -> socket.socket:
    end = socket.create_connection(("127.0.0.1", port), timeout=5)
    end.sendall(b"hello")
    return end


def test_bytes_come_through_both_ways(echo):
    with Relay(echo) as relay, talk(relay.port) as end:
        assert end.recv(1024) == b"hello"


def test_a_cut_line_ends_what_runs_and_what_comes(echo):
    with Relay(echo) as relay, talk(relay.port) as running:
        assert running.recv(1024) == b"hello"
        relay.cut()
        assert running.recv(1024) == b""
        with talk(relay.port) as late:
            assert _heard(late) == b""


def test_a_mended_line_carries_new_conversations(echo):
    with Relay(echo) as relay:
        relay.cut()
        relay.mend()
        with talk(relay.port) as end:
            assert end.recv(1024) == b"hello"


def _heard(end: socket.socket) -> bytes:
    try:
        return end.recv(1024)
    except ConnectionResetError:
        return b""
