"""The one writer of figures: what it stores, what it refuses, what it leaves behind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from programmes.actions import Entry, Recorded, record_figures, register_units
from programmes.choices import Provenance
from programmes.models import Figure, FigureChange, Measure, Total
from tests.cast import Cast
from units.choices import Share
from units.lineage import rebuild_lineage
from units.models import Reorganisation, Succession, Unit

TODAY = date(2026, 11, 21)
JUNE_2025, JULY_2025, MARCH_2026, OCTOBER_2026 = 24305, 24306, 24314, 24321


def make(code: str, kind: str = "stock", **values: object) -> Measure:
    return Measure.objects.create(code=code, name=f"Số {code}", kind=kind, unit_of_measure="x", **values)


def record(unit: Unit, measure: Measure, period: int, value: object, **more: object) -> Recorded:
    entry = Entry(unit.pk, measure.pk, period, None if value is None else Decimal(str(value)))
    return record_figures(entries=[entry], **{"provenance": Provenance.SUBMISSION, "by": None, "today": TODAY, **more})


def level(unit: Unit, measure: Measure, period: int) -> Decimal:
    rows = Total.objects.filter(unit=unit, measure=measure, period__lte=period)
    return Decimal(sum(rows.values_list("change", flat=True))) / 10_000


def test_a_figure_keeps_its_source(cast: Cast) -> None:
    members = make("MEMBERS")
    entry = Entry(cast.tan_cuong.pk, members.pk, MARCH_2026, 350, note="sau rà soát")
    done = record_figures(
        entries=[entry],
        provenance=Provenance.IMPORT,
        by=cast.enterer,
        reference="12/BC-HPN",
        as_of=date(2026, 3, 31),
        today=TODAY,
    )
    figure = Figure.objects.get(unit=cast.tan_cuong, measure=members)
    assert done == Recorded(new=1)
    assert (figure.value, figure.period, figure.provenance) == (Decimal(350), MARCH_2026, Provenance.IMPORT)
    assert (figure.note, figure.reference, figure.as_of) == ("sau rà soát", "12/BC-HPN", date(2026, 3, 31))
    assert figure.recorded_by == cast.enterer
    assert FigureChange.objects.count() == 0


def test_a_stock_adds_its_difference_to_every_unit_above(cast: Cast) -> None:
    members = make("MEMBERS")
    record(cast.tan_cuong, members, JULY_2025, 100)
    record(cast.tan_cuong, members, MARCH_2026, 130)
    record(cast.dai_phuc, members, MARCH_2026, 70)
    rows = Total.objects.filter(measure=members).order_by("unit__depth", "period")
    assert list(rows.values_list("unit", "period", "change", "n", "n_new")) == [
        (cast.centre.pk, JULY_2025, 1_000_000, 1, 1),
        (cast.centre.pk, MARCH_2026, 1_000_000, 2, 1),
        (cast.thai_nguyen.pk, JULY_2025, 1_000_000, 1, 1),
        (cast.thai_nguyen.pk, MARCH_2026, 1_000_000, 2, 1),
    ]


def test_a_correction_touches_two_months_and_leaves_its_history(cast: Cast) -> None:
    members = make("MEMBERS")
    for period, value in ((JULY_2025, 100), (MARCH_2026, 130)):
        record(cast.tan_cuong, members, period, value)
    done = record(cast.tan_cuong, members, JULY_2025, 90, by=cast.officer, reason="đếm lại", reference="5/CV")
    changes = Total.objects.filter(unit=cast.thai_nguyen).order_by("period").values_list("change", flat=True)
    assert done == Recorded(corrected=1)
    assert list(changes) == [900_000, 400_000]
    row = FigureChange.objects.get()
    assert (row.old, row.new, row.reason, row.reference, row.by) == (100, 90, "đếm lại", "5/CV", cast.officer)


def test_the_same_values_again_write_nothing(cast: Cast) -> None:
    members = make("MEMBERS")
    record(cast.tan_cuong, members, MARCH_2026, 100)
    before = Figure.objects.get().recorded_at
    assert record(cast.tan_cuong, members, MARCH_2026, "100.00") == Recorded(unchanged=1)
    assert record(cast.tan_cuong, members, JULY_2025, None) == Recorded(unchanged=1)
    assert Figure.objects.get().recorded_at == before
    assert FigureChange.objects.count() == 0


def test_a_withdrawn_figure_is_gone_but_remembered(cast: Cast) -> None:
    members = make("MEMBERS")
    record(cast.tan_cuong, members, MARCH_2026, 100)
    assert record(cast.tan_cuong, members, MARCH_2026, None, reason="nhầm đơn vị") == Recorded(taken_back=1)
    assert Figure.objects.count() == 0
    assert set(Total.objects.values_list("change", "n", "n_new")) == {(0, 0, 0)}
    assert FigureChange.objects.values_list("old", "new", "reason").get() == (100, None, "nhầm đơn vị")


def test_a_first_report_of_zero_before_a_later_one_moves_the_count_of_units(cast: Cast) -> None:
    members = make("MEMBERS")
    record(cast.tan_cuong, members, MARCH_2026, 100)
    record(cast.tan_cuong, members, JULY_2025, 0)
    rows = Total.objects.filter(unit=cast.thai_nguyen).order_by("period")
    assert list(rows.values_list("period", "change", "n", "n_new")) == [
        (JULY_2025, 0, 1, 1),
        (MARCH_2026, 1_000_000, 1, 0),
    ]


def test_many_months_of_one_series_in_one_call(cast: Cast) -> None:
    members = make("MEMBERS")
    record(cast.tan_cuong, members, MARCH_2026, 50)
    entries = [Entry(cast.tan_cuong.pk, members.pk, MARCH_2026 + step, 50 + step) for step in (-3, -1, 2, 5)]
    record_figures(entries=entries, provenance=Provenance.IMPORT, by=None, today=TODAY)
    assert [level(cast.thai_nguyen, members, MARCH_2026 + step) for step in (-4, -3, -1, 0, 2, 5)] == [
        0, 47, 49, 50, 52, 55,
    ]  # fmt: skip


def test_ranks_are_kept_but_never_added(cast: Cast) -> None:
    rank = make("RANK", "given", entered_at=["province"])
    record(cast.thai_nguyen, rank, MARCH_2026, 8)
    assert Figure.objects.get().value == 8
    assert Total.objects.count() == 0


def test_a_province_adds_its_own_report_to_those_below(cast: Cast) -> None:
    trained = make("TRAINED", "flow", entered_at=["commune", "province"])
    record(cast.tan_cuong, trained, MARCH_2026, 30)
    record(cast.thai_nguyen, trained, MARCH_2026, 5)
    assert level(cast.thai_nguyen, trained, MARCH_2026) == 35
    assert level(cast.centre, trained, MARCH_2026) == 35


def test_one_figure_named_twice_is_a_mistake_of_the_caller(cast: Cast) -> None:
    members = make("MEMBERS")
    entries = [Entry(cast.tan_cuong.pk, members.pk, MARCH_2026, value) for value in (1, 2)]
    with pytest.raises(ValueError, match="named twice"):
        record_figures(entries=entries, provenance=Provenance.IMPORT, by=None, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "values", "unit", "period", "value", "message"),
    [
        ("stock", {}, "tan_cuong", OCTOBER_2026 + 2, 1, "12/2026 is still to come."),
        ("stock", {}, "tan_cuong", JUNE_2025, 1, "the unit exists only since 01/07/2025."),
        ("stock", {}, "thinh_duc", JULY_2025, 1, "the unit was closed on 30/06/2025."),
        ("stock", {}, "thai_nguyen", MARCH_2026, 1, "this measure is not entered at units of this level."),
        ("stock", {}, "tan_cuong", MARCH_2026, -1, "the number must be at least 0."),
        ("stock", {"maximum": 9}, "tan_cuong", MARCH_2026, 10, "the number must be at most 9."),
        ("stock", {}, "tan_cuong", MARCH_2026, "1.5", "at most 0 decimals are possible."),
        ("stock", {}, "tan_cuong", MARCH_2026, 10**13, "the number is too large."),
        ("flag", {}, "tan_cuong", MARCH_2026, 2, "only 0 (no) or 1 (yes) is possible."),
    ],
)
def test_what_cannot_be_is_refused_as_a_whole(
    cast: Cast, kind: str, values: dict[str, object], unit: str, period: int, value: object, message: str
) -> None:
    measure, other = make("M", kind, **values), make("OTHER")
    place: Unit = getattr(cast, unit)
    entries = [
        Entry(cast.dai_phuc.pk, other.pk, MARCH_2026, 1),
        Entry(place.pk, measure.pk, period, Decimal(str(value))),
    ]
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        record_figures(entries=entries, provenance=Provenance.SUBMISSION, by=None, today=TODAY)
    assert refused.value.messages == [f"{place.short_name}, {measure.name}: {message}"]
    assert Figure.objects.count() == 0


def test_registers_write_at_any_level(cast: Cast) -> None:
    computers = make("COMPUTERS", source="equipment")
    record(cast.thai_nguyen, computers, MARCH_2026, 1, provenance=Provenance.REGISTER)
    assert level(cast.centre, computers, MARCH_2026) == 1


def test_a_successor_starts_with_what_its_predecessors_had(cast: Cast) -> None:
    """Two communes merged into Tân Cương: their members are there from July 2025, also when they come late."""
    members = make("MEMBERS")
    record(cast.thinh_duc, members, JUNE_2025 - 5, 40)
    record(cast.old_tan_cuong, members, JUNE_2025 - 3, 60)
    opening = Figure.objects.get(unit=cast.tan_cuong)
    assert (opening.value, opening.period, opening.provenance) == (100, JULY_2025, Provenance.OPENING)
    assert level(cast.thai_nguyen, members, JULY_2025) == 100
    assert level(cast.old_thai_nguyen, members, JUNE_2025) == 100
    assert level(cast.old_thai_nguyen, members, JULY_2025) == 0
    assert level(cast.centre, members, JULY_2025) == 100
    assert Total.objects.get(unit=cast.thai_nguyen, period=JULY_2025).n == 0


def test_an_opening_gives_way_to_an_own_report_and_comes_back(cast: Cast) -> None:
    members = make("MEMBERS")
    record(cast.thinh_duc, members, JUNE_2025, 40)
    record(cast.tan_cuong, members, JULY_2025, 55)
    record(cast.thinh_duc, members, JUNE_2025, 44)
    assert Figure.objects.get(unit=cast.tan_cuong).value == 55
    assert level(cast.thai_nguyen, members, JULY_2025) == 55
    record(cast.tan_cuong, members, JULY_2025, None)
    back = Figure.objects.get(unit=cast.tan_cuong)
    assert (back.value, back.provenance) == (44, Provenance.OPENING)
    assert level(cast.thai_nguyen, members, JULY_2025) == 44


def test_an_opening_vanishes_with_the_report_it_came_from(cast: Cast) -> None:
    members = make("MEMBERS")
    record(cast.thinh_duc, members, JUNE_2025, 40)
    record(cast.thinh_duc, members, JUNE_2025, None)
    assert Figure.objects.count() == 0
    assert level(cast.centre, members, JULY_2025) == 0


def test_openings_follow_through_a_chain_of_successions(cast: Cast) -> None:
    members = make("MEMBERS")
    row = Reorganisation.objects.create(kind="merge", on=date(2026, 2, 15), title="x", legal_basis="y")
    later = Unit.objects.add_child(
        cast.thai_nguyen,
        {"kind": "commune", "code": "9", "name": "Mới", "short_name": "Mới", "valid_from": date(2026, 2, 15)},
    )
    Unit.objects.filter(pk=cast.tan_cuong.pk).update(valid_to=date(2026, 2, 14))
    Succession.objects.create(
        reorganisation=row, predecessor=cast.tan_cuong, successor=later, share=Share.MAIN, percent=75
    )
    rebuild_lineage({cast.tan_cuong.pk, later.pk})
    record(cast.thinh_duc, members, JUNE_2025, 41)
    assert Figure.objects.get(unit=later).value == Decimal("30.75")
    record(cast.thinh_duc, members, JUNE_2025, 80)
    assert Figure.objects.get(unit=later).value == 60


def test_what_is_computed_from_records_is_not_carried_over(cast: Cast) -> None:
    computers = make("COMPUTERS", "flag", source="equipment")
    record(cast.thinh_duc, computers, JUNE_2025, 1, provenance=Provenance.REGISTER)
    assert Figure.objects.filter(unit=cast.tan_cuong).count() == 0


def test_yes_is_carried_over_when_one_predecessor_has_it(cast: Cast) -> None:
    internet = make("NET", "flag")
    record(cast.thinh_duc, internet, JUNE_2025, 1)
    record(cast.old_tan_cuong, internet, JUNE_2025, 0)
    assert Figure.objects.get(unit=cast.tan_cuong).value == 1
    assert level(cast.thai_nguyen, internet, JUNE_2025) == 1
    assert level(cast.centre, internet, JULY_2025) == 1


def test_the_register_counts_units_from_their_opening_to_their_end(cast: Cast) -> None:
    units = make("U-COMMUNE", "flag", source="units", entered_at=["commune", "attached"])
    register_units()
    register_units()
    assert level(cast.centre, units, JUNE_2025) == 3
    assert level(cast.centre, units, JULY_2025) == 5
    assert level(cast.thai_nguyen, units, JUNE_2025) == 3
    assert level(cast.thai_nguyen, units, JULY_2025) == 4
    assert level(cast.old_thai_nguyen, units, JULY_2025) == 0
    assert FigureChange.objects.count() == 0


def test_queries_do_not_grow_with_the_number_of_values(cast: Cast) -> None:
    measures = [make(f"M{number}") for number in range(30)]
    counts = []
    for some in (measures[:1], measures):
        entries = [Entry(cast.tan_cuong.pk, measure.pk, MARCH_2026 + len(some) % 2, 7) for measure in some]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            record_figures(entries=entries, provenance=Provenance.SUBMISSION, by=cast.officer, today=TODAY)
        counts.append(len([query for query in seen if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]))
    assert counts[0] == counts[1] <= 5  # PostgreSQL needs one less than SQLite
