"""Whether a plan can be carried out: every reason why not, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.dates import format_date
from units.choices import ReorganisationKind, Share
from units.models import Unit
from units.plans import WHOLE, Link, NewUnit, followers
from units.rules import code_taken, misplaced, not_open

PEERS = frozenset({frozenset({"commune", "attached"}), frozenset({"district", "commune"})})


def problems(kind: str, on: date, links: Sequence[Link]) -> list[str]:
    """All reasons against the plan, each once; empty when it can be carried out."""
    if not links:
        return [_("Name at least one unit.")]
    found = [text for part in (_shape, _predecessors, _shares, _successors, _new_units, _followers)
             for text in part(kind, on, links)]  # fmt: skip
    return list(dict.fromkeys(found))


def _shape(kind: str, on: date, links: Sequence[Link]) -> Iterator[str]:
    """What the kind of reorganisation promises."""
    check = _SHAPES.get(kind)
    if check is None:
        yield _("This kind has an action of its own.")
    elif text := check(links):
        yield text


def _merge(links: Sequence[Link]) -> str:
    successors = {link.successor for link in links}
    grows = any(isinstance(successor, Unit) for successor in successors) or len(successors) < len(links)
    whole = all(link.share == Share.WHOLE and link.successor is not None for link in links)
    return "" if whole and grows else _("A merger brings whole units together.")


def _split(links: Sequence[Link]) -> str:
    keys = [link.predecessor.pk for link in links]
    divided = any(keys.count(pk) > 1 for pk in keys)
    return "" if divided else _("A division needs at least two successors of one unit.")


def _move(links: Sequence[Link]) -> str:
    for link in links:
        new = link.successor
        if not isinstance(new, NewUnit) or link.share != Share.WHOLE:
            return _("A move opens the whole unit anew below another one.")
        if new.parent.path == link.predecessor.path[: -Unit.steplen]:
            return _("%(unit)s stands there already.") % {"unit": link.predecessor.name}
    return "" if len({link.successor for link in links}) == len(links) else _("Units that move do not merge.")


def _close(links: Sequence[Link]) -> str:
    return _("A closing has no successors.") if any(link.successor for link in links) else ""


_SHAPES: dict[str, Callable[[Sequence[Link]], str]] = {
    ReorganisationKind.MERGE: _merge,
    ReorganisationKind.SPLIT: _split,
    ReorganisationKind.MOVE: _move,
    ReorganisationKind.CLOSE: _close,
    ReorganisationKind.REFORM: lambda links: "",
}


def _predecessors(kind: str, on: date, links: Sequence[Link]) -> Iterator[str]:
    """Each must be open on the last day of the old order and on the first of the new one."""
    for unit in {link.predecessor.pk: link.predecessor for link in links}.values():
        if unit.depth == 1:
            yield _("The centre stays.")
        yield from filter(None, [not_open(unit, on - timedelta(days=1)), not_open(unit, on)])
        if unit.valid_to is not None and unit.is_active(on):
            yield _("%(unit)s closes on %(day)s already.") % {"unit": unit.name, "day": format_date(unit.valid_to)}


def _shares(kind: str, on: date, links: Sequence[Link]) -> Iterator[str]:
    """One whole or one larger part for each unit; percents for all its parts, 100 together, or for none."""
    groups: dict[int, list[Link]] = {}
    for link in links:
        groups.setdefault(link.predecessor.pk, []).append(link)
    for group in groups.values():
        name = {"unit": group[0].predecessor.name}
        shares = [link.share for link in group]
        percents = [link.percent for link in group if link.percent is not None]
        if len({link.successor for link in group}) < len(group):
            yield _("%(unit)s is led to the same successor twice.") % name
        if len(group) == 1 and shares != [Share.WHOLE]:
            yield _("%(unit)s has one successor, which takes it whole.") % name
        if len(group) > 1 and (Share.WHOLE in shares or shares.count(Share.MAIN) != 1):
            yield _("One successor of %(unit)s takes the larger part, the others smaller ones.") % name
        if percents and (len(percents) < len(group) or sum(percents) != WHOLE or min(percents) <= 0):
            yield _("The shares of %(unit)s must be given for all its successors and make 100%%.") % name


def _successors(kind: str, on: date, links: Sequence[Link]) -> Iterator[str]:
    """Units that go on: open, not closing themselves, of the same level, not below what closes."""
    closing = {link.predecessor.pk: link.predecessor for link in links}
    for link in links:
        if not isinstance(link.successor, Unit):
            continue
        unit = link.successor
        if text := not_open(unit, on):
            yield text
        if any(unit.path.startswith(one.path) for one in closing.values()):
            yield _("%(unit)s closes itself, so it cannot be a successor.") % {"unit": unit.name}
        if text := _unequal(link.predecessor.kind, unit.kind):
            yield text


def _new_units(kind: str, on: date, links: Sequence[Link]) -> Iterator[str]:
    closing = {link.predecessor.pk: link.predecessor for link in links}
    codes: set[tuple[str, str]] = set()
    for unit in {link.successor for link in links if isinstance(link.successor, NewUnit)}:
        sources = [link.predecessor for link in links if link.successor == unit]
        yield from filter(None, [misplaced(unit.kind, unit.parent.kind), not_open(unit.parent, on)])
        if any(unit.parent.path.startswith(one.path) for one in closing.values()):
            yield _("%(unit)s closes itself: nothing can open below it.") % {"unit": unit.parent.name}
        yield from filter(None, [_unequal(source.kind, unit.kind) for source in sources])
        if not unit.name.strip() or not unit.short_name.strip():
            yield _("A new unit needs a name and a short name.")
        if unit.code:
            yield from filter(None, [code_taken(unit.kind, unit.code, on, ignoring=closing.keys())])
            if (unit.kind, unit.code) in codes:
                yield _("The code %(code)s is given twice.") % {"code": unit.code}
            codes.add((unit.kind, unit.code))


def _followers(kind: str, on: date, links: Sequence[Link]) -> Iterator[str]:
    """Units below a closing one must find a place below its successor."""
    for follower in followers(links, on):
        name = {"unit": follower.unit.name, "above": follower.above.name}
        if not follower.target_kind:
            yield _("%(unit)s is still open below %(above)s: close or move it first.") % name
        elif text := misplaced(follower.unit.kind, follower.target_kind):
            yield text
        elif follower.unit.valid_from >= on:
            yield _("%(unit)s was opened after that day: close or move it first.") % name


def _unequal(kind: str, other: str) -> str:
    """Units of one level follow each other; an island district without communes became a commune-level unit."""
    if kind == other or frozenset({kind, other}) in PEERS:
        return ""
    return _("A unit is followed by units of its own level.")
