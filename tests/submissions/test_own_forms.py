"""A province keeps the forms of its own programmes: all of their pages, and nothing of other owners' forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.dates import format_date
from core.periods import Calendar
from core.verdicts import Denied
from programmes.models import Measure, Programme
from submissions.actions import Due, FormDetails, change_form, create_form, give_permit, publish, withdraw_permit
from submissions.actions.drafts import add_lines, add_section
from submissions.choices import Frequency
from submissions.models import Form, Permit, ReportingPeriod
from tests.cast import Cast, grant, person
from tests.submissions.conftest import OCTOBER, SEPTEMBER, TODAY, World
from tests.submissions.test_keeping import FRAME, text_of
from units.choices import Role
from units.models import RECORDS_BEGIN, Unit

SignIn = Callable[[User], Client]
UNTIL = TODAY + timedelta(days=30)
READING = ("forms", "periods", "permits", "holidays")


def go(name: str, *keys: Any) -> str:
    return reverse(f"submissions:{name}", args=keys)


def programme_of(unit: Unit) -> Programme:
    made: Programme = Programme.objects.create(
        code=f"KH-{unit.pk}", name=f"Kế hoạch {unit.name}", short_name="Kế hoạch", owner=unit, start=RECORDS_BEGIN
    )
    return made


@dataclass
class Province:
    """A province with a programme and a published form over one measure that nobody else asks."""

    world: World
    cast: Cast
    form: Form
    measure: Measure

    def period(self) -> ReportingPeriod:
        return self.form.periods.get(month=OCTOBER)

    def permit(self, form: Form, by: User, unit: Unit | None = None) -> Permit:
        asked = {"until": UNTIL, "reason": "Mất điện", "today": TODAY}
        return give_permit(period=form.periods.get(month=SEPTEMBER), unit=unit or self.cast.tan_cuong, by=by, **asked)


@pytest.fixture
def province(world: World) -> Province:
    cast = world.cast
    measure = Measure.objects.create(
        code="TINH", name="Mô hình riêng của tỉnh", order=20, kind="flow", unit_of_measure="mô hình", group="Riêng"
    )
    details = FormDetails(
        code="BC-TN", name="Báo cáo riêng của tỉnh", frequency=Frequency.MONTH, calendar=Calendar.CIVIL,
        kinds=("commune",), first_month=SEPTEMBER, dues=(Due("commune", 5, months_after=1),),
    )  # fmt: skip
    form = create_form(programme=programme_of(cast.thai_nguyen), details=details, by=cast.admin)
    draft = form.versions.get()
    section = add_section(version=draft, title="Riêng", help_text="", by=cast.admin)
    add_lines(section=section, measures=[measure], by=cast.admin)
    publish(form=form, note="", by=cast.admin, today=TODAY)
    return Province(world, cast, form, measure)


@pytest.fixture
def admin(province: Province, client_of: SignIn) -> Client:
    return client_of(province.cast.admin)


@pytest.fixture
def neighbour(province: Province, client_of: SignIn) -> Client:
    """The administrator of the other province."""
    other = person("neighbour", "Cao Thị Bên")
    grant(other, Role.ADMINISTRATOR, province.cast.thanh_hoa)
    return client_of(other)


def test_a_form_is_made_for_a_programme_of_the_own_unit_only(province: Province, admin: Client) -> None:
    own, national = province.form.programme, province.world.reporting.form.programme
    page = admin.get(go("form-create"))
    assert list(page.context["form"].fields["programme"].queryset) == [own]
    refused = admin.post(go("form-create"), {**FRAME, "programme": national.pk})
    assert refused.context["form"].errors["programme"]
    assert admin.post(go("form-create"), {**FRAME, "programme": own.pk}).status_code == 302
    assert Form.objects.get(code="BC-QUY").programme == own


def test_without_a_programme_of_ones_own_the_page_says_what_comes_first(world: World, client_of: SignIn) -> None:
    assert "hãy tạo chương trình trước" in text_of(client_of(world.cast.admin).get(go("form-create")))


def test_its_pages_open_to_the_administrator_of_the_province(province: Province, admin: Client) -> None:
    form, period = province.form, province.period()
    page = admin.get(go("form", form.pk)).content.decode()
    assert go("form-edit", form.pk) in page
    assert go("period-edit", period.pk) in admin.get(go("periods")).content.decode()
    day = format_date(period.ends_on + timedelta(days=9))
    typed = {"due_commune": day, "locks_on": "", "reason": "Nghỉ bão"}
    assert admin.post(go("period-edit", period.pk), typed).status_code == 302
    assert format_date(period.dues.get(kind="commune").due_on) == day
    assert admin.post(go("draft-start", form.pk)).status_code == 302
    assert admin.get(go("draft", form.pk)).status_code == 200


def test_forms_of_the_centre_are_read_only(province: Province, admin: Client) -> None:
    form, period = province.world.reporting.form, province.world.period(OCTOBER)
    page = admin.get(go("form", form.pk)).content.decode()
    assert province.cast.centre.name in page
    assert go("form-edit", form.pk) not in page
    assert go("period-edit", period.pk) not in admin.get(go("periods")).content.decode()
    for name, key in (("form-edit", form.pk), ("form-scope", form.pk), ("draft", form.pk), ("period-edit", period.pk)):
        assert admin.get(go(name, key)).status_code == 403
    with pytest.raises(Denied):
        change_form(form=form, details=_details(form), by=province.cast.admin, today=TODAY)
    assert admin.get(go("holiday-add")).status_code == 403


def _details(form: Form) -> FormDetails:
    return FormDetails(form.code, form.name, Frequency.MONTH, Calendar.CIVIL, ("commune",), form.first_month)


def test_the_forms_of_a_neighbour_do_not_exist(province: Province, neighbour: Client) -> None:
    form, period = province.form, province.period()
    for name, key in (("form", form.pk), ("form-edit", form.pk), ("draft", form.pk), ("period-edit", period.pk)):
        assert neighbour.get(go(name, key)).status_code == 404
    for name in READING:
        assert form.name not in neighbour.get(go(name)).content.decode()


def test_who_keeps_a_form_gives_and_withdraws_its_permits(province: Province, admin: Client, neighbour: Client) -> None:
    typed = {"unit": province.cast.tan_cuong.pk, "until": format_date(UNTIL), "reason": "Mất điện"}
    national = province.world.period(SEPTEMBER)
    assert admin.post(go("permit-give"), {**typed, "period": national.pk}).context["form"].errors["period"]
    own = province.form.periods.get(month=SEPTEMBER)
    assert admin.post(go("permit-give"), {**typed, "period": own.pk}).status_code == 302
    made = Permit.objects.get()
    assert neighbour.get(go("permit-withdraw", made.pk)).status_code == 404
    assert go("permit-withdraw", made.pk) in admin.get(go("permits")).content.decode()
    admin.post(go("permit-withdraw", made.pk))
    made.refresh_from_db()
    assert made.withdrawn_at is not None


def test_permits_of_the_centres_forms_stay_with_those_who_accept(province: Province, admin: Client) -> None:
    national, cast = province.world.reporting.form, province.cast
    with pytest.raises(Denied):
        province.permit(national, cast.admin)
    given = province.permit(national, cast.officer)
    with pytest.raises(Denied):
        withdraw_permit(permit=given, by=cast.admin)
    assert go("permit-withdraw", given.pk) not in admin.get(go("permits")).content.decode()
    assert admin.get(go("permit-withdraw", given.pk)).status_code == 403
    assert province.permit(province.form, cast.officer).unit == cast.tan_cuong  # who accepts may, whoever keeps it
    assert province.permit(national, cast.national, cast.police).given_by == cast.national  # who keeps it may too


def test_a_province_picks_measures_and_makes_none(province: Province, admin: Client) -> None:
    assert admin.get(reverse("programmes:measure-create")).status_code == 403


def test_the_start_page_leads_those_who_keep_forms_or_give_permits_to_them(world: World, client_of: SignIn) -> None:
    offered = {
        name: f'href="{go("forms")}"' in client_of(getattr(world.cast, name)).get(go("home")).content.decode()
        for name in ("national", "admin", "officer", "leader", "enterer", "signer")
    }
    assert [name for name, is_offered in offered.items() if is_offered] == ["national", "admin", "officer"]
