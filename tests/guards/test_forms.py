"""Every form that a page offers, sent in ways its page does not offer: foreign keys, more fields, hostile text.

Forms are found on the pages, their fields are read from the markup, and what they did is read from the whole database.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django import forms
from django.db import models
from django.urls import resolve

from accounts.models import AuditEntry, OnceToken
from core.forms import DateField
from core.once import FIELD as ONCE
from tests.guards import doors
from tests.guards.crawling import FormOnPage, Page, read
from tests.guards.halves import ours
from tests.guards.visitors import Answer, Visitor
from tests.guards.world import ABSENT, UNIT_OF, World, our_models

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bare_frame")]
Pairs = list[tuple[str, str]]
WORKERS = ("officer", "enterer", "admin", "signer", "national")  # the first who may open a page tries its forms
SOUTH = ("thanh_hoa", "sam_son")
FREE = {"csrfmiddlewaretoken", ONCE, "next"}
HOSTILE = (  # each in every field of every form
    "<script>alert(1)</script>", "=cmd|' /C calc'!A1 \u202egnod\u2066 \U0001f600", "a\x00b", "x" * 10_000, "9" * 30,
    "9" * 5_000, "½²٣", "[" * 10_000,
)  # fmt: skip
UNESCAPED = "<script>alert(1)"
PACKAGES = ("account_", "mfa_", "usersessions_", "set_language")


@dataclass
class Tried:
    """One form, the person who uses it, and the Django form behind it where the page has one."""

    route: str
    persona: str
    form: FormOnPage
    behind: Any

    def __str__(self) -> str:
        return f"{self.route} ({self.form.action}) as {self.persona}"

    def pairs(self, **changes: str) -> Pairs:
        """What the browser would send, with what the form still needs; the token of `core.once` is left out."""
        changes = {**self.needed(), **changes}
        kept = [(name, value) for name, value in self.form.fields if name not in FREE and name not in changes]
        return [*kept, *changes.items()]

    def needed(self) -> dict[str, str]:
        """A value for each required field that the page leaves empty."""
        sent = {name for name, value in self.form.fields if value}
        fields = getattr(self.behind, "fields", {})
        return {
            name: value
            for name, field in fields.items()
            if field.required and name not in sent and (value := some_value(field))
        }


def some_value(field: forms.Field) -> str:
    if isinstance(field, forms.ModelChoiceField):
        return str(field.queryset.values_list("pk", flat=True).first() or "")
    if isinstance(field, forms.ChoiceField):
        return next((str(key) for key, _label in field.choices if key), "")
    if isinstance(field, forms.DateField | DateField):
        return "15/11/2026"
    if isinstance(field, forms.EmailField):
        return "chi.lan@example.test"
    return "5" if isinstance(field, forms.DecimalField | forms.IntegerField) else "Nội dung 0912345678"


def found_forms(world: World) -> Iterator[Tried]:
    """One form for each route that a form is sent to, found on the pages that a person of the north may open."""
    table, met = doors.read_table(), set()
    visitors = {persona: Visitor(doors.user_of(world, persona)) for persona in WORKERS}
    for door in doors.doors(world):
        row = table[door.key]
        persona = next((one for one in WORKERS if row[one].startswith("200")), None)
        if persona is None:
            continue
        page = read(visitors[persona].get(door.url))
        for form in page.forms:
            route = name_of(form.action)
            if form.method == "post" and route not in met and not route.startswith(PACKAGES):
                met.add(route)
                yield Tried(route, persona, form, behind(page.answer))


def name_of(url: str) -> str:
    found = resolve(url.partition("?")[0])
    return found.view_name or found.route


def told(answer: Answer) -> dict[str, Any]:
    """The errors of the form on the page, by field."""
    errors = getattr(behind(answer), "errors", {})
    return dict(errors) if isinstance(errors, dict) else {"": errors}


def behind(answer: Answer) -> Any:
    context = answer.context or {}
    return context.get("form") or getattr(context.get("adminform"), "form", None)


@pytest.fixture(scope="module")
def tried(world: World, bare_frame: None) -> list[Tried]:
    return list(found_forms(world))


@pytest.fixture(scope="module")
def workers(world: World) -> dict[str, Visitor]:
    return {persona: Visitor(doors.user_of(world, persona)) for persona in WORKERS}


def test_every_post_is_offered_by_a_form(world: World, tried: list[Tried]) -> None:
    """Or nobody would know how to try it here."""
    table = doors.read_table()
    taking = {
        route
        for (route, _label), row in table.items()
        if row["methods"] != doors.ONLY_GET
        and any(row[persona].split("/")[-1] in ("200", "302") for persona in WORKERS)
        and not route.startswith((*PACKAGES, "admin:", "quan-tri/"))
    }
    assert sorted(taking - {one.route for one in tried}) == []


# --- foreign keys ---


def foreign_keys(world: World, model: type[models.Model]) -> list[Any]:
    """Rows of the other province; where rows belong to no unit, a row that does not exist."""
    way = UNIT_OF.get(model._meta.label)
    if way is None:
        return [world.cast.stranger.pk] if model._meta.label == "accounts.User" else [ABSENT]
    path = f"{way}__in" if way else "pk__in"
    units = [getattr(world.cast, name).pk for name in SOUTH]
    return list(model._base_manager.filter(**{path: units}).values_list("pk", flat=True)[:2])


def foreign_rows(world: World) -> dict[str, list[Any]]:
    """Everything that belongs to the other province, as it is stored."""
    units = [getattr(world.cast, name).pk for name in SOUTH]
    found = {}
    for label, way in UNIT_OF.items():
        model = next(one for one in our_models() if one._meta.label == label)
        rows = model._base_manager.filter(**{f"{way}__in" if way else "pk__in": units})
        found[label] = sorted(map(repr, rows.values_list()))
    return found


def choices_of(one: Tried) -> Iterator[tuple[str, Any]]:
    fields = getattr(one.behind, "fields", {})
    for name, field in fields.items():
        if isinstance(field, forms.ModelChoiceField) and not field.disabled:
            yield name, field


def test_no_form_offers_or_takes_a_foreign_key(world: World, tried: list[Tried], workers: dict[str, Visitor]) -> None:
    faults, fields = [], 0
    before = foreign_rows(world)
    for one in tried:
        for name, field in choices_of(one):
            keys = [ABSENT] if one.persona == "national" else foreign_keys(world, field.queryset.model)
            fields += 1
            if field.queryset.filter(pk__in=keys).exists():
                faults.append(f"{one}: {name} offers {keys}")
            for key in keys:
                with workers[one.persona].staying():
                    answer = workers[one.persona].post(one.form.action, one.pairs(**{name: str(key)}))
                    refused = answer.status in (403, 404) or (answer.status == 200 and name in told(answer))
                    if not refused or foreign_rows(world) != before:
                        faults.append(f"{one}: {name}={key} → {answer.status} {told(answer)} {answer.error}")
    assert not faults, "\n".join(dict.fromkeys(faults))
    assert fields > 20


def renamed(one: Tried, world: World) -> Iterator[Pairs]:
    """The same form with keys of own units in names and values replaced by foreign ones."""
    own = {str(getattr(world.cast, name).pk) for name in ("tan_cuong", "dai_phuc", "thai_nguyen", "phu_dinh")}
    foreign = str(world.cast.sam_son.pk)
    report = world.targets["report"]["sam_son.sent"].kwargs["pk"]

    def other(text: str) -> str:
        return re.sub(r"\d+", lambda found: foreign if found.group(0) in own else found.group(0), text)

    pairs = one.pairs()
    names = [(other(name), value or "5") for name, value in pairs]
    if names != pairs and any(re.search(r"\d", name) for name, _value in pairs):
        yield names
    if "chosen" in one.form.options or any(name == "chosen" for name, _value in pairs):
        yield [("chosen", f"{report}:{version}") for version in (1, 2, 3)]


def test_no_foreign_key_hides_in_a_name(world: World, tried: list[Tried], workers: dict[str, Visitor]) -> None:
    faults, before, count = [], foreign_rows(world), 0
    for one in tried:
        for pairs in renamed(one, world) if one.persona != "national" else ():
            count += 1
            with workers[one.persona].staying():
                answer = workers[one.persona].post(one.form.action, pairs)
                if foreign_rows(world) != before or answer.status >= 500:
                    faults.append(f"{one}: {pairs[:4]} → {answer.status} {answer.error}")
    assert not faults, "\n".join(dict.fromkeys(faults))
    assert count >= 4


# --- more fields than the form has ---


Rows = dict[str, dict[Any, dict[str, Any]]]


def stored() -> Rows:
    """Every row of every table of ours but the trail, by key: without moments, files and secrets."""
    return {
        model._meta.label: {row["pk"]: row for row in model._base_manager.order_by("pk").values("pk", *kept(model))}
        for model in our_models()
        if model not in (AuditEntry, OnceToken)
    }


def kept(model: type[models.Model]) -> list[str]:
    volatile = (models.DateTimeField, models.FileField)
    hidden = ("password", "secret_hash", "arguments")  # jobs name rows by keys, which go on
    fields = [one for one in model._meta.concrete_fields if not isinstance(one, volatile)]
    return [one.attname for one in fields if one.attname not in hidden]


def in_order(pk: Any) -> tuple[int, str]:
    """10 after 9, whatever kind of key it is."""
    return len(repr(pk)), repr(pk)


def difference(before: Rows, after: Rows) -> dict[str, list[str]]:
    """What was added, changed and taken away. New keys are named by their order: sequences go on after a rollback."""
    names = {
        (label, pk): f"new {place}"
        for label, rows in after.items()
        for place, pk in enumerate(sorted(rows.keys() - before[label].keys(), key=in_order))
    }
    found = {}
    for model in our_models():
        label = model._meta.label
        if label not in after:
            continue
        keys = {one.attname: one.related_model._meta.label for one in model._meta.concrete_fields if one.related_model}
        changed = [row for pk, row in after[label].items() if before[label].get(pk) != row]
        named = [
            {name: names.get((keys.get(name, label), value), value) if name in keys or name == "pk" or name == "id"
             else value for name, value in row.items()}
            for row in changed
        ]  # fmt: skip
        gone = [f"without {pk}" for pk in before[label].keys() - after[label].keys()]
        if named or gone:
            found[label] = sorted(map(repr, named)) + sorted(gone)
    return found


def extras(world: World, one: Tried) -> Pairs:
    """Every field of every model, by its name and by its column, unless the form has a field of that name."""
    taken = {name for name, _value in one.pairs()} | one.form.options.keys() | one.form.files
    taken |= set(getattr(one.behind, "fields", {}))
    pairs = {}
    for model in our_models():
        for field in model._meta.concrete_fields:
            for name in {field.name, field.attname} - taken:
                pairs[name] = extra_value(world, field)
    return list(pairs.items())


def extra_value(world: World, field: Any) -> str:
    if isinstance(field, models.ForeignKey):
        keys = foreign_keys(world, field.related_model)
        return str(keys[0] if keys else ABSENT)
    if field.choices:
        return str(field.flatchoices[-1][0])
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateField):
        return "01/02/2026"
    return "7" if isinstance(field, models.IntegerField | models.DecimalField | models.FloatField) else "thêm vào"


def effect(visitor: Visitor, one: Tried, pairs: Pairs, before: Rows) -> tuple[Answer, dict[str, list[str]]]:
    with visitor.staying():
        answer = visitor.post(one.form.action, pairs)
        return answer, difference(before, stored())


def test_more_fields_than_the_form_has_change_nothing(
    world: World, tried: list[Tried], workers: dict[str, Visitor]
) -> None:
    """A form sent as its page offers it, and once more with every field of every model added, does the same."""
    done, faults, before = 0, [], stored()
    sent = [one for one in tried if ours(one.route)]
    for one in sent:
        visitor = workers[one.persona]
        first, plain = effect(visitor, one, one.pairs(), before)
        done += first.status == 302
        second, more = effect(visitor, one, one.pairs() + extras(world, one), before)
        if second.status != first.status or more != plain:
            changed = {label: (plain.get(label), more.get(label)) for label in plain.keys() | more.keys()}
            differing = {label: pair for label, pair in changed.items() if pair[0] != pair[1]}
            faults.append(f"{one}: {second.status} {differing} {second.error}")
    assert not faults, "\n".join(dict.fromkeys(faults))
    assert done > len(sent) // 2  # refused forms change nothing anyway


# --- hostile text ---


def payloads(one: Tried, text: str) -> Iterator[Pairs]:
    """The text in every field that is typed; then in every field there is, hidden ones and choices too."""
    typed = one.form.texts
    yield [(name, text if name in typed else value) for name, value in one.pairs()]
    names = dict.fromkeys([name for name, _value in one.pairs()] + list(one.form.options))
    yield [(name, text) for name in names if name not in FREE]


def test_hostile_text_neither_breaks_nor_runs(world: World, tried: list[Tried], workers: dict[str, Visitor]) -> None:
    faults = []
    for one in tried:
        visitor = workers[one.persona]
        for text in (text for place, text in enumerate(HOSTILE) if ours(one.route, place)):
            for pairs in payloads(one, text):
                with visitor.staying():
                    answers = [visitor.post(one.form.action, pairs)]
                    if answers[0].status == 302 and text is HOSTILE[0]:
                        answers.append(visitor.get(answers[0].location))
                    faults += [f"{one}: {text[:20]!r} {fault}" for answer in answers for fault in broken(answer)]
    assert not faults, "\n".join(faults)


def broken(answer: Answer) -> Iterator[str]:
    if answer.status >= 500:
        yield f"{answer.url} → {answer.status} {answer.error}"
    if UNESCAPED in answer.body:
        yield f"{answer.url} shows {UNESCAPED}"


# --- odd addresses ---

ODD = ("9" * 5_000, "a\x00b", "9" * 30, "²", "-1", "[" * 3_000)


def parameters(page: Page) -> set[str]:
    """The names that links and search forms of a page put behind its own address."""
    here = urlsplit(page.url).path
    linked = [link for link in page.links if urlsplit(link).path in ("", here)]
    names = {name for link in linked for name, _value in parse_qsl(urlsplit(link).query)}
    for form in page.forms:
        if form.method == "get" and urlsplit(form.action).path == here:
            names |= {name for name, _value in form.fields} | form.options.keys() | form.texts
    return names


def read_by_views() -> dict[str, set[str]]:
    """The parameters that the module of each route reads, though no link of the small world may show them."""
    pattern = re.compile(r"""GET(?:\.get(?:list)?\(|\[)["'](\w+)["']|^[A-Z, ]+ = ["'](\w+)["'], ["'](\w+)["']""", re.M)
    found = {}
    for name, route in doors.routes().items():
        view = getattr(route.view, "view_class", route.view)
        module = inspect.getmodule(inspect.unwrap(view))
        if module and not route.declared_elsewhere:
            names = pattern.findall(inspect.getsource(module))
            found[name] = {word for three in names for word in three if word}
    return found


def test_odd_parameters_break_no_page(world: World) -> None:
    """Addresses are typed, cut short and passed on: whatever stands behind the question mark, a page answers."""
    table, faults, tested = doors.read_table(), [], 0
    visitors = {persona: Visitor(doors.user_of(world, persona)) for persona in ("national", "officer")}
    met, known = set(), read_by_views()
    for door in doors.doors(world):
        row = table[door.key]
        persona = next((one for one in visitors if row[one].startswith("200")), None)
        if persona is None or door.route in met or door.route.startswith(("account_", "mfa_", "admin:")):
            continue
        met.add(door.route)
        page = read(visitors[persona].get(door.url))
        names = parameters(page) | known.get(door.route, set())
        alone = [{name: value} for name in names for value in ODD[:2]]
        queries = [dict.fromkeys(names, value) for value in ODD] + alone
        for query in (query for place, query in enumerate(queries) if ours(door.route, place)):
            tested += 1
            answer = visitors[persona].get(f"{urlsplit(door.url).path}?{urlencode(query)}")
            if answer.status >= 500:
                faults.append(f"{door.url}: {str(query)[:60]} → {answer.error}")
    assert not faults, "\n".join(dict.fromkeys(faults))
    assert tested > 150
