"""Carrying out the arrows of a reorganisation: who closes, who opens, what passes; with notes for the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from core.remarks import remark
from units.choices import Remark, Share
from units.models import Contact, Grant, Reorganisation, Succession, Unit
from units.plans import Link, NewUnit, followers
from units.rules import next_code

if TYPE_CHECKING:
    from accounts.models import User

PROFILE = (
    *("lat", "lon", "area_km2", "upland", "ethnic_minority", "remote", "address", "phone", "email"),
    *("parent_body", "issuing_body", "document_mark", "note", "sample"),
)
MERGED_FLAGS = ("upland", "ethnic_minority", "remote", "sample")  # true when true for any predecessor


@dataclass
class Undo:
    """What was written, so that exactly that can be taken back."""

    opened: list[int] = field(default_factory=list)
    closed: dict[int, list[str]] = field(default_factory=dict)  # unit → [its closing basis before]
    grants_ended: dict[int, str | None] = field(default_factory=dict)  # grant → its last day before
    grants_created: dict[int, str | None] = field(default_factory=dict)  # grant → its last day
    grants_moved: dict[int, int] = field(default_factory=dict)  # grant → its unit before

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Undo:
        """JSON makes text of the keys; this makes numbers of them again."""
        maps = {
            name: {int(key): value for key, value in data[name].items()}
            for name in ("closed", "grants_ended", "grants_created", "grants_moved")
        }
        return cls(opened=data["opened"], **maps)


def carry_out(row: Reorganisation, links: Sequence[Link], by: User) -> Undo:
    """Open what is new, close what ends, write the links, pass grants and contacts on."""
    undo = Undo()
    below = followers(links, row.on)
    closing = {link.predecessor.pk for link in links} | {follower.unit.pk for follower in below}
    list(Unit.objects.select_for_update().filter(pk__in=closing).order_by("pk"))  # two people, one reorganisation
    opened = {new: _open(new, links, row, undo) for new in dict.fromkeys(_new_units(links))}
    arrows = [
        Succession(
            reorganisation=row,
            predecessor=link.predecessor,
            successor=opened[link.successor] if isinstance(link.successor, NewUnit) else link.successor,
            share=link.share,
            percent=link.percent,
        )
        for link in links
        if link.successor is not None
    ]
    heirs = {arrow.predecessor_id: arrow.successor for arrow in arrows if arrow.share != Share.PART}
    for follower in below:
        heir = heirs[follower.unit.pk] = _reopen(follower.unit, heirs[follower.above.pk], row, undo)
        arrows.append(Succession(reorganisation=row, predecessor=follower.unit, successor=heir))
    for unit in _closing_units(links, [follower.unit for follower in below]):
        _close(unit, row, undo)
        _pass_grants(unit, heirs.get(unit.pk), row, by, undo)
        if unit.pk in heirs and heirs[unit.pk].pk in undo.opened:
            _copy_contacts(unit, heirs[unit.pk])
    Succession.objects.bulk_create(arrows)
    return undo


def _new_units(links: Iterable[Link]) -> list[NewUnit]:
    return [link.successor for link in links if isinstance(link.successor, NewUnit)]


def _closing_units(links: Iterable[Link], following: Iterable[Unit]) -> Iterable[Unit]:
    units = {link.predecessor.pk: link.predecessor for link in links} | {unit.pk: unit for unit in following}
    return units.values()


def _open(new: NewUnit, links: Sequence[Link], row: Reorganisation, undo: Undo) -> Unit:
    """A new unit with what its predecessors had: the profile of a single one, the place and flags of several."""
    sources = [link.predecessor for link in links if link.successor == new and link.counts]
    code = new.code or _code_for(new, sources, row.on)
    facts: dict[str, Any] = {"kind": new.kind, "designation": new.designation, "code": code}
    facts |= {"name": new.name, "short_name": new.short_name}
    if len(sources) == 1:
        facts |= {name: getattr(sources[0], name) for name in PROFILE}
    elif sources:
        facts |= {name: any(getattr(source, name) for source in sources) for name in MERGED_FLAGS}
        facts |= {"lat": sources[0].lat, "lon": sources[0].lon}
    return _add(new.parent, facts, row, undo)


def _code_for(new: NewUnit, sources: list[Unit], on: date) -> str:
    """The code of the only predecessor of the same kind, else a new one below the parent."""
    if len(sources) == 1 and sources[0].kind == new.kind:
        return sources[0].code
    return next_code(new.parent, new.kind)


def _reopen(unit: Unit, parent: Unit, row: Reorganisation, undo: Undo) -> Unit:
    """The same unit once more, below the successor of its parent."""
    names = ("kind", "designation", "code", "name", "short_name", *PROFILE)
    return _add(parent, {name: getattr(unit, name) for name in names}, row, undo)


def _add(parent: Unit, facts: dict[str, Any], row: Reorganisation, undo: Undo) -> Unit:
    dates = {"valid_from": row.on, "legal_basis": row.legal_basis}
    unit: Unit = Unit.objects.add_child(parent, {**facts, **dates})
    undo.opened.append(unit.pk)
    return unit


def _close(unit: Unit, row: Reorganisation, undo: Undo) -> None:
    undo.closed[unit.pk] = [unit.closing_basis]
    unit.valid_to, unit.closing_basis = row.on - timedelta(days=1), row.legal_basis
    unit.save(update_fields=["valid_to", "closing_basis"])


def _pass_grants(unit: Unit, heir: Unit | None, row: Reorganisation, by: User, undo: Undo) -> None:
    """Grants that still hold end with the unit and begin anew at its heir; those of the future move there."""
    last_day = row.on - timedelta(days=1)
    holding = Grant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=row.on), unit=unit)
    for grant in holding.order_by("pk"):
        if grant.valid_from >= row.on:
            _move_grant(grant, heir, undo)
            continue
        until = grant.valid_to
        undo.grants_ended[grant.pk] = until.isoformat() if until else None
        grant.valid_to = last_day
        grant.save(update_fields=["valid_to"])
        if heir is not None and not _holds(grant, heir, row.on):
            passed = Grant.objects.create(
                user_id=grant.user_id,
                role=grant.role,
                unit=heir,
                valid_from=row.on,
                valid_to=until,
                granted_by=by,
                note=remark(Remark.PASSED_ON, unit.name)[:200],
            )
            undo.grants_created[passed.pk] = until.isoformat() if until else None


def _move_grant(grant: Grant, heir: Unit | None, undo: Undo) -> None:
    if heir is None or _holds(grant, heir, grant.valid_from):
        return
    undo.grants_moved[grant.pk] = grant.unit_id
    grant.unit = heir
    grant.save(update_fields=["unit"])


def _holds(grant: Grant, heir: Unit, on: date) -> bool:
    """Whether the person has the role there already: merged units often share their people."""
    same = Grant.objects.filter(user=grant.user_id, role=grant.role, unit=heir)
    return same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on).exists()


def _copy_contacts(unit: Unit, heir: Unit) -> None:
    place = heir.contacts.count()
    Contact.objects.bulk_create(
        Contact(
            unit=heir,
            full_name=contact.full_name,
            position=contact.position,
            phone=contact.phone,
            email=contact.email,
            order=place + number,
        )
        for number, contact in enumerate(unit.contacts.all())
    )
