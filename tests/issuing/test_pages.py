"""The pages of reports: a person draws one up, reads it, issues it; what others see; the way without a worker."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from issuing.models import IssuedReport
from programmes.models import Indicator, ProgrammeIndicator
from tests.issuing.conftest import SEPTEMBER, Desk

pytestmark = pytest.mark.django_db


def form(page, **values: object) -> dict[str, object]:
    """What the browser would send: the fields as they stand, and what the person typed."""
    shown = page.context["form"]
    return {name: shown[name].value() or "" for name in shown.fields} | values


def test_the_whole_way_of_a_report(desk: Desk, client_of) -> None:
    cast, web = desk.cast, client_of(desk.cast.officer)
    address = f"{reverse('issuing:add')}?don-vi={cast.thai_nguyen.pk}&chuong-trinh=CDS"
    page = web.get(address)
    assert page.context["form"]["programme"].value() == desk.programme.pk
    sent = web.post(address, form(page, period=f"quarter-{SEPTEMBER}", unit=cast.thai_nguyen.pk))
    report = IssuedReport.objects.get()
    assert sent.url == reverse("issuing:detail", args=[report.pk])
    assert "Đang chụp số liệu và tạo tệp" in web.get(sent.url).content.decode()
    part = web.get(sent.url, headers={"HX-Request": "true", "HX-Target": "report-progress"})
    assert "HX-Refresh" not in part
    desk.work(desk.again(report))
    part = web.get(sent.url, headers={"HX-Request": "true", "HX-Target": "report-progress"})
    assert part["HX-Refresh"] == "true"
    text = reverse("issuing:text", args=[report.pk])
    page = web.get(text)
    assert web.post(text, form(page, assessment="Đạt [[SOC-01]].", signer_name="Nguyễn Thị Hoa")).status_code == 302
    shown = web.get(sent.url).content.decode()
    assert "Đạt 82%." in shown
    assert "Lời văn hoặc số liệu mới hơn các tệp này" in shown
    issue = reverse("issuing:issue", args=[report.pk])
    assert web.post(issue, {"number": "162", "on": "05/10/2026"}).status_code == 302
    report = desk.work(desk.again(report))
    assert (report.code, report.issued_on) == ("162/BC-BTV", date(2026, 10, 5))
    assert "162/BC-BTV" in web.get(reverse("issuing:list"), {"q": "162", "state": "issued"}).content.decode()


def test_two_who_edit_one_text_see_both_values(desk: Desk, client_of) -> None:
    report, web = desk.draft(), client_of(desk.cast.officer)
    text = reverse("issuing:text", args=[report.pk])
    first = form(web.get(text), tasks="Việc của tôi")
    client_of(desk.cast.officer2).post(text, form(web.get(text), tasks="Việc của chị"))
    page = web.post(text, first)
    assert "Việc của chị" in page.content.decode()
    assert "Việc của tôi" in page.content.decode()
    assert IssuedReport.objects.get().tasks == "Việc của chị"


def test_the_page_of_a_figure_names_the_report_and_the_report_the_correction(desk: Desk, client_of) -> None:
    report, cast = desk.issue(desk.draft()), desk.cast
    measure = report.snapshot.rows.get(code="SOC-01").indicator.numerator
    desk.record({(cast.tan_cuong, measure.code): 90})
    figure = reverse("reports:figure", args=[cast.tan_cuong.pk, measure.pk, SEPTEMBER])
    assert "05/BC-BTV" in client_of(cast.leader).get(figure).content.decode()
    assert "05/BC-BTV" not in client_of(cast.enterer).get(figure).content.decode()
    page = client_of(cast.officer).get(reverse("issuing:detail", args=[report.pk])).content.decode()
    assert "1 số đã thay đổi từ khi phát hành" in page
    assert reverse("issuing:replace", args=[report.pk]) in page
    leader = client_of(cast.leader).get(reverse("issuing:detail", args=[report.pk])).content.decode()
    assert "1 số đã thay đổi từ khi phát hành" in leader
    assert reverse("issuing:replace", args=[report.pk]) not in leader


def test_a_page_asks_the_same_number_of_questions_for_more_indicators(desk: Desk, client_of) -> None:
    web, counts = client_of(desk.cast.officer), []
    for more in ((), ("SOC-03", "SOC-05")):
        for code in more:
            ProgrammeIndicator.objects.create(programme=desk.programme, indicator=Indicator.objects.get(code=code))
        report = desk.draft()
        with CaptureQueriesContext(connection) as asked:
            web.get(reverse("issuing:detail", args=[report.pk]))
        counts.append(len(asked))
    assert counts[0] == counts[1]
