"""Inside the helper: take bytes from standard input, send pages as bare pixels to standard output.

What goes wrong in a decoder is not caught here: the helper dies, and the desk says that the file is damaged.
"""

import os
import sys
from typing import BinaryIO

from onewindow_desk.devices.media import MediaType, sniff
from onewindow_desk.devices.reader import frames
from onewindow_desk.devices.reader.confine import confine
from onewindow_desk.devices.reader.frames import Kind, Reason
from onewindow_desk.devices.reader.limits import Limits
from onewindow_desk.devices.reader.rejected import Rejected


def main(arguments: list[str]) -> int:
    """Run the helper; `arguments` are the words of `Limits`."""
    limits = Limits.of_words(arguments)
    out = _own_output()
    data = sys.stdin.buffer.read(limits.max_bytes + 1)
    media = sniff(data[:8])
    # A library is loaded before the rights are given up, and only the one this file needs.
    if media is MediaType.PDF:
        from onewindow_desk.devices.reader.pdf import pages
    else:
        from onewindow_desk.devices.reader.images import pages
    reached = confine(limits)
    frames.write(out, Kind.CONFINED, bytes([reached]))
    try:
        if media is None:
            raise Rejected(Reason.KIND)
        for page in pages(data, limits):
            frames.write(out, Kind.PAGE, frames.pack_page(page))
    except Rejected as rejected:
        frames.write(out, Kind.REFUSED, rejected.reason.encode("ascii"))
    except MemoryError:
        frames.write(out, Kind.REFUSED, Reason.PIXELS.encode("ascii"))
    else:
        frames.write(out, Kind.END)
    return 0


def _own_output() -> BinaryIO:
    """Keep standard output for frames; whatever a library prints goes nowhere."""
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(own, "wb")
