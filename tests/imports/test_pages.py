"""The pages of an import: reached from the lists, for those with the right, without a script, and never a crash."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from imports import actions
from imports.choices import ImportState
from imports.models import Import
from imports.registry import importers
from jobs.actions import execute
from tests.imports.books import contacts, upload
from tests.imports.conftest import World, people

LAN = ["05500", "Xã Tân Cương", "Nguyễn Thị Lan", "Chủ tịch", "0912 345 678", ""]
START = reverse("imports:start", args=["danh-ba"])


def sent(client: Any, world: World, content: bytes, **more: Any) -> Any:
    data = {"file": upload(content), "scope": world.cast.thai_nguyen.pk, **more}
    return client.post(START, data)


def checked(client: Any, world: World, content: bytes) -> Import:
    sent(client, world, content)
    newest = Import.objects.latest("pk")
    execute(newest.job_id)
    newest.refresh_from_db()
    return newest


def page(client: Any, one: Import, query: str = "") -> str:
    response = client.get(reverse("imports:detail", args=[one.pk]) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_whole_way_through_the_pages(world: World, client_of: Any) -> None:
    client = client_of(world.cast.admin)
    answer = sent(client, world, contacts(LAN))
    one = Import.objects.get()
    assert answer.url == reverse("imports:detail", args=[one.pk])
    assert "Đang kiểm tra" in page(client, one)
    execute(one.job_id)
    assert "Xác nhận: ghi 1 dòng" in page(client, one)
    answer = client.post(reverse("imports:confirm", args=[one.pk]))
    assert answer.url == reverse("imports:detail", args=[one.pk])
    assert people(world.cast.tan_cuong) == [tuple(LAN[2:])]
    assert "Hoàn tác" in page(client, one)
    client.post(reverse("imports:undo", args=[one.pk]))
    one.refresh_from_db()
    assert (one.state, people(world.cast.tan_cuong)) == (ImportState.UNDONE, [])


def test_the_same_form_sent_twice_makes_one_import(world: World, client_of: Any) -> None:
    client = client_of(world.cast.admin)
    for _press in range(2):
        sent(client, world, contacts(LAN), once="one-token")
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "rỗng"), (b"abc", "không phải tệp Excel"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), ".xls")],
)
def test_a_bad_file_is_told_at_the_field(content: bytes, words: str, world: World, client_of: Any) -> None:
    answer = sent(client_of(world.cast.admin), world, content)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Import.objects.count() == 0


def test_errors_are_listed_and_the_file_comes_back(world: World, client_of: Any) -> None:
    client = client_of(world.cast.admin)
    one = checked(client, world, contacts(LAN, ["05503", "", "Hoa", "Chủ tịch", "gọi sau", ""]))
    text = page(client, one)
    assert "1 lỗi: chưa ghi gì cả" in text
    assert "gọi sau" in text
    assert "Nguyễn Thị Lan" not in text  # the rows with errors come first
    assert "Nguyễn Thị Lan" in page(client, one, "?xem=tat-ca")
    back = client.get(reverse("imports:file", args=[one.pk, "loi"]))
    made = openpyxl.load_workbook(io.BytesIO(b"".join(back.streaming_content)))
    assert made["Dữ liệu"]["E3"].comment is not None
    same = client.get(reverse("imports:file", args=[one.pk, "goc"]))
    assert b"".join(same.streaming_content).startswith(b"PK")
    assert client.post(reverse("imports:confirm", args=[one.pk])).status_code == 302
    assert people(world.cast.tan_cuong) == []


def test_a_question_is_answered_on_the_page(world: World, client_of: Any) -> None:
    client = client_of(world.cast.admin)
    one = checked(client, world, contacts(["", "Phường Tân Cương", *LAN[2:]]))
    text = page(client, one)
    assert "Các tên sau là đơn vị nào?" in text
    assert "Xã Tân Cương (05500), Tỉnh Thái Nguyên" in text
    client.post(reverse("imports:answer", args=[one.pk]), {"unit-0": world.cast.tan_cuong.pk})
    one.refresh_from_db()
    execute(one.job_id)
    assert "Xác nhận: ghi 1 dòng" in page(client, one)


def test_a_preview_of_many_rows_has_pages(world: World, client_of: Any) -> None:
    client = client_of(world.cast.admin)
    rows = [[code, "", f"Người {number}", "Chủ tịch", "", ""] for code in ("05500", "05503") for number in range(30)]
    one = checked(client, world, contacts(*rows))
    assert page(client, one).count('status-reached"') == 50
    assert page(client, one, "?page=2").count('status-reached"') == 10


def test_a_foreign_import_does_not_exist_and_a_right_is_asked_for(world: World, client_of: Any) -> None:
    one = checked(client_of(world.cast.admin), world, contacts(LAN))
    for person in (world.cast.foreign_officer, world.cast.enterer, world.cast.officer):
        client = client_of(person)
        for name in ("detail", "answer", "confirm", "undo"):
            assert client.get(reverse(f"imports:{name}", args=[one.pk])).status_code == 404
        assert client.get(reverse("imports:file", args=[one.pk, "goc"])).status_code == 404
        expected = 403 if person == world.cast.enterer else 200  # officers import contacts of their own province
        assert client.get(START).status_code == expected
        blank = client.get(reverse("imports:blank", args=["danh-ba"]))
        assert blank.status_code == expected
        if expected == 200:
            assert b"".join(blank.streaming_content).startswith(b"PK")
    assert client_of(world.cast.admin).get(reverse("imports:start", args=["khong-co"])).status_code == 404
    national = client_of(world.cast.national)
    assert national.get(reverse("imports:detail", args=[one.pk])).status_code == 200  # reads the audit trail
    assert national.post(reverse("imports:confirm", args=[one.pk])).status_code == 403
    assert people(world.cast.tan_cuong) == []


def test_officers_import_the_contacts_of_the_units_they_look_after(world: World, client_of: Any) -> None:
    one = checked(client_of(world.cast.officer), world, contacts(LAN))
    client_of(world.cast.officer).post(reverse("imports:confirm", args=[one.pk]))
    assert people(world.cast.tan_cuong) == [tuple(LAN[2:])]
    foreign = client_of(world.cast.foreign_officer)
    assert sent(foreign, world, contacts(LAN)).context["form"].errors["scope"]


def test_another_unit_than_ones_own_cannot_be_the_scope(world: World, client_of: Any) -> None:
    client = client_of(world.cast.admin)
    answer = client.post(START, {"file": upload(contacts(LAN)), "scope": world.cast.thanh_hoa.pk})
    assert answer.status_code == 200
    assert Import.objects.count() == 0
    blank = reverse("imports:blank", args=["danh-ba"])
    assert client.get(f"{blank}?don-vi={world.cast.thanh_hoa.pk}").status_code == 404


def test_a_right_that_ended_meanwhile_stops_the_work(world: World, client_of: Any) -> None:
    client = client_of(world.cast.admin)
    sent(client, world, contacts(LAN))
    one = Import.objects.get()
    world.cast.admin.grants.all().delete()
    execute(one.job_id)
    one.refresh_from_db()
    assert one.state == ImportState.REFUSED
    assert "quyền" in one.message


def test_lists_lead_to_their_import(world: World, client_of: Any) -> None:
    lists = {one.kind: reverse(one.list_route) for one in importers() if not one.own_start}
    shown = {
        kind: f'href="{reverse("imports:start", args=[kind])}"'
        in client_of(world.cast.officer).get(address).content.decode()
        for kind, address in lists.items()
    }
    assert shown == {"danh-ba": True, "nha-tai-tro": True, "khoan-tai-tro": True, "thiet-bi": True, "tap-huan": True}
    assert START in client_of(world.cast.admin).get(lists["danh-ba"]).content.decode()
    leader = client_of(world.cast.leader)
    assert not any("nhap-excel" in leader.get(address).content.decode() for address in lists.values())


def test_the_list_of_imports_shows_ones_own(world: World, client_of: Any) -> None:
    one = checked(client_of(world.cast.admin), world, contacts(LAN))
    address = reverse("imports:list")
    assert one.file_name in client_of(world.cast.admin).get(address).content.decode()
    assert one.file_name not in client_of(world.cast.officer).get(address).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    world: World, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(world.cast.admin)
    rows = [["05500", "", f"Người {number}", "Chủ tịch", "", ""] for number in range(25)]
    one = checked(client, world, contacts(*rows))
    with django_assert_max_num_queries(20):
        page(client, one)


def test_a_file_name_never_becomes_a_path(world: World) -> None:
    file = upload(contacts(LAN), name="../../etc/danh sách\u202e.xlsx")
    one = actions.take_in(kind="danh-ba", scope=world.cast.thai_nguyen, file=file, by=world.cast.admin)
    assert one.file_name == "danh sách.xlsx"
    assert one.file.name.startswith("imports/")
