"""Deadlines: the day, why it is that day, and the days between."""

from onewindow_desk.domain.dates import local_date

__all__ = ["local_date"]
