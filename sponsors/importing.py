"""Sponsors from Excel: found by tax code, else by name at the unit that keeps the contact."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.text import fold
from imports.columns import Column, Takes, unit_columns
from imports.desk import Desk
from imports.registry import Aim, Importer, Line, Row, RowError, Stored, Undo, Values
from sponsors.actions import add_sponsor, edit_sponsor, take_back_sponsor
from sponsors.forms import TAX_CODE_DIGITS
from sponsors.models import Sponsor, SponsorKind
from units.choices import Right

DETAILS = ("name", "kind", "tax_code", "contact_name", "contact_position", "phone", "email", "address", "note")


class SponsorImporter(Importer):
    kind = "nha-tai-tro"
    title = gettext_lazy("Sponsors")
    lead = gettext_lazy("A sponsor is recognised by its tax code, else by its name at the unit that keeps the contact.")
    right = Right.MANAGE_SPONSORS
    list_route = "sponsors:list"
    unit_column = "kept_by"
    columns = (
        Column(
            "name",
            gettext_lazy("Name of the sponsor"),
            required=True,
            max_length=200,
            aliases=("Nhà tài trợ", "Tên đơn vị tài trợ", "Đơn vị tài trợ"),
            width=36,
        ),
        Column(
            "kind", gettext_lazy("Kind of sponsor"), Takes.CHOICE, choices=dict(SponsorKind.choices), aliases=("Loại",)
        ),
        Column("tax_code", gettext_lazy("Tax code"), max_length=14, aliases=("MST", "Mã số doanh nghiệp")),
        Column(
            "contact_name",
            gettext_lazy("Contact person"),
            max_length=120,
            aliases=("Đại diện", "Người đại diện"),
            width=26,
        ),
        Column(
            "contact_position", gettext_lazy("Position of the contact person"), max_length=120, aliases=("Chức vụ",)
        ),
        Column("phone", gettext_lazy("Phone"), Takes.PHONE, max_length=20, aliases=("Số điện thoại", "SĐT")),
        Column("email", gettext_lazy("E-mail"), Takes.EMAIL, aliases=("Email", "E-mail"), width=28),
        Column("address", gettext_lazy("Address"), max_length=250, width=36),
        Column("note", gettext_lazy("Note"), Takes.TEXT, max_length=2000, width=30),
        *unit_columns(
            gettext_lazy("Unit that keeps the contact"),
            name="kept_by",
            required=False,
            aliases=("Đơn vị giữ liên hệ", "Đơn vị theo dõi"),
        ),
    )

    def key(self, row: Row, desk: Desk) -> Hashable:
        return row.values.get("kept_by", desk.scope.pk), fold(row.values["name"])

    def label(self, row: Row, desk: Desk) -> str:
        return str(row.values["name"])

    def aims(self, rows: Sequence[Row], desk: Desk) -> list[Aim]:
        known = [_stored(sponsor) for sponsor in Sponsor.objects.visible_to(desk.by).order_by("pk")]
        by_code = {digits: one for one in known if (digits := _digits(one.values["tax_code"]))}
        by_name = {(one.values["kept_by"], fold(one.values["name"])): one for one in known}
        return [_aim(row, desk, by_code, by_name) for row in rows]

    def check(self, row: Row, stored: Stored | None, values: Values, desk: Desk) -> Mapping[str, str]:
        code = row.values.get("tax_code", "")
        if code and len(_digits(code)) not in TAX_CODE_DIGITS:
            return {"tax_code": _("“%(typed)s” is not a tax code: it has 10, 12 or 13 digits.") % {"typed": code}}
        return {}

    def write(self, lines: Sequence[Line], desk: Desk) -> list[Undo]:
        sponsors = Sponsor.objects.in_bulk([line.stored.pk for line in lines if line.stored])
        return [_write(line, sponsors, desk) for line in lines]

    def undo(self, undos: Sequence[Undo], desk: Desk) -> None:
        sponsors = Sponsor.objects.select_for_update().in_bulk([undo["pk"] for undo in undos])
        for undo in undos:
            _undo(undo, sponsors.get(undo["pk"]), desk)

    def existing(self, desk: Desk) -> Iterable[Values]:
        for sponsor in Sponsor.objects.visible_to(desk.by).filter(kept_by__in=desk.units.units).order_by("sort_key"):
            yield _stored(sponsor).values

    def blank(self, desk: Desk) -> Iterable[Values]:
        return ()


def _stored(sponsor: Sponsor) -> Stored:
    return Stored(sponsor.pk, {name: getattr(sponsor, name) for name in DETAILS} | {"kept_by": sponsor.kept_by_id})


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isdigit())


def _aim(row: Row, desk: Desk, by_code: dict[str, Stored], by_name: dict[tuple[int, str], Stored]) -> Aim:
    unit: int = row.values.get("kept_by") or desk.scope.pk
    name: str = row.values.get("name", "")
    code = _digits(row.values.get("tax_code", ""))
    found = by_code.get(code) if code else None
    found = found or by_name.get((unit, fold(name)))
    if found and found.values["kept_by"] not in desk.allowed:
        text = _("%(unit)s keeps this sponsor: ask there. Delete the row.")
        return Aim(None, {"name": text % {"unit": desk.name(found.values["kept_by"])}})
    return Aim(found)


def _write(line: Line, sponsors: Mapping[int, Sponsor], desk: Desk) -> Undo:
    values: Any = {name: line.changes[name] for name in DETAILS if name in line.changes}
    unit = line.changes.get("kept_by")
    try:
        if line.stored is None:
            added = add_sponsor(kept_by=desk.unit(unit or desk.scope.pk), by=desk.by, **values)
            return {"pk": added.pk, "before": None, "after": dict(line.changes)}
        sponsor = sponsors[line.stored.pk]
        edit_sponsor(sponsor=sponsor, by=desk.by, kept_by=desk.unit(unit) if unit else None, reason=desk.note, **values)
    except ValidationError as refusal:
        raise RowError(line.row, refusal) from refusal
    before = {name: line.stored.values[name] for name in line.changes}
    return {"pk": sponsor.pk, "before": before, "after": dict(line.changes)}


def _undo(undo: Undo, sponsor: Sponsor | None, desk: Desk) -> None:
    now = _stored(sponsor).values if sponsor else {}
    if sponsor is None or any(now[name] != value for name, value in undo["after"].items()):
        name = sponsor or undo["after"].get("name", "")
        raise ValidationError(_("“%(name)s” was changed after the import. Correct it on its page.") % {"name": name})
    if undo["before"] is None:
        take_back_sponsor(sponsor=sponsor, by=desk.by, reason=desk.note)
        return
    before = dict(undo["before"])
    unit = before.pop("kept_by", None)
    edit_sponsor(sponsor=sponsor, by=desk.by, kept_by=desk.unit(unit) if unit else None, reason=desk.note, **before)
