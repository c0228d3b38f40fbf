"""Rules of a form: kinds, severities, tolerance, missing values, the register; and their words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from programmes.actions import Entry, record_figures
from programmes.choices import MeasureKind, Provenance
from programmes.models import Measure
from submissions.actions import change_form, create_form, publish, write_draft
from submissions.choices import Frequency, Relation, RuleKind, Severity
from submissions.content import Content, LineContent, RuleContent, SectionContent, content_of, differences
from submissions.frames import details_of
from submissions.models import Form, FormVersion
from submissions.queries import Rule, Sheet, load_sheet
from submissions.queries.layout import FormLayout
from submissions.rules import findings, trials
from tests.submissions.conftest import OCTOBER, SEPTEMBER, TODAY, World


def with_rules(world: World, *rules: Rule) -> Sheet:
    """The sheet of Tân Cương for October as if its form had these rules."""
    sheet = load_sheet(world.cast.tan_cuong, world.period())
    layout = FormLayout(sheet.layout.sections, rules)
    return Sheet(sheet.unit, sheet.period, layout, sheet.submission, sheet.facts)


def compare(left: tuple[Measure, ...], relation: Relation, right: tuple[Measure, ...], percent: int = 0,
            severity: Severity = Severity.ERROR, message: str = "") -> Rule:  # fmt: skip
    return Rule(RuleKind.COMPARE, severity, relation, Decimal(percent), Decimal(0), message, left, right)


def change(percent: int, least: int, *measures: Measure, severity: Severity = Severity.WARNING) -> Rule:
    return Rule(RuleKind.CHANGE, severity, Relation.AT_MOST, Decimal(percent), Decimal(least), "", measures, ())


@pytest.mark.parametrize(
    ("relation", "percent", "value", "holds"),
    [
        (Relation.AT_MOST, 0, 100, True),
        (Relation.AT_MOST, 0, 101, False),
        (Relation.AT_MOST, 5, 105, True),
        (Relation.AT_MOST, 5, 106, False),
        (Relation.EQUAL, 0, 99, False),
        (Relation.EQUAL, 2, 98, True),
        (Relation.EQUAL, 2, 103, False),
        (Relation.AT_LEAST, 0, 100, True),
        (Relation.AT_LEAST, 10, 90, True),
        (Relation.AT_LEAST, 10, 89, False),
    ],
)
def test_sums_are_compared_within_the_tolerance(
    world: World, relation: Relation, percent: int, value: int, holds: bool
) -> None:
    world.save({world.members: 100, world.admitted: value})
    sheet = with_rules(world, compare((world.admitted,), relation, (world.members,), percent))
    assert (findings(sheet) == []) is holds


def test_a_broken_rule_names_its_numbers_and_what_must_hold(world: World) -> None:
    world.save({world.members: 60, world.admitted: 40, world.minority: 30})
    rule = compare((world.admitted, world.minority), Relation.AT_MOST, (world.members,))
    (finding,) = findings(with_rules(world, rule))
    assert finding.measure == world.admitted
    assert finding.blocks
    assert finding.text == (
        "“Hội viên kết nạp mới” + “Hội viên dân tộc thiểu số” (70) phải không quá “Tổng số hội viên” (60)."
    )


def test_a_message_of_its_own_stands_instead(world: World) -> None:
    world.save({world.members: 1, world.admitted: 2})
    rule = compare((world.admitted,), Relation.AT_MOST, (world.members,), message="Xem lại sổ hội viên")
    assert [finding.text for finding in findings(with_rules(world, rule))] == ["Xem lại sổ hội viên"]


def test_a_warning_asks_for_a_note_and_an_error_blocks(world: World) -> None:
    world.save({world.members: 1, world.admitted: 2}, notes={world.admitted: "Đợt kết nạp lớn"})
    rules = [compare((world.admitted,), Relation.AT_MOST, (world.members,), severity=severity) for severity in Severity]
    assert [finding.blocks for finding in findings(with_rules(world, *rules))] == [True, False]


def test_a_rule_waits_for_the_numbers_that_are_missing(world: World) -> None:
    world.save({world.admitted: 2})
    sheet = with_rules(world, compare((world.admitted,), Relation.AT_LEAST, (world.members,)))
    assert findings(sheet) == []
    (trial,) = trials(sheet)
    assert trial.unknown == (world.members,)
    assert trial.words == "“Hội viên kết nạp mới” ≥ “Tổng số hội viên”"


def test_a_level_from_an_earlier_month_counts(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 1}, month=SEPTEMBER)
    world.save({world.admitted: 2})
    assert findings(with_rules(world, compare((world.admitted,), Relation.AT_MOST, (world.members,))))


def test_a_number_is_compared_with_the_register(world: World) -> None:
    entry = Entry(world.cast.tan_cuong.pk, world.fit.pk, OCTOBER, Decimal(0))
    record_figures(entries=[entry], provenance=Provenance.REGISTER, by=None, today=TODAY)
    world.save({world.online: 1})
    (finding,) = findings(with_rules(world, compare((world.online,), Relation.AT_MOST, (world.fit,))))
    assert finding.measure == world.online
    assert "“Máy tính đạt yêu cầu” (0)" in finding.text


def test_rules_of_numbers_that_this_unit_is_not_asked_are_left_out(world: World) -> None:
    world.save({world.members: 1})
    sheet = with_rules(world, compare((world.members,), Relation.AT_LEAST, (world.firms,)))
    assert findings(sheet) == []
    assert trials(sheet)[0].elsewhere


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(100, 151, True), (100, 150, False), (100, 49, True), (4, 8, False), (0, 90, False), (10, 16, True)],
)
def test_large_changes_speak_up_from_a_least_difference_on(world: World, before: int, now: int, said: bool) -> None:
    world.report(world.cast.tan_cuong, {world.members: before}, month=SEPTEMBER)
    world.save({world.members: now})
    assert bool(findings(with_rules(world, change(50, 5)))) is said
    assert bool(findings(with_rules(world, change(50, 5, world.members)))) is said
    assert findings(with_rules(world, change(50, 5, world.admitted))) == []


def test_a_large_change_says_how_much_and_since_when(world: World) -> None:
    world.report(world.cast.tan_cuong, {world.members: 200}, month=SEPTEMBER)
    world.save({world.members: 50})
    (finding,) = findings(with_rules(world, change(50, 5)))
    assert finding.text == "Giảm 75% so với 200 của 09/2026."


# --- what may not be asked twice -------------------------------------------------------------------------------


def second_form(world: World, *measures: Measure, frequency: Frequency = Frequency.QUARTER, kinds: tuple[str, ...] = (
    "commune",)) -> Form:  # fmt: skip
    frame = details_of(world.reporting.form)
    details = type(frame)(
        **{**vars(frame), "code": "BC-2", "name": "Báo cáo khác", "frequency": frequency, "kinds": kinds, "dues": ()}
    )
    form = create_form(programme=world.reporting.form.programme, details=details, by=world.cast.national)
    lines = tuple(LineContent(measure.pk) for measure in measures)
    write_draft(form=form, content=Content((SectionContent("A", lines=lines),)), by=world.cast.national)
    return form


def publish_it(world: World, form: Form) -> FormVersion:
    return publish(form=form, note="", by=world.cast.national, today=TODAY)


def test_a_flow_is_asked_by_one_form_only(world: World) -> None:
    with pytest.raises(ValidationError, match="Hội viên kết nạp mới"):
        publish_it(world, second_form(world, world.admitted))


def test_a_level_may_be_asked_for_other_periods_but_not_twice_for_the_same(world: World) -> None:
    publish_it(world, second_form(world, world.members))
    Form.objects.filter(code="BC-2").update(code="BC-3")
    with pytest.raises(ValidationError, match="Tổng số hội viên"):
        publish_it(world, second_form(world, world.members, frequency=Frequency.MONTH))


def test_what_records_compute_may_stand_on_many_forms(world: World) -> None:
    publish_it(world, second_form(world, world.fit, frequency=Frequency.MONTH))


def test_other_units_may_be_asked_the_same(world: World) -> None:
    """Firms are entered at provinces; a form of communes does not ask them twice."""
    publish_it(world, second_form(world, world.firms))


def test_a_form_out_of_use_does_not_stand_in_the_way(world: World) -> None:
    Form.objects.filter(pk=world.reporting.form.pk).update(active=False)
    publish_it(world, second_form(world, world.admitted))


def test_more_units_cannot_be_asked_twice_by_a_change_of_the_frame(world: World) -> None:
    extra = Measure.objects.create(
        code="MOI", name="Số mới", kind=MeasureKind.FLOW, unit_of_measure="người", entered_at=["province", "commune"]
    )
    national = world.cast.national
    one = second_form(world, extra, kinds=("province",))
    publish_it(world, one)
    Form.objects.filter(pk=one.pk).update(code="BC-P")
    two = second_form(world, extra, kinds=("commune",))
    publish_it(world, two)
    wider = type(details_of(two))(**{**vars(details_of(two)), "kinds": ("commune", "province")})
    with pytest.raises(ValidationError, match="Số mới"):
        change_form(form=two, details=wider, by=national, today=TODAY)


# --- what changed between versions -----------------------------------------------------------------------------


def test_differences_name_what_is_new_gone_and_moved(world: World) -> None:
    names = {m.pk: m.name for m in (world.members, world.minority, world.admitted, world.score)}
    rule = RuleContent(RuleKind.COMPARE, Severity.ERROR, left=(world.admitted.pk,), right=(world.members.pk,))
    old = Content(
        (
            SectionContent("A", lines=(LineContent(world.members.pk), LineContent(world.minority.pk))),
            SectionContent("B", lines=(LineContent(world.admitted.pk),)),
        )
    )
    new = Content(
        (
            SectionContent("A", lines=(LineContent(world.admitted.pk), LineContent(world.members.pk, required=True))),
            SectionContent("C", lines=(LineContent(world.score.pk),)),
        ),
        (rule,),
    )
    assert [(change.sign, change.text) for change in differences(old, new, names)] == [
        ("+", "Phần “C”"),
        ("−", "Phần “B”"),
        ("~", "“Hội viên kết nạp mới” chuyển sang phần “A”"),
        ("~", "“Tổng số hội viên”: bắt buộc"),
        ("+", "“Điểm đánh giá” trong phần “C”"),
        ("−", "“Hội viên dân tộc thiểu số”"),
        ("~", "Thứ tự các dòng"),
        ("+", "Quy tắc: “Hội viên kết nạp mới” ≤ “Tổng số hội viên” (Lỗi: không gửi được)"),
    ]
    assert differences(new, new, names) == []


def test_a_copy_of_a_version_asks_the_same(world: World) -> None:
    content = content_of(world.reporting.form.versions.get())
    draft = write_draft(form=world.reporting.form, content=content, by=world.cast.national)
    assert content_of(draft) == content
