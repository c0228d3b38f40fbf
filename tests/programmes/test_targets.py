"""Targets and the catalogue: set, handed down, refused at their field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEntry
from core.periods import make_month
from core.verdicts import Denied
from programmes import starter
from programmes.actions import Entry, catalogue, plans, record_figures, targets
from programmes.choices import Basis, Provenance
from programmes.models import Figure, Indicator, Measure, Programme, Target
from programmes.permissions import may_set_target, target_units
from programmes.queries import indicator_series
from programmes.queries.plans import followed_indicators, home_unit, parts_of
from programmes.rules import IndicatorDetails, MeasureDetails, ProgrammeDetails, TargetDetails
from tests.cast import Cast
from units.models import Unit

TODAY = date(2026, 11, 21)
MONTH = make_month(2026, 10)
START, END = date(2026, 1, 1), date(2026, 12, 31)
TARGET = TargetDetails(value=Decimal(100), due=END, baseline=Decimal("92.1"), baseline_on=START, source_text="KH 01")


@pytest.fixture
def programme(cast: Cast) -> Programme:
    """A programme of Thái Nguyên that follows a share (INF-01) and a count (ECO-01)."""
    starter.load()
    details = ProgrammeDetails(code="CDS", name="CĐS", short_name="CĐS", start=START, end=END)
    made = plans.create_programme(owner=cast.thai_nguyen, details=details, by=cast.officer, today=TODAY)
    chosen = Indicator.objects.filter(code__in=["INF-01", "ECO-01", "PRV-02"])
    plans.choose_indicators(programme=made, indicators=chosen, by=cast.officer)
    return made


def indicator(code: str) -> Indicator:
    return Indicator.objects.select_related("numerator", "denominator").get(code=code)


def give(programme: Programme, unit: Unit, cast: Cast, code: str = "INF-01", **values: object) -> Target:
    details = replace(TARGET, **values)  # type: ignore[arg-type]
    return targets.set_target(
        programme=programme, indicator=indicator(code), unit=unit, details=details, by=cast.officer
    )


def test_a_target_is_set_with_its_audit_row(cast: Cast, programme: Programme) -> None:
    target = give(programme, cast.thai_nguyen, cast)
    assert (target.value, target.baseline, target.due) == (Decimal(100), Decimal("92.1"), END)
    row = AuditEntry.objects.get(action="programmes.set_target")
    assert (row.actor, row.unit_id, row.after["indicator"]) == (cast.officer, cast.thai_nguyen.pk, "INF-01")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("baseline", {"baseline": None}),
        ("baseline_on", {"baseline_on": None}),
        ("due", {"due": START}),
        ("due", {"due": date(2025, 12, 31)}),
        ("due", {"due": date(2101, 1, 1)}),
        ("value", {"value": Decimal(-1)}),
        ("baseline", {"baseline": Decimal(-1)}),
    ],
)
def test_bad_targets_are_refused_at_their_field(
    cast: Cast, programme: Programme, field: str, values: dict[str, object]
) -> None:
    with pytest.raises(ValidationError) as raised:
        give(programme, cast.thai_nguyen, cast, **values)
    assert list(raised.value.message_dict) == [field]
    assert Target.objects.count() == 0


def test_a_unit_outside_the_programme_or_closed_on_the_day_gets_no_target(cast: Cast, programme: Programme) -> None:
    for unit in (cast.sam_son, cast.centre, cast.thinh_duc):
        with pytest.raises((ValidationError, Denied)) as raised:
            give(programme, unit, cast)
        if isinstance(raised.value, ValidationError):
            assert list(raised.value.message_dict) == ["unit"]
    assert Target.objects.count() == 0


def test_a_target_of_a_day_when_the_unit_lived_is_possible(cast: Cast) -> None:
    starter.load()
    details = ProgrammeDetails(code="TW", name="TW", short_name="TW", start=date(2022, 1, 1))
    national = plans.create_programme(owner=cast.centre, details=details, by=cast.national, today=TODAY)
    plans.choose_indicators(programme=national, indicators=[indicator("INF-01")], by=cast.national)
    values = replace(TARGET, due=date(2024, 12, 31), baseline_on=date(2023, 10, 1))
    target = targets.set_target(
        programme=national,
        indicator=indicator("INF-01"),
        unit=cast.old_thai_nguyen,
        details=values,
        by=cast.national,
    )
    assert target.unit == cast.old_thai_nguyen


def test_one_target_for_a_unit_indicator_and_day(cast: Cast, programme: Programme) -> None:
    first = give(programme, cast.thai_nguyen, cast)
    with pytest.raises(ValidationError) as raised:
        give(programme, cast.thai_nguyen, cast)
    assert list(raised.value.message_dict) == ["due"]
    later = give(programme, cast.thai_nguyen, cast, due=date(2027, 12, 31))
    with pytest.raises(ValidationError):
        targets.edit_target(target=later, details=TARGET, by=cast.officer)
    assert targets.edit_target(target=first, details=replace(TARGET, value=Decimal(95)), by=cast.officer).value == 95


def test_an_indicator_must_be_followed_first(cast: Cast, programme: Programme) -> None:
    with pytest.raises(ValidationError) as raised:
        give(programme, cast.thai_nguyen, cast, code="INF-02")
    assert list(raised.value.message_dict) == ["indicator"]


def test_an_indicator_with_targets_is_not_dropped(cast: Cast, programme: Programme) -> None:
    target = give(programme, cast.thai_nguyen, cast)
    followed = programme.chosen.get(indicator__code="INF-01")
    with pytest.raises(ValidationError):
        plans.drop_indicator(chosen=followed, by=cast.officer)
    targets.remove_target(target=target, by=cast.officer)
    plans.drop_indicator(chosen=followed, by=cast.officer)
    assert Target.objects.count() == 0
    assert AuditEntry.objects.get(action="programmes.remove_target").before["value"] == "100"


def test_who_may_set_targets(cast: Cast, programme: Programme) -> None:
    national = Programme.objects.create(owner=cast.centre, code="TW", name="TW", short_name="TW", start=START)
    assert may_set_target(cast.officer, programme, cast.thai_nguyen)
    assert may_set_target(cast.officer, programme, cast.tan_cuong)
    assert may_set_target(cast.national, national, cast.thai_nguyen)
    assert may_set_target(cast.officer, national, cast.tan_cuong)  # hands down to the units below
    assert not may_set_target(cast.officer, national, cast.thai_nguyen)  # not to oneself
    assert not may_set_target(cast.officer, national, cast.sam_son)
    assert not may_set_target(cast.enterer, programme, cast.tan_cuong)
    assert not may_set_target(cast.leader, programme, cast.thai_nguyen)
    assert set(target_units(cast.officer, national)) == {cast.tan_cuong, cast.dai_phuc, cast.phu_dinh, cast.police}
    assert set(target_units(cast.officer, programme)) == {
        cast.thai_nguyen, cast.tan_cuong, cast.dai_phuc, cast.phu_dinh, cast.police,
    }  # fmt: skip
    assert set(target_units(cast.enterer, programme)) == set()


def test_targets_are_seen_with_their_unit(cast: Cast, programme: Programme) -> None:
    own, above = give(programme, cast.tan_cuong, cast), give(programme, cast.thai_nguyen, cast)
    assert set(Target.objects.visible_to(cast.officer)) == {own, above}
    assert list(Target.objects.visible_to(cast.enterer)) == [own]
    assert list(Target.objects.visible_to(cast.dai_phuc_enterer)) == []
    assert list(Target.objects.visible_to(cast.stranger)) == []


def test_a_rank_is_read_as_it_stands(cast: Cast, programme: Programme) -> None:
    rank = indicator("PRV-02")
    values = {rank.numerator: Decimal(8), rank.denominator: Decimal(34)}
    entries = [Entry(cast.thai_nguyen.pk, measure.pk, MONTH, value) for measure, value in values.items()]
    record_figures(entries=entries, provenance=Provenance.IMPORT, by=None, today=TODAY)
    point = indicator_series(cast.thai_nguyen, [rank], MONTH, MONTH, basis=Basis.TODAY)[rank.pk][0]
    assert (point.value, point.numerator, point.denominator) == (8, 8, 34)


def test_counts_handed_down_show_whether_they_add_up(cast: Cast, programme: Programme) -> None:
    whole = give(programme, cast.thai_nguyen, cast, code="ECO-01", value=Decimal(100), baseline=Decimal(0))
    assert (parts_of(whole).total, parts_of(whole).given, len(parts_of(whole).parts)) == (None, 0, 4)
    handed = {cast.tan_cuong: (Decimal(60), Decimal(0)), cast.dai_phuc: (Decimal(30), Decimal(5))}
    assert len(targets.hand_down_target(target=whole, values=handed, by=cast.officer)) == 2
    parts = parts_of(whole)
    assert (parts.total, parts.difference, parts.given) == (Decimal(90), Decimal(10), 2)
    again = {cast.dai_phuc: (Decimal(40), Decimal(5))}
    targets.hand_down_target(target=whole, values=again, by=cast.officer)
    assert (parts_of(whole).difference, Target.objects.count()) == (Decimal(0), 3)


def test_shares_and_ranks_do_not_add_up(cast: Cast, programme: Programme) -> None:
    whole = give(programme, cast.thai_nguyen, cast)
    targets.hand_down_target(target=whole, values={cast.tan_cuong: (Decimal(100), Decimal(0))}, by=cast.officer)
    assert (parts_of(whole).total, parts_of(whole).difference, parts_of(whole).given) == (None, None, 1)
    rank = give(programme, cast.thai_nguyen, cast, code="PRV-02", value=Decimal(8), baseline=Decimal(12))
    assert parts_of(rank).total is None


def test_handing_down_is_all_or_nothing(cast: Cast, programme: Programme) -> None:
    whole = give(programme, cast.thai_nguyen, cast, code="ECO-01", baseline=Decimal(0))
    handed = {cast.tan_cuong: (Decimal(60), Decimal(0)), cast.dai_phuc: (Decimal(30), None)}
    with pytest.raises(ValidationError) as raised:
        targets.hand_down_target(target=whole, values=handed, by=cast.officer)
    assert list(raised.value.message_dict) == [f"baseline_{cast.dai_phuc.pk}"]
    assert Target.objects.count() == 1
    for unit, person, error in (
        (cast.sam_son, cast.officer2, ValidationError),
        (cast.tan_cuong, cast.leader, Denied),
        (cast.tan_cuong, cast.foreign_officer, Denied),
    ):
        with pytest.raises(error):
            targets.hand_down_target(target=whole, values={unit: (Decimal(1), Decimal(0))}, by=person)
    assert Target.objects.count() == 1


def test_the_programme_shows_the_targets_of_the_persons_unit(cast: Cast, programme: Programme) -> None:
    target = give(programme, cast.tan_cuong, cast)
    assert home_unit(cast.enterer, programme) == cast.tan_cuong
    assert home_unit(cast.officer, programme) == cast.thai_nguyen
    followed = followed_indicators(programme, cast.tan_cuong)
    assert {entry.indicator.code: entry.targets for entry in followed} == {
        "INF-01": [target], "ECO-01": [], "PRV-02": [],
    }  # fmt: skip


# --- the catalogue ---

MEASURE = MeasureDetails(code="MOI", name="Số mới", kind="stock", unit_of_measure="người")


def new_measure(cast: Cast, **values: object) -> Measure:
    details = replace(MEASURE, **values)  # type: ignore[arg-type]
    return catalogue.create_measure(details=details, by=cast.national)


def test_measures_are_kept_at_the_centre(cast: Cast) -> None:
    measure = new_measure(cast)
    assert (measure.source, measure.entered_at) == ("form", ["commune", "attached"])
    assert AuditEntry.objects.get(action="programmes.create_measure").actor == cast.national
    for person in (cast.admin, cast.officer, cast.enterer, cast.nobody):
        with pytest.raises(Denied):
            catalogue.edit_measure(measure=measure, details=MEASURE, by=person)


def test_a_measure_is_no_part_of_itself_or_of_its_part(cast: Cast) -> None:
    whole = new_measure(cast)
    part = new_measure(cast, code="PHAN", whole=whole)
    inner = new_measure(cast, code="TRONG", whole=part)
    for measure, wanted in ((whole, whole), (whole, inner), (part, inner)):
        with pytest.raises(ValidationError) as raised:
            catalogue.edit_measure(measure=measure, details=MeasureDetails.of(measure, whole=wanted), by=cast.national)
        assert list(raised.value.message_dict) == ["whole"]
    whole.refresh_from_db()
    assert whole.whole is None


def test_a_part_is_of_the_kind_of_its_whole(cast: Cast) -> None:
    whole = new_measure(cast)
    with pytest.raises(ValidationError) as raised:
        new_measure(cast, code="PHAN", kind="flow", whole=whole)
    assert list(raised.value.message_dict) == ["whole"]
    new_measure(cast, code="PHAN", whole=whole)
    with pytest.raises(ValidationError) as raised:
        catalogue.edit_measure(measure=whole, details=MeasureDetails.of(whole, kind="flow"), by=cast.national)
    assert list(raised.value.message_dict) == ["kind"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("code", {"code": "moi"}),
        ("maximum", {"maximum": Decimal(-1)}),
        ("decimals", {"decimals": 3}),
        ("decimals", {"kind": "flag", "decimals": 1}),
        ("maximum", {"kind": "flag", "maximum": Decimal(5)}),
        ("entered_at", {"entered_at": []}),
        ("entered_at", {"entered_at": ["planet"]}),
    ],
)
def test_bad_measures_are_refused_at_their_field(cast: Cast, field: str, values: dict[str, object]) -> None:
    new_measure(cast)
    with pytest.raises(ValidationError) as raised:
        new_measure(cast, **{"code": "KHAC", **values})
    assert list(raised.value.message_dict) == [field]
    assert Measure.objects.count() == 1


def test_what_figures_rely_on_stays(cast: Cast) -> None:
    starter.load_registered()
    computed = Measure.objects.get(code="EQ-FIT")
    for field, value in (("code", "KHAC"), ("kind", "stock")):
        details = MeasureDetails.of(computed, **{field: value})
        with pytest.raises(ValidationError) as raised:
            catalogue.edit_measure(measure=computed, details=details, by=cast.national)
        assert list(raised.value.message_dict) == [field]
    measure = new_measure(cast)
    Figure.objects.create(unit=cast.tan_cuong, measure=measure, period=24310, value=Decimal(1), provenance="import")
    with pytest.raises(ValidationError) as raised:
        catalogue.edit_measure(measure=measure, details=MeasureDetails.of(measure, kind="flow"), by=cast.national)
    assert list(raised.value.message_dict) == ["kind"]
    named = catalogue.edit_measure(measure=measure, details=MeasureDetails.of(measure, name="Tên"), by=cast.national)
    assert (named.name, named.search) == ("Tên", "moi ten")


def test_indicators_are_made_of_fitting_measures(cast: Cast) -> None:
    count, given = new_measure(cast), new_measure(cast, code="HANG", kind="given")
    details = IndicatorDetails(code="CS-1", name="Chỉ số", numerator=count, unit_label="%")
    made = catalogue.create_indicator(details=details, by=cast.national)
    assert AuditEntry.objects.get(action="programmes.create_indicator").after["numerator"] == "MOI"
    for field, values in (
        ("code", {"code": "cs-1"}),
        ("denominator", {"code": "CS-2", "denominator": count}),
        ("denominator", {"code": "CS-2", "denominator": given}),
    ):
        with pytest.raises(ValidationError) as raised:
            catalogue.create_indicator(details=replace(details, **values), by=cast.national)  # type: ignore[arg-type]
        assert list(raised.value.message_dict) == [field]
    ranked = new_measure(cast, code="TREN", kind="given")
    rank = replace(details, code="CS-2", numerator=given, denominator=ranked)
    with pytest.raises(ValidationError) as raised:
        catalogue.create_indicator(details=rank, by=cast.national)
    assert list(raised.value.message_dict) == ["unit_label"]
    with pytest.raises(Denied):
        catalogue.edit_indicator(indicator=made, details=details, by=cast.admin)
    assert Indicator.objects.count() == 1
