"""The program's arguments: the desk itself, its self-test, its walk-through."""

import argparse
import sys
from pathlib import Path

from onewindow_desk import __version__
from onewindow_desk.devices.reader.limits import HELPER_FLAG


def main(arguments: list[str] | None = None) -> int:
    """Run the desk; the exit code is 0 unless something did not hold."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == [HELPER_FLAG]:
        # A frozen program starts itself to read strange files: nothing else may be loaded then.
        from onewindow_desk.devices.reader.child import main as read_strange_files

        return read_strange_files(words[1:])
    options = _parser().parse_args(words)
    if options.self_test:
        from onewindow_desk.self_test import self_test

        return self_test()
    if options.walkthrough is not None:
        from onewindow_desk.walkthrough import walk_through

        return walk_through(options.walkthrough)
    if options.walkthrough_pair is not None:
        from onewindow_desk.walkthrough_pair import walk_the_pair

        return walk_the_pair(options.walkthrough_pair)
    from onewindow_desk.run import run
    from onewindow_desk.settings import default_folder

    if options.demo is not None:
        return run(options.demo, demo=True)
    return run(options.folder or default_folder(), demo=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="onewindow-desk", description="The desk of a one-window service centre."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--folder", type=Path, help="where the store lies, instead of the usual place")
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument(
        "--demo", type=Path, metavar="DIR", help="an invented street in DIR, founded when missing"
    )
    modes.add_argument("--self-test", action="store_true", help="check this installation; exit 0 or 1")
    modes.add_argument(
        "--walkthrough", type=Path, metavar="DIR", help="do the main job by keys and mouse; papers to DIR"
    )
    modes.add_argument(
        "--walkthrough-pair", type=Path, metavar="DIR", help="two enrolled desks in DIR, their line cut"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
