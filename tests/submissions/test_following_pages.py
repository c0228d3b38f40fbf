"""The pages about who has reported, and the notices: what they show, narrow, sort, export and send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, User
from jobs import actions as jobs
from jobs.models import Job, JobState
from submissions.actions import return_submission
from submissions.choices import MailPace
from submissions.mailing import choice_link
from submissions.models import MailChoice, Notice
from tests.submissions.conftest import SEPTEMBER, World
from units.actions import ContactLine, set_contacts

SignIn = Callable[[User], Client]


def place(world: World, **more: object) -> dict[str, object]:
    return {"unit": world.cast.thai_nguyen.pk, "period": world.period().pk, **more}


def names(answer: Any) -> list[str]:
    return [row.record.short_name for row in answer.context["table"].page.object_list]


def test_the_nation_is_summed_up_by_province_and_opens_each(world: World, client_of: SignIn) -> None:
    world.send({world.members: 320})
    client = client_of(world.cast.national)
    answer = client.get(reverse("submissions:completeness"), {"period": world.period().pk})
    rows = {row.unit.short_name: row for row in answer.context["rows"]}
    cell = rows["Thái Nguyên"].cell(world.period())
    assert (cell.tally.reported, cell.tally.expected) == (1, 5)
    assert rows["Thái Nguyên"].url.replace("&", "&amp;") in answer.content.decode()
    opened = client.get(cell.url, follow=True)
    assert opened.redirect_chain[0][0].startswith(reverse("submissions:standings"))
    assert "Tân Cương" in names(opened)


def test_filters_search_and_sorting_of_the_matrix(world: World, client_of: SignIn) -> None:
    world.send({world.members: 320})
    world.save({world.members: 80}, unit=world.cast.dai_phuc, by=world.cast.dai_phuc_enterer)
    client, url = client_of(world.cast.officer), reverse("submissions:standings")
    assert names(client.get(url, place(world))) == ["Đại Phúc", "Hội Phụ nữ Công an tỉnh", "Phú Đình", "Tân Cương"]
    assert names(client.get(url, place(world, q="tan cuong"))) == ["Tân Cương"]
    assert names(client.get(url, place(world, state="draft"))) == ["Đại Phúc"]
    assert names(client.get(url, place(world, state="late"))) == ["Tân Cương"]
    assert len(names(client.get(url, place(world, late="yes")))) == 4
    assert names(client.get(url, place(world, state="in_time"))) == []
    sort = f"p{world.period().pk}"
    assert names(client.get(url, place(world, sort=sort)))[-1] == "Tân Cương"
    assert names(client.get(url, place(world, sort=f"-{sort}")))[0] == "Tân Cương"


@pytest.mark.parametrize("route", ["standings", "lagging"])
def test_lists_are_exported_with_all_rows(world: World, client_of: SignIn, route: str) -> None:
    answer = client_of(world.cast.officer).get(reverse(f"submissions:{route}"), place(world, export="csv"))
    text = b"".join(answer.streaming_content).decode()
    assert text.count("\r\n") == 1 + 4
    assert "Xã Tân Cương" in text


def test_the_sums_are_exported(world: World, client_of: SignIn) -> None:
    answer = client_of(world.cast.national).get(reverse("submissions:completeness"), {"export": "csv"})
    assert "Tỉnh Thái Nguyên,Tháng 10/2026,5,0,0,0,0,5" in b"".join(answer.streaming_content).decode()


def test_telephone_numbers_stand_there_to_be_copied(world: World, client_of: SignIn) -> None:
    line = ContactLine("Nguyễn Thị Gọi", "Chủ tịch", "0912 345 678", "")
    set_contacts(unit=world.cast.phu_dinh, contacts=[line], by=world.cast.national)
    html = client_of(world.cast.officer).get(reverse("submissions:lagging"), place(world)).content.decode()
    assert "Xã Phú Đình: Nguyễn Thị Gọi, Chủ tịch, 0912 345 678" in html
    assert 'href="tel:0912345678"' in html
    assert "Xã Tân Cương: Vũ Thị Chủ; Hoàng Thị Nhập" in html


def test_nothing_below_is_said_so(world: World, client_of: SignIn) -> None:
    for name in ("enterer", "nobody"):
        answer = client_of(getattr(world.cast, name)).get(reverse("submissions:completeness"))
        assert "Không có gì để theo dõi" in answer.content.decode()


def test_reminding_all_is_asked_from_the_page_and_done_as_work(world: World, client_of: SignIn) -> None:
    client = client_of(world.cast.officer)
    url = reverse("submissions:remind", args=[world.period().pk, world.cast.thai_nguyen.pk])
    assert "4 đơn vị chưa gửi báo cáo này. 2 người" in client.get(url).content.decode()
    answer = client.post(url)
    job = Job.objects.get()
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    jobs.execute(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job.message.startswith("Đã nhắc 2 người của 2 đơn vị; 2 đơn vị không có ai có tài khoản")
    log = client.get(reverse("submissions:notice_log")).content.decode()
    assert "Hoàng Thị Nhập" in log
    assert "Cán bộ nhắc" in client.get(reverse("submissions:lagging"), place(world)).content.decode()


def test_the_log_shows_only_own_units_to_those_who_look_after_them(world: World, client_of: SignIn) -> None:
    report = world.send({world.members: 320})
    return_submission(submission=report, reason="Chưa khớp", by=world.cast.officer)
    url = reverse("submissions:notice_log")
    assert "Hoàng Thị Nhập" in client_of(world.cast.officer).get(url).content.decode()
    for name in ("foreign_officer", "leader", "enterer"):
        assert "Báo cáo tháng" not in client_of(getattr(world.cast, name)).get(url).content.decode()


def test_notices_are_counted_in_the_header_until_they_are_read(world: World, client_of: SignIn) -> None:
    report = world.send({world.members: 320})
    return_submission(submission=report, reason="Chưa khớp sổ", by=world.cast.officer)
    client = client_of(world.cast.enterer)
    assert '<span class="bell-count">1</span>' in client.get(reverse("submissions:home")).content.decode()
    html = client.get(reverse("submissions:notices")).content.decode()
    assert "Chưa khớp sổ" in html
    notice = Notice.objects.of(world.cast.enterer).get()
    opened = client.post(reverse("submissions:open_notice", args=[notice.pk]))
    assert opened.url == reverse("submissions:grid", args=[world.period().pk, world.cast.tan_cuong.pk])
    assert "bell-count" not in client.get(reverse("submissions:home")).content.decode()
    assert client_of(world.cast.stranger).post(reverse("submissions:open_notice", args=[notice.pk])).status_code == 404


def test_the_pace_is_chosen_on_the_account_and_by_the_link_of_an_e_mail(world: World, client_of: SignIn) -> None:
    person = world.cast.enterer
    client_of(person).post(reverse("submissions:mail_pace"), {"pace": "weekly"})
    assert MailChoice.objects.get(person=person).pace == MailPace.WEEKLY
    link = choice_link(person)
    assert person.email not in Client().get(link).content.decode()
    assert Client().post(link, {"pace": "never"}).status_code == 302
    assert MailChoice.objects.get(person=person).pace == MailPace.NEVER
    assert list(AuditEntry.objects.filter(action="submissions.mail_pace").values_list("after__pace", "actor")) == [
        ("never", None), ("weekly", person.pk),
    ]  # fmt: skip
    assert Client().get(f"{link[:-2]}x/").status_code == 404


def queries_of(client: Client, url: str, query: dict[str, object]) -> int:
    client.get(url, query)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url, query).status_code == 200
    return len(seen)


@pytest.mark.parametrize("route", ["completeness", "standings", "lagging"])
def test_pages_ask_as_much_for_many_units_as_for_one_and_at_most_20_times(
    world: World, client_of: SignIn, route: str
) -> None:
    client, url = client_of(world.cast.national), reverse(f"submissions:{route}")
    nation = {"unit": world.cast.centre.pk, "period": world.period().pk}
    few = nation if route == "completeness" else {**nation, "q": "phu dinh"}
    with_one = queries_of(client, url, few)
    for unit in (world.cast.dai_phuc, world.cast.phu_dinh, world.cast.police):
        world.report(unit, {world.members: 100}, month=SEPTEMBER)
    world.send({world.members: 320})
    assert queries_of(client, url, nation) == with_one <= 20
