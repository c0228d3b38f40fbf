"""The pages that read units: list, tree, search, one unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from tests.cast import LAST_DAY, Cast, grant
from units import panels
from units.choices import Right, Role
from units.models import Contact, Unit, UnitName

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
LIST, TREE, SEARCH = "/don-vi/", "/don-vi/cay/", "/don-vi/tim/"


def names_in(answer: Any) -> list[str]:
    return [row.record.name for row in answer.context["table"].page.object_list]


# --- the list --------------------------------------------------------------------------------------------------


def test_the_list_holds_the_open_units_of_the_own_subtree(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.officer).get(LIST)
    assert set(names_in(answer)) == {
        "Tỉnh Thái Nguyên",
        "Xã Tân Cương",
        "Xã Đại Phúc",
        "Xã Phú Đình",
        "Hội Phụ nữ Công an tỉnh",
    }
    assert "Sầm Sơn" not in answer.content.decode()


def test_a_day_in_the_past_shows_the_units_of_that_day(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.officer).get(LIST, {"on": "30/06/2025", "kind": "commune"})
    assert sorted(names_in(answer)) == ["Xã Hùng Sơn", "Xã Thịnh Đức", "Xã Tân Cương"]


def test_a_search_finds_old_names_and_says_what_the_unit_is_today(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.officer).get(LIST, {"q": "thinh duc"})
    assert names_in(answer) == ["Xã Thịnh Đức"]
    assert "đến ngày 30/06/2025, nay là: Xã Tân Cương" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "attached"}, ["Hội Phụ nữ Công an tỉnh"]),
        ({"priority": "upland"}, ["Xã Đại Phúc"]),
        ({"renamed": "yes"}, ["Xã Phú Đình"]),
        ({"q": "phú đình cũ"}, ["Xã Phú Đình"]),
        ({"q": "05521"}, ["Xã Phú Đình"]),
        ({"q": "không có"}, []),
    ],
)
def test_filters(cast: Cast, client_of: Sign, query: dict[str, str], expected: list[str]) -> None:
    Unit.objects.filter(pk=cast.dai_phuc.pk).update(upland=True)
    UnitName.objects.create(
        unit=cast.phu_dinh, name="Xã Phú Đình Cũ", valid_from=date(2025, 7, 1), valid_to=date(2025, 12, 31)
    )
    cast.phu_dinh.save()  # fills the search column
    assert names_in(client_of(cast.officer).get(LIST, query)) == expected


def test_the_province_filter_counts_predecessors_in(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.national)
    query = {"province": cast.thai_nguyen.pk, "on": "30/06/2025", "kind": "commune"}
    assert sorted(names_in(client.get(LIST, query))) == ["Xã Hùng Sơn", "Xã Thịnh Đức", "Xã Tân Cương"]


def test_a_foreign_province_is_no_choice_and_no_filter(cast: Cast, client_of: Sign) -> None:
    grant(cast.officer, Role.VIEWER, cast.centre)  # sees both provinces
    assert len(names_in(client_of(cast.officer).get(LIST, {"province": cast.thanh_hoa.pk}))) == 2
    page = client_of(cast.admin).get(LIST, {"province": cast.thanh_hoa.pk})
    assert "Thanh Hóa" not in page.content.decode()


def test_a_wrong_day_is_named_beside_its_field(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.officer).get(LIST, {"on": "31/02/2025"})
    assert list(answer.context["filterset"].form.errors) == ["on"]


def test_the_exports_hold_the_dates_as_dates(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.enterer)
    book = load_workbook(BytesIO(b"".join(client.get(LIST, {"export": "xlsx", "q": "tan cuong"}).streaming_content)))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["Xã Tân Cương", "Xã Tân Cương"]
    assert {value.date() for row in rows[1:] for value in row if hasattr(value, "date")} == {
        cast.tan_cuong.valid_from,
        LAST_DAY,
    }
    text = b"".join(client.get(LIST, {"export": "csv"}).streaming_content).decode()
    assert "Đại Phúc" not in text


def test_the_list_costs_the_same_however_many_units_it_holds(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.national)
    costs = []
    for words, found in (("sam son", 1), ("xa", 6)):
        with CaptureQueriesContext(connection) as queries:
            assert len(names_in(client.get(LIST, {"q": words}))) == found
        costs.append(len(queries))
    assert costs[0] == costs[1]


# --- the tree --------------------------------------------------------------------------------------------------


def test_the_tree_opens_the_single_root(cast: Cast, client_of: Sign) -> None:
    page = client_of(cast.officer).get(TREE).content.decode()
    assert "Tỉnh Thái Nguyên" in page
    assert "Xã Phú Đình" in page
    assert "Thanh Hóa" not in page


def test_the_tree_of_an_earlier_day(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.officer)
    page = client.get(TREE, {"ngay": "30/06/2025", "mo": cast.old_district.pk}).content.decode()
    assert "Thành phố Thái Nguyên" in page
    assert "Xã Thịnh Đức" in page
    assert "Xã Phú Đình" not in page


def test_a_line_opens_and_folds_by_itself(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.national)
    address = reverse("units:branch", args=[cast.thai_nguyen.pk])
    opened = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in opened
    assert "Xã Phú Đình" in opened
    assert "Xã Phú Đình" not in client.get(address, {"dong": "1"}).content.decode()


def test_a_foreign_line_does_not_open(cast: Cast, client_of: Sign) -> None:
    assert client_of(cast.officer).get(reverse("units:branch", args=[cast.thanh_hoa.pk])).status_code == 404


def test_a_wrong_day_of_the_tree_is_said(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.officer).get(TREE, {"ngay": "hôm qua"})
    assert answer.status_code == 200
    assert "hôm qua" in answer.context["wrong_day"]


# --- search ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["thịnh đức", "THINH DUC", "xa thinh duc", "Hội LHPN xã Thịnh Đức"])
def test_an_old_name_leads_to_the_unit_of_today(cast: Cast, client_of: Sign, words: str) -> None:
    page = client_of(cast.officer).get(SEARCH, {"q": words}).content.decode()
    assert reverse("units:detail", args=[cast.thinh_duc.pk]) in page
    assert reverse("units:detail", args=[cast.tan_cuong.pk]) in page
    assert "Tỉnh Thái Nguyên" in page


def test_suggestions_are_a_part_of_the_page(cast: Cast, client_of: Sign) -> None:
    answer = client_of(cast.officer).get(SEARCH, {"q": "phu dinh"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode()
    assert "Xã Phú Đình" in answer.content.decode()


def test_foreign_units_are_not_found(cast: Cast, client_of: Sign) -> None:
    page = client_of(cast.officer).get(SEARCH, {"q": "sam son"}).content.decode()
    assert "Sầm Sơn" not in page
    assert "Không thấy đơn vị" in page


# --- one unit --------------------------------------------------------------------------------------------------


def test_the_page_of_a_unit(cast: Cast, client_of: Sign) -> None:
    Contact.objects.create(unit=cast.tan_cuong, full_name="Vũ Thị Chủ", position="Chủ tịch", phone="0912 345 678")
    page = client_of(cast.leader).get(f"/don-vi/{cast.tan_cuong.pk}/").content.decode()
    assert "Xã Thịnh Đức" in page  # predecessor
    assert 'href="tel:0912345678"' in page
    assert "Hoàng Thị Nhập" in page  # role here
    assert "Trần Thị Quản" in page  # role above
    assert reverse("units:edit", args=[cast.tan_cuong.pk]) not in page
    assert reverse("units:grant", args=[cast.tan_cuong.pk]) not in page


def test_the_administrator_is_offered_what_may_be_done(cast: Cast, client_of: Sign) -> None:
    page = client_of(cast.admin).get(f"/don-vi/{cast.police.pk}/").content.decode()
    for name in ("edit", "contacts", "add", "rename", "close", "grant", "invite"):
        assert reverse(f"units:{name}", args=[cast.police.pk]) in page
    commune = client_of(cast.admin).get(f"/don-vi/{cast.tan_cuong.pk}/").content.decode()
    assert reverse("units:close", args=[cast.tan_cuong.pk]) not in commune  # a national decision


def test_a_closed_unit_says_so_and_names_its_successor(cast: Cast, client_of: Sign) -> None:
    page = client_of(cast.officer).get(f"/don-vi/{cast.thinh_duc.pk}/").content.decode()
    assert "kết thúc hoạt động ngày 30/06/2025" in page
    assert reverse("units:detail", args=[cast.tan_cuong.pk]) in page


@pytest.mark.parametrize("unit", ["thanh_hoa", "sam_son", "old_district", "centre"])
def test_a_foreign_unit_does_not_exist(cast: Cast, client_of: Sign, unit: str) -> None:
    client = client_of(cast.enterer)
    answer = client.get(f"/don-vi/{getattr(cast, unit).pk}/")
    assert answer.status_code == 404
    assert getattr(cast, unit).name not in answer.content.decode()


def test_a_person_without_a_role_sees_no_unit(cast: Cast, client_of: Sign) -> None:
    client = client_of(cast.nobody)
    assert names_in(client.get(LIST)) == []
    assert "Tân Cương" not in client.get(TREE).content.decode()
    assert "Tân Cương" not in client.get(SEARCH, {"q": "tan cuong"}).content.decode()
    assert client.get(f"/don-vi/{cast.tan_cuong.pk}/").status_code == 404


@pytest.mark.parametrize("address", [LIST, TREE, SEARCH, "/don-vi/{pk}/", "/don-vi/cay/{pk}/"])
def test_pages_to_read_refuse_to_be_written(cast: Cast, client_of: Sign, address: str) -> None:
    assert client_of(cast.officer).post(address.format(pk=cast.tan_cuong.pk)).status_code == 405


def test_sections_of_upper_rooms_are_tabs_for_those_who_hold_the_right(
    cast: Cast, client_of: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = panels.Panel(
        "thu-nghiem", "Phần thử", 1, "units/relatives.html", lambda r, u: {"relatives": []}, Right.GIVE
    )
    monkeypatch.setattr(panels, "_panels", {"thu-nghiem": shown})
    address = f"/don-vi/{cast.tan_cuong.pk}/thu-nghiem/"
    assert "Phần thử" in client_of(cast.officer).get(address).content.decode()
    assert address in client_of(cast.officer).get(f"/don-vi/{cast.tan_cuong.pk}/").content.decode()
    assert address not in client_of(cast.enterer).get(f"/don-vi/{cast.tan_cuong.pk}/").content.decode()
    assert client_of(cast.enterer).get(address).status_code == 403
    assert client_of(cast.stranger).get(address).status_code == 404
    assert client_of(cast.officer).get(f"/don-vi/{cast.tan_cuong.pk}/khong-co/").status_code == 404


def test_my_roles(cast: Cast, client_of: Sign) -> None:
    page = client_of(cast.enterer).get("/don-vi/vai-tro-cua-toi/").content.decode()
    assert "Xã Tân Cương" in page
    assert str(Right.ENTER.label) in page
    assert str(Right.MANAGE_USERS.label) not in page
