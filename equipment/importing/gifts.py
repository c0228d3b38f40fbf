"""Gifts from Excel: a row for each line of a gift; rows of the same code, or of the same pledge, make one gift."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.dates import format_date, parse_date
from core.text import fold
from equipment.actions.gifts import LineData, create_gift, edit_gift
from equipment.actions.taking_back import take_back_gift
from equipment.choices import GiftForm, GiftState
from equipment.forms.gifts import LARGEST, LARGEST_SMALL
from equipment.models import Gift, GiftLine, ItemKind
from imports.columns import Column, Takes, unit_columns
from imports.desk import Desk
from imports.registry import Aim, Importer, Line, Row, RowError, Stored, Undo, Values
from sponsors.models import Sponsor
from units.choices import Right

DATES = ("pledged_on", "ceremony_on")
TEXTS = ("title", "ceremony_place", "connecting_body", "wishes", "note")
PLEDGE = ("sponsor", "pledged_on", "ceremony_on", "amount", *TEXTS)  # what may be corrected
DETAILS = ("quantity", "model", "specification", "ram_gb", "storage_gb", "year", "unit_value")
COLUMNS = (
    Column("code", gettext_lazy("Code"), max_length=30, aliases=("Mã khoản tài trợ",), width=16),
    Column(
        "title",
        gettext_lazy("Title of the gift"),
        required=True,
        aliases=("Tên khoản tài trợ", "Nội dung tài trợ"),
        width=40,
    ),
    Column("sponsor", gettext_lazy("Sponsor"), Takes.CHOICE, required=True, aliases=("Đơn vị tài trợ",), width=32),
    *unit_columns(
        gettext_lazy("Given to"), required=False, as_of=("pledged_on",), aliases=("Đơn vị tiếp nhận", "Đơn vị nhận")
    ),
    Column("form", gettext_lazy("Kind of gift"), Takes.CHOICE, choices=dict(GiftForm.choices)),
    Column("pledged_on", gettext_lazy("Pledged on"), Takes.DATE, required=True, aliases=("Ngày trao", "Ngày tài trợ")),
    Column("amount", gettext_lazy("Value of the whole gift (đồng)"), Takes.INTEGER, aliases=("Tổng trị giá",)),
    Column("kind", gettext_lazy("Kind of thing"), Takes.CHOICE, aliases=("Hiện vật", "Loại thiết bị")),
    Column("quantity", gettext_lazy("Quantity"), Takes.INTEGER, minimum=1, maximum=1_000_000, aliases=("SL",)),
    Column("model", gettext_lazy("Model"), max_length=120, aliases=("Model",), width=26),
    Column("specification", gettext_lazy("Specification"), max_length=200, aliases=("Cấu hình",)),
    Column("ram_gb", gettext_lazy("Memory (GB)"), Takes.INTEGER, minimum=1, maximum=LARGEST_SMALL, aliases=("RAM",)),
    Column("storage_gb", gettext_lazy("Storage (GB)"), Takes.INTEGER, minimum=1, maximum=LARGEST, aliases=("Ổ cứng",)),
    Column("year", gettext_lazy("Year of make"), Takes.INTEGER, minimum=1990, maximum=2100, aliases=("Năm SX",)),
    Column("unit_value", gettext_lazy("Unit price (đồng)"), Takes.INTEGER, aliases=("Đơn giá",)),
    Column("ceremony_on", gettext_lazy("Date of the ceremony"), Takes.DATE, aliases=("Ngày tổ chức lễ trao",)),
    Column("ceremony_place", gettext_lazy("Place of the ceremony"), max_length=200, aliases=("Nơi trao",)),
    Column("connecting_body", gettext_lazy("Connecting body"), max_length=160, aliases=("Đơn vị kết nối",)),
    Column("wishes", gettext_lazy("Wishes of the sponsor"), Takes.TEXT, max_length=2000),
    Column("note", gettext_lazy("Note"), Takes.TEXT, max_length=2000),
)


@dataclass
class _Pledge:
    """All rows of one gift, and the gift where it exists."""

    gift: Gift | None
    lines: list[Line] = field(default_factory=list)


class GiftImporter(Importer):
    kind = "khoan-tai-tro"
    title = gettext_lazy("Gifts")
    lead = gettext_lazy(
        "One row for each kind of thing. Rows of one code, or of one title, sponsor, unit and day, make one gift."
    )
    right = Right.GIVE
    list_route = "equipment:gifts"
    columns = COLUMNS

    def columns_for(self, desk: Desk) -> tuple[Column, ...]:
        choices = {"sponsor": {pk: one.name for pk, one in _sponsors(desk).items()}}
        choices["kind"] = {pk: one.name for pk, one in _kinds(desk).items()}
        return tuple(replace(one, choices=choices[one.name]) if one.name in choices else one for one in COLUMNS)

    def key(self, row: Row, desk: Desk) -> Hashable:
        return _gift_key(row.values, desk), row.values.get("kind"), fold(row.values.get("model", ""))

    def label(self, row: Row, desk: Desk) -> str:
        kind = _kinds(desk).get(row.values.get("kind", 0))
        what = f"{row.values.get('quantity', '')} {kind}".strip() if kind else ""
        return " · ".join(filter(None, (row.values["title"], what)))

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        desk.load(row.values.get("unit") or desk.scope.pk for row in rows)
        gifts = _Gifts(desk, {row.values["code"] for row in rows if "code" in row.values})
        return [gifts.aim(row) for row in rows]

    def check(self, row: Row, stored: Stored | None, values: Values, desk: Desk) -> Mapping[str, str]:
        found: dict[str, str] = {}
        money = values.get("form", GiftForm.IN_KIND) == GiftForm.MONEY
        if values["pledged_on"] > desk.today:
            words = {"day": format_date(values["pledged_on"])}
            found["pledged_on"] = _("%(day)s is in the future. Enter a day up to today.") % words
        if values.get("year") and values["year"] > desk.today.year:
            found["year"] = _("Enter a year from %(first)s to %(year)s.") % {"first": 1990, "year": desk.today.year}
        if money and not values.get("amount"):
            found["amount"] = _("Enter the amount that is pledged.")
        for name in ("kind", "quantity"):
            if money == (values.get(name) is not None):
                found[name] = _given_in_money() if money else _("Enter what is given and how many.")
        return found

    def write(self, lines: Sequence[Line], desk: Desk) -> list[Undo]:
        pledges = _by_gift(lines, desk)
        undos: dict[int, Undo] = {}
        for pledge in pledges:
            first, undo = pledge.lines[0], {}
            try:
                undo = _change(pledge, desk) if pledge.gift else _create(pledge, desk)
            except ValidationError as refusal:
                raise RowError(first.row, refusal) from refusal
            undos[id(first)] = undo
        return [undos.get(id(line), {}) for line in lines]

    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        for undo in filter(None, undos):
            gift = Gift.objects.select_related("unit", "sponsor").filter(pk=undo["pk"]).first()
            if gift is None or _as_stands(gift) != undo["after"]:
                text = _("“%(name)s” was changed after the import. Correct it on its page.")
                raise ValidationError(text % {"name": undo["after"]["title"]})
            if undo["before"] is None:
                take_back_gift(gift=gift, by=desk.by, reason=desk.note)
            else:
                _restore(gift, undo, desk)

    def existing(self, desk: Desk) -> Iterable[Values]:
        visible = Gift.objects.visible_to(desk.by).filter(unit__in=desk.units.units, state=GiftState.PLEDGED)
        for gift in visible.prefetch_related("lines").order_by("-pledged_on", "pk"):
            for line in gift.lines.all() or [None]:
                yield _values(gift, line)

    def blank(self, desk: Desk) -> Iterable[Values]:
        return ()


class _Gifts:
    """The standing gifts that rows may mean, by code and by what was pledged; and whether the rows of one agree."""

    def __init__(self, desk: Desk, codes: set[str]) -> None:
        self.desk = desk
        visible = Gift.objects.visible_to(desk.by).filter(unit__in=desk.units.units).prefetch_related("lines")
        self.gifts: dict[Hashable, Gift] = {}
        for gift in visible.filter(state=GiftState.PLEDGED).order_by("-pk"):
            values = _values(gift, None)
            self.gifts[gift.code] = self.gifts[_pledge_key(values, desk)] = gift
        self.taken = set(Gift.objects.filter(code__in=codes).values_list("code", flat=True))
        self.seen: dict[Hashable, Values] = {}

    def aim(self, row: Row) -> Aim:
        if any(name not in row.values for name in ("title", "sponsor", "pledged_on")):
            return Aim()
        code = row.values.get("code")
        gift = self.gifts.get(code or _pledge_key(row.values, self.desk))
        if code and gift is None and code in self.taken:
            return Aim(None, {"code": _("The code %(code)s is taken. Enter another one, or none.") % {"code": code}})
        problems = self._disagreements(row)
        if gift is None:
            return Aim(None, problems)
        if row.values.get("form", gift.form) != gift.form:
            problems["form"] = _("The kind of a recorded gift stays as it is.")
        if row.values.get("unit", gift.unit_id) != gift.unit_id:
            problems["unit"] = _("The unit of a recorded gift stays as it is.")
        line = self._line(gift, row)
        values = _values(gift, line)
        if line is None and row.values.get("kind"):  # a line that the gift does not have yet
            values |= {"kind": None, **dict.fromkeys(DETAILS)}
        return Aim(Stored(gift.pk, values | {"line": line.pk if line else None}), problems)

    def _line(self, gift: Gift, row: Row) -> GiftLine | None:
        wanted = (row.values.get("kind"), fold(row.values.get("model", "")))
        return next((one for one in gift.lines.all() if (one.kind_id, fold(one.model)) == wanted), None)

    def _disagreements(self, row: Row) -> dict[str, str]:
        """Two rows of one gift may not tell different things of the gift."""
        told = self.seen.setdefault(_gift_key(row.values, self.desk), {})
        found = {}
        for name in (*PLEDGE, "form"):
            if name in row.values and told.setdefault(name, row.values[name]) != row.values[name]:
                found[name] = _("An earlier row of this gift says something else. Make them equal.")
        return found


def _given_in_money() -> str:
    return _("A gift in money has no lines of things. Record things as a gift of their own.")


def _sponsors(desk: Desk) -> dict[int, Sponsor]:
    sponsors: dict[int, Sponsor] = desk.once(
        "sponsors", lambda: Sponsor.objects.visible_to(desk.by).order_by("sort_key", "pk").in_bulk()
    )
    return sponsors


def _kinds(desk: Desk) -> dict[int, ItemKind]:
    kinds: dict[int, ItemKind] = desk.once(
        "kinds of things", lambda: ItemKind.objects.filter(active=True).order_by("name").in_bulk()
    )
    return kinds


def _gift_key(values: Values, desk: Desk) -> Hashable:
    return values.get("code") or _pledge_key(values, desk)


def _pledge_key(values: Values, desk: Desk) -> Hashable:
    unit = values.get("unit", desk.scope.pk)
    return unit, values["sponsor"], fold(values["title"]), values["pledged_on"]


def _values(gift: Gift, line: GiftLine | None) -> Values:
    values = {name: getattr(gift, name) for name in PLEDGE if name != "sponsor"}
    values |= {"code": gift.code, "form": gift.form, "unit": gift.unit_id, "sponsor": gift.sponsor_id}
    if line is not None:
        values |= {name: getattr(line, name) for name in DETAILS} | {"kind": line.kind_id}
    return values


def _by_gift(lines: Sequence[Line], desk: Desk) -> list[_Pledge]:
    gifts = Gift.objects.select_related("unit", "sponsor").in_bulk([line.stored.pk for line in lines if line.stored])
    pledges: dict[Hashable, _Pledge] = {}
    for line in lines:
        key = line.stored.pk if line.stored else (_gift_key(line.values, desk),)
        gift = gifts[line.stored.pk] if line.stored else None
        pledges.setdefault(key, _Pledge(gift)).lines.append(line)
    return list(pledges.values())


def _told(pledge: _Pledge, names: Iterable[str]) -> Values:
    """What the rows say of the gift itself; they agree, so the first that says it will do."""
    told: Values = {}
    for line in pledge.lines:
        for name in names:
            if name in line.changes:
                told.setdefault(name, line.changes[name])
    return told


def _create(pledge: _Pledge, desk: Desk) -> Undo:
    told = _told(pledge, ("code", "unit", "form", *PLEDGE))
    gift = create_gift(
        unit=desk.unit(told.pop("unit", desk.scope.pk)),
        sponsor=_sponsors(desk)[told.pop("sponsor")],
        lines=list(_line_data(pledge, desk)),
        by=desk.by,
        today=desk.today,
        **told,
    )
    return {"pk": gift.pk, "before": None, "after": _as_stands(gift)}


def _change(pledge: _Pledge, desk: Desk) -> Undo:
    gift = pledge.gift
    assert gift is not None  # noqa: S101 - the caller asks only for gifts that exist
    before = _as_stands(gift)
    changes = _told(pledge, PLEDGE)
    if "sponsor" in changes:
        changes["sponsor"] = _sponsors(desk)[changes["sponsor"]]
    edit_gift(gift=gift, changes=changes, lines=list(_line_data(pledge, desk)), by=desk.by, today=desk.today)
    after = _as_stands(Gift.objects.get(pk=gift.pk))
    return {"pk": gift.pk, "before": before, "after": after}


def _line_data(pledge: _Pledge, desk: Desk) -> Iterator[LineData]:
    for line in pledge.lines:
        if line.values.get("kind") and any(name in line.changes for name in ("kind", *DETAILS)):
            details = {name: line.values[name] for name in DETAILS if line.values.get(name) is not None}
            key = line.stored.values["line"] if line.stored else None
            yield LineData(kind=_kind(line.values["kind"], desk), line_id=key, **details)


def _kind(pk: int, desk: Desk) -> ItemKind:
    return _kinds(desk).get(pk) or ItemKind.objects.get(pk=pk)


def _as_stands(gift: Gift) -> dict[str, Any]:
    """The gift with its lines as JSON keeps it, to see whether it still stands as it was left."""
    values = _values(gift, None)
    values |= {name: values[name].isoformat() if values[name] else None for name in DATES}
    columns = ("pk", "kind_id", *DETAILS)
    lines = [dict(zip(columns, row, strict=True)) for row in gift.lines.order_by("pk").values_list(*columns)]
    return values | {"lines": lines}


def _restore(gift: Gift, undo: Undo, desk: Desk) -> None:
    before, after = undo["before"], undo["after"]
    changes: Values = {name: before[name] for name in PLEDGE if before[name] != after[name]}
    changes |= {name: parse_date(changes[name]) for name in DATES if changes.get(name)}
    if "sponsor" in changes:
        changes["sponsor"] = Sponsor.objects.get(pk=changes["sponsor"])
    old = {line["pk"]: line for line in before["lines"]}
    lines = [_line_back(line, old.get(line["pk"]), desk) for line in after["lines"] if line != old.get(line["pk"])]
    edit_gift(gift=gift, changes=changes, lines=lines, by=desk.by, today=desk.today)


def _line_back(line: dict[str, Any], old: dict[str, Any] | None, desk: Desk) -> LineData:
    told = old or line
    details = {name: told[name] for name in DETAILS}
    return LineData(kind=_kind(told["kind_id"], desk), line_id=line["pk"], remove=old is None, **details)
