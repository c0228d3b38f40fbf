#!/usr/bin/env python3
"""Keeps the Vietnamese catalogues in locale/ complete. The messages in the code are English.

Usage:
  messages.py add FILE.json [--packages]   add or change translations: {"English msgid": "Tiếng Việt", ...},
                                           plurals as {"%(n)s unit": {"plural": "%(n)s units", "vi": "%(n)s đơn vị"}}
  messages.py extract [--tidy]             bring the catalogue in line with the code (needs GNU gettext);
                                           --tidy also drops what the code no longer says
  messages.py compile                      write the .mo files, which are committed: a fresh machine has no gettext
  messages.py missing                      print what has no translation yet as JSON, ready to fill in for `add`
  messages.py check                        exit 1 unless everything is translated, with equal placeholders, compiled

Two catalogues: locale/vi for the words of this project; locale/packages/vi (`--packages`) for the words of packages
that ship no Vietnamese, which no extraction from our code would find.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import re
import sys
import tempfile
import unicodedata
from pathlib import Path

import django
import polib
from django.conf import settings
from django.core.management import call_command

TOP = Path(__file__).resolve().parent.parent
OWN = TOP / "locale/vi/LC_MESSAGES/django.po"
PACKAGES = TOP / "locale/packages/vi/LC_MESSAGES/django.po"
IGNORED = [".venv", "venv", "var", "node_modules", "locale", "static", "tests", "benchmarks", "tools"]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*\}")
WIDTH = 10_000  # no wrapping: one message, one line


def load(path: Path) -> polib.POFile:
    """The catalogue, or a new empty one; its header holds no dates, which would change with every run."""
    po = polib.pofile(str(path), wrapwidth=WIDTH) if path.exists() else polib.POFile(wrapwidth=WIDTH)
    po.metadata = {
        "Project-Id-Version": "dtportal",
        "Language": "vi",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return po


def save(po: polib.POFile, path: Path) -> None:
    """Sorted by message, so that two people who add messages seldom touch the same lines; then compiled."""
    path.parent.mkdir(parents=True, exist_ok=True)
    po.sort(key=lambda entry: (entry.obsolete, entry.msgid, entry.msgctxt or ""))
    po.save(str(path))
    po.save_as_mofile(str(path.with_suffix(".mo")))


def extract_entries() -> polib.POFile:
    """All messages of the Python files and templates, read by Django's own makemessages.

    It runs in a scratch folder with a link to the project, for it would write into any folder named locale it meets.
    """
    with tempfile.TemporaryDirectory() as scratch:
        locale = Path(scratch, "locale")
        locale.mkdir()
        Path(scratch, "project").symlink_to(TOP)
        settings.configure(LOCALE_PATHS=[str(locale)], USE_I18N=True)
        django.setup()
        with contextlib.chdir(scratch), contextlib.redirect_stdout(io.StringIO()):
            call_command(
                "makemessages",
                locale=["vi"],
                extensions=["py", "html", "txt", "svg"],
                ignore_patterns=[f"project/{folder}" for folder in IGNORED],
                symlinks=True,
                no_location=True,
                no_wrap=True,
            )
        found = locale / "vi/LC_MESSAGES/django.po"
        return polib.pofile(str(found), wrapwidth=WIDTH) if found.exists() else polib.POFile()


def add(path: Path, target: Path) -> None:
    po = load(target)
    for msgid, value in json.loads(path.read_text(encoding="utf-8")).items():
        plural = value["plural"] if isinstance(value, dict) else ""
        text = unicodedata.normalize("NFC", value["vi"] if isinstance(value, dict) else value)
        context, _mark, bare = msgid.rpartition("\x04")
        entry = po.find(bare, include_obsolete_entries=True, msgctxt=context or False)
        if entry is None:
            entry = polib.POEntry(msgid=bare, msgctxt=context or None)
            po.append(entry)
        entry.obsolete = False
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        if plural or entry.msgid_plural:
            entry.msgid_plural = plural or entry.msgid_plural
            entry.msgstr, entry.msgstr_plural = "", {0: text}
        else:
            entry.msgstr = text
    save(po, target)


def extract(tidy: bool) -> None:
    po = load(OWN)
    found = extract_entries()
    known = {key_of(entry): entry for entry in po}
    for entry in found:
        kept = known.pop(key_of(entry), None)
        if kept is None:
            po.append(plain_copy(entry))
            continue
        kept.obsolete = False
        kept.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        if entry.msgid_plural and not kept.msgid_plural:
            kept.msgid_plural, kept.msgstr_plural, kept.msgstr = entry.msgid_plural, {0: kept.msgstr}, ""
    for entry in known.values():
        if tidy:
            po.remove(entry)
        else:
            entry.obsolete = True
    save(po, OWN)


def plain_copy(entry: polib.POEntry) -> polib.POEntry:
    flags = [flag for flag in entry.flags if flag != "fuzzy"]
    copy = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural, flags=flags)
    if copy.msgid_plural:
        copy.msgstr_plural = {0: ""}
    return copy


def key_of(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def text_of(entry: polib.POEntry) -> str:
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def translated(path: Path) -> dict[tuple[str, str], str]:
    """What a .po file translates, or what a .mo file holds."""
    read = polib.mofile if path.suffix == ".mo" else polib.pofile
    entries = [e for e in read(str(path)) if not e.obsolete and "fuzzy" not in e.flags]
    return {key_of(entry): text_of(entry) for entry in entries if text_of(entry)}


def missing() -> list[str]:
    """The messages of the code that have no translation (or only a guessed one)."""
    done = translated(OWN) if OWN.exists() else {}
    return [entry.msgid for entry in extract_entries() if key_of(entry) not in done]


def faults_of(path: Path) -> list[str]:
    """What is wrong inside one catalogue: guesses, unequal placeholders, decomposed text, a stale .mo file."""
    faults = []
    for entry in polib.pofile(str(path)):
        text = text_of(entry)
        if entry.obsolete:
            continue
        if entry.fuzzy:
            faults.append(f"guessed, not translated: {entry.msgid!r}")
        if text and text != unicodedata.normalize("NFC", text):
            faults.append(f"not in composed form: {entry.msgid!r}")
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        if text and set(PLACEHOLDER.findall(text)) != wanted:
            faults.append(f"placeholders differ: {entry.msgid!r} -> {text!r}")
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or translated(compiled) != translated(path):
        faults.append(f"{compiled.relative_to(TOP)} is not up to date: run tools/messages.py compile")
    return faults


def catalogues() -> list[Path]:
    return [path for path in (OWN, PACKAGES) if path.exists()]


def check() -> int:
    faults = [f"no translation: {msgid!r}" for msgid in missing()]
    for path in catalogues():
        faults += faults_of(path)
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add")
    adding.add_argument("file", type=Path)
    adding.add_argument("--packages", action="store_true")
    commands.add_parser("extract").add_argument("--tidy", action="store_true")
    for name in ("compile", "missing", "check"):
        commands.add_parser(name)
    options = parser.parse_args()
    if options.command == "add":
        add(options.file, PACKAGES if options.packages else OWN)
    elif options.command == "extract":
        extract(options.tidy)
    elif options.command == "compile":
        for path in catalogues():
            save(load(path), path)
    elif options.command == "missing":
        print(json.dumps(dict.fromkeys(missing(), ""), ensure_ascii=False, indent=1))
    else:
        return check()
    return 0


if __name__ == "__main__":
    sys.exit(main())
