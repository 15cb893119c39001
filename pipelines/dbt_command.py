"""`samkjop-dbt`: dbt with the build's folder as its working directory.

What dbt is told about where things lie is then the same in every run. Were it not, dbt would parse
the whole project anew each time, which takes as long as all of the small demo's first tables.
"""

from __future__ import annotations

import os

BUILD_VARIABLE = "SAMKJOP_BUILD"


def main() -> None:
    """Run dbt in the folder that SAMKJOP_BUILD names, with this command line."""
    os.chdir(os.environ[BUILD_VARIABLE])
    from dbt.cli.main import cli

    cli()
