"""What each command of `samkjop` does and says, in Norwegian; returns its exit status."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.builds import parse_as_of
from pipelines.errors import HomeError, UsageError
from pipelines.lake import manifests
from pipelines.lake.home import lock, make_home, remove_tree, replace_file
from pipelines.lake.landing import waiting_files
from pipelines.settings import HOME_VARIABLE, Settings

_DEMO_MARK = ".samkjop-demo.json"
_SHOWN = 20
_MOST_LINES = 100_000  # of a workbook


def _say(text: str) -> None:
    print(text, flush=True)


def run(settings: Settings, as_of: str, rebuild: bool) -> int:
    """Run the job and say what came of it."""
    from pipelines import runner

    day = parse_as_of(as_of)
    make_home(settings)
    if nothing_ever(settings):
        _say(f"{settings.landing} er tom, og ingenting er lest inn før: legg filer der først")
        return 0
    return _report_run(settings, runner.run(settings, day, rebuild))


def nothing_ever(settings: Settings) -> bool:
    """Return whether there is nothing to build from: no file waiting, none loaded before."""
    return not waiting_files(settings.landing) and not manifests.load_known(settings).files


def _report_run(settings: Settings, result: Any) -> int:
    from pipelines import runner

    outcome = result.outcome
    _say_outcome(outcome)
    if result.is_unchanged:
        _say("uendret: ingenting nytt siden forrige publisering")
    if result.exit_status == runner.BLOCKED:
        print(
            "samkjop: kvalitetsporten stanset publiseringen; det forrige øyeblikksbildet gjelder "
            f"fortsatt. Se {result.build_dir / 'quality' / 'index.html'}",
            file=sys.stderr,
        )
    elif result.exit_status == runner.FAULT:
        print(f"samkjop: {result.failure or 'kjøringen stanset'}", file=sys.stderr)
    elif result.snapshot is not None:
        issues = _register_issues(result.snapshot)
        for line in issues[:_SHOWN]:
            _say(f"register: {line}")
        _say(f"publisert: {result.snapshot.name}")
        _say(f"rapport:   {settings.published / 'current' / 'report' / 'index.html'}")
        if issues and outcome.get("new"):
            return int(runner.WITH_QUARANTINE)
    return int(result.exit_status)


def _say_outcome(outcome: dict[str, Any]) -> None:
    if not outcome:
        return
    _say(
        f"filer: {outcome['new']} nye, {outcome['known']} kjente fra før, "
        f"{outcome.get('duplicates', 0)} duplikater, {outcome['quarantined_files']} i karantene"
    )
    for item in outcome["rejections"][:_SHOWN]:
        _say(f"karantene: {item['file']}, {item['place']}: {item['reason']}")
    more = len(outcome["rejections"]) - _SHOWN
    if more > 0:
        _say(f"karantene: … og {more} til; «samkjop status» viser hvor de ligger")
    for name in outcome["still_being_written"]:
        _say(f"venter: {name} skrives ennå, og tas med neste gang")
    for note in outcome["notes"][:_SHOWN]:
        _say(f"merk: {note}")
    more = len(outcome["notes"]) - _SHOWN
    if more > 0:
        _say(f"merk: … og {more} til; de står i dagster/siste-kjoring.log")


def _register_issues(snapshot: Path) -> list[str]:
    import duckdb

    from pipelines.publication.seal import DATABASE

    with duckdb.connect(str(snapshot / DATABASE), read_only=True) as connection:
        rows = connection.execute(
            "select file_name, source_row, reason from mart_register_issue "
            "order by file_name, source_row, column_name"
        ).fetchall()
    return [f"{name}, rad {row}: {reason}" for name, row, reason in rows]


def demo(home: Path, scale: str, seed: int) -> int:
    """Make the invented municipality in a home of its own and run everything."""
    from pipelines import runner

    settings = _demo_home(home, scale, seed)
    mark = json.loads((settings.home / _DEMO_MARK).read_text("utf-8"))
    result = runner.run(settings, date.fromisoformat(mark["as_of"]))
    status = _report_run(settings, result)
    return 0 if status == runner.WITH_QUARANTINE else status  # the faults are planted


def _demo_home(home: Path, scale: str, seed: int) -> Settings:
    root = home.absolute()
    mark = root / _DEMO_MARK
    if root.exists() and any(root.iterdir()) and not mark.exists():
        raise HomeError(
            f"{root}: forventet en tom mappe eller en demo, fant noe annet. "
            "Velg en annen med --home; demoen overskriver ikke."
        )
    wanted = {"scale": scale, "seed": seed, "generator": _generator_version()}
    if mark.exists():
        made = json.loads(mark.read_text("utf-8"))
        if {name: made.get(name) for name in wanted} == wanted:
            return Settings.load(root)
        with lock(Settings.load(root), "samkjop demo"):
            for path in root.iterdir():
                if path.name != _DEMO_MARK:
                    remove_tree(path) if path.is_dir() else path.unlink()
    return _make_demo(root, wanted)


def _generator_version() -> str:
    from pipelines.dbt_manifest import tree_hash

    return tree_hash([Path(__file__).parent / "demo"], (".py",))[:16]


def _make_demo(root: Path, wanted: dict[str, Any]) -> Settings:
    from pipelines.demo.generate import write_demo

    try:
        root.mkdir(parents=True, exist_ok=True)
        replace_file(root / _DEMO_MARK, json.dumps({"begun": True}).encode())
    except OSError as error:
        raise HomeError(
            f"{root}: forventet en mappe som kan skrives i, men: {error.strerror}. "
            "Velg en annen med --home."
        ) from error
    settings = Settings.load(root)
    make_home(settings)
    _say(f"… lager en oppdiktet kommune ({wanted['scale']}, frø {wanted['seed']})")
    truth = write_demo(settings.landing, wanted["scale"], wanted["seed"])
    truth.write(root / "truth.json")
    text = f'municipality_name = "{truth.municipality_name}"\n'
    replace_file(settings.config / "samkjop.toml", text.encode())
    mark = {**wanted, "as_of": truth.as_of.isoformat()}
    replace_file(root / _DEMO_MARK, json.dumps(mark).encode())
    return Settings.load(root)


def check(settings: Settings, paths: list[Path]) -> int:
    """Say what each file is and what would be rejected; write nothing."""
    from pipelines.extracts.readers import Reader
    from pipelines.lake.batches import read_options, read_source
    from pipelines.lake.landing import SourceFile, read_files

    reader = Reader(replace(read_options(settings, b"samkjop check"), spill=None))
    names: dict[str, list[str]] = {}
    for given in paths:
        path = given.absolute()
        if not path.exists() and not path.is_symlink():
            raise UsageError(f"{given}: forventet en fil eller mappe, fant ingenting. Rett stien.")
        folder = path if path.is_dir() else path.parent
        files = waiting_files(path) if path.is_dir() else [path]
        for source in read_files(map(str, files), settings, folder, set()):
            if not isinstance(source, SourceFile):
                continue
            seen = source.sha256 in names
            names.setdefault(source.sha256, []).append(source.name)
            if not seen:
                read_source(source, reader)
    return _say_check(names, reader.finish())


def _say_check(names: dict[str, list[str]], extracted: Any) -> int:
    from pipelines.extracts.readers import KIND_NAMES

    for sha256, same in names.items():
        facts = extracted.facts[sha256]
        kind = ", ".join(extracted.registers.get(sha256, ())) or KIND_NAMES[extracted.kinds[sha256]]
        money = "" if facts.amount_in is None else f", {facts.amount_in} {facts.currency or ''}"
        _say(f"{same[0]}: {kind}, {facts.rows_accepted} av {facts.rows_in} rader godtas{money}")
        for rejection in extracted.rejections:
            if rejection.source_sha256 == sha256:
                _say(f"  karantene: {rejection.place}: {rejection.reason}")
        for note in extracted.notes.get(sha256, ()):
            _say(f"  merk: {note}")
        for other in same[1:]:
            _say(f"{other}: samme innhold som {same[0]}")
    if not names:
        _say("ingen filer")
    return 3 if extracted.rejections else 0


def publish(settings: Settings, build: str | None) -> int:
    """Publish a sealed build whose verdict passed."""
    from pipelines.builds import chosen_build
    from pipelines.publication import snapshot

    make_home(settings)
    with lock(settings, "samkjop publish"):
        build_dir = chosen_build(settings, None, build, "seal.json")
        path = snapshot.publish(build_dir, settings.published)
    _say(f"publisert: {path.name}")
    return 0


def rollback(settings: Settings, name: str | None) -> int:
    """Move the pointer to an earlier snapshot."""
    from pipelines.publication import snapshot

    make_home(settings)
    with lock(settings, "samkjop rollback"):
        path = snapshot.rollback(settings.published, name)
    _say(f"gjeldende øyeblikksbilde er nå {path.name}")
    return 0


def withdraw(settings: Settings, sha: str, reason: str) -> int:
    """Leave a loaded file out of later builds."""
    _existing(settings)
    with lock(settings, "samkjop withdraw"):
        found = manifests.withdraw(settings, sha, reason)
    _say(f"trukket tilbake: {found}. Kjør «samkjop run» for å bygge uten den.")
    return 0


def quarantine(settings: Settings, options: Namespace) -> int:
    """List or show what lies in quarantine, or record a decision about it."""
    from pipelines.lake import quarantine as rooms

    _existing(settings)
    if options.action == "list":
        return _say_items(rooms.items(settings), options.all)
    if options.action == "show":
        return _say_item(settings, rooms.item_of(settings, options.sha))
    with lock(settings, f"samkjop quarantine {options.action}"):
        item = rooms.settle(settings, options.sha, options.action == "accept", options.reason)
    what = "godtatt" if options.action == "accept" else "avvist"
    if item.what != "conflict":
        _say(f"lagt til side: {item.name}. Tallene er som før.")
    else:
        _say(f"{what}: {item.name}. Kjør «samkjop run» for å bygge med avgjørelsen.")
    return 0


_WHAT = {"conflict": "konflikt", "file": "avvist  ", "rows": "rader   "}
_DECIDED = {"accept": "godtatt", "reject": "avvist", "set_aside": "lagt til side"}


def _say_items(items: list[Any], is_all: bool) -> int:
    shown = [item for item in items if is_all or not item.made]
    for item in shown:
        more = f" (og {len(item.problems) - 1} til)" if len(item.problems) > 1 else ""
        place, reason = item.problems[0]
        state = f" [{_DECIDED[item.made[-1]['decision']]}]" if item.made else ""
        _say(f"{item.sha256[:12]}  {_WHAT[item.what]}{state}  {item.name}, {place}: {reason}{more}")
    hidden = len(items) - len(shown)
    rest = f"; {hidden} avgjort («--all» viser dem)" if hidden else ""
    files = "1 fil" if len(shown) == 1 else f"{len(shown)} filer"
    _say(f"{files} venter{rest}" if shown or hidden else "karantenen er tom")
    return 0


def _say_item(settings: Settings, item: Any) -> int:
    from pipelines.lake.quarantine import differences

    _say(f"fil:     {item.name}")
    _say(f"SHA-256: {item.sha256}")
    folder = settings.archive
    if item.what == "file":
        folder = settings.quarantine / item.batch / "files"
    _say(f"original: {folder / item.sha256} (eller i arkivet den kom i)")
    for number, (place, reason) in enumerate(item.problems):
        _say(f"{place}: {reason}")
        if number < len(item.raw) and item.raw[number]:
            _say(f"    {item.raw[number]}")
    if item.other is not None:
        _say(f"den andre: {item.other_name} ({item.other})")
        for column, left, right in differences(settings, item):
            _say(f"  {column}: «{left}» i den andre, «{right}» i denne")
    for decision in item.made:
        _say(f"{_DECIDED[decision['decision']]} {decision['at'][:10]}: {decision['reason']}")
    return 0


def mapping(settings: Settings, options: Namespace) -> int:
    """Draft a mapping from a file, or try the ones there are."""
    from pipelines.extracts.mapping import load_mappings

    if options.action == "check":
        folder = settings.config / "mappings"
        for each in load_mappings(folder):
            _say(f"{each.name}: til {each.table.name}, leser {', '.join(sorted(each.headings))}")
        return 0
    return _suggest(options.file, options.out)


def _suggest(file: Path, out: Path | None) -> int:
    from pipelines.extracts.mapping_suggest import suggest

    if not file.is_file():
        raise UsageError(f"{file}: forventet en fil, fant ingen. Rett stien.")
    text = suggest(file.read_bytes(), file.name).text
    if out is None:
        _say(text.rstrip("\n"))
        return 0
    if out.exists():
        raise UsageError(f"{out}: finnes alt. Velg et annet navn, eller slett den først.")
    out.parent.mkdir(parents=True, exist_ok=True)
    replace_file(out, text.encode())
    _say(f"skrevet: {out}. Se over den, og prøv den med «samkjop check {file}».")
    return 0


def categories(settings: Settings, options: Namespace) -> int:
    """Ask a person for the categories of the largest unknown purchases, or take the answers."""
    from pipelines.categories import commands as questions

    _existing(settings)
    if options.action == "export":
        lines, status = questions.export(settings, options.file, options.limit)
    else:
        with lock(settings, "samkjop categories import"):
            lines, status = questions.import_(settings, options.file)
    for line in lines:
        _say(line)
    return status


def licences(settings: Settings, options: Namespace) -> int:
    """Show the licence plan, write its lists, or join names back to a list of accounts."""
    from pipelines.licences import commands as lists

    _existing(settings)
    if options.action == "plan":
        lines, status = lists.plan(settings, options.scenario, options.out)
    elif options.action == "list":
        lines, status = lists.list_(settings, options.out)
    else:
        lines, status = lists.names(settings, options.file, options.out)
    for line in lines:
        _say(line)
    return status


def calendar(settings: Settings, out: Path, days: int | None) -> int:
    """Write the coming events of the agreements to a calendar file (E12)."""
    from pipelines.publication.calendar import export_calendar

    _say(f"{out}: {export_calendar(settings.published, out, days)} hendelser")
    return 0


def templates(folder: Path) -> int:
    """Write an empty workbook for every register."""
    from pipelines.reporting.templates import write_templates

    for path in write_templates(folder):
        _say(f"skrevet: {path}")
    return 0


def explain(settings: Settings, options: Namespace) -> int:
    """Show what a published figure rests on, or write it to a workbook."""
    from pipelines.explain.answer import Question, explain
    from pipelines.explain.show import as_text, write_workbook

    _existing(settings)
    conditions = dict(word.split("=", 1) for word in options.rest if "=" in word)
    columns = [word for word in options.rest if "=" not in word]
    if len(columns) > 1:
        raise UsageError(
            f"explain: forventet én kolonne, fant {', '.join(columns)}. "
            "Hvilken rad det gjelder, skrives som kolonne=verdi."
        )
    question = Question(options.table, columns[0] if columns else None, conditions)
    limit = options.limit or (_SHOWN if options.out is None else _MOST_LINES)
    answer = explain(settings, question, options.snapshot, limit)
    if options.out is not None:
        write_workbook(answer, options.out)
        _say(f"skrevet: {options.out}")
    else:
        for line in as_text(answer, options.raw):
            _say(line)
    return 0 if answer.is_complete else 3


def _existing(settings: Settings) -> None:
    if not settings.lake.is_dir():
        raise HomeError(
            f"{settings.home}: forventet en hjemmemappe, fant ingen. "
            "Kjør «samkjop run» først, eller angi en annen med --home."
        )


def status(settings: Settings, files: bool) -> int:
    """Show snapshots, batches, quarantine and the last verdict."""
    from pipelines.publication.snapshot import current_snapshot, list_snapshots

    _existing(settings)
    current = current_snapshot(settings.published)
    snapshots = list_snapshots(settings.published)
    batches = manifests.batch_names(settings.lake)
    _say(f"hjem:            {settings.home}")
    _say(f"gjeldende:       {current.name if current else 'ingen'}")
    _say(f"øyeblikksbilder: {len(snapshots)}")
    for name in reversed(snapshots[-_SHOWN:]):
        _say(f"  {name}")
    known = manifests.load_known(settings)
    _say(f"lager:           {len(known.files)} filer i {len(batches)} leveranser")
    withdrawn = manifests.withdrawn_files(settings)
    for sha256, record in withdrawn.items():
        _say(f"  trukket tilbake: {sha256[:16]} ({record['reason']})")
    _say_quarantine(settings, batches)
    _say_verdict(current)
    if files:
        for sha256, (batch, accepted) in sorted(known.files.items()):
            verdict = "lest     " if accepted else "karantene"
            _say(f"{sha256}  {verdict}  {batch}  {known.names[sha256]}")
    return 0


def _say_quarantine(settings: Settings, batches: Iterable[str]) -> None:
    from pipelines.lake import quarantine as rooms

    rejections = manifests.rejections_of(settings, list(batches))
    _say(f"karantene:       {len(rejections)} forhold i {settings.quarantine}")
    for item in rejections[-_SHOWN:]:
        _say(f"  {item['file']}, {item['place']}: {item['reason']}")
    conflicts = [each for each in rooms.items(settings) if each.what == "conflict"]
    for waiting in [each for each in conflicts if not each.made][:_SHOWN]:
        _say(f"  venter på avgjørelse: {waiting.name}: {waiting.problems[0][1]}")


def _say_verdict(current: Path | None) -> None:
    from pipelines.publication.verdict import Verdict

    if current is None:
        return
    verdict = Verdict.load(current)
    words = {"passed": "godkjent", "failed": "ikke godkjent", "errored": "feilet"}
    _say(
        f"siste kontroll:  {words[verdict.status]}, {len(verdict.results)} forventninger, "
        f"{len(verdict.warnings)} varsler"
    )


def ui(settings: Settings, port: int) -> int:
    """Serve Dagster's page on 127.0.0.1; replaces this process."""
    from pipelines.dbt_manifest import PROJECT_ROOT, dbt_environment, manifest_path

    make_home(settings)
    manifest_path()
    environment = dbt_environment() | {
        HOME_VARIABLE: str(settings.home),
        "DAGSTER_HOME": str(settings.dagster_home),
    }
    _say(f"Dagster: http://127.0.0.1:{port} (Ctrl-C avslutter)")
    workspace = str(PROJECT_ROOT / "workspace.yaml")
    command = [sys.executable, "-m", "dagster", "dev", "-h", "127.0.0.1", "-p", str(port)]
    os.execve(sys.executable, [*command, "-w", workspace], environment)
