"""How the decoders turn a file down."""

from onewindow_desk.devices.reader.frames import Reason


class Rejected(Exception):
    """The file is not to be opened further, for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason
