"""The secret key of the pseudonyms: from the environment, else a file that its owner alone reads.

The key stays with those who make pseudonyms. The lake holds a fingerprint of it, from which it
can't be found: with another key no pseudonym would be the one that is there already.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.lake.home import flush_folder, replace_file, write_private
from pipelines.lake.manifests import batch_names
from pipelines.settings import Settings

VARIABLE = "SAMKJOP_PSEUDONYM_KEY"
FILE = "pseudonym.key"
FINGERPRINT = "pseudonym.fingerprint"
_LEAST = 32  # characters
_OTHERS = 0o077
_CONSTANT = b"samkjop: fingerprint of the pseudonym key"


def pseudonym_key(settings: Settings) -> bytes:
    """Return the key: SAMKJOP_PSEUDONYM_KEY, else config/pseudonym.key, made on first use.

    Raises SettingsError for a key that is too short, that others can read, or that is not the one
    the lake was made with. No message shows it.
    """
    given = os.environ.get(VARIABLE)
    path = settings.config / FILE
    mark = settings.lake.parent / FINGERPRINT
    known = mark.read_text("ascii").strip() if mark.exists() and batch_names(settings.lake) else ""
    if given is not None:
        key, place = _of_environment(given), VARIABLE
    else:
        if not path.exists():
            _make(path, known)
        key, place = _of_file(path), str(path)
    found = fingerprint(key)
    if known and not hmac.compare_digest(known, found):
        raise SettingsError(
            f"{place}: forventet nøkkelen som lageret er laget med, fant en annen. Legg den rette "
            "tilbake; med en ny nøkkel kan ingen konto eller person kjennes igjen."
        )
    if not known:
        replace_file(mark, f"{found}\n".encode())
    return key


def fingerprint(key: bytes) -> str:
    """Return what tells two keys apart and tells nothing of them."""
    return hmac.new(key, _CONSTANT, hashlib.sha256).hexdigest()[:16]


def _of_environment(text: str) -> bytes:
    key = text.strip().encode()
    if len(text.strip()) < _LEAST:
        raise SettingsError(
            f"{VARIABLE}: forventet en hemmelig nøkkel på minst {_LEAST} tegn, fant en kortere. "
            "Lag en med «openssl rand -hex 32», eller fjern variabelen for å bruke filen i config/."
        )
    return key


def _of_file(path: Path) -> bytes:
    if path.stat().st_mode & _OTHERS:
        raise SettingsError(
            f"{path}: forventet en nøkkel som bare eieren kan lese, fant at andre har tilgang. "
            f"Kjør «chmod 600 {path}»."
        )
    key = path.read_bytes().strip()
    if len(key) < _LEAST:
        raise SettingsError(
            f"{path}: forventet en hemmelig nøkkel på minst {_LEAST} tegn, fant "
            f"{'en kortere' if key else 'en tom fil'}. Legg den tilbake fra sikkerhetskopien; "
            "er lageret nytt, slett filen, så lages en ny."
        )
    return key


def _make(path: Path, known: str) -> None:
    """Make a key that nobody else could read at any moment, unless the lake has one already.

    Of two processes at once the first one's key is both's.
    """
    if known:
        raise SettingsError(
            f"{path}: forventet nøkkelen som lageret er laget med, fant ingen. Legg den tilbake "
            f"fra sikkerhetskopien, eller gi den i {VARIABLE}."
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        write_private(temporary, secrets.token_hex(32).encode())
        if _is_linked(temporary, path):
            return
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
        flush_folder(path.parent)


def _is_linked(temporary: Path, path: Path) -> bool:
    """Name the file `path` where there is none; False where the disk has no links."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return True
    except OSError:
        return False
    return True
