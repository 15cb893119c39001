"""Every lake table: the contracts of all kinds in one place.

What a row must look like stands in `contracts`, one module per kind; how a file is turned into
rows in the extract modules, how tables are written in `pipelines.lake`.
"""

from __future__ import annotations

from pipelines.extracts.contracts import (
    codes,
    ehf,
    enhetsregisteret,
    ledger,
    licences,
    peppol,
    registers,
    saft,
)
from pipelines.extracts.contracts.columns import Table

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *ehf.EHF_TABLES,
        *peppol.TABLES,
        *saft.SAFT_TABLES,
        *ledger.TARGETS.values(),
        *enhetsregisteret.BRREG_TABLES,
        *codes.CODE_TABLES,
        *registers.REGISTER_TABLES,
        *licences.M365_TABLES,
        *licences.LICENCE_REGISTERS,
    )
}

REGISTERS: dict[str, Table] = {
    table.register: table for table in TABLES.values() if table.register is not None
}
