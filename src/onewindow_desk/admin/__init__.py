"""The administrator's command line: `onewindow-admin`."""
