"""Wrong marts that the gate lets through: each is a defect planted in a build that passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_quality.gate import run_gate
from tests.integration.sealed_fixture import make_sealed_build

pytestmark = pytest.mark.slow

DEFECTS = {
    "outside_period is not the lines' sum": (
        "update mart_loyalty set outside_period_nok = outside_period_nok + 1000"
    ),
    "undetermined amounts are not the lines'": (
        "update mart_loyalty set undetermined_negative_nok = undetermined_negative_nok + 1000, "
        "loyalty_low = cast(on_agreement_nok as double) / nullif(cast(on_agreement_nok "
        "+ wrong_zone_nok + off_agreement_nok + undetermined_negative_nok + 1000 as double), 0) "
        "where loyalty_low is not null"
    ),
    "rows with purchases are called not assessed": (
        "update mart_loyalty set status = 'not_assessed', loyalty_low = null, loyalty_high = null"
    ),
    "the known share is not the lines'": "update mart_loyalty_unit set classified_share = 0.01",
    "the median is another": (
        "update mart_supplier_average set median_nok = coalesce(median_nok, 0) + 1000000"
    ),
    "uncovered spend is called covered": (
        "update mart_coverage set covered_nok = covered_nok + uncovered_nok, uncovered_nok = 0, "
        "coverage_share = case when covered_nok + voluntary_nok + uncovered_nok > 0 then 1 end "
        "where voluntary_nok = 0 and uncovered_nok > 0"
    ),
}


@pytest.mark.xfail(strict=True, reason="no expectation works this figure out of the spend lines")
@pytest.mark.parametrize("name", DEFECTS)
def test_a_wrong_figure_is_blocked(name: str, tmp_path: Path) -> None:
    make_sealed_build(tmp_path, [DEFECTS[name]])
    verdict = run_gate(tmp_path)
    assert verdict.errors == ()
    assert verdict.status == "failed"
