"""Every address of the portal: the routes of the URLconf with the objects of the world that they are tried with.

doors.csv holds what is expected, a row for each route and object:

- `object` is a kind and a label of `World.targets` ("period:tan_cuong.draft"), or "-" for a route without arguments. A
  route with arguments has a row for an own object in each state that matters, one for an object of a foreign unit, and
  one for an absent object, with which the answers about foreign ones are compared.
- `methods` is "GET" for routes that take no POST at all (which is tried once), else "GET+POST".
- A column for each persona: the status of both methods ("200") or of GET and POST ("200/302"); "in" is the way to the
  sign-in page, an empty cell is not tried (`doors_of`).

A new route needs rows with the first two columns; `test_doors` says which, and fills in the others on request.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accounts.models import AuditEntry, User
from core.access import Route, all_routes
from tests.guards.visitors import Answer
from tests.guards.world import ABSENT, PLACES, Target, World, content_type_of

TABLE = Path(__file__).with_name("doors.csv")
PERSONAS = (
    "anonymous", "nobody", "stranger", "enterer", "signer", "officer", "leader", "admin", "foreign_officer", "national",
)  # fmt: skip
FOREIGN_TO = {  # whose objects must not exist for a persona; the national administrator sees the whole country
    **dict.fromkeys(("enterer", "signer", "officer", "leader", "admin"), ("thanh_hoa", "sam_son")),
    **dict.fromkeys(("stranger", "foreign_officer"), ("thai_nguyen", "tan_cuong", "dai_phuc", "thinh_duc")),
    "nobody": ("thanh_hoa", "sam_son", "thai_nguyen", "tan_cuong", "dai_phuc", "thinh_duc", "centre"),
}
STAFF = ("officer", "admin", "foreign_officer", "national")  # whom the administration lets in
WITHOUT_OBJECT, NOWHERE = "-", "absent"
BOTH, ONLY_GET = "GET+POST", "GET"
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Door:
    """One address: its route, the kind and label of the object, and the URL."""

    route: str
    object: str
    url: str

    @property
    def key(self) -> tuple[str, str]:
        return self.route, self.object

    @property
    def place(self) -> str:
        """Whose the object is: the label without its state."""
        return self.object.partition(":")[2].partition(".")[0]

    @property
    def in_admin(self) -> bool:
        return self.url.startswith("/quan-tri/")


def user_of(world: World, persona: str) -> User | None:
    return None if persona == "anonymous" else getattr(world.cast, persona)


# --- routes and addresses ---


@cache
def routes() -> dict[str, Route]:
    """By name, or by pattern where they have none."""
    return {route.pattern if route.name.endswith(":") else route.name or route.pattern: route for route in all_routes()}


def arguments_of(route: Route) -> list[str]:
    return ARGUMENT.findall(_as_path(route.pattern))


def doors(world: World) -> Iterator[Door]:
    """A door for each row of the table whose route there is; absent objects first, for the others are compared."""
    _complete(world)
    for route, label in sorted(read_table(), key=lambda key: not key[1].endswith(NOWHERE)):
        if route in routes():
            yield Door(route, label, address(world, route, label))


def doors_of(world: World, persona: str) -> Iterator[Door]:
    """The doors that a persona tries: not again with the next object where no object makes a difference to the persona.

    That is so for who is not signed in or not let into the administration, and between the states of foreign objects.
    """
    met = set()
    for door in doors(world):
        same: tuple[str, str] = door.key
        if persona == "anonymous" or (door.in_admin and persona not in STAFF):
            same = (door.route, "")
        elif door.place in FOREIGN_TO.get(persona, ()):
            same = (door.route, door.place)
        if same not in met:
            met.add(same)
            yield door


def address(world: World, route: str, label: str) -> str:
    target = Target() if label == WITHOUT_OBJECT else _target(world, label)
    query = f"?{target.query}" if target.query else ""
    return f"/{_filled(routes()[route], target)}{query}"


def _target(world: World, label: str) -> Target:
    kind, _colon, name = label.partition(":")
    return world.targets[kind][name]


def _as_path(pattern: str) -> str:
    """A regular expression written as a path: `(?P<name>…)` as `<name>`."""
    return re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern).replace("$", "")


def _filled(route: Route, target: Target) -> str:
    """The address of a route; months are written as in addresses, the administration calls every key `object_id`."""
    arguments = {"object_id": target.kwargs.get("pk"), **target.kwargs}

    def value(match: re.Match[str]) -> str:
        found = arguments[match.group(1)]
        return f"{found // 12}-{found % 12 + 1:02d}" if match.group(1) == "month" else str(found)

    return ARGUMENT.sub(value, _as_path(route.pattern))


def rows_wanted(world: World, route: str) -> list[str]:
    """The rows that a route lacks in the table: one at least, and one of an absent object if it has arguments."""
    _complete(world)
    objects = {label for name, label in read_table() if name == route}
    arguments = arguments_of(routes()[route])
    if not arguments:
        return [] if objects else [f"{route},{WITHOUT_OBJECT}"]
    if any(label.endswith(f":{NOWHERE}") for label in objects) or (objects and routes()[route].declared_elsewhere):
        return []
    kinds = [kind for kind, labels in world.targets.items() if {*arguments} == {*next(iter(labels.values())).kwargs}]
    if len(kinds) == 1:
        return [f"{route},{kinds[0]}:{label}" for label in world.targets[kinds[0]]]
    wanted = f"one of {', '.join(kinds)}" if kinds else f"a new kind of object in world.py with {arguments}"
    return [f"{route},KIND:LABEL (own, foreign and {NOWHERE}; KIND is {wanted})"]


def _complete(world: World) -> None:
    """Adds rows of the trail, and what addresses of packages mean, to the objects of the world."""
    if "audit" in world.targets:
        return
    for code in ("tn", "tc", "ss"):
        row = AuditEntry.objects.filter(unit_id=world.unit(code).pk).earliest("pk")
        world.put("audit", PLACES[code], pk=row.pk)
    world.put("audit", NOWHERE, pk=ABSENT)
    world.put("key", NOWHERE, key="no-such-key")
    world.put("reset", NOWHERE, uidb36="1", key="no-such-key")
    world.put("content", NOWHERE, content_type_id=content_type_of("units.unit"), object_id=ABSENT)
    world.put("app", "units", app_label="units")
    world.put("page", NOWHERE, url="no/such/page")


# --- the table of expected answers ---

Table = dict[tuple[str, str], dict[str, str]]


@cache
def read_table() -> Table:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["route"], row["object"]): row for row in csv.DictReader(file)}


@cache
def only_read() -> set[str]:
    return {route for (route, _object), row in read_table().items() if row["methods"] == ONLY_GET}


def takes_posts(door: Door) -> bool:
    return door.route not in only_read()


def code_of(answer: Answer) -> str:
    return "in" if answer.status == 302 and "/tai-khoan/login/" in answer.location else str(answer.status)


def outcome(got: Answer, posted: Answer | None) -> str:
    """The cell of the table for the answers to GET and POST."""
    codes = dict.fromkeys(code_of(answer) for answer in (got, posted) if answer is not None)
    return "/".join(codes)


def write_table(answers: dict[str, dict[tuple[str, str], str]]) -> None:
    """Takes over what the portal answers now to each persona; the difference is for a person to read."""
    order = list(routes())
    written = {route for given in answers.values() for route, _object in given}
    others = [row for row in read_table().values() if row["route"] in order and row["route"] not in written]
    rows = [row for row in read_table().values() if row["route"] in written]
    for row in rows:
        row |= {persona: given.get((row["route"], row["object"]), "") for persona, given in answers.items()}
    reading = {row["route"] for row in rows if any(row[persona] in ("200/405", "302/405") for persona in answers)}
    for row in rows:
        if row["route"] in reading | only_read():
            row |= {"methods": ONLY_GET} | {persona: row[persona].removesuffix("/405") for persona in answers}
        else:
            row["methods"] = BOTH
    rows = sorted(others + rows, key=lambda row: order.index(row["route"]))
    TABLE.write_text(as_csv(rows, header=True), encoding="utf-8")


def as_csv(rows: Iterable[dict[str, str]], *, header: bool = False) -> str:
    text = io.StringIO()
    columns = ["route", "object", "methods", *PERSONAS]
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
