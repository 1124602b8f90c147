"""Put the walk-throughs' pictures into docs/pictures/: `python packaging/pictures.py WALK_DIR PAIR_DIR`."""

import shutil
import sys
from pathlib import Path

from PIL import Image

from onewindow_desk.documents.preview import render_page

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
SCREENS = ("today", "intake", "item-search", "keys")
LINE_DOWN = "desk-1-line-down"
RECEIPT_WIDTH = 1000


def main() -> None:
    """Copy the screens and draw the first receipt."""
    walked = Path(sys.argv[1])
    PICTURES.mkdir(exist_ok=True)
    for name in SCREENS:
        shutil.copyfile(walked / f"{name}.png", PICTURES / f"{name}.png")
    shutil.copyfile(Path(sys.argv[2]) / f"{LINE_DOWN}.png", PICTURES / "line-down.png")
    receipt = min((walked / "papers").glob("*.pdf"))
    raster = render_page(receipt.read_bytes(), 0, RECEIPT_WIDTH)
    image = Image.frombytes("RGBA", (raster.width, raster.height), raster.rgba)
    image.convert("L").save(PICTURES / "receipt.png", optimize=True)
    print(f"the pictures are in {PICTURES}")


if __name__ == "__main__":
    main()
