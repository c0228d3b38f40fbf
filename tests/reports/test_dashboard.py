"""The leader's screen: every number is the sum of its parts, says how far it may be trusted, and opens to its proof."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.periods import make_month
from programmes import starter
from programmes.actions import Entry, record_figures
from programmes.choices import Basis, Provenance, Status
from programmes.models import Indicator, Measure, Pillar, Programme, ProgrammeIndicator, Target
from reports.queries.dashboard import dashboard
from reports.queries.indicator import open_indicator
from reports.queries.scope import Scope, read_month
from tests.cast import Cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
NOW = make_month(2026, 11)
OCTOBER = make_month(2026, 10)


@pytest.fixture
def catalogue(cast: Cast) -> Programme:
    """A programme of the centre with two ratios, a level and a flow."""
    starter.load()
    from programmes.actions import register_units
    from units.models import Unit

    register_units(list(Unit.objects.values_list("pk", flat=True)))
    programme = Programme.objects.create(
        code="CDS", name="Chuyển đổi số", short_name="Chuyển đổi số", owner=cast.centre, start=date(2022, 1, 1)
    )
    pillar = Pillar.objects.create(programme=programme, name="Hạ tầng")
    for order, code in enumerate(("GOV-02", "SOC-01", "ORG-03", "ECO-01")):
        ProgrammeIndicator.objects.create(
            programme=programme, indicator=Indicator.objects.get(code=code), pillar=pillar, order=order
        )
    return programme


def record(values: dict, month: int = OCTOBER) -> None:
    measures = dict(Measure.objects.values_list("code", "pk"))
    entries = [Entry(unit.pk, measures[code], month, Decimal(value)) for (unit, code), value in values.items()]
    record_figures(entries=entries, provenance=Provenance.SUBMISSION, by=None, today=TODAY)


def scope(cast: Cast, programme: Programme, *, unit=None, month: int = NOW, basis: Basis = Basis.TODAY) -> Scope:
    return Scope(unit=unit or cast.thai_nguyen, programme=programme, month=month, basis=basis, today=TODAY)


def reading(cast: Cast, programme: Programme, code: str, **kwargs):
    page = dashboard(scope(cast, programme, **kwargs))
    return next(one for one in page.readings if one.indicator.code == code)


def test_a_percentage_is_the_sum_of_numerators_over_the_sum_of_denominators(cast: Cast, catalogue: Programme) -> None:
    record({
        (cast.tan_cuong, "MB-ALL"): 100, (cast.tan_cuong, "MB-VNEID"): 10,
        (cast.dai_phuc, "MB-ALL"): 900, (cast.dai_phuc, "MB-VNEID"): 810,
    })  # fmt: skip
    found = reading(cast, catalogue, "SOC-01")
    assert (found.value_text, found.fraction) == ("82%", "820/1.000")  # not the mean of 10% and 90%


def test_what_was_never_reported_is_no_zero(cast: Cast, catalogue: Programme) -> None:
    found = reading(cast, catalogue, "SOC-01")
    assert (found.now.value, found.value_text, found.fraction) == (None, "", "")
    assert found.standing.status == Status.NONE


def test_trust_tells_reported_carried_and_missing_apart(cast: Cast, catalogue: Programme) -> None:
    record({(cast.tan_cuong, "MB-ALL"): 100}, OCTOBER)
    record({(cast.dai_phuc, "MB-ALL"): 50}, make_month(2026, 8))
    trust = reading(cast, catalogue, "ORG-03").trust
    assert (trust.expected, trust.reported, trust.carried, trust.missing) == (4, 1, 1, 2)


def test_a_missing_unit_is_not_a_no(cast: Cast, catalogue: Programme) -> None:
    record({(cast.tan_cuong, "SW-MEMBERS"): 1, (cast.dai_phuc, "SW-MEMBERS"): 0})
    found = reading(cast, catalogue, "GOV-02")
    assert (found.fraction, found.known_only) == ("1/4", "50%")


def test_history_in_todays_units_and_as_it_was(cast: Cast, catalogue: Programme) -> None:
    may = make_month(2025, 5)
    record({(cast.thinh_duc, "MB-ALL"): 30, (cast.old_tan_cuong, "MB-ALL"): 20, (cast.old_dai_phuc, "MB-ALL"): 7}, may)
    province = reading(cast, catalogue, "ORG-03", month=may)
    commune = reading(cast, catalogue, "ORG-03", unit=cast.tan_cuong, month=may)
    old = reading(cast, catalogue, "ORG-03", unit=cast.thai_nguyen, month=may, basis=Basis.THEN)
    assert [found.now.value for found in (province, commune, old)] == [57, 50, 57]
    assert [found.trust.expected for found in (province, old)] == [3, 3]
    today = reading(cast, catalogue, "ORG-03")
    assert today.now.value == 57  # carried over to the successors


def test_status_follows_the_path_and_a_target_counts_from_its_baseline(cast: Cast, catalogue: Programme) -> None:
    target = Target.objects.create(
        indicator=Indicator.objects.get(code="GOV-02"), unit=cast.thai_nguyen, programme=catalogue,
        due=date(2026, 12, 31), value=100, baseline=0, baseline_on=date(2026, 1, 1),
    )  # fmt: skip
    record({(cast.tan_cuong, "SW-MEMBERS"): 1}, make_month(2025, 10))
    assert reading(cast, catalogue, "GOV-02").standing.status == Status.BEHIND
    assert reading(cast, catalogue, "GOV-02", month=make_month(2025, 10)).target is None
    record({(unit, "SW-MEMBERS"): 1 for unit in (cast.dai_phuc, cast.phu_dinh, cast.police)})
    found = reading(cast, catalogue, "GOV-02")
    assert (found.standing.status, found.target) == (Status.REACHED, target)


def test_children_are_ranked_and_the_needy_come_with_a_phone(cast: Cast, catalogue: Programme) -> None:
    cast.dai_phuc.contacts.create(full_name="Đỗ Thị Phúc", position="Chủ tịch", phone="0912000111")
    Target.objects.create(
        indicator=Indicator.objects.get(code="SOC-01"), unit=cast.thai_nguyen, programme=catalogue,
        due=date(2026, 12, 31), value=80, baseline=0, baseline_on=date(2026, 1, 1),
    )  # fmt: skip
    record({
        (cast.tan_cuong, "MB-ALL"): 10, (cast.tan_cuong, "MB-VNEID"): 9,
        (cast.dai_phuc, "MB-ALL"): 10, (cast.dai_phuc, "MB-VNEID"): 1,
    })  # fmt: skip
    opened = open_indicator(scope(cast, catalogue), Indicator.objects.get(code="SOC-01"))
    assert [child.unit for child in opened.children][:2] == [cast.tan_cuong, cast.dai_phuc]
    assert {child.unit for child in opened.missing} == {cast.phu_dinh, cast.police}
    assert cast.tan_cuong not in {child.unit for child in opened.needy}
    assert [child.unit for child in opened.needy] == [cast.dai_phuc, *(child.unit for child in opened.missing)]
    contact = opened.needy[0].contact
    assert contact is not None
    assert contact.phone == "0912000111"


def test_the_page_opens_down_to_the_figure_and_who_approved_it(cast: Cast, catalogue: Programme, client_of) -> None:
    measure = Measure.objects.get(code="MB-ALL")
    entry = Entry(cast.tan_cuong.pk, measure.pk, OCTOBER, Decimal(100))
    record_figures(
        entries=[entry], provenance=Provenance.SUBMISSION, by=cast.officer, reference="BC 10/2026", today=TODAY
    )
    client = client_of(cast.leader)
    indicator = Indicator.objects.get(code="ORG-03")
    pages = [
        f"/tong-quan/{cast.thai_nguyen.pk}/",
        f"/tong-quan/{cast.thai_nguyen.pk}/chi-so/{indicator.pk}/",
        f"/tong-quan/{cast.tan_cuong.pk}/chi-so/{indicator.pk}/",
        f"/tong-quan/{cast.tan_cuong.pk}/so-lieu/{measure.pk}/{OCTOBER}/",
    ]
    texts = []
    for before, after in zip(pages, [*pages[1:], None], strict=True):
        answer = client.get(before, {"thang": "10-2026"})
        assert answer.status_code == 200
        texts.append(answer.content.decode())
        if after is not None and "so-lieu" not in after:
            assert after in texts[-1]  # one click leads a level down
    assert "Lê Thị Chuyên" in texts[-1]
    assert "BC 10/2026" in texts[-1]


@pytest.mark.parametrize("path", ["", "chi-so/{indicator}/", "so-lieu/{measure}/{month}/"])
def test_foreign_units_do_not_exist(cast: Cast, catalogue: Programme, client_of, path: str) -> None:
    numbers = {
        "indicator": Indicator.objects.get(code="ORG-03").pk,
        "measure": Measure.objects.get(code="MB-ALL").pk,
        "month": OCTOBER,
    }
    address = f"/tong-quan/{cast.tan_cuong.pk}/{path.format(**numbers)}"
    assert client_of(cast.enterer).get(address).status_code == 200
    assert client_of(cast.stranger).get(address).status_code == 404
    assert client_of(cast.nobody).get(address).status_code == 404
    assert client_of(cast.enterer).post(address).status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_units(cast: Cast, catalogue: Programme, client_of) -> None:
    from units.choices import Designation, UnitKind
    from units.lineage import rebuild_lineage

    client = client_of(cast.leader)
    address = f"/tong-quan/{cast.thai_nguyen.pk}/"
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(address)
    for number in range(12):
        parent = type(cast.thai_nguyen).objects.get(pk=cast.thai_nguyen.pk)
        facts = dict(  # noqa: C408 - reads like the model
            kind=UnitKind.COMMUNE,
            designation=Designation.XA,
            code=f"9{number:04d}",
            name=f"Xã Thêm {number}",
            short_name=f"Thêm {number}",
            valid_from=date(2025, 7, 1),
        )
        type(parent).objects.add_child(parent, facts)  # fmt: skip
    rebuild_lineage()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert len(few) <= 20, "\n".join(query["sql"][:150] for query in few)


@pytest.mark.parametrize(
    ("text", "month"),
    [("10-2026", OCTOBER), ("10/2026", OCTOBER), ("", NOW), ("abc", NOW), ("12-2099", NOW), ("01-1999", 2020 * 12)],
)
def test_the_month_of_the_address_is_never_outside_the_records(text: str, month: int) -> None:
    assert read_month(text, TODAY) == month
