"""`onewindow-admin [--folder DIR] [--json] COMMAND ...`; `--help` lists the commands.

Exit codes: 0 all is well, 1 something was found, 2 it could not be done (the reason is said).
"""

import json
import sys
from collections.abc import Callable

from onewindow_desk.admin.arguments import parser
from onewindow_desk.faults import Refusal, Unreachable
from onewindow_desk.opening import system_vault
from onewindow_desk.store import SecretVault

CANNOT = 2


def main(arguments: list[str] | None = None, vault: Callable[[], SecretVault] = system_vault) -> int:
    """Do one command and print its answer; returns the exit code."""
    options = parser().parse_args(arguments)
    try:
        answer = options.run(options, vault)
    except (Refusal, Unreachable) as trouble:
        _print_trouble(trouble, as_json=options.json)
        return CANNOT
    print(json.dumps(answer.facts, ensure_ascii=False) if options.json else "\n".join(answer.lines))
    return 0 if answer.sound else 1


def _print_trouble(trouble: Refusal | Unreachable, *, as_json: bool) -> None:
    if not as_json:
        print(trouble.text, file=sys.stderr)
        return
    field = trouble.field if isinstance(trouble, Refusal) else ""
    print(json.dumps({"refused": trouble.text, "field": field}, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
