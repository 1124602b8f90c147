"""`python -m onewindow_desk.devices.reader LIMITS`: the helper process."""

import sys

from onewindow_desk.devices.reader.child import main

sys.exit(main(sys.argv[1:]))
