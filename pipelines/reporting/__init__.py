"""The report to the council: figures, charts, words and pages, made from one sealed build.

Nothing here computes what a mart should hold, judges whether it may be published, or writes
anywhere but in the build's own `report/` folder.
"""

from pipelines.reporting.page import build_report

__all__ = ["build_report"]
