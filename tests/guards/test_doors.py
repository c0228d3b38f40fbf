"""Every route of the portal × every persona × every relation to the object × GET and POST.

The expected answers stand in doors.csv, apart from the code (`tests.guards.doors` tells how to read it). After a change
that is meant, `WRITE_DOORS=trainings: pytest tests/guards/test_doors.py -k written` writes those of routes that begin
so (`WRITE_DOORS=` those of all); read the difference line by line.

A run on one database tries every other pair of persona and object (`tests.guards.halves`); `make matrix` tries all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest

from tests.guards import doors
from tests.guards.doors import FOREIGN_TO, NOWHERE, PERSONAS, Door
from tests.guards.halves import ours, whole
from tests.guards.sight import SHOWN_NOWHERE, Sight
from tests.guards.visitors import ALWAYS_WRITTEN, Answer, Visitor
from tests.guards.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bare_frame")]
WITHOUT_EFFECT = {"in", "403", "404", "405"}
VARYING = (
    r'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"', r'nonce="[^"]*"', r'data-csrf="[^"]*"',
    r'"X-CSRFToken": "[^"]*"', r"<p class=\"request-number\">.*?</p>",
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f-]{17}",
    r"\d\d/\d\d/\d{4} \d\d:\d\d",
)  # fmt: skip
VARIES = re.compile("|".join(VARYING), re.S)
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.I)


def same_but_for_address(answer: Answer, door: Door) -> tuple[int, str]:
    """Status and body without what differs between any two answers."""
    body = answer.body.replace(door.url, "").replace(door.url.replace("/", "%2F"), "")
    return answer.status, VARIES.sub("", body)


def reason_of(answer: Answer, door: Door) -> str:
    """Why not, in the words of the page. Django's administration gives no reason of its own: the page's own words stand
    for it there."""
    notice = '<div class="notice notice-warning[^"]*">(.*?)</div>'
    found = re.search(rf"{notice}|<p class=\"mt-3\">(.*?)</p>" if door.in_admin else notice, answer.body, re.S)
    return found.group(0) if found else ""


class Round:
    """One persona tries every door; `faults` are what no table may allow."""

    def __init__(self, world: World, persona: str, only: str = "") -> None:
        self.world, self.persona, self.only = world, persona, only
        self.visitor = Visitor(doors.user_of(world, persona))
        self.sight = Sight(world, persona)
        self.answers: dict[tuple[str, str], str] = {}
        self.faults: list[str] = []
        self._absent: dict[tuple[str, str], Door] = {}
        self._nowhere: dict[tuple[str, str, str], tuple[int, str]] = {}

    def go(self) -> None:
        place = PERSONAS.index(self.persona)
        for door in doors.doors_of(self.world, self.persona):
            kind, _colon, label = door.object.partition(":")
            if label == NOWHERE:
                self._absent[door.route, kind] = door
            if door.route.startswith(self.only) and ours(door.route, door.object, place):
                self.try_door(door)

    def try_door(self, door: Door) -> None:
        if door.key in self.answers:
            return
        got = self.visitor.get(door.url)
        posted = self.visitor.post(door.url) if doors.takes_posts(door) else None
        self.answers[door.key] = doors.outcome(got, posted)
        self.check(door, "GET", got)
        if posted is not None:
            self.check(door, "POST", posted)

    def check(self, door: Door, method: str, answer: Answer) -> None:
        self.sight.look(answer)
        written = answer.written - ALWAYS_WRITTEN
        if answer.status >= 500:
            self.blame(door, method, f"{answer.status} {answer.error}")
        if written and (method == "GET" or doors.code_of(answer) in WITHOUT_EFFECT):
            self.blame(door, method, f"{answer.status} and wrote {sorted(written)}")
        if answer.status == 403 and not VIETNAMESE.search(reason_of(answer, door)):
            self.blame(door, method, f"403 without a reason in Vietnamese: {reason_of(answer, door)!r}")
        self.compare(door, method, answer)

    def compare(self, door: Door, method: str, answer: Answer) -> None:
        """What is foreign answers exactly as what does not exist."""
        kind, _colon, label = door.object.partition(":")
        if label == NOWHERE:
            self._nowhere[door.route, kind, method] = same_but_for_address(answer, door)
            return
        if door.place not in FOREIGN_TO.get(self.persona, ()) and label != "crossed":
            return
        self.try_door(self._absent[door.route, kind])
        if same_but_for_address(answer, door) != self._nowhere[door.route, kind, method]:
            self.blame(door, method, f"{answer.status}: not the answer of an absent object")

    def blame(self, door: Door, method: str, what: str) -> None:
        self.faults.append(f"{method} {door.route} [{door.object}] {door.url}: {what}")


@pytest.fixture(scope="module")
def rounds(world: World) -> dict[str, Round]:
    return {}


def round_of(rounds: dict[str, Round], world: World, persona: str) -> Round:
    if persona not in rounds:
        rounds[persona] = Round(world, persona)
        rounds[persona].go()
    return rounds[persona]


@pytest.mark.parametrize("persona", PERSONAS)
def test_answers_of_every_door(world: World, rounds: dict[str, Round], persona: str) -> None:
    """The statuses are those of the table, and nothing happened that no table may allow.

    That is: no error, no effect of a GET or of a refused POST, no refusal without a reason in Vietnamese, no answer
    about something foreign that differs from the answer about nothing at all, and no foreign word in any answer.
    """
    tried = round_of(rounds, world, persona)
    assert not tried.faults, "\n".join(tried.faults)
    assert not tried.sight.leaks(), "\n".join(tried.sight.leaks())
    table = doors.read_table()
    changed = [
        f"{key[0]} [{key[1]}]: expected {table[key][persona]!r}, answers {now!r}"
        for key, now in tried.answers.items()
        if table[key][persona] != now
    ]
    assert not changed, "\n".join(changed)


def test_the_table_is_written_on_request(world: World) -> None:
    if "WRITE_DOORS" not in os.environ:
        pytest.skip("no check, but the way to write the table: see the head of this module")
    answers = {}
    for persona in PERSONAS:
        tried = Round(world, persona, os.environ["WRITE_DOORS"])
        tried.go()
        answers[persona] = tried.answers
        assert not tried.faults, "\n".join(tried.faults)
    doors.write_table(answers)


def test_the_canaries_are_there_to_be_seen(world: World, rounds: dict[str, Round]) -> None:
    """Every text that was marked is shown to somebody somewhere, or its absence elsewhere would prove nothing."""
    origins = world.canaries.origins
    seen = {word for persona in PERSONAS for word in round_of(rounds, world, persona).sight.seen}
    unseen = {origin.field for origin in origins.values()} - {origins[word].field for word in seen}
    assert unseen >= SHOWN_NOWHERE
    assert unseen == SHOWN_NOWHERE or not whole()


def test_every_route_has_its_rows(world: World) -> None:
    """A route that is missing in the table is named with rows to put there."""
    missing = [row for route in doors.routes() for row in doors.rows_wanted(world, route)]
    gone = sorted({route for route, _object in doors.read_table()} - doors.routes().keys())
    assert not missing, "\n".join(["add to doors.csv, run with WRITE_DOORS, and read what it writes:", *missing])
    assert not gone, f"take out of doors.csv: {gone}"


def doors_of_routes(world: World) -> Iterator[Door]:
    """One door of each route, one that the national administrator gets through where there is any."""
    table, met = doors.read_table(), set()
    for door in sorted(doors.doors(world), key=lambda door: not table[door.key]["national"].startswith("200")):
        if door.route not in met:
            met.add(door.route)
            yield door


def test_every_post_asks_for_the_token(world: World) -> None:
    """Without the token of the page nothing is done, whoever sends it."""
    without = []
    for persona in ("anonymous", "officer", "national"):
        visitor = Visitor(doors.user_of(world, persona))
        for door in filter(doors.takes_posts, doors_of_routes(world)):
            answer = visitor.post(door.url, csrf=True)
            if answer.status != 403 or answer.written - ALWAYS_WRITTEN:
                without.append(f"{persona} {door.url}: {answer.status} {sorted(answer.written)}")
    assert without == []


def test_pages_to_read_take_no_post(world: World) -> None:
    visitor = Visitor(world.cast.national)
    only_read = [door for door in doors_of_routes(world) if not doors.takes_posts(door)]
    assert [door.url for door in only_read if visitor.post(door.url).status not in (403, 404, 405)] == []
    assert len(only_read) > 40
