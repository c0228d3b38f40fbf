"""The pages of those who keep forms: frame, draft, rules, publication, periods, permits, holidays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from core.dates import format_date
from core.periods import last_day
from programmes.models import Programme
from submissions.actions.drafts import add_rule, start_draft
from submissions.choices import Relation, RuleKind, Severity
from submissions.content import RuleContent
from submissions.models import CheckRule, Form, FormLine, FormSection, FormVersion, Holiday, Permit, ReportingPeriod
from tests.submissions.conftest import OCTOBER, SEPTEMBER, TODAY, World

SignIn = Callable[[User], Client]
FRAME = {
    "name": "Báo cáo quý", "code": "bc-quy", "frequency": "quarter", "calendar": "nd09", "first_month": "12/2026",
    "kinds": ["commune"], "shift": "next", "lock_after": "10", "active": "on", "day_commune": "17",
    "months_commune": "0",
}  # fmt: skip


def text_of(answer: Any) -> str:
    """The words of a page, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def exported(answer: Any) -> list[str]:
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


@pytest.fixture
def form(world: World) -> Form:
    return world.reporting.form


@pytest.fixture
def keeper(world: World, client_of: SignIn) -> Client:
    return client_of(world.cast.national)


@pytest.fixture
def draft(world: World, form: Form) -> FormVersion:
    return start_draft(form=form, by=world.cast.national)


def go(name: str, *keys: Any) -> str:
    return reverse(f"submissions:{name}", args=keys)


# --- lists and who may look -----------------------------------------------------------------------------------


def test_everybody_below_the_programme_reads_forms_and_only_keepers_change_them(
    world: World, form: Form, client_of: SignIn
) -> None:
    reader = client_of(world.cast.enterer)
    assert form.name in text_of(reader.get(go("forms")))
    page = reader.get(go("form", form.pk))
    assert page.status_code == 200
    assert go("form-edit", form.pk) not in page.content.decode()
    assert reader.get(go("form-edit", form.pk)).status_code == 403
    assert client_of(world.cast.nobody).get(go("forms")).status_code == 403


def test_the_list_is_searched_without_tones_and_exported(form: Form, keeper: Client) -> None:
    assert "Báo cáo tháng" in text_of(keeper.get(go("forms"), {"q": "bao cao thang"}))
    assert "Báo cáo tháng" not in text_of(keeper.get(go("forms"), {"q": "quy"}))
    rows = exported(keeper.get(go("forms"), {"export": "csv"}))
    assert len(rows) == 2
    assert "Báo cáo tháng" in rows[1]


def test_the_page_of_a_form_tells_who_owes_it(world: World, form: Form, keeper: Client) -> None:
    words = text_of(keeper.get(go("form", form.pk)))
    assert "Cấp xã 4" in words
    assert "Đơn vị trực thuộc 1" in words
    names = text_of(keeper.get(go("form-units", form.pk), {"q": "tan cuong"}))
    assert world.cast.tan_cuong.name in names
    assert world.cast.sam_son.name not in names


# --- the frame -------------------------------------------------------------------------------------------------


def test_a_form_is_created_with_its_frame(world: World, form: Form, keeper: Client) -> None:
    answer = keeper.post(go("form-create"), {**FRAME, "programme": form.programme_id})
    made = Form.objects.get(code="BC-QUY")
    assert answer.url == go("draft", made.pk)
    assert [(due.kind, due.months_after, due.day) for due in made.due_rules.all()] == [("commune", 0, 17)]
    assert made.lock_after == 10
    assert made.versions.get().is_draft


def test_the_calendar_is_shown_before_anything_is_stored(world: World, form: Form, keeper: Client) -> None:
    Holiday.objects.create(day=date(2026, 12, 17), name="Nghỉ bù")
    page = keeper.post(go("form-create-preview"), {**FRAME, "programme": form.programme_id})
    words = text_of(page)
    assert "Quý IV/2026" in words
    assert "15/09/2026" in words  # first day by the decree
    assert "14/12/2026" in words  # cut-off
    assert "18/12/2026" in words  # the 17th is a holiday
    assert "chuyển từ Thứ 5 17/12/2026" in words
    assert "28/12/2026" in words  # locked after
    assert 'value="bc-quy"' in page.content.decode()
    assert not Form.objects.filter(code="BC-QUY").exists()


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"code": "bc-{owner}"}, "code", "đã được dùng"),
        ({"kinds": []}, "kinds", "bắt buộc"),
        ({"day_commune": "10"}, "day_commune", "trước ngày chốt"),
        ({"day_commune": ""}, "lock_after", "hạn nộp"),
        ({"first_month": "13/2026"}, "first_month", "13/2026"),
        ({"lock_after": "400"}, "lock_after", "366"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_kept(
    world: World, form: Form, keeper: Client, typed: dict[str, Any], field: str, said: str
) -> None:
    if "code" in typed:
        typed = {"code": typed["code"].format(owner=world.cast.centre.pk)}
    page = keeper.post(go("form-create"), {**FRAME, "programme": form.programme_id, **typed})
    assert page.status_code == 200
    assert said in " ".join(page.context["form"].errors[field])
    assert 'value="Báo cáo quý"' in page.content.decode()
    assert Form.objects.count() == 1


def frame_of(page: Any) -> dict[str, Any]:
    """What the browser would send of the page of a frame."""
    shown = page.context["form"]
    found = {name: shown[name].value() for name in shown.fields}
    found = {name: shown.fields[name].prepare_value(value) for name, value in found.items()}
    return {name: value for name, value in found.items() if value not in (None, False)}


def test_a_stale_save_shows_both_values(form: Form, keeper: Client) -> None:
    seen = frame_of(keeper.get(go("form-edit", form.pk)))
    Form.objects.filter(pk=form.pk).update(name="Báo cáo số liệu tháng")
    page = keeper.post(go("form-edit", form.pk), {**seen, "name": "Báo cáo hằng tháng"})
    assert page.status_code == 200
    (said,) = page.context["form"].errors["name"]
    assert "Báo cáo số liệu tháng" in said
    assert "Báo cáo hằng tháng" in said
    again = {**frame_of(page), "name": "Báo cáo hằng tháng"}
    assert keeper.post(go("form-edit", form.pk), again).status_code == 302
    form.refresh_from_db()
    assert form.name == "Báo cáo hằng tháng"


def test_the_frequency_stays_once_periods_are_open(form: Form, keeper: Client) -> None:
    seen = frame_of(keeper.get(go("form-edit", form.pk)))
    page = keeper.post(go("form-edit", form.pk), {**seen, "frequency": "year", "months_commune": "3"})
    assert page.context["form"].errors["frequency"]


def test_a_form_is_limited_to_units_found_by_search(world: World, form: Form, keeper: Client) -> None:
    url = go("form-scope", form.pk)
    page = keeper.get(url, {"q": "thai nguyen"})
    assert str(world.cast.thai_nguyen.pk) in page.content.decode()
    assert keeper.post(f"{url}?q=thai", {"roots": [world.cast.thai_nguyen.pk]}).status_code == 302
    assert list(form.roots.all()) == [world.cast.thai_nguyen]
    assert "Cấp xã 3" in text_of(keeper.get(go("form", form.pk)))


# --- the draft -------------------------------------------------------------------------------------------------


def test_a_draft_begins_as_a_copy_and_is_thrown_away(form: Form, keeper: Client) -> None:
    assert keeper.get(go("draft", form.pk)).status_code == 200
    keeper.post(go("draft-start", form.pk))
    draft = form.versions.get(published_at=None)
    assert (draft.number, draft.lines.count(), draft.rules.count()) == (2, 8, 1)
    keeper.post(go("draft-discard", form.pk))
    assert form.versions.count() == 1


def test_sections_and_lines_are_put_together(world: World, form: Form, draft: FormVersion, keeper: Client) -> None:
    keeper.post(go("section-add", form.pk), {"title": "C. Bổ sung", "help_text": "Chỉ khi có"})
    section = draft.sections.get(title="C. Bổ sung")
    line = draft.lines.get(measure=world.score)
    keeper.post(go("line-remove", form.pk, line.pk))
    page = keeper.get(go("lines-add", form.pk, section.pk), {"q": "diem"})
    assert "Điểm đánh giá" in text_of(page)
    assert "Tổng số hội viên" not in text_of(page)  # stands on the form already
    keeper.post(go("lines-add", form.pk, section.pk), {"measures": [world.score.pk]})
    line = draft.lines.get(measure=world.score)
    assert line.section == section
    keeper.post(
        go("line-edit", form.pk, line.pk),
        {"section": section.pk, "required": "on", "minimum": "1", "maximum": "9,5", "help_text": "Theo bảng chấm"},
    )
    line.refresh_from_db()
    assert (line.required, line.minimum, str(line.maximum)) == (True, 1, "9.50")


def test_limits_of_a_line_are_within_those_of_its_measure(
    world: World, form: Form, draft: FormVersion, keeper: Client
) -> None:
    line = draft.lines.get(measure=world.score)
    page = keeper.post(
        go("line-edit", form.pk, line.pk), {"section": line.section_id, "minimum": "-1", "maximum": "11"}
    )
    assert set(page.context["form"].errors) == {"minimum", "maximum"}


def test_lines_move_among_their_like(world: World, form: Form, draft: FormVersion, keeper: Client) -> None:
    admitted = draft.lines.get(measure=world.admitted)

    def shown() -> list[str]:
        words = text_of(keeper.get(go("draft", form.pk)))
        names = [world.members.name, world.minority.name, world.admitted.name, world.admitted_minority.name]
        return sorted(names, key=words.index)

    assert shown()[0] == world.members.name
    keeper.post(go("line-move", form.pk, admitted.pk), {"direction": "up"})
    assert shown() == [
        world.admitted.name, world.admitted_minority.name, world.members.name, world.minority.name
    ]  # fmt: skip
    keeper.post(go("line-move", form.pk, admitted.pk), {"direction": "up"})  # it is the first already
    assert shown()[0] == world.admitted.name


def test_sections_move(form: Form, draft: FormVersion, keeper: Client) -> None:
    first, second = draft.sections.order_by("order")
    keeper.post(go("section-move", form.pk, first.pk), {"direction": "down"})
    assert list(draft.sections.order_by("order")) == [second, first]


def test_a_published_version_never_changes(world: World, form: Form, keeper: Client) -> None:
    version = form.versions.get()
    line = version.lines.first()
    assert line is not None
    assert keeper.post(go("line-remove", form.pk, line.pk)).status_code == 404
    start_draft(form=form, by=world.cast.national)
    assert keeper.post(go("line-remove", form.pk, line.pk)).status_code == 404
    assert FormLine.objects.filter(pk=line.pk).exists()


def test_a_line_that_a_rule_compares_is_not_removed(
    world: World, form: Form, draft: FormVersion, keeper: Client
) -> None:
    rule = RuleContent(RuleKind.COMPARE, Severity.ERROR, left=(world.admitted.pk,), right=(world.members.pk,))
    add_rule(version=draft, rule=rule, by=world.cast.national)
    line = draft.lines.get(measure=world.members)
    page = keeper.post(go("line-remove", form.pk, line.pk))
    assert "quy tắc" in text_of(page).lower()
    section = FormSection.objects.get(pk=line.section_id)
    keeper.post(go("section-remove", form.pk, section.pk))
    assert draft.lines.filter(pk=line.pk).exists()


# --- rules -----------------------------------------------------------------------------------------------------


def test_rules_are_written_changed_ordered_and_removed(
    world: World, form: Form, draft: FormVersion, keeper: Client
) -> None:
    typed = {
        "left": [world.admitted.pk], "right": [world.members.pk, world.minority.pk], "relation": "le", "percent": "5",
        "severity": "error", "message": "",
    }  # fmt: skip
    keeper.post(go("compare-add", form.pk), typed)
    large, rule = draft.rules.order_by("order")
    assert rule.relation == Relation.AT_MOST
    words = text_of(keeper.get(go("draft", form.pk)))
    assert "“Hội viên kết nạp mới” ≤ “Tổng số hội viên” + “Hội viên dân tộc thiểu số”, sai số 5%" in words
    keeper.post(go("rule-edit", form.pk, rule.pk), {**typed, "severity": "warning", "right": [world.members.pk]})
    rule.refresh_from_db()
    assert (rule.severity, rule.terms.count()) == (Severity.WARNING, 2)
    keeper.post(go("rule-move", form.pk, rule.pk), {"direction": "up"})
    assert list(draft.rules.order_by("order")) == [rule, large]
    keeper.post(go("rule-remove", form.pk, large.pk))
    keeper.post(go("change-add", form.pk), {"left": [], "percent": "30", "least": "10", "severity": "warning"})
    assert draft.rules.get(kind=RuleKind.CHANGE).terms.count() == 0
    assert "Mọi số" in text_of(keeper.get(go("draft", form.pk)))


@pytest.mark.parametrize("sides", [{"left": [], "right": ["x"]}, {"left": ["x"], "right": ["x"]}])
def test_a_rule_that_says_nothing_is_refused(
    world: World, form: Form, draft: FormVersion, keeper: Client, sides: dict[str, list[str]]
) -> None:
    typed = {side: [world.members.pk] if keys else [] for side, keys in sides.items()}
    page = keeper.post(go("compare-add", form.pk), {**typed, "relation": "le", "severity": "error"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert CheckRule.objects.filter(version=draft, kind=RuleKind.COMPARE).count() == 0


def test_rules_are_tried_with_a_unit_and_with_typed_values(
    world: World, form: Form, draft: FormVersion, keeper: Client
) -> None:
    rule = RuleContent(
        RuleKind.COMPARE, Severity.ERROR, message="Kết nạp nhiều hơn hội viên", left=(world.admitted.pk,),
        right=(world.members.pk,),
    )  # fmt: skip
    add_rule(version=draft, rule=rule, by=world.cast.national)
    world.report(world.cast.tan_cuong, {world.members: 100}, month=SEPTEMBER)
    world.save({world.members: 40, world.admitted: 50})
    unit, period = world.cast.tan_cuong.pk, world.period(OCTOBER).pk
    words = text_of(keeper.get(go("trial", draft.pk), {"unit": unit, "period": period}))
    assert "Kết nạp nhiều hơn hội viên" in words
    assert "Giảm 60% so với 100" in words  # large change
    typed = {f"n-{world.members.pk}": "60", f"n-{world.admitted.pk}": "50", f"b-{world.members.pk}": "61"}
    words = text_of(keeper.get(go("trial", draft.pk), {"unit": unit, "period": period, "tried": 1, **typed}))
    assert "Kết nạp nhiều hơn hội viên" not in words
    assert "Giảm" not in words
    words = text_of(keeper.get(go("trial", draft.pk)))
    assert "Chưa đủ số liệu để xét" in words
    assert "tan cuong" not in words.lower()


def test_a_trial_stores_nothing(world: World, draft: FormVersion, keeper: Client) -> None:
    before = AuditEntry.objects.count()
    keeper.get(go("trial", draft.pk), {"tried": 1, f"n-{world.members.pk}": "7"})
    assert AuditEntry.objects.count() == before
    assert not world.cast.tan_cuong.submissions.exists()


# --- versions --------------------------------------------------------------------------------------------------


def test_a_version_is_shown_as_units_see_it(world: World, form: Form, draft: FormVersion, keeper: Client) -> None:
    page = keeper.get(go("version", draft.pk), {"kind": "commune"})
    assert world.members.name in text_of(page)
    assert world.firms.name not in text_of(page)  # of provinces only
    assert world.firms.name in text_of(keeper.get(go("version", draft.pk), {"kind": "province"}))
    assert keeper.get(go("version", draft.pk), {"kind": "no"}).status_code == 200


def test_a_draft_is_seen_by_its_keepers_only(world: World, form: Form, draft: FormVersion, client_of: SignIn) -> None:
    reader = client_of(world.cast.officer)
    assert reader.get(go("version", draft.pk)).status_code == 403
    assert reader.get(go("version", form.versions.earliest("number").pk)).status_code == 200


def test_publishing_lists_what_changed_and_leaves_open_periods(
    world: World, form: Form, draft: FormVersion, keeper: Client
) -> None:
    line = draft.lines.get(measure=world.score)
    keeper.post(go("line-remove", form.pk, line.pk))
    members = draft.lines.get(measure=world.members)
    keeper.post(
        go("line-edit", form.pk, members.pk), {"section": members.section_id, "required": "on", "maximum": "900"}
    )
    words = text_of(keeper.get(go("publish", form.pk)))
    assert "“Điểm đánh giá”" in words
    assert "“Tổng số hội viên”: bắt buộc; giá trị lớn nhất – → 900" in words
    assert keeper.post(go("publish", form.pk), {"note": ""}).context["form"].errors["note"]
    keeper.post(go("publish", form.pk), {"note": "Bỏ điểm đánh giá"})
    draft.refresh_from_db()
    assert not draft.is_draft
    assert draft.published_by == world.cast.national
    assert world.period(OCTOBER).version.number == 1
    assert "Bỏ điểm đánh giá" in text_of(keeper.get(go("form", form.pk)))


def test_publishing_opens_the_periods_that_have_begun(world: World, keeper: Client) -> None:
    programme = Programme.objects.get(pk=world.reporting.form.programme_id)
    keeper.post(
        go("form-create"), {**FRAME, "programme": programme.pk, "first_month": "09/2026", "code": "Q", "lock_after": ""}
    )
    made = Form.objects.get(code="Q")
    draft = made.versions.get()
    keeper.post(go("section-add", made.pk), {"title": "A"})
    keeper.post(go("publish", made.pk))
    assert not made.periods.exists()  # nothing is asked yet
    world.members.active = False
    extra = type(world.score).objects.create(code="MOI", name="Chỉ số mới", kind="given", unit_of_measure="điểm")
    keeper.post(go("lines-add", made.pk, draft.sections.get().pk), {"measures": [extra.pk]})
    keeper.post(go("publish", made.pk))
    assert [period.label for period in made.periods.order_by("month")] == ["Quý III/2026", "Quý IV/2026"]


# --- periods and permits ---------------------------------------------------------------------------------------


def test_the_list_of_periods_counts_the_units(world: World, keeper: Client) -> None:
    words = text_of(keeper.get(go("periods")))
    assert "Tháng 10/2026" in words
    row = exported(keeper.get(go("periods"), {"export": "csv"}))[1]
    assert row.endswith("7")  # four communes, one attached unit, two provinces


def test_periods_lead_to_their_days_only_for_keepers(world: World, keeper: Client, client_of: SignIn) -> None:
    way = go("period-edit", world.period(OCTOBER).pk)
    assert way in keeper.get(go("periods")).content.decode()
    page = client_of(world.cast.enterer).get(go("periods")).content.decode()
    assert "Tháng 10/2026" in page
    assert way not in page


def test_the_list_of_periods_asks_as_much_for_two_as_for_many(world: World, keeper: Client) -> None:
    url = go("periods")
    keeper.get(url)
    with CaptureQueriesContext(connection) as many:
        keeper.get(url)
    ReportingPeriod.objects.exclude(pk__in=[world.period(OCTOBER).pk, world.period(SEPTEMBER).pk]).delete()
    with CaptureQueriesContext(connection) as two:
        keeper.get(url)
    assert len(many) == len(two)


def test_due_days_and_lock_are_moved_with_a_reason(world: World, keeper: Client) -> None:
    period = world.period(OCTOBER)
    typed = {
        "due_commune": "10/11/2026", "due_attached": "10/11/2026", "due_province": "15/11/2026",
        "locks_on": "20/11/2026", "reason": "Bão số 5",
    }  # fmt: skip
    assert keeper.post(go("period-edit", period.pk), {**typed, "reason": ""}).context["form"].errors["reason"]
    early = keeper.post(go("period-edit", period.pk), {**typed, "due_commune": "20/10/2026", "locks_on": "01/11/2026"})
    assert set(early.context["form"].errors) == {"due_commune", "locks_on"}
    assert keeper.post(go("period-edit", period.pk), typed).status_code == 302
    period.refresh_from_db()
    assert period.locks_on == date(2026, 11, 20)
    row = AuditEntry.objects.get(action="submissions.change_period")
    assert row.reason == "Bão số 5"
    assert "Đã khóa" in text_of(keeper.get(go("periods")))


def test_a_period_of_an_ad_hoc_form_is_opened_by_hand(world: World, form: Form, keeper: Client) -> None:
    page = keeper.post(
        go("period-open", form.pk),
        {"title": "X", "starts_on": "01/11/2026", "ends_on": "20/11/2026", "due_on": "25/11/2026"},
    )
    assert "tự mở theo lịch" in text_of(page)
    form.periods.all().delete()
    Form.objects.filter(pk=form.pk).update(frequency="adhoc")
    page = keeper.post(
        go("period-open", form.pk),
        {"title": "Rà soát đột xuất", "starts_on": "20/11/2026", "ends_on": "01/11/2026", "due_on": "25/11/2026"},
    )
    assert page.context["form"].errors["ends_on"]
    keeper.post(
        go("period-open", form.pk),
        {"title": "Rà soát đột xuất", "starts_on": "01/11/2026", "ends_on": "20/11/2026", "due_on": "25/11/2026"},
    )
    assert form.periods.get().label == "Rà soát đột xuất"


@pytest.fixture
def locked(world: World) -> ReportingPeriod:
    period = world.period(SEPTEMBER)
    period.locks_on = last_day(OCTOBER)
    period.save()
    return period


def test_a_permit_is_given_to_a_unit_found_by_search_and_withdrawn(
    world: World, locked: ReportingPeriod, client_of: SignIn
) -> None:
    officer = client_of(world.cast.officer)
    url = go("permit-give")
    assert world.cast.tan_cuong.name in text_of(officer.get(url, {"q": "tan cuong"}))
    assert world.cast.sam_son.name not in text_of(officer.get(url, {"q": "sam son"}))
    typed = {"unit": world.cast.tan_cuong.pk, "period": locked.pk, "until": format_date(TODAY.replace(month=12))}
    page = officer.post(url, typed)
    assert page.context["form"].errors["reason"]
    assert world.cast.tan_cuong.name in text_of(page)  # the chosen unit is still offered
    officer.post(url, {**typed, "reason": "Mất điện"})
    permit = Permit.objects.get()
    assert "Mất điện" in text_of(officer.get(go("permits")))
    officer.post(go("permit-withdraw", permit.pk))
    assert "Đã rút" in text_of(officer.get(go("permits")))


def test_permits_of_others_do_not_exist(world: World, locked: ReportingPeriod, client_of: SignIn) -> None:
    officer, stranger = client_of(world.cast.officer), client_of(world.cast.foreign_officer)
    until = format_date(TODAY.replace(month=12))
    typed = {"unit": world.cast.tan_cuong.pk, "period": locked.pk, "until": until, "reason": "Mất điện"}
    assert stranger.post(go("permit-give"), typed).context["form"].errors["unit"]
    officer.post(go("permit-give"), typed)
    assert "Mất điện" not in text_of(stranger.get(go("permits")))
    assert stranger.get(go("permit-withdraw", Permit.objects.get().pk)).status_code == 404
    assert client_of(world.cast.enterer).get(go("permit-give")).status_code == 403


# --- holidays --------------------------------------------------------------------------------------------------


def test_holidays_are_kept_by_the_centre(world: World, keeper: Client, client_of: SignIn) -> None:
    keeper.post(go("holiday-add"), {"day": "16/02/2026", "name": "Tết Nguyên đán"})
    twice = keeper.post(go("holiday-add"), {"day": "16/02/2026", "name": "Tết"})
    assert "Tết Nguyên đán" in " ".join(twice.context["form"].errors["day"])
    reader = client_of(world.cast.officer)
    words = text_of(reader.get(go("holidays")))
    assert "16/02/2026" in words
    assert reader.get(go("holiday-add")).status_code == 403
    keeper.post(go("holiday-remove", Holiday.objects.get().pk))
    assert not Holiday.objects.exists()


def test_pressing_a_button_twice_has_one_effect(form: Form, draft: FormVersion, keeper: Client) -> None:
    page = keeper.get(go("section-add", form.pk)).content.decode()
    token = re.search(r'name="once" value="([^"]+)"', page)
    assert token is not None
    typed = {"title": "C. Bổ sung", "help_text": "", "once": token[1]}
    first = keeper.post(go("section-add", form.pk), typed)
    second = keeper.post(go("section-add", form.pk), typed)
    assert first.url == second.url
    assert draft.sections.filter(title="C. Bổ sung").count() == 1
