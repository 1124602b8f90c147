"""`python onewindow-verify.pyz DUMP`, or `python -m onewindow_desk.admin.verifier DUMP`."""

import sys

from onewindow_desk.admin.verifier.command import main

if __name__ == "__main__":
    sys.exit(main())
