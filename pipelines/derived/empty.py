"""`python -m pipelines.derived.empty FOLDER`: the derived tables that are missing, without rows.

For those who run dbt by hand, in one go, on a folder that no run has filled.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipelines.derived.contracts import write_empty

if __name__ == "__main__":
    write_empty(Path(sys.argv[1]), overwrite=False)
