"""A world in two provinces: one object of every kind in each, and a canary in every text that a person typed.

`targets[kind][label]` says how an address leads to an object: label is the place, with the state where it matters
("tan_cuong.handed"). The label "absent" leads nowhere, "crossed" puts a foreign part under an own whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone

from accounts.actions import hash_of
from accounts.models import FailedSignIn, SignInLink, User
from core.export import Sheet, write_xlsx
from core.periods import Calendar, make_month
from equipment import starter as kinds
from equipment.actions import allotments, gifts, handovers, items, receipts
from equipment.choices import GiftForm, ItemEventKind
from equipment.models import Handover, Item, ItemKind, MinimumSpecification
from imports.choices import ImportState, RowState
from imports.models import Import, ImportRow, Turn
from issuing.actions import reports as issuing
from issuing.actions.making import take_snapshot
from issuing.actions.templates import add_template
from issuing.choices import ReportKind
from issuing.models import IssuedReport, ReportFile
from issuing.periods import ReportPeriod
from issuing.word import STANDARD
from jobs.models import Job, JobState
from programmes import starter as catalogue
from programmes.actions import Entry, plans, record_figures, targets
from programmes.choices import MeasureKind, Provenance, TaskState
from programmes.models import Figure, Indicator, Measure, Programme
from programmes.rules import ProgrammeDetails, ProgressReport, TargetDetails, TaskDetails
from reports.actions import save_view
from reports.choices import Sharing
from sponsors.actions import add_sponsor
from sponsors.models import Sponsor
from submissions.actions import (
    FormDetails,
    accept_submissions,
    create_form,
    draft_of,
    give_permit,
    return_submission,
    save_cells,
    send_submission,
    write_draft,
)
from submissions.actions.reminding import choose_pace
from submissions.choices import Frequency, MailPace, MailState, NoticeMail, RuleKind, Severity
from submissions.content import Content, LineContent, RuleContent, SectionContent
from submissions.mailing import choice_link
from submissions.models import Form, FormSection, Holiday, Mail, Notice, ReportingPeriod, Submission
from tests import cast as names
from tests import reporting
from tests.guards.canaries import Canaries
from trainings.actions import add_trainees, record_training
from trainings.choices import Topic, TrainingState
from trainings.rules import TrainingDetails
from trainings.trainee_rules import TraineeDetails
from units.actions import ContactLine, Link, propose_reorganisation, set_contacts
from units.choices import ReorganisationKind
from units.models import Unit, UnitName

TODAY = date(2026, 11, 21)
JULY, AUGUST, SEPTEMBER, OCTOBER = (make_month(2026, month) for month in (7, 8, 9, 10))
PLACES = {
    "tw": "centre", "tn": "thai_nguyen", "tc": "tan_cuong", "dp": "dai_phuc", "pd": "phu_dinh", "th": "thanh_hoa",
    "ss": "sam_son",
}  # fmt: skip
CODES = {name: code for code, name in PLACES.items()}
ABSENT = 99_999_999
SECRET = "a-secret-of-a-link-that-works-once"
SCAN = b"%PDF-1.4 signed"

# Whose a row is: the way from a model to its unit. A model of ours that is missing here stops the guards.
UNIT_OF: dict[str, str] = {
    "units.Unit": "", "units.UnitName": "unit", "units.Contact": "unit", "units.Reorganisation": "scope",
    "units.Succession": "reorganisation__scope", "units.Grant": "unit", "sponsors.Sponsor": "kept_by",
    "programmes.Programme": "owner", "programmes.Pillar": "programme__owner", "programmes.Task": "owner",
    "programmes.TaskUpdate": "task__owner", "programmes.Target": "unit", "programmes.Figure": "unit",
    "programmes.FigureChange": "unit", "equipment.Gift": "unit", "equipment.GiftLine": "gift__unit",
    "equipment.GiftPayment": "gift__unit", "equipment.Allotment": "unit", "equipment.Handover": "receiver",
    "equipment.HandoverLine": "handover__receiver", "equipment.Item": "unit", "equipment.ItemEvent": "unit",
    "equipment.Declaration": "unit", "trainings.TrainingClass": "organiser",
    "trainings.Trainee": "training__organiser", "submissions.Submission": "unit",
    "submissions.Cell": "submission__unit", "submissions.ReturnedCell": "submission__unit",
    "submissions.Permit": "unit", "submissions.Notice": "unit", "submissions.Form": "programme__owner",
    "submissions.FormVersion": "form__programme__owner", "submissions.FormSection": "version__form__programme__owner",
    "submissions.FormLine": "version__form__programme__owner",
    "reports.SavedView": "unit", "imports.Import": "scope", "imports.ImportRow": "upload__scope",
    "issuing.IssuedReport": "unit", "issuing.ReportTemplate": "unit", "issuing.Snapshot": "report__unit",
    "issuing.SnapshotRow": "snapshot__report__unit", "issuing.ReportFile": "report__unit",
    "submissions.CheckRule": "version__form__programme__owner", "submissions.ReportingPeriod": "form__programme__owner",
}  # fmt: skip
# Nobody's in particular: catalogues, keys and sums without words of a person; accounts and jobs are handled apart.
WITHOUT_UNIT = {
    "accounts.User", "accounts.AuditEntry", "accounts.OnceToken", "accounts.SignInLink", "jobs.Job", "units.Lineage",
    "programmes.Measure", "programmes.Indicator", "programmes.ProgrammeIndicator", "programmes.Contribution",
    "programmes.Total", "equipment.ItemKind", "equipment.MinimumSpecification", "equipment.Passing",
    "equipment.UnitEquipment", "submissions.DueRule", "submissions.RuleTerm", "submissions.PeriodDue",
    "submissions.Holiday", "submissions.Mail", "submissions.MailChoice", "imports.Turn",
}  # fmt: skip
# Names and codes of units stand in the public register of administrative units.
PUBLIC = {"units.Unit": {"name", "short_name", "code", "path"}}
DERIVED = {"key", "search", "sort_key", "scan", "scan_name", "scan_type", "password", "username"}


@dataclass(frozen=True)
class Target:
    """How an address leads to an object: arguments of the route, and the query where the object is named there."""

    kwargs: dict[str, Any] = field(default_factory=dict)
    query: str = ""


@dataclass
class World:
    cast: names.Cast
    canaries: Canaries = field(default_factory=Canaries)
    targets: dict[str, dict[str, Target]] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    periods: dict[int, ReportingPeriod] = field(default_factory=dict)

    def unit(self, code: str) -> Unit:
        found: Unit = getattr(self.cast, PLACES[code])
        return found

    def put(self, kind: str, label: str, /, *, query: str = "", **kwargs: Any) -> None:
        self.targets.setdefault(kind, {})[label] = Target(kwargs, query)

    def word(self, code: str, where: str) -> str:
        return self.canaries.mint(code, where)


@dataclass(frozen=True)
class Province:
    """Who acts in one of the two provinces, and for which communes; the first one goes through every state."""

    code: str
    officer: User
    communes: tuple[tuple[str, User], ...]


def build() -> World:
    world = World(names.build())
    cast = world.cast
    catalogue.load_registered()
    kinds.load()
    _catalogue(world)
    _form(world)
    northern = Province("tn", cast.officer, (("tc", cast.enterer), ("dp", cast.dai_phuc_enterer)))
    southern = Province("th", cast.foreign_officer, (("ss", cast.stranger),))
    for province in (northern, southern):
        _programme(world, province)
        _gifts(world, province)
        _machines(world, province)
        _trainings(world, province)
        _reports(world, province)
        _form_of_province(world, province)
        _issued_reports(world, province)
    _country(world)
    _people(world)
    _saved_views(world)
    fill_texts(world)
    _addresses(world)
    return world


# --- what is in it ---


def _catalogue(world: World) -> None:
    usual: dict[str, Any] = {"unit_of_measure": "người", "group": "A. Tổ chức"}
    members = Measure.objects.create(code="HV", name="Hội viên", kind=MeasureKind.STOCK, order=1, **usual)
    young = Measure.objects.create(
        code="HV-T", name="Hội viên trẻ", kind=MeasureKind.STOCK, order=2, whole=members, **usual
    )
    joined = Measure.objects.create(code="KN", name="Kết nạp", kind=MeasureKind.FLOW, order=3, **usual)
    ratio = Indicator.objects.create(
        code="TY-LE", name="Tỷ lệ hội viên trẻ", numerator=young, denominator=members, unit_label="%", group="A"
    )
    Indicator.objects.create(code="SO-KN", name="Số kết nạp", numerator=joined, unit_label="người", group="A")
    world.measures = {"members": members, "young": young, "joined": joined}
    world.put("measure", "any", pk=members.pk)
    world.put("indicator", "any", pk=ratio.pk)
    world.put("item-kind", "any", pk=ItemKind.objects.get(code="TABLET").pk)
    world.put("minimum", "any", pk=MinimumSpecification.objects.get().pk)


def _programme(world: World, province: Province) -> None:
    code, by = province.code, province.officer
    unit, label = world.unit(code), PLACES[code]
    details = ProgrammeDetails(
        code=f"KH-{code}", name="Kế hoạch chuyển đổi số", short_name="Chuyển đổi số", start=date(2026, 1, 1),
        end=date(2027, 12, 31),
    )  # fmt: skip
    programme = plans.create_programme(owner=unit, details=details, by=by, today=TODAY)
    world.put("programme", label, pk=programme.pk)
    pillar = plans.add_pillar(programme=programme, name="Trụ cột", by=by)
    world.put("pillar", label, pk=pillar.pk)
    chosen = plans.choose_indicators(
        programme=programme, indicators=Indicator.objects.filter(code="TY-LE"), pillar=pillar, by=by
    )
    world.put("followed", label, pk=chosen[0].pk)
    goal = TargetDetails(Decimal(80), date(2027, 6, 30), Decimal(10), date(2026, 1, 1))
    for place in (code, *(commune for commune, _person in province.communes)):
        task = plans.create_task(
            programme=programme,
            details=TaskDetails(name="Nhiệm vụ", owner=world.unit(place), due=date(2027, 3, 1), pillar=pillar),
            by=by,
            today=TODAY,
        )
        report = ProgressReport(on=date(2026, 11, 1), state=TaskState.DOING, progress=30, note="Đang làm")
        plans.report_task_progress(task=task, report=report, by=by, today=TODAY)
        world.put("task", PLACES[place], pk=task.pk)
        target = targets.set_target(
            programme=programme, indicator=chosen[0].indicator, unit=world.unit(place), details=goal, by=by
        )
        world.put("target", PLACES[place], pk=target.pk)


def _gifts(world: World, province: Province) -> None:
    code, by, label = province.code, province.officer, PLACES[province.code]
    sponsor = add_sponsor(kept_by=world.unit(code), by=by, name=f"Nhà tài trợ {code}")
    world.put("sponsor", label, pk=sponsor.pk)
    computer = ItemKind.objects.get(code="PC")
    programme = Programme.objects.get(pk=world.targets["programme"][label].kwargs["pk"])
    told: dict[str, Any] = {"unit": world.unit(code), "sponsor": sponsor, "by": by, "today": TODAY}
    details = {"model": "Vostro", "ram_gb": 8, "storage_gb": 256, "year": 2025, "unit_value": 12_000_000}
    gift = gifts.create_gift(
        title="Máy tính", pledged_on=date(2026, 8, 1), programme=programme,
        lines=[gifts.LineData(kind=computer, quantity=9, **details) for _line in range(7)], **told,
    )  # fmt: skip
    money = gifts.create_gift(
        title="Tiền mặt", pledged_on=date(2026, 8, 1), form=GiftForm.MONEY, amount=50_000_000, **told
    )
    payment = gifts.record_payment(gift=money, on=date(2026, 9, 1), amount=20_000_000, by=by, today=TODAY)
    world.put("gift", label, pk=gift.pk)
    world.put("gift", f"{label}.money", pk=money.pk)
    world.put("payment", label, pk=money.pk, payment=payment.pk)
    lines = list(gift.lines.all())
    world.put("gift-line", label, query=f"line={lines[6].pk}")
    first, *others = province.communes
    for line, state in zip(lines, ("open", "draft", "handed", "received", "refused", "cancelled"), strict=False):
        _handover(world, province, line, first, state)
    for other in others:
        _handover(world, province, lines[2], other, "handed")
        _handover(world, province, lines[3], other, "received")


def _handover(world: World, province: Province, line: Any, commune: tuple[str, User], state: str) -> None:
    """One allotment to the commune, brought to the state."""
    (code, receiver), by = commune, province.officer
    label, unit = PLACES[code], world.unit(code)
    (row,) = allotments.allot(
        line=line, shares=[allotments.Share(unit)], on=date(2026, 8, 20), by=by, reason="Theo khảo sát", today=TODAY
    )
    if state == "open":
        return world.put("allotment", label, pk=row.pk)
    paper = handovers.Paper(on=date(2026, 10, 2), place="Trụ sở", giver_name="Người giao", legal_basis="Thư tài trợ")
    (made,) = handovers.prepare_handovers(gift=line.gift, allotments=[row], paper=paper, by=by, today=TODAY)
    world.put("handover", f"{label}.{state}", pk=made.pk)
    if state in {"handed", "received", "refused"}:
        made = handovers.hand_over(handover=made, by=by, today=TODAY)
    if state == "refused":
        receipts.refuse_receipt(handover=made, reason="Chưa nhận được", by=receiver)
    if state == "cancelled":
        handovers.cancel_handover(handover=made, reason="Lập nhầm", by=by)
    if state == "received":
        serial = world.word(code, "equipment.Item.serial")
        parts = [receipts.Received(part.pk, part.quantity, (serial,)) for part in made.lines.all()]
        receipts.confirm_receipt(
            handover=made, received_on=date(2026, 10, 9), by=receiver, lines=parts, today=TODAY,
            scan=SimpleUploadedFile(f"{world.word(code, 'equipment.Handover.scan_name')}.pdf", SCAN),
        )  # fmt: skip
        world.put("item", f"{label}.received", pk=Item.objects.get(serial__iexact=serial).pk)
    return None


def _machines(world: World, province: Province) -> None:
    computer, by = ItemKind.objects.get(code="PC"), province.officer
    for code, person in province.communes:
        unit, label = world.unit(code), PLACES[code]
        entry = items.NewItem(unit=unit, kind=computer, received_on=date(2026, 2, 2), year=2020, model="Optiplex")
        item = items.register_item(entry=entry, by=person, today=TODAY)
        wrong = items.record_event(
            item=item, kind=ItemEventKind.CHECKED, on=date(2026, 3, 3), by=person, note="Nhầm", today=TODAY
        )
        items.cancel_event(event=wrong, reason="Ghi nhầm máy", by=person, today=TODAY)
        event = items.record_event(
            item=item, kind=ItemEventKind.WEAK, on=date(2026, 4, 4), by=person, note="Chạy chậm", today=TODAY
        )
        world.put("item", label, pk=item.pk)
        world.put("event", label, pk=item.pk, event=event.pk)
        world.put("event", f"{label}.cancelled", pk=item.pk, event=wrong.pk)
    quiet = "pd" if province.code == "tn" else province.communes[0][0]
    if quiet == "pd":
        items.declare_no_computer(unit=world.unit(quiet), on=date(2026, 5, 5), by=by, note="Chưa có máy", today=TODAY)


def _trainings(world: World, province: Province) -> None:
    sponsor_pk = world.targets["sponsor"][PLACES[province.code]].kwargs["pk"]
    sponsor = Sponsor.objects.get(pk=sponsor_pk)
    programme = Programme.objects.get(pk=world.targets["programme"][PLACES[province.code]].kwargs["pk"])
    for code, person in ((province.code, province.officer), *province.communes):
        for state, end in ((TrainingState.HELD, date(2026, 10, 6)), (TrainingState.PLANNED, date(2027, 1, 6))):
            held = state == TrainingState.HELD
            counts = {"turns": 30, "women": 20, "officers": 3} if held else {}
            details = TrainingDetails(
                title="Lớp tập huấn", topic=Topic.DIGITAL, organiser=world.unit(code), start=end, end=end, state=state,
                programme=programme, sponsor=sponsor if held and code == province.code else None, **counts,
            )  # fmt: skip
            made = record_training(details=details, by=person, today=TODAY)
            world.put("training", f"{PLACES[code]}.{state.value}", pk=made.pk)
            if held:
                one = TraineeDetails(
                    "Học viên", 1985, made.organiser, position="Ủy viên", branch="Chi hội", phone="0900000000"
                )
                (trainee,) = add_trainees(training=made, people=[one], by=person)
                world.put("trainee", PLACES[code], pk=made.pk, trainee=trainee.pk)


def _form(world: World) -> None:
    """The monthly form that every commune owes, with a rule, a late permit, and the draft of its next version."""
    cast, measures = world.cast, world.measures
    at_most = RuleContent(
        RuleKind.COMPARE, Severity.ERROR, message="Kiểm tra lại", left=(measures["joined"].pk,),
        right=(measures["members"].pk,),
    )  # fmt: skip
    made = reporting.monthly(
        cast.centre, by=cast.national, today=TODAY, first_month=JULY, measures=measures.values(), rules=(at_most,)
    )
    draft_of(made.form)
    FormSection.objects.update(help_text="Hướng dẫn")
    _draft_targets(world, "centre", made.form)
    published = made.form.versions.get(number=1)
    world.put("version", "centre.published", pk=published.pk)
    for kind, part in (("section", published.sections), ("line", published.lines), ("rule", published.rules)):
        world.put(f"draft-{kind}", "crossed", pk=made.form.pk, **{kind: part.earliest("pk").pk})
    world.put("reporting-period", "centre", pk=made.periods[SEPTEMBER].pk)
    world.periods = made.periods
    world.put("holiday", "any", pk=Holiday.objects.create(day=date(2026, 9, 2), name="Quốc khánh").pk)
    for unit, by in ((cast.tan_cuong, cast.officer), (cast.sam_son, cast.foreign_officer)):
        permit = give_permit(period=world.periods[JULY], unit=unit, until=TODAY, reason="Mất điện", by=by, today=TODAY)
        label = "tan_cuong" if unit == cast.tan_cuong else "sam_son"
        world.put("permit", label, pk=permit.pk)


def _draft_targets(world: World, label: str, form: Form) -> None:
    """A form, and the draft of its next version with its parts."""
    draft = draft_of(form)
    world.put("form", label, pk=form.pk)
    world.put("version", f"{label}.draft", pk=draft.pk)
    world.put("draft-section", label, pk=form.pk, section=draft.sections.earliest("pk").pk)
    world.put("draft-line", label, pk=form.pk, line=draft.lines.earliest("pk").pk)
    world.put("draft-rule", label, pk=form.pk, rule=draft.rules.earliest("pk").pk)


def _form_of_province(world: World, province: Province) -> None:
    """A quarterly form of the province's own programme, not published yet."""
    by, label = world.cast.national, PLACES[province.code]
    programme = Programme.objects.get(pk=world.targets["programme"][label].kwargs["pk"])
    details = FormDetails(
        f"BM-{province.code}", "Biểu mẫu quý", Frequency.QUARTER, Calendar.ND09, ("commune",), OCTOBER
    )
    form = create_form(programme=programme, details=details, by=by)
    line, other = world.measures["members"].pk, world.measures["young"].pk
    rule = RuleContent(RuleKind.COMPARE, Severity.WARNING, message="Đối chiếu", left=(other,), right=(line,))
    lines = (LineContent(line, help_text="Theo sổ"), LineContent(other, help_text="Theo sổ"))
    section = SectionContent("Phần A", help_text="Hướng dẫn", lines=lines)
    write_draft(form=form, content=Content((section,), (rule,)), by=by)
    _draft_targets(world, label, form)


def _reports(world: World, province: Province) -> None:
    members, young, joined = world.measures["members"], world.measures["young"], world.measures["joined"]
    for place, (code, person) in enumerate(province.communes):
        unit, label = world.unit(code), PLACES[code]
        for month, state in ((JULY, "returned"), (AUGUST, "accepted"), (SEPTEMBER, "sent"), (OCTOBER, "draft")):
            if place and state != "sent":
                continue  # the neighbour only waits for acceptance
            values = {members.pk: Decimal(400), young.pk: Decimal(40), joined.pk: Decimal(5)}
            notes = {members.pk: "Đã rà soát"}
            save_cells(unit=unit, period=world.periods[month], values=values, notes=notes, by=person, today=TODAY)
            report = Submission.objects.get(unit=unit, period=world.periods[month])
            if state != "draft":
                report = send_submission(submission=report, by=person, today=TODAY)
            if state == "accepted":
                accept_submissions(submissions=[report], by=province.officer)
            if state == "returned":
                wrong = {members.pk: "Đối chiếu sổ hội viên"}
                return_submission(submission=report, reason="Xem lại số hội viên", cells=wrong, by=province.officer)
                world.put("notice", label, pk=Notice.objects.of(person).get().pk)
                world.put("mail-link", "any", token=choice_link(person).split("/")[-2])
                _mailed(person)
            world.put("report", f"{label}.{state}", pk=report.pk)
            world.put("period", f"{label}.{state}", unit=unit.pk, period=world.periods[month].pk)
            world.put("cell", f"{label}.{state}", unit=unit.pk, period=world.periods[month].pk, measure=joined.pk)
    world.put("period", PLACES[province.code], unit=world.unit(province.code).pk, period=world.periods[OCTOBER].pk)
    first = world.unit(province.communes[0][0])
    correction = [Entry(first.pk, joined.pk, AUGUST, Decimal(6), note="Sửa số liệu")]
    record_figures(entries=correction, provenance=Provenance.IMPORT, by=province.officer, reason="Đếm lại", today=TODAY)
    Figure.objects.filter(unit=first, note="").update(note="Ghi chú")


def _issued_reports(world: World, province: Province) -> None:
    """A draft and an issued report with frozen figures, a file that holds a canary, and a template of the unit."""
    code, by, label = province.code, province.officer, PLACES[province.code]
    programme = Programme.objects.get(pk=world.targets["programme"][label].kwargs["pk"])
    for state, month in (("draft", OCTOBER), ("issued", SEPTEMBER)):
        period = ReportPeriod(ReportKind.MONTH, month)
        report = issuing.draft_report(unit=world.unit(code), programme=programme, period=period, by=by, today=TODAY)
        taken = take_snapshot(report, 1, by, TODAY, lambda done, total: None)
        IssuedReport.objects.filter(pk=report.pk).update(job=None)
        report = IssuedReport.objects.select_related("unit", "programme").get(pk=report.pk)
        if state == "issued":
            issuing.issue_report(report=report, number=7, on=TODAY, by=by, today=TODAY)
            IssuedReport.objects.filter(pk=report.pk).update(job=None)
        file = ReportFile(report=report, snapshot=taken, kind="xlsx", made_at=timezone.now())
        content = io.BytesIO()
        write_xlsx(content, [Sheet("Chỉ số", ["Tên"], [[world.word(code, "issuing.ReportFile.file")]])])
        file.file.save("annex.xlsx", ContentFile(content.getvalue()), save=False)
        file.save()
        world.put("issued-report", f"{label}.{state}", pk=report.pk)
        world.put("report-file", f"{label}.{state}", pk=report.pk, file=file.pk)
    standard = SimpleUploadedFile("mau.docx", STANDARD.read_bytes())
    template = add_template(unit=world.unit(code), file=standard, note="Mẫu riêng", by=by)
    world.put("report-template", label, pk=template.pk)


def _mailed(person: User) -> None:
    """The person chose how often to get e-mail, and got one about the returned report."""
    choose_pace(person=person, pace=MailPace.DAILY, by=person)
    now = timezone.now()
    mail = Mail.objects.create(
        person=person, address=person.email, state=MailState.SENT, attempts=1, claimed_at=now, sent_at=now
    )
    Notice.objects.of(person).update(by_mail=NoticeMail.TAKEN, mail=mail)


def _country(world: World) -> None:
    """What belongs to the centre or is done by the national administrator."""
    cast = world.cast
    sponsor = add_sponsor(kept_by=cast.centre, by=cast.national, name="Nhà tài trợ tw")
    world.put("sponsor", "centre", pk=sponsor.pk)
    details = ProgrammeDetails(code="DA-tw", name="Đề án", short_name="Đề án", start=date(2026, 1, 1))
    programme = plans.create_programme(owner=cast.centre, details=details, by=cast.national, today=TODAY)
    world.put("programme", "centre", pk=programme.pk)
    plans.add_pillar(programme=programme, name="Trụ cột", by=cast.national)
    plans.choose_indicators(programme=programme, indicators=Indicator.objects.filter(code="SO-KN"), by=cast.national)
    for code, unit, by in (("tn", cast.phu_dinh, cast.admin), ("th", cast.sam_son, cast.national)):
        made = propose_reorganisation(
            kind=ReorganisationKind.CLOSE, on=date(2027, 1, 1), legal_basis="Nghị quyết", links=[Link(unit)], by=by,
            title="Sắp xếp",
        )  # fmt: skip
        type(made).objects.filter(pk=made.pk).update(note="Ghi chú", scope=world.unit(code))
        world.put("reorganisation", PLACES[code], pk=made.pk)
    world.put("reorganisation", "applied", pk=type(made).objects.get(on=names.REFORM).pk)
    for code in PLACES:
        line = ContactLine("Người liên hệ", "Chủ tịch", "0912345678", "lien.he@example.test")
        set_contacts(unit=world.unit(code), contacts=[line], by=cast.national)
        UnitName.objects.create(
            unit=world.unit(code), name="Tên cũ", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1)
        )


def _people(world: World) -> None:
    cast = world.cast
    homes = {
        "tw": [cast.national], "tn": [cast.officer, cast.leader, cast.admin, cast.officer2],
        "dp": [cast.dai_phuc_enterer], "tc": [cast.enterer, cast.signer],
        "th": [cast.foreign_officer], "ss": [cast.stranger],
    }  # fmt: skip
    for code, people in homes.items():
        for person in people:
            person.position = world.word(code, "accounts.User.position")
            person.phone = world.word(code, "accounts.User.phone")
            person.email = f"{world.word(code, 'accounts.User.email')}@example.test"
            person.save()
        world.put("person", PLACES[code], pk=people[0].pk)
        failed = FailedSignIn.objects.create(
            username=people[0].username, ip_address="10.0.0.7", failures_since_start=10
        )
        world.put("failed", PLACES[code], pk=failed.pk)
        grant = people[0].grants.get()
        world.put("grant", PLACES[code], pk=grant.pk)
        job = Job.objects.create(
            kind="equipment.refresh_all", asked_by=people[0], state=JobState.DONE, finished_at=timezone.now(),
            message=world.word(code, "jobs.Job.message"), result_name=f"{world.word(code, 'jobs.Job.result_name')}.csv",
        )  # fmt: skip
        job.result_file.save("result.csv", ContentFile(world.word(code, "jobs.Job.result_file").encode()))
        world.put("job", PLACES[code], pk=job.pk)
        _import(world, code, people[0])
    Turn.objects.create(mark="tap-huan 0001")
    world.put("importer", "trainings", kind="tap-huan")
    world.put("importer", "absent", kind="khong-co")
    world.put("person", "nobody", pk=cast.nobody.pk)
    tomorrow = timezone.now() + timezone.timedelta(days=1)
    SignInLink.objects.create(user=cast.nobody, secret_hash=hash_of(SECRET), expires_at=tomorrow)
    world.put("secret", "good", secret=SECRET)
    world.put("secret", "absent", secret="no-such-secret")


def _saved_views(world: World) -> None:
    """Cross tables under a name: shared downwards in both provinces, with everybody by the centre, two with nobody."""
    cast = world.cast
    shared = {
        "tw": (cast.national, Sharing.NATION), "tn": (cast.officer, Sharing.BELOW), "tc": (cast.enterer, Sharing.ME),
        "th": (cast.foreign_officer, Sharing.BELOW), "ss": (cast.stranger, Sharing.ME),
    }  # fmt: skip
    for code, (by, sharing) in shared.items():
        unit = world.unit(code)
        view = save_view(by=by, unit=unit, name="Bảng so sánh", query=f"don-vi={unit.pk}", sharing=sharing)
        world.put("saved-view", PLACES[code], pk=view.pk)


def _import(world: World, code: str, person: User) -> None:
    """A file that waits for its confirmation; it holds no form, so confirming it would refuse it."""
    upload = Import(kind="tap-huan", scope=world.unit(code), asked_by=person, state=ImportState.PREVIEW, new=1)
    content = io.BytesIO()
    write_xlsx(content, [Sheet("Lớp", ["Tên"], [[world.word(code, "imports.Import.file")]])])
    upload.file.save("import.xlsx", ContentFile(content.getvalue()), save=False)
    upload.file_name, upload.message, upload.note = "lop.xlsx", "Xem lại", "Ghi chú"
    upload.save()
    field = {"heading": "Tên lớp", "old": "", "new": world.word(code, "imports.ImportRow.fields")}
    ImportRow.objects.create(
        upload=upload, place=0, sheet="Lớp", number=2, state=RowState.NEW, label="Lớp 1", fields=[field]
    )
    world.put("import", PLACES[code], pk=upload.pk)
    world.put("import-file", PLACES[code], pk=upload.pk, which="goc")
    world.put("import-file", "absent", pk=ABSENT, which="goc")


# --- canaries ---


def fill_texts(world: World) -> None:
    """Puts a canary of its place in front of every text of every row that belongs to a unit of the world."""
    codes = {world.unit(code).pk: code for code in PLACES}
    for label, way in UNIT_OF.items():
        model = _model(label)
        fields = [one for one in text_fields(model) if one.name not in PUBLIC.get(label, set())]
        if not fields:
            continue
        pks = model._default_manager.values_list("pk", f"{way}__pk" if way else "pk")
        for pk, unit_pk in list(pks):
            if unit_pk in codes:
                _fill(world, model, pk, codes[unit_pk], fields)


def _fill(world: World, model: type[models.Model], pk: Any, code: str, fields: list[Any]) -> None:
    row = model._default_manager.get(pk=pk)
    values = {}
    for one in fillable(row, fields):
        word = world.word(code, f"{model._meta.label}.{one.name}")
        if isinstance(one, models.EmailField):
            values[one.name] = f"{word}@example.test"
        else:
            values[one.name] = f"{word} {getattr(row, one.name) or ''}".strip()[: one.max_length]
    if isinstance(model._meta.pk, models.CompositePrimaryKey):
        model._default_manager.filter(pk=pk).update(**values)
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def fillable(row: models.Model, fields: list[Any]) -> list[Any]:
    """Without texts that are empty and must stay so because their presence means something: reasons and the like."""
    meaning = ("reason", "refusal", "cancelled_for", "closing_basis", "serial")
    return [one for one in fields if getattr(row, one.name) or not one.name.endswith(meaning)]


def text_fields(model: type[models.Model]) -> list[Any]:
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField)
        and not one.choices
        and not one.unique
        and one.editable
        and one.name not in DERIVED
    ]


def our_models() -> Iterator[type[models.Model]]:
    """Those with a table of their own: a proxy shows rows that a package keeps."""
    from django.apps import apps

    ours = {label.split(".")[0] for label in UNIT_OF} | {label.split(".")[0] for label in WITHOUT_UNIT}
    for model in apps.get_models():
        own_table = not model._meta.auto_created and not model._meta.proxy
        if own_table and model._meta.app_label in ours | {"reports", "demo", "core"}:
            yield model


def _model(label: str) -> type[models.Model]:
    from django.apps import apps

    return apps.get_model(label)


# --- addresses ---


def _addresses(world: World) -> None:
    """Targets made of several objects, and the ways to nothing."""
    for code, label in PLACES.items():
        unit = world.unit(code)
        world.put("unit", label, pk=unit.pk)
        world.put("unit-query", label, query=f"unit={unit.pk}")
        world.put("place", label, query=f"don-vi={unit.pk}")
        world.put("area", label, kind="merge", area=unit.pk)
        pair = {"pk": unit.pk, "indicator_pk": Indicator.objects.get(code="TY-LE").pk}
        world.put("unit-indicator", label, **pair)
        world.put("unit-picture", label, **pair, kind="xu-huong")
        world.put("unit-figure", label, pk=unit.pk, measure_pk=world.measures["joined"].pk, period=AUGUST)
    world.put("unit", "thinh_duc", pk=world.cast.thinh_duc.pk)
    world.put("area", "tan_cuong.unknown", kind="no-such-kind", area=world.cast.tan_cuong.pk)
    from units.panels import panels

    for panel in panels():
        for label in ("tan_cuong", "thai_nguyen", "sam_son"):
            world.put("section", f"{label}.{panel.key}", pk=getattr(world.cast, label).pk, key=panel.key)
    world.put("section", "tan_cuong.unknown", pk=world.cast.tan_cuong.pk, key="no-such-key")
    own, foreign = world.targets["payment"]["thai_nguyen"], world.targets["payment"]["thanh_hoa"]
    world.put("payment", "crossed", pk=own.kwargs["pk"], payment=foreign.kwargs["payment"])
    own, foreign = world.targets["report-file"]["thai_nguyen.issued"], world.targets["report-file"]["thanh_hoa.issued"]
    world.put("report-file", "crossed", pk=own.kwargs["pk"], file=foreign.kwargs["file"])
    own, foreign = world.targets["event"]["tan_cuong"], world.targets["event"]["sam_son"]
    world.put("event", "crossed", pk=own.kwargs["pk"], event=foreign.kwargs["event"])
    own, foreign = world.targets["trainee"]["tan_cuong"], world.targets["trainee"]["sam_son"]
    world.put("trainee", "crossed", pk=own.kwargs["pk"], trainee=foreign.kwargs["trainee"])
    for rows in list(world.targets.values()):
        if "absent" not in rows:
            rows["absent"] = nowhere(next(iter(rows.values())))


def nowhere(target: Target) -> Target:
    """The same address with keys that exist nowhere."""
    kept = {"month", "period", "kind", "key"}
    kwargs = {name: value if name in kept else ABSENT for name, value in target.kwargs.items()}
    return Target(kwargs, f"{target.query.split('=')[0]}={ABSENT}" if target.query else "")


def content_type_of(label: str) -> int:
    return ContentType.objects.get_by_natural_key(*label.lower().split(".")).pk


def machines_of(code: str, world: World) -> models.QuerySet[Item]:
    return Item.objects.filter(unit=world.unit(code))


def minutes_of(code: str, world: World) -> models.QuerySet[Handover]:
    return Handover.objects.filter(receiver=world.unit(code))
