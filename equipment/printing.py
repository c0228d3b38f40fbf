"""Minutes as they are printed: the parts of a biên bản after Nghị định 30/2020 and the form 01/TSC-BBGN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.dates import long_date
from equipment.models import Handover, HandoverLine
from units.models import Unit


@dataclass(frozen=True)
class Party:
    """One side: the body, who signs for it, and where it can be reached."""

    body: str
    name: str
    position: str
    address: str
    phone: str


@dataclass(frozen=True)
class PaperLine:
    """One row of the table of things."""

    number: int
    what: str
    specification: str
    counted_in: str
    quantity: int
    serials: tuple[str, ...]
    year: int | None
    price: int | None
    amount: int | None
    condition: str


@dataclass(frozen=True)
class Minutes:
    """One set of minutes, ready for the template. `amount` is the sum of the known prices, None if none is known."""

    pk: int
    parent_body: str
    issuing_body: str
    number: str
    day: date
    day_in_words: str
    place: str
    bases: tuple[str, ...]
    gift: str
    sponsor: str
    giver: Party
    receiver: Party
    lines: tuple[PaperLine, ...]
    quantity: int
    amount: int | None
    note: str
    draft: bool


def minutes_of(handovers: Sequence[Handover]) -> list[Minutes]:
    """The papers in the given order, whatever their number in two queries. Parties and gift are loaded already."""
    lines: dict[int, list[HandoverLine]] = {}
    rows = HandoverLine.objects.filter(handover__in=[paper.pk for paper in handovers])
    for line in rows.select_related("allotment__line__kind").order_by("pk"):
        lines.setdefault(line.handover_id, []).append(line)
    parents = _parents([paper.giver for paper in handovers])
    return [_paper(paper, lines.get(paper.pk, []), parents.get(paper.giver_id, "")) for paper in handovers]


def _paper(handover: Handover, lines: list[HandoverLine], parent: str) -> Minutes:
    rows = tuple(_line(number, line) for number, line in enumerate(lines, start=1))
    amounts = [row.amount for row in rows if row.amount is not None]
    giver = handover.giver
    return Minutes(
        pk=handover.pk,
        parent_body=giver.parent_body or parent,
        issuing_body=giver.issuing_body or union_name(giver.name),
        number=handover.number,
        day=handover.on,
        day_in_words=long_date(handover.on),
        place=handover.place,
        bases=tuple(line.strip(" ;.") for line in handover.legal_basis.splitlines() if line.strip(" ;.")),
        gift=handover.gift.title,
        sponsor=handover.gift.sponsor.name,
        giver=_party(giver, handover.giver_name, handover.giver_position),
        receiver=_party(handover.receiver, handover.receiver_name, handover.receiver_position),
        lines=rows,
        quantity=sum(row.quantity for row in rows),
        amount=sum(amounts) if amounts else None,
        note=handover.note,
        draft=handover.state == "draft",
    )


def _party(unit: Unit, name: str, position: str) -> Party:
    return Party(union_name(unit.name), name, position, unit.address, unit.phone)


def _line(number: int, line: HandoverLine) -> PaperLine:
    """What came where it is confirmed, else what the minutes say."""
    given = line.allotment.line
    quantity = line.quantity if line.received is None else line.received
    parts = [given.specification]
    parts += [f"RAM {given.ram_gb} GB"] if given.ram_gb and "RAM" not in given.specification else []
    parts += [f"{given.storage_gb} GB"] if given.storage_gb and str(given.storage_gb) not in given.specification else []
    return PaperLine(
        number=number,
        what=f"{given.kind.name} {given.model}".strip(),
        specification=", ".join(part for part in parts if part),
        counted_in=given.kind.counted_in,
        quantity=quantity,
        serials=tuple(line.serials),
        year=given.year,
        price=given.unit_value,
        amount=None if given.unit_value is None else given.unit_value * quantity,
        condition=line.condition_note,
    )


def _parents(units: list[Unit]) -> dict[int, str]:
    """The name of the unit above each."""
    paths = {unit.pk: unit.path[: -Unit.steplen] for unit in units}
    names = dict(Unit.objects.filter(path__in=set(paths.values())).order_by().values_list("path", "name"))
    return {pk: union_name(names.get(path, "")) for pk, path in paths.items()}


def union_name(name: str) -> str:
    """The body behind a unit's name: «Xã Tân Cương» signs as «Hội Liên hiệp Phụ nữ xã Tân Cương»."""
    if not name or name.casefold().startswith("hội "):
        return name
    return f"Hội Liên hiệp Phụ nữ {name[0].lower()}{name[1:]}"
