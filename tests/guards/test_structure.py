"""The shape of the house: sizes, return types, migrations, dependencies, declared access, no inline code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks

from core.access import all_routes

TOP = Path(__file__).resolve().parents[2]
ROOMS = [
    "core", "accounts", "jobs", "units", "imports", "sponsors", "programmes", "submissions", "equipment", "trainings",
    "reports", "issuing", "demo", "dtportal",
]  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 400, 40


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((TOP / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(TOP)}:{node.lineno} {node.name}", node


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(p.relative_to(TOP)): n
        for p in sources()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_40_lines() -> None:
    long = {
        where: size for where, node in functions() if (size := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_function_states_what_it_returns() -> None:
    assert [where for where, node in functions() if node.returns is None] == []


def test_no_vague_module_names() -> None:
    vague = {"utils.py", "helpers.py", "common.py", "misc.py"}
    assert [str(p.relative_to(TOP)) for p in sources() if p.name in vague] == []


def test_migrations_are_named_by_hand_and_import_no_room() -> None:
    problems = []
    for room in ROOMS:
        for path in (TOP / room).glob("migrations/0*.py"):
            if re.search(r"_auto_|_merge_", path.name):
                problems.append(path.name)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ROOMS:
                    allowed = {"programmes.models.figures", "programmes.models.catalogue"}  # field class and default
                    if node.module not in allowed:
                        problems.append(f"{path.name} imports {node.module}")
    assert problems == []


def test_every_dependency_has_a_reason() -> None:
    text = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", text, re.S | re.M).group(1)
    dev = re.search(r"^dev = \[(.*?)^\]", text, re.S | re.M).group(1)
    without = [line for line in (block + dev).splitlines() if line.strip() and "#" not in line]
    assert without == []
    assert tomllib.loads(text)["project"]["dependencies"]


def test_locks_have_hashes_and_no_host_names() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (TOP / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_every_route_declares_its_access() -> None:
    undeclared = [route.pattern for route in all_routes() if route.access is None and not route.declared_elsewhere]
    assert undeclared == []
    assert [message for message in run_checks() if message.is_serious()] == []


@pytest.mark.parametrize("pattern", [r"\sstyle=", r"\son[a-z]+=\"", r"<script(?![^>]*\bsrc=)", r"javascript:"])
def test_templates_hold_no_inline_code(pattern: str) -> None:
    found = [
        f"{path.relative_to(TOP)}: {match.group(0)}"
        for path in sorted((TOP / "templates").rglob("*.*"))
        if path.suffix in {".html", ".svg"}
        for match in re.finditer(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_models_of_persons_concern_have_visible_to() -> None:
    """Every model that belongs to a unit can be asked what a person may see."""
    concerned = [
        model
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        and any(f.name in {"unit", "organiser", "receiver", "kept_by"} for f in model._meta.fields)
    ]
    reached_through_parent = {
        "UnitName", "Contact", "Lineage", "Grant", "Figure", "FigureChange", "Total", "ItemEvent", "Declaration",
        "UnitEquipment", "Allotment",
    }  # fmt: skip
    without = {m.__name__ for m in concerned if not hasattr(m._default_manager, "visible_to")}
    assert without <= reached_through_parent


def test_the_project_speaks_of_itself_alone() -> None:
    """No host of a package registry and no path of a machine stands in what is shipped."""
    forbidden = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|/work/|/root/|\.\./shared")
    texts = {".py", ".md", ".toml", ".html", ".txt", ".sh", ".lock", ".css", ".js", ".yml", ".po"}
    skip = {".venv", "var", ".git", "node_modules"}
    found = [
        str(path.relative_to(TOP))
        for path in TOP.rglob("*")
        if path.is_file()
        and path.suffix in texts
        and not skip & set(path.relative_to(TOP).parts)
        and path != Path(__file__)
        and forbidden.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []
