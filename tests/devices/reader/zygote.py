"""Forks reading helpers that have their libraries already: a new one in milliseconds, as confined as ever.

Run as a script with a Unix socket as standard input. Each message is the helper's words, with its standard
input and output as file descriptors; the answer is the helper's number.
"""

import os
import signal
import socket

import onewindow_desk.devices.reader.images
import onewindow_desk.devices.reader.pdf  # noqa: F401  # loaded once, for all children
from onewindow_desk.devices.reader.child import main


def become_helper(words: list[str], given: list[int]) -> None:
    """Never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, descriptor in enumerate(given):
        os.dup2(descriptor, number)
        os.close(descriptor)
    code = 1
    try:
        code = main(words)
    finally:
        os._exit(code)


# Nobody waits for the children here.
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
asked = socket.socket(fileno=os.dup(0))
while True:
    message, descriptors, _, _ = socket.recv_fds(asked, 4096, 2)
    if not message:
        break
    child = os.fork()
    if child == 0:
        asked.close()
        become_helper(message.decode().split(), descriptors)
    for one in descriptors:
        os.close(one)
    asked.send(str(child).encode())
