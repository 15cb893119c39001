"""`samkjop`: thin commands over the functions of the other modules.

Exit status: 0 done or unchanged, 1 fault or locked, 2 wrong use, 3 something new in quarantine,
4 the gate blocked. Heavy imports happen inside the commands, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from pipelines.errors import SamkjopError
from pipelines.settings import Settings, home_from_environment

_EPILOG = """\
Utgangsstatus: 0 ferdig eller uendret, 1 feil eller låst, 2 feil bruk,
3 publisert med nytt i karantene, 4 stanset av kvalitetsporten.
"""
_SCENARIO = """\
En fil for --scenario nevner bare det som er annerledes, f.eks.:

  horizon_months = 24
  max_changes = 500          # 0 er ingen grense
  standard = ["STANDARDPACK", "EMS"]

  [sku.SPE_E3]               # koden, eller GUID-en
  unit_price_nok = 251.50
  floor = 100                # minste antall, til og med dagen under
  floor_until = 2027-06-30
  reserve = 20
  is_transferable = false
"""
_MESSAGES = (
    (r"unrecognized arguments: (.*)", r"ukjent valg eller argument: \1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1: ukjent verdi \2; velg \3"),
    (r"the following arguments are required: (.*)", r"mangler: \1"),
    (r"argument (.*): expected one argument", r"\1: forventet en verdi etter valget"),
    (r"argument (.*): invalid int value: (.*)", r"\1: forventet et helt tall, fant \2"),
    (r"argument ([^:]*): (forventet .*)", r"\1: \2"),
)
_MOST_ROWS = 1_000_000  # of a sheet in Excel, and more than anyone reads
_MOST_DAYS = 36_500
_SHOWN = 40  # characters of a value in a message


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for pattern, text in _MESSAGES:
            message = re.sub(f"^{pattern}$", text, message, flags=re.DOTALL)
        self.exit(2, f"samkjop: {message}. «{self.prog} --help» viser hva som finnes.\n")


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Return the type of an option that is a whole number in least..most."""

    def whole(text: str) -> int:
        plain = text.strip()
        # So many digits are past any limit, and Python refuses to read the longest.
        value = int(plain) if re.fullmatch(r"[+-]?[0-9]{1,18}", plain) else None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f"forventet et helt tall fra {least} til {most}, fant «{text[:_SHOWN]}»"
            )
        return value

    return whole


def _calendar_file(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".ics":
        raise argparse.ArgumentTypeError(f"forventet et filnavn som slutter på .ics, fant «{text}»")
    return path


def _parser() -> argparse.ArgumentParser:
    common = _Parser(add_help=False)
    common.add_argument(
        "--home",
        type=Path,
        metavar="MAPPE",
        help="hjemmemappen (ellers SAMKJOP_HOME, ellers ./data)",
    )
    common.add_argument("--debug", action="store_true", help="vis hele feilsporet ved feil")
    parser = _Parser(
        prog="samkjop",
        description="Analysevarehus for kommunale innkjøp.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="KOMMANDO", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    demo = add("demo", "lag en oppdiktet kommune i en egen mappe og kjør alt")
    demo.add_argument("--scale", choices=("small", "municipality", "city"), default="small")
    demo.add_argument(
        "--seed", type=_whole(0, 2**31 - 1), default=2024, help="samme frø gir samme filer"
    )
    check = add(
        "check", "si hva filer er, og hva som ville bli avvist og hvorfor; skriver ingenting"
    )
    check.add_argument("paths", nargs="+", type=Path, metavar="STI")
    run = add("run", "les inn, bygg, kontroller, rapporter og publiser")
    run.add_argument("--as-of", default="", metavar="DATO", help="se tallene fra denne dagen")
    run.add_argument("--rebuild", action="store_true", help="bygg selv om ingenting er nytt")
    publish = add("publish", "publiser et forseglet bygg som porten har godkjent")
    publish.add_argument("--build", metavar="BYGG", help="ellers det nyeste forseglede")
    status = add("status", "vis øyeblikksbilder, lager, karantene og siste kontroll")
    status.add_argument("--files", action="store_true", help="vis hver innlastet fil")
    rollback = add("rollback", "flytt pekeren til et tidligere øyeblikksbilde")
    rollback.add_argument("snapshot", nargs="?", metavar="ØYEBLIKKSBILDE")
    withdraw = add("withdraw", "la en innlastet fil være utenfor senere bygg; ingenting slettes")
    withdraw.add_argument("sha", metavar="SHA256", help="begynnelsen er nok")
    withdraw.add_argument("--reason", required=True, metavar="TEKST", help="hvorfor")
    quarantine = add("quarantine", "vis det som ligger i karantene, og avgjør det som må avgjøres")
    actions = quarantine.add_subparsers(dest="action", metavar="HANDLING", required=True)
    listed = actions.add_parser("list", help="én linje per fil", parents=[common])
    listed.add_argument("--all", action="store_true", help="også det som er avgjort")
    shown = actions.add_parser("show", help="alt om én fil", parents=[common])
    shown.add_argument("sha", metavar="SHA256", help="begynnelsen er nok")
    for name, text in (
        ("accept", "la en fil i konflikt med en annen telle likevel"),
        ("reject", "la den aldri telle, eller legg til side det som ikke kan leses"),
    ):
        action = actions.add_parser(name, help=text, description=text, parents=[common])
        action.add_argument("sha", metavar="SHA256", help="begynnelsen er nok")
        action.add_argument("--reason", required=True, metavar="TEKST", help="hvorfor")
    mapping = add("mapping", "lag en mapping for en eksport som Samkjøp ikke kjenner")
    steps = mapping.add_subparsers(dest="action", metavar="HANDLING", required=True)
    text = "foreslå en mapping ut fra overskriftene og verdiene i en fil"
    suggest = steps.add_parser("suggest", help=text, description=text, parents=[common])
    suggest.add_argument("file", type=Path, metavar="FIL")
    suggest.add_argument(
        "--out", type=Path, metavar="FIL", help="skriv den hit, ellers på skjermen"
    )
    text = "prøv mappingene i hjemmemappen og de som følger med"
    steps.add_parser("check", help=text, description=text, parents=[common])
    categories = add("categories", "få en person til å si hva som er kjøpt, i Excel")
    ways = categories.add_subparsers(dest="action", metavar="HANDLING", required=True)
    text = "skriv de største kjøpene uten kategori til et ark med forslag og nedtrekksliste"
    asked = ways.add_parser("export", help=text, description=text, parents=[common])
    asked.add_argument("file", type=Path, metavar="FIL.xlsx")
    asked.add_argument(
        "--limit",
        type=_whole(1, _MOST_ROWS),
        default=500,
        metavar="N",
        help="høyst så mange rader",
    )
    text = "kontroller svarene i arket, og legg dem i landing/ som registeret kategorisvar"
    told = ways.add_parser("import", help=text, description=text, parents=[common])
    told.add_argument("file", type=Path, metavar="FIL.xlsx")
    licences = add("licences", "planen for lisenser, som lister for dem som skal utføre den")
    plans = licences.add_subparsers(dest="action", metavar="HANDLING", required=True)
    text = "skriv en kopi av en liste med navn og pålogging fra arkivet; bruken logges"
    named = plans.add_parser("names", help=text, description=text, parents=[common])
    named.add_argument("file", type=Path, metavar="LISTE", help=".xlsx eller .csv med «Konto»")
    named.add_argument("--out", type=Path, required=True, metavar="FIL", help="kopien med navn")
    text = "vis den billigste lovlige lisensplanen, ved siden av et «hva om» der det er gitt et"
    planned = plans.add_parser(
        "plan",
        help=text,
        description=text,
        epilog=_SCENARIO,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    planned.add_argument("--scenario", type=Path, metavar="FIL.toml", help="det som er annerledes")
    planned.add_argument("--out", type=Path, metavar="FIL.xlsx", help="skriv listene til en fil")
    text = "skriv listene til dem som gjennomfører planen: kontoer og plasser; internt"
    acted = plans.add_parser("list", help=text, description=text, parents=[common])
    acted.add_argument("--out", type=Path, required=True, metavar="FIL.xlsx")
    calendar = add("calendar", "skriv avtalekalenderen til en kalenderfil")
    calendar.add_argument("--out", type=_calendar_file, required=True, metavar="FIL.ics")
    calendar.add_argument(
        "--days",
        type=_whole(0, _MOST_DAYS),
        metavar="N",
        help="bare det som kommer innen så mange dager",
    )
    templates = add("templates", "skriv tomme registre som Excel-ark med forklaringer")
    templates.add_argument("folder", type=Path, metavar="MAPPE")
    explain = add(
        "explain", "vis hva et publisert tall hviler på: linjer, filer og teksten i originalene"
    )
    explain.add_argument("table", metavar="TABELL", help="f.eks. mart_loyalty")
    explain.add_argument(
        "rest",
        nargs="*",
        metavar="KOLONNE | KOLONNE=VERDI",
        help="kolonnen tallet står i, og hvilken rad: on_agreement_nok year=2024 unit_id=FRO",
    )
    explain.add_argument("--snapshot", metavar="ØYEBLIKKSBILDE", help="ellers det som gjelder")
    explain.add_argument(
        "--limit", type=_whole(1, _MOST_ROWS), metavar="ANTALL", help="linjer å vise, ellers 20"
    )
    explain.add_argument("--raw", action="store_true", help="vis også det som står i originalene")
    explain.add_argument("--out", type=Path, metavar="FIL.xlsx", help="skriv det til en fil")
    ui = add("ui", "start Dagsters nettside på 127.0.0.1")
    ui.add_argument("--port", type=_whole(1, 65_535), default=3000)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its status."""
    options = _parser().parse_args(arguments)
    try:
        status = _dispatch(options)
    except SamkjopError as error:
        if options.debug:
            raise
        print(f"samkjop: {error}", file=sys.stderr)
        status = error.exit_status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:
        print("samkjop: avbrutt; kjør på nytt for å fortsette", file=sys.stderr)
        status = 130
    except OSError as error:
        if options.debug:
            raise
        print(f"samkjop: {_os_problem(error)}", file=sys.stderr)
        status = 1
    sys.exit(status)


def _os_problem(error: OSError) -> str:
    where = error.filename or "filsystemet"
    if error.errno == errno.ENOSPC:
        return f"{where}: disken er full. Frigjør plass og kjør på nytt; ingenting er gått tapt."
    return f"{where}: {error.strerror or error}. Rett det og kjør på nytt."


def _dispatch(options: argparse.Namespace) -> int:
    from pipelines import commands

    if options.command == "demo":
        home = options.home or Path("data-demo")
        return commands.demo(home, options.scale, options.seed)
    settings = Settings.load(options.home or home_from_environment())
    if options.command == "check":
        return commands.check(settings, options.paths)
    if options.command == "run":
        return commands.run(settings, options.as_of, options.rebuild)
    if options.command == "publish":
        return commands.publish(settings, options.build)
    if options.command == "status":
        return commands.status(settings, options.files)
    if options.command == "rollback":
        return commands.rollback(settings, options.snapshot)
    if options.command == "quarantine":
        return commands.quarantine(settings, options)
    if options.command == "mapping":
        return commands.mapping(settings, options)
    if options.command == "categories":
        return commands.categories(settings, options)
    if options.command == "licences":
        return commands.licences(settings, options)
    if options.command == "calendar":
        return commands.calendar(settings, options.out, options.days)
    if options.command == "templates":
        return commands.templates(options.folder)
    if options.command == "withdraw":
        return commands.withdraw(settings, options.sha, options.reason)
    if options.command == "explain":
        return commands.explain(settings, options)
    return commands.ui(settings, options.port)


if __name__ == "__main__":
    main()
