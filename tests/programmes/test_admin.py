"""Programmes, targets and the catalogue in the administration: scoped, by the same verbs, with history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, User
from programmes import starter
from programmes.actions import plans
from programmes.models import Indicator, Measure, Programme, Target
from programmes.rules import ProgrammeDetails
from tests.cast import Cast

TODAY = timezone.localdate()
ClientOf = Callable[[User], Client]
FRAME = {"code": "CDS", "name": "Kế hoạch CĐS", "short_name": "CĐS", "start": "01/01/2026", "end": "31/12/2030"}
NO_ROWS = {
    f"{prefix}-{name}": "0"
    for prefix in ("pillars", "chosen")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
}


@pytest.fixture
def programme(cast: Cast) -> Programme:
    starter.load()
    details = ProgrammeDetails("CDS", "Kế hoạch CĐS", "CĐS", date(2026, 1, 1), date(2030, 12, 31))
    made = plans.create_programme(owner=cast.thai_nguyen, details=details, by=cast.officer, today=TODAY)
    plans.choose_indicators(programme=made, indicators=Indicator.objects.filter(code="INF-01"), by=cast.officer)
    return made


@pytest.fixture
def keeper(cast: Cast, client_of: ClientOf) -> Client:
    """The administrator of Thái Nguyên."""
    return client_of(cast.admin)


def page(name: str, *args: object) -> str:
    return reverse(f"admin:programmes_{name}", args=args)


@pytest.mark.parametrize("model", ["programme", "target", "measure", "indicator"])
def test_lists_open_with_search_and_filters(cast: Cast, programme: Programme, keeper: Client, model: str) -> None:
    assert keeper.get(page(f"{model}_changelist"), {"q": "may tinh"}).status_code == 200


def test_search_needs_no_tones(programme: Programme, keeper: Client) -> None:
    found = keeper.get(page("indicator_changelist"), {"q": "ty le may tinh lam viec"}).content.decode()
    assert "Tỷ lệ đơn vị Hội có máy tính làm việc" in found
    assert "Tổng số hội viên" not in found


def test_foreign_programmes_do_not_exist(cast: Cast, programme: Programme, keeper: Client, client_of: ClientOf) -> None:
    foreign = Programme.objects.create(
        owner=cast.thanh_hoa, code="TH", name="Chim hoàng yến", short_name="Chim hoàng yến", start=date(2026, 1, 1)
    )
    assert "Chim hoàng yến" not in keeper.get(page("programme_changelist")).content.decode()
    for method in ("get", "post"):
        assert getattr(keeper, method)(page("programme_change", foreign.pk)).status_code == 404
    for name in ("enterer", "leader", "nobody"):
        assert client_of(getattr(cast, name)).get(page("programme_changelist")).status_code in {302, 403}


def test_national_programmes_are_seen_but_not_changed(cast: Cast, programme: Programme, keeper: Client) -> None:
    national = Programme.objects.create(
        owner=cast.centre, code="TW", name="Đề án", short_name="Đề án", start=date(2026, 1, 1)
    )
    assert keeper.get(page("programme_change", national.pk)).status_code == 200
    assert keeper.post(page("programme_change", national.pk), {**FRAME, **NO_ROWS}).status_code == 403
    national.refresh_from_db()
    assert national.short_name == "Đề án"


def test_a_programme_is_added_and_changed_by_the_verbs(cast: Cast, keeper: Client) -> None:
    assert keeper.post(page("programme_add"), {**FRAME, **NO_ROWS, "owner": cast.thai_nguyen.pk}).status_code == 302
    made = Programme.objects.get()
    assert AuditEntry.objects.get(action="programmes.create").actor == cast.admin
    bad = keeper.post(page("programme_change", made.pk), {**FRAME, **NO_ROWS, "end": "31/12/2025"})
    assert "Ngày kết thúc (31/12/2025) trước ngày bắt đầu (01/01/2026)." in bad.content.decode()
    assert keeper.post(page("programme_change", made.pk), {**FRAME, **NO_ROWS, "name": "Tên mới"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.search) == ("Tên mới", "cds ten moi cds")
    assert AuditEntry.objects.get(action="programmes.edit").after == {"name": "Tên mới"}
    assert "Tên mới" in keeper.get(page("programme_history", made.pk)).content.decode()


def test_a_foreign_owner_is_refused(cast: Cast, keeper: Client) -> None:
    for unit in (cast.thanh_hoa, cast.centre, cast.sam_son):
        response = keeper.post(page("programme_add"), {**FRAME, **NO_ROWS, "owner": unit.pk})
        assert response.status_code == 200
        assert Programme.objects.count() == 0


def test_targets_follow_the_rules_of_the_pages(cast: Cast, programme: Programme, keeper: Client) -> None:
    indicator = Indicator.objects.get(code="INF-01")
    sent = {
        "indicator": indicator.pk, "unit": cast.tan_cuong.pk, "programme": programme.pk, "value": "100",
        "due": "31/12/2025", "baseline": "60", "baseline_on": "01/01/2026",
    }  # fmt: skip
    bad = keeper.post(page("target_add"), sent).content.decode()
    assert "phải sau ngày của giá trị xuất phát" in bad
    assert Target.objects.count() == 0
    assert keeper.post(page("target_add"), {**sent, "due": "31/12/2026"}).status_code == 302
    target = Target.objects.get()
    assert AuditEntry.objects.get(action="programmes.set_target").unit_id == cast.tan_cuong.pk
    keeper.post(page("target_change", target.pk), {**sent, "due": "31/12/2026", "value": "95"})
    target.refresh_from_db()
    assert target.value == Decimal(95)
    foreign = keeper.post(page("target_add"), {**sent, "due": "31/12/2027", "unit": cast.sam_son.pk})
    assert foreign.status_code == 200
    assert Target.objects.count() == 1


def test_only_the_centre_changes_the_catalogue(
    cast: Cast, programme: Programme, keeper: Client, client_of: ClientOf
) -> None:
    measure = Measure.objects.get(code="MB-ALL")
    sent = {
        "code": "MB-ALL", "name": "Tên mới", "kind": "stock", "unit_of_measure": "người", "decimals": "0",
        "entered_at": ["commune", "attached"], "minimum": "0", "order": "50", "active": "on",
    }  # fmt: skip
    assert keeper.get(page("measure_change", measure.pk)).status_code == 200
    assert keeper.post(page("measure_change", measure.pk), sent).status_code == 403
    national = client_of(cast.national)
    assert national.post(page("measure_change", measure.pk), sent).status_code == 302
    measure.refresh_from_db()
    assert (measure.name, measure.entered_at, measure.source) == ("Tên mới", ["commune", "attached"], "form")
    cycle = {**sent, "whole": Measure.objects.get(code="MB-MINORITY").pk}
    assert "chính là số liệu này" in national.post(page("measure_change", measure.pk), cycle).content.decode()


def test_a_measure_and_an_indicator_are_added(cast: Cast, programme: Programme, client_of: ClientOf) -> None:
    national = client_of(cast.national)
    sent = {
        "code": "MOI", "name": "Số mới", "kind": "flow", "unit_of_measure": "lượt", "decimals": "0",
        "entered_at": ["commune"], "minimum": "0", "order": "1", "active": "on",
    }  # fmt: skip
    assert national.post(page("measure_add"), sent).status_code == 302
    measure = Measure.objects.get(code="MOI")
    made = {
        "code": "CS-1", "name": "Chỉ số mới", "numerator": measure.pk, "direction": "up", "window": "year",
        "unit_label": "lượt", "decimals": "0", "order": "1", "active": "on",
    }  # fmt: skip
    assert national.post(page("indicator_add"), made).status_code == 302
    assert Indicator.objects.get(code="CS-1").numerator == measure
    again = national.post(page("indicator_add"), made).content.decode()
    assert "Mã “CS-1” đã có. Hãy chọn mã khác." in again


def test_nothing_is_deleted(programme: Programme, keeper: Client) -> None:
    assert keeper.get(page("programme_delete", programme.pk)).status_code == 403
    assert keeper.post(page("programme_delete", programme.pk), {"post": "yes"}).status_code == 403
    assert Programme.objects.count() == 1
