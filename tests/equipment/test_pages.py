"""The pages: the story through the browser's eyes, who gets in, nothing twice, nothing lost."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from equipment.actions.gifts import create_gift
from equipment.actions.items import declare_no_computer
from equipment.actions.receipts import attach_scan
from equipment.choices import AllotmentState, Condition, GiftForm, HandoverState
from equipment.models import (
    Allotment,
    Gift,
    GiftPayment,
    Handover,
    Item,
    ItemEvent,
    MinimumSpecification,
    UnitEquipment,
)
from equipment.urls import urlpatterns
from tests.equipment.conftest import TODAY, World
from units.models import Unit

ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def on_this_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages take today from the clock; the world of these tests lives in November 2026."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: TODAY)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def errors(response: HttpResponse) -> str:
    assert response.status_code == 200, "a form with errors is shown again"
    found = re.findall(r'class="(?:field-error|error-summary)"[^>]*>(.*?)</(?:div|ul)>', text(response), re.DOTALL)
    return " ".join(found)


class TestTheStoryOnPages:
    def test_from_pledge_to_receipt(self, world: World, client_of: ClientOf) -> None:
        cast, officer, enterer = world.cast, client_of(world.cast.officer), client_of(world.cast.enterer)
        world.machine(cast.tan_cuong, condition=Condition.BROKEN)
        answer = officer.post(
            reverse("equipment:gift-add"),
            {
                "title": "2 máy tính năm 2026",
                "sponsor": world.sponsor.pk,
                "unit": cast.thai_nguyen.pk,
                "form": "in_kind",
                "pledged_on": "01/09/2026",
                "lines-0-line_id": "",
                "lines-0-kind": world.pc.pk,
                "lines-0-quantity": "2",
                "lines-0-model": "CMS",
                "lines-0-ram_gb": "8",
                "lines-0-storage_gb": "256",
                "lines-0-year": "2026",
                "lines-0-unit_value": "11.500.000",
                "lines-1-line_id": "",
                "lines-1-quantity": "",
            },
        )
        gift = Gift.objects.get(title="2 máy tính năm 2026")
        assert answer.url == reverse("equipment:gift", args=[gift.pk])
        line = gift.lines.get()
        assert (line.quantity, line.unit_value) == (2, 11_500_000)

        proposal = officer.get(reverse("equipment:propose"), {"line": line.pk})
        assert f'name="unit_{cast.tan_cuong.pk}" value="1"' in text(proposal)
        officer.post(
            f"{reverse('equipment:propose')}?line={line.pk}",
            {"on": "05/09/2026", f"unit_{cast.tan_cuong.pk}": "1", f"unit_{cast.dai_phuc.pk}": ""},
        )
        allotment = Allotment.objects.get(line=line)
        assert (allotment.unit, allotment.quantity) == (cast.tan_cuong, 1)

        officer.post(
            reverse("equipment:prepare", args=[gift.pk]),
            {
                "allotments": [allotment.pk],
                "mark": "BB-BTV",
                "on": "02/11/2026",
                "place": "Hội LHPN tỉnh",
                "giver_name": "Lê Thị Chuyên",
                "legal_basis": "Quyết định số 12/QĐ-BTV",
            },
        )
        handover = Handover.objects.get(gift=gift)
        officer.post(reverse("equipment:hand-over", args=[handover.pk]), {"on": "02/11/2026"})

        page = enterer.get(reverse("equipment:confirm", args=[handover.pk]))
        assert "Xác nhận đã nhận 1 máy" in text(page)
        row = handover.lines.get()
        done = enterer.post(
            reverse("equipment:confirm", args=[handover.pk]),
            {
                "received_on": "20/11/2026",
                f"quantity_{row.pk}": "1",
                f"serials_{row.pk}": "cms-77",
                "receiver_name": "Hoàng Thị Nhập",
                "scan": SimpleUploadedFile("bb.pdf", b"%PDF-1.7 signed"),
            },
            follow=True,
        )
        assert "Đã xác nhận việc nhận 1 máy" in text(done)
        assert Item.objects.get(serial="CMS-77").unit == cast.tan_cuong
        assert UnitEquipment.objects.get(unit=cast.tan_cuong).state == "fit"
        gaps = text(officer.get(reverse("equipment:gaps")))
        assert "4 đơn vị, 0 chưa có máy tính đạt yêu cầu, 3 chưa khai báo" in gaps
        assert "Xã Tân Cương" not in gaps

    def test_the_same_form_sent_twice_has_one_effect(self, world: World, client_of: ClientOf) -> None:
        handover = world.handed(world.cast.tan_cuong)
        client = client_of(world.cast.enterer)
        page = text(client.get(reverse("equipment:confirm", args=[handover.pk])))
        token = re.search(r'name="once" value="([^"]+)"', page)
        row = handover.lines.get()
        sent = {"received_on": "20/11/2026", f"quantity_{row.pk}": "1", "once": token[1] if token else ""}
        answers = [client.post(reverse("equipment:confirm", args=[handover.pk]), sent) for _n in range(3)]
        assert {answer.url for answer in answers} == {reverse("equipment:handover", args=[handover.pk])}
        assert Item.objects.count() == 1

    def test_a_gift_posted_twice_is_one_gift(self, world: World, client_of: ClientOf) -> None:
        sent = {
            "title": "Hai lần",
            "sponsor": world.sponsor.pk,
            "unit": world.cast.thai_nguyen.pk,
            "form": "money",
            "amount": "1.000.000",
            "pledged_on": "01/09/2026",
            "once": "token-1",
        }
        client = client_of(world.cast.officer)
        first, second = (client.post(reverse("equipment:gift-add"), sent) for _n in range(2))
        assert first.url == second.url
        assert Gift.objects.filter(title="Hai lần").count() == 1


class TestBadInputStandsAtItsField:
    def test_allotting_more_than_is_left_keeps_what_was_typed(self, world: World, client_of: ClientOf) -> None:
        answer = client_of(world.cast.officer).post(
            f"{reverse('equipment:allot')}?line={world.line.pk}",
            {"on": "05/09/2026", "reason": "Đợt 1", f"unit_{world.cast.tan_cuong.pk}": "6"},
        )
        assert "Đã chọn 6 nhưng chỉ còn 5 bộ" in errors(answer)
        assert 'value="6"' in text(answer)
        assert 'value="Đợt 1"' in text(answer)
        assert Allotment.objects.count() == 0

    def test_a_unit_that_has_one_already_is_named_at_its_row(self, world: World, client_of: ClientOf) -> None:
        world.allot(world.cast.tan_cuong)
        answer = client_of(world.cast.officer).post(
            f"{reverse('equipment:allot')}?line={world.line.pk}",
            {"on": "05/09/2026", f"unit_{world.cast.tan_cuong.pk}": "1"},
        )
        assert f'id="id_unit_{world.cast.tan_cuong.pk}_error"' in text(answer)

    def test_a_foreign_unit_is_not_even_a_row(self, world: World, client_of: ClientOf) -> None:
        answer = client_of(world.cast.officer).post(
            f"{reverse('equipment:allot')}?line={world.line.pk}",
            {"on": "05/09/2026", f"unit_{world.cast.sam_son.pk}": "1"},
        )
        assert "Sầm Sơn" not in text(answer)
        assert Allotment.objects.count() == 0

    def test_a_line_error_stands_at_the_line(self, world: World, client_of: ClientOf) -> None:
        world.allot(world.cast.tan_cuong, world.cast.dai_phuc)
        client = client_of(world.cast.officer)
        address = reverse("equipment:gift-edit", args=[world.gift.pk])
        sent = {
            "title": world.gift.title,
            "sponsor": world.sponsor.pk,
            "pledged_on": "01/09/2026",
            "code": world.gift.code,
            "lines-0-line_id": world.line.pk,
            "lines-0-kind": world.pc.pk,
            "lines-0-quantity": "1",
        }
        assert "Đã phân bổ 2" in text(client.post(address, sent))
        world.line.refresh_from_db()
        assert world.line.quantity == 5

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("pledged_on", "22/11/2026", "tương lai"),
            ("pledged_on", "2026", "không phải ngày"),
            ("amount", "12,5 tỷ", "số nguyên"),
            ("sponsor", "999999", ""),
        ],
    )
    def test_a_bad_pledge(self, world: World, client_of: ClientOf, field: str, value: str, words: str) -> None:
        sent = {
            "title": "Khoản mới",
            "sponsor": world.sponsor.pk,
            "unit": world.cast.thai_nguyen.pk,
            "form": "money",
            "amount": "1.000.000",
            "pledged_on": "01/09/2026",
            field: value,
        }
        answer = client_of(world.cast.officer).post(reverse("equipment:gift-add"), sent)
        assert f'id="id_{field}_error"' in text(answer)
        assert words in errors(answer)
        assert Gift.objects.count() == 1

    def test_a_scan_of_the_wrong_kind(self, world: World, client_of: ClientOf) -> None:
        handover = world.handed(world.cast.tan_cuong)
        row = handover.lines.get()
        sent = {
            "received_on": "20/11/2026",
            f"quantity_{row.pk}": "1",
            "scan": SimpleUploadedFile("bb.pdf", b"<script>"),
        }
        answer = client_of(world.cast.enterer).post(reverse("equipment:confirm", args=[handover.pk]), sent)
        assert 'id="id_scan_error"' in text(answer)
        handover.refresh_from_db()
        assert handover.state == HandoverState.HANDED

    def test_a_serial_twice(self, world: World, client_of: ClientOf) -> None:
        world.machine(world.cast.tan_cuong, serial="A-1")
        answer = client_of(world.cast.enterer).post(
            reverse("equipment:item-add", args=[world.cast.tan_cuong.pk]),
            {"kind": world.pc.pk, "model": "Dell", "serial": "a-1", "received_on": "01/09/2025", "condition": "good"},
        )
        assert 'id="id_serial_error"' in text(answer)
        assert Item.objects.count() == 1


def test_a_stale_save_shows_both_values(world: World, client_of: ClientOf) -> None:
    first, second = client_of(world.cast.officer), client_of(world.cast.officer2)
    address = reverse("equipment:gift-edit", args=[world.gift.pk])
    seen = re.findall(r'name="((?:lines-0-)?seen)" value="([^"]*)"', text(second.get(address)))
    common = {
        "sponsor": world.sponsor.pk,
        "pledged_on": "01/09/2026",
        "code": world.gift.code,
        "lines-0-line_id": world.line.pk,
        "lines-0-kind": world.pc.pk,
        "lines-0-quantity": "5",
        "lines-0-model": "Dell Vostro",
        "lines-0-ram_gb": "8",
        "lines-0-storage_gb": "256",
        "lines-0-year": "2026",
        "lines-0-unit_value": "12000000",
    }
    first.post(address, {**common, "title": "Tên của người thứ nhất"})
    unescaped = {name: value.replace("&quot;", '"') for name, value in seen}
    answer = second.post(address, {**common, **unescaped, "title": "Tên của người thứ hai"})
    assert "Tên của người thứ nhất" in errors(answer)
    assert "Tên của người thứ hai" in text(answer)
    world.gift.refresh_from_db()
    assert world.gift.title == "Tên của người thứ nhất"


OF_GIFT = [
    "gift",
    "gift-edit",
    "gift-withdraw",
    "gift-close",
    "payment-add",
    "prepare",
    "hand-over-many",
    "print-of-gift",
]
OF_HANDOVER = ["handover", "handover-edit", "print", "hand-over", "handover-cancel", "confirm", "refuse", "scan-add"]
OF_ITEM = ["item", "item-edit", "event-add", "transfer"]
OF_UNIT = ["unit", "item-add", "declare"]
PLAIN = ["gaps", "gifts", "gift-add", "choose-line", "handovers", "items", "my-units"]
CATALOGUE = ["kinds", "kind-add", "minimum-add"]
ELSEWHERE = [
    "allot",
    "propose",
    "allotment-cancel",
    "payment-cancel",
    "scan",
    "event-cancel",
    "kind-edit",
    "minimum-edit",
]


def test_no_address_is_forgotten_here() -> None:
    named = {*OF_GIFT, *OF_HANDOVER, *OF_ITEM, *OF_UNIT, *PLAIN, *CATALOGUE, *ELSEWHERE}
    assert {pattern.name for pattern in urlpatterns} == named


class TestWhoGetsIn:
    @pytest.fixture
    def address(self, world: World) -> Callable[[str], str]:
        handover = world.handed(world.cast.tan_cuong)
        item = world.machine(world.cast.tan_cuong)
        keys = dict.fromkeys(OF_GIFT, world.gift.pk) | dict.fromkeys(OF_HANDOVER, handover.pk)
        keys |= dict.fromkeys(OF_ITEM, item.pk) | dict.fromkeys(OF_UNIT, world.cast.tan_cuong.pk)
        return lambda name: reverse(f"equipment:{name}", args=[keys[name]] if name in keys else [])

    @pytest.mark.parametrize("name", [*OF_GIFT, *OF_HANDOVER, *OF_ITEM, *OF_UNIT])
    def test_what_is_not_visible_does_not_exist(
        self, world: World, client_of: ClientOf, address: Callable[[str], str], name: str
    ) -> None:
        for person in (world.cast.foreign_officer, world.cast.stranger):
            answer = client_of(person).get(address(name))
            assert answer.status_code in (404, 403)
            assert "Tân Cương" not in text(answer)
            assert world.gift.title not in text(answer)
        assert client_of(world.cast.foreign_officer).get(address(name)).status_code == 404

    @pytest.mark.parametrize("name", [*OF_GIFT[1:7], *OF_HANDOVER[1:2], *OF_HANDOVER[3:5]])
    def test_the_leader_sees_but_does_not_do(
        self, world: World, client_of: ClientOf, address: Callable[[str], str], name: str
    ) -> None:
        assert client_of(world.cast.leader).get(address(name)).status_code == 403

    @pytest.mark.parametrize("name", ["gift", "handover", "print", "print-of-gift", "item", "unit", "gaps", "gifts"])
    def test_the_leader_reads(
        self, world: World, client_of: ClientOf, address: Callable[[str], str], name: str
    ) -> None:
        assert client_of(world.cast.leader).get(address(name)).status_code == 200

    @pytest.mark.parametrize("name", ["confirm", "refuse"])
    def test_the_giver_may_not_confirm_and_reads_why(
        self, world: World, client_of: ClientOf, address: Callable[[str], str], name: str
    ) -> None:
        for person in (world.cast.officer, world.cast.officer2):
            answer = client_of(person).get(address(name))
            assert answer.status_code == 403
            assert "Chỉ người của Xã Tân Cương" in text(answer)
        posted = client_of(world.cast.officer).post(address("confirm"), {"received_on": "20/11/2026"})
        assert posted.status_code == 403
        assert Item.objects.filter(handover_line__isnull=False).count() == 0

    @pytest.mark.parametrize("name", [*PLAIN, *CATALOGUE])
    def test_who_has_no_grant_sees_nothing(
        self, world: World, client_of: ClientOf, address: Callable[[str], str], name: str
    ) -> None:
        answer = client_of(world.cast.nobody).get(address(name))
        assert "Tân Cương" not in text(answer)
        assert world.gift.title not in text(answer)
        assert answer.status_code == (403 if name in ("gift-add", "choose-line", *CATALOGUE) else 200)

    @pytest.mark.parametrize("name", CATALOGUE)
    def test_the_catalogue_is_for_its_keepers(
        self, world: World, client_of: ClientOf, address: Callable[[str], str], name: str
    ) -> None:
        assert client_of(world.cast.national).get(address(name)).status_code == 200
        assert client_of(world.cast.officer).get(address(name)).status_code == 403

    @pytest.mark.parametrize("name", [*PLAIN, *OF_GIFT, *OF_HANDOVER, *OF_ITEM, *OF_UNIT])
    def test_without_signing_in_only_the_entrance(
        self, client: Client, address: Callable[[str], str], name: str
    ) -> None:
        assert client.get(address(name)).status_code == 302

    def test_the_receiver_does_not_see_the_gift_of_the_province(
        self, world: World, client_of: ClientOf, address: Callable[[str], str]
    ) -> None:
        enterer = client_of(world.cast.enterer)
        assert enterer.get(address("gift")).status_code == 404
        assert enterer.get(address("handover")).status_code == 200
        assert reverse("equipment:gift", args=[world.gift.pk]) not in text(enterer.get(address("handover")))


class TestTheScan:
    def test_comes_as_an_attachment_to_whom_the_minutes_are_visible(self, world: World, client_of: ClientOf) -> None:
        handover = world.confirmed(world.cast.tan_cuong)
        address = reverse("equipment:scan", args=[handover.pk])
        assert client_of(world.cast.officer).get(address).status_code == 404
        attach_scan(handover=handover, scan=SimpleUploadedFile("Biên bản.PDF", b"%PDF-1.4 x"), by=world.cast.enterer)
        answer = client_of(world.cast.leader).get(address)
        assert b"".join(answer.streaming_content) == b"%PDF-1.4 x"
        assert answer["Content-Disposition"].startswith("attachment")
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        for person in (world.cast.stranger, world.cast.foreign_officer, world.cast.dai_phuc_enterer):
            assert client_of(person).get(address).status_code == 404


class TestTheGapList:
    def test_reason_priority_and_what_is_coming(self, world: World, client_of: ClientOf) -> None:
        cast = world.cast
        world.machine(cast.tan_cuong, ram_gb=2)
        declare_no_computer(unit=cast.dai_phuc, on=date(2026, 1, 5), by=cast.dai_phuc_enterer, today=TODAY)
        world.allot(cast.tan_cuong)
        page = text(client_of(cast.officer).get(reverse("equipment:gaps")))
        assert "4 đơn vị, 2 chưa có máy tính đạt yêu cầu, 2 chưa khai báo" in page
        assert "RAM 2 GB &lt; 4 GB" in page
        assert "khai báo chưa có máy ngày 05/01/2026" in page
        assert "1 máy từ khoản “Tặng 5 máy tính cho Hội cơ sở”: đã phân bổ" in page
        assert page.index("Xã Đại Phúc</a>") < page.index("Xã Tân Cương</a>") < page.index("Xã Phú Đình</a>")

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ({"state": "weak"}, ["Xã Tân Cương"]),
            ({"state": "none"}, ["Xã Đại Phúc"]),
            ({"q": "tan cuong"}, ["Xã Tân Cương"]),
            ({"priority": "high"}, ["Xã Đại Phúc"]),
            ({"coming": "yes"}, ["Xã Tân Cương"]),
            ({"place": "remote"}, []),
        ],
    )
    def test_filters(self, world: World, client_of: ClientOf, query: dict[str, str], names: list[str]) -> None:
        cast = world.cast
        world.machine(cast.tan_cuong, ram_gb=2)
        declare_no_computer(unit=cast.dai_phuc, on=date(2026, 1, 5), by=cast.dai_phuc_enterer, today=TODAY)
        world.allot(cast.tan_cuong)
        page = text(client_of(cast.officer).get(reverse("equipment:gaps"), query))
        assert re.findall(r'/thiet-bi/don-vi/\d+/">([^<]+)</a>', page) == names

    def test_the_export_says_why(self, world: World, client_of: ClientOf) -> None:
        world.machine(world.cast.tan_cuong, ram_gb=2)
        answer = client_of(world.cast.officer).get(reverse("equipment:gaps"), {"export": "xlsx", "state": "weak"})
        sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
        assert sheet is not None
        heading, row = list(sheet.iter_rows(values_only=True))
        assert heading[:4] == ("Đơn vị", "Trực thuộc", "Máy tính", "Lý do")
        assert row[:4] == ("Xã Tân Cương", "Tỉnh Thái Nguyên", "Chỉ có máy yếu hoặc hỏng", "1 máy: RAM 2 GB < 4 GB")

    def test_the_same_number_of_queries_for_one_and_for_three_rows(
        self, world: World, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], object]
    ) -> None:
        client = client_of(world.cast.officer)
        for unit in (world.cast.tan_cuong, world.cast.dai_phuc, world.cast.phu_dinh):
            world.machine(unit, ram_gb=2)
        with django_assert_max_num_queries(40) as counted:  # type: ignore[attr-defined]
            client.get(reverse("equipment:gaps"), {"q": "tan cuong"})
        one = len(counted)
        with django_assert_max_num_queries(40) as counted:  # type: ignore[attr-defined]
            client.get(reverse("equipment:gaps"))
        assert len(counted) == one

    def test_chosen_units_go_to_the_allotment(self, world: World, client_of: ClientOf) -> None:
        world.machine(world.cast.tan_cuong, ram_gb=2)
        page = client_of(world.cast.officer).get(
            reverse("equipment:allot"), {"line": world.line.pk, "units": [world.cast.tan_cuong.pk]}
        )
        assert f'name="unit_{world.cast.tan_cuong.pk}" value="1"' in text(page)
        assert f"unit_{world.cast.dai_phuc.pk}" not in text(page)


def test_the_minutes_on_paper(world: World, client_of: ClientOf) -> None:
    handover = world.handed(world.cast.tan_cuong)
    page = text(client_of(world.cast.officer).get(reverse("equipment:print", args=[handover.pk])))
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "HỘI LIÊN HIỆP PHỤ NỮ TỈNH THÁI NGUYÊN",
        "Số: 01/BB-BTV",
        "BIÊN BẢN",
        "ngày 02 tháng 11 năm 2026",
        "Hội Liên hiệp Phụ nữ xã Tân Cương",
        "12.000.000",
        "ĐẠI DIỆN BÊN GIAO",
        "ĐẠI DIỆN BÊN NHẬN",
    ):
        assert words in page


class TestTheMinimum:
    def test_consequences_come_before_saving(self, world: World, client_of: ClientOf) -> None:
        world.machine(world.cast.tan_cuong)
        client = client_of(world.cast.national)
        sent = {"valid_from": "01/11/2026", "min_ram_gb": "16", "min_storage_gb": "120", "max_age_years": "10"}
        asked = client.post(reverse("equipment:minimum-add"), sent)
        assert "1 đơn vị: Đạt yêu cầu → Chỉ có máy yếu hoặc hỏng (Xã Tân Cương)" in text(asked)
        assert MinimumSpecification.objects.count() == 1
        client.post(reverse("equipment:minimum-add"), {**sent, "confirmed": "on"})
        assert MinimumSpecification.objects.count() == 2


def test_money_is_recorded_and_cancelled_on_pages(world: World, client_of: ClientOf) -> None:
    gift = create_gift(
        unit=world.cast.thai_nguyen,
        sponsor=world.sponsor,
        title="Quỹ",
        pledged_on=date(2026, 9, 1),
        form=GiftForm.MONEY,
        amount=100_000_000,
        by=world.cast.officer,
        today=TODAY,
    )
    client = client_of(world.cast.officer)
    client.post(reverse("equipment:payment-add", args=[gift.pk]), {"on": "10/09/2026", "amount": "60.000.000"})
    payment = GiftPayment.objects.get()
    assert "60 triệu đồng" in text(client.get(reverse("equipment:gift", args=[gift.pk])))
    client.post(reverse("equipment:payment-cancel", args=[gift.pk, payment.pk]), {"reason": "Ghi nhầm"})
    assert "Ghi nhầm" in text(client.get(reverse("equipment:gift", args=[gift.pk])))


def test_the_life_of_a_machine_on_its_page(world: World, client_of: ClientOf) -> None:
    item, client = world.machine(world.cast.tan_cuong), client_of(world.cast.enterer)
    client.post(
        reverse("equipment:event-add", args=[item.pk]), {"kind": "broken", "on": "12/05/2026", "note": "cháy nguồn"}
    )
    page = text(client.get(reverse("equipment:item", args=[item.pk])))
    assert "từ ngày 12/05/2026" in page
    assert "hỏng từ" not in page  # the badge beside it says “Hỏng”
    assert "cháy nguồn" in page
    event = ItemEvent.objects.get(kind="broken")
    client.post(reverse("equipment:event-cancel", args=[item.pk, event.pk]), {"reason": "Nhầm máy"})
    item.refresh_from_db()
    assert item.condition == Condition.GOOD
    officer = client_of(world.cast.officer)
    officer.post(reverse("equipment:transfer", args=[item.pk]), {"to": world.cast.dai_phuc.pk, "on": "15/11/2026"})
    item.refresh_from_db()
    assert item.unit == world.cast.dai_phuc
    assert client.get(reverse("equipment:item", args=[item.pk])).status_code == 404


def test_a_refusal_and_a_cancelled_allotment_on_pages(world: World, client_of: ClientOf) -> None:
    handover = world.handed(world.cast.tan_cuong)
    client_of(world.cast.signer).post(reverse("equipment:refuse", args=[handover.pk]), {"reason": "Máy vỡ"})
    officer = client_of(world.cast.officer)
    assert "Bên nhận từ chối: Máy vỡ" in text(officer.get(reverse("equipment:handover", args=[handover.pk])))
    allotment = Allotment.objects.get()
    officer.post(reverse("equipment:allotment-cancel", args=[allotment.pk]), {"reason": "Xã không cần"})
    allotment.refresh_from_db()
    assert allotment.state == AllotmentState.CANCELLED


def test_the_unit_page_has_the_section(world: World, client_of: ClientOf) -> None:
    unit: Unit = world.cast.tan_cuong
    world.machine(unit, ram_gb=2)
    world.handed(unit)
    page = text(client_of(world.cast.enterer).get(reverse("units:section", args=[unit.pk, "may-moc"])))
    assert "RAM 2 GB &lt; 4 GB" in page
    assert "Xác nhận đã nhận 1 máy" in page
    leader = text(client_of(world.cast.leader).get(reverse("units:section", args=[unit.pk, "may-moc"])))
    assert "Xác nhận đã nhận 1 máy" not in leader
