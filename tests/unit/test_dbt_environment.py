"""dbt is told the same in every run, so that it parses the project once."""

from __future__ import annotations

from pathlib import Path

from pipelines.assets import warehouse
from pipelines.dbt_manifest import DBT_PROJECT
from pipelines.settings import Settings


def test_the_usual_lake_is_where_the_sources_look_by_themselves(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    build = settings.builds / "run"
    build.mkdir(parents=True)
    way = warehouse._seen_from(build, settings.lake)
    sources = (DBT_PROJECT / "models" / "staging" / "sources.yml").read_text("utf-8")
    assert f"env_var('SAMKJOP_LAKE', '{way}')" in sources


def test_a_lake_behind_a_link_is_named_by_its_whole_path(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    elsewhere = tmp_path / "disk" / "builds"
    (elsewhere / "run").mkdir(parents=True)
    settings.lake.mkdir(parents=True)
    settings.builds.symlink_to(elsewhere)
    way = warehouse._seen_from(settings.builds / "run", settings.lake)
    assert way == str(settings.lake)
