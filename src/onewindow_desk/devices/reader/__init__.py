"""The reading helper: strange files are opened in a confined process, only pixels come back.

Use `onewindow_desk.devices.reader.client.open_untrusted`.
"""
