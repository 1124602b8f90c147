"""Where fonts for papers are found: file names by system, best first.

Only faces with TrueType outlines that print simplified characters in the shapes used in China;
the last of each chain carry the rare ones. `index` is the face's place in a collection.
"""

import os
import sys
from pathlib import Path

from msgspec import Struct


class FontFile(Struct, frozen=True):
    """A face by file name, searched in the font folders."""

    name: str
    index: int = 0


# Regular weight. Windows: 微软雅黑, 等线, 黑体, then 宋体 and its two supplements for rare characters.
REGULAR = (
    FontFile("msyh.ttc"),
    FontFile("Deng.ttf"),
    FontFile("simhei.ttf"),
    FontFile("NotoSansSC-Regular.ttf"),
    FontFile("wqy-microhei.ttc"),
    FontFile("wqy-zenhei.ttc"),
    FontFile("simsun.ttc"),
    FontFile("simsunb.ttf"),
    FontFile("SimsunExtG.ttf"),
    FontFile("HanaMinA.ttf"),
    FontFile("HanaMinB.ttf"),
)

# Bold weight; a character none of these has is drawn with the regular face and a thin outline.
BOLD = (
    FontFile("msyhbd.ttc"),
    FontFile("Dengb.ttf"),
    FontFile("NotoSansSC-Bold.ttf"),
)

_LINUX = (
    "/usr/share/fonts/truetype/wqy",
    "/usr/share/fonts/truetype/hanazono",
    "/usr/share/fonts/truetype",
    "/usr/local/share/fonts",
)


def font_folders() -> tuple[Path, ...]:
    """The folders of this system that hold fonts, best first."""
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        own = Path(os.environ.get("LOCALAPPDATA", ""), "Microsoft", "Windows", "Fonts")
        return (windows / "Fonts", own)
    return tuple(map(Path, _LINUX))


def installed(files: tuple[FontFile, ...], folders: tuple[Path, ...]) -> tuple[tuple[Path, int], ...]:
    """Those of the files that are there, as (path, index), in the order of the list."""
    places = ((folder / file.name, file.index) for file in files for folder in folders)
    found: dict[str, tuple[Path, int]] = {}
    for path, index in places:
        if path.name not in found and path.is_file():
            found[path.name] = (path, index)
    return tuple(found.values())
