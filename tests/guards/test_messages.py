"""Nothing on a page is left in English: the catalogues are complete, well-formed and compiled."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools"))
import messages  # noqa: E402 - a script of tools/, which is no package


def test_catalogues_are_well_formed_and_compiled() -> None:
    assert [fault for path in messages.catalogues() for fault in messages.faults_of(path)] == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="reading messages out of the code needs GNU gettext")
def test_every_message_of_the_code_is_translated() -> None:
    script = [sys.executable, str(TOP / "tools/messages.py"), "missing"]
    run = subprocess.run(script, capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout == "{}\n"


def test_the_check_sees_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "TOP", tmp_path)
    po = polib.POFile()
    po.append(polib.POEntry(msgid="%(n)s units", msgstr="đơn vị"))
    po.append(polib.POEntry(msgid="A", msgstr="e\u0323\u0302"))
    po.append(polib.POEntry(msgid="B", msgstr="b", flags=["fuzzy"]))
    po.save(str(tmp_path / "django.po"))
    faults = messages.faults_of(tmp_path / "django.po")
    kinds = ["placeholders differ", "not in composed form", "guessed", "django.mo is not up to date"]
    assert [kind for kind, fault in zip(kinds, faults, strict=True) if kind not in fault] == []
