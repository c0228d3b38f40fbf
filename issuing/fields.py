"""The fields that a template may name: what each one means, and values to try a template with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """`parts`: what stands inside each entry of a list."""

    name: str
    meaning: str | Promise
    parts: tuple[Field, ...] = ()
    is_list: bool = False


_ROW = (
    Field("stt", _("number in the report")),
    Field("ma", _("code of the indicator")),
    Field("ten", _("name and unit of measure")),
    Field("ket_qua", _("result")),
    Field("phan_so", _("numerator/denominator of a percentage")),
    Field("trong_ky", _("what the period added")),
    Field("cung_ky", _("same period last year")),
    Field("tang_giam", _("difference to the same period last year")),
    Field("ke_hoach", _("target and its month")),
    Field("dat", _("percent of the target")),
    Field("trang_thai", _("standing against the path to the target")),
    Field("do_day_du", _("units with a value, of all that should have one")),
)
_PARAGRAPH = (Field("noi_dung", _("the paragraph")), Field("de_muc", _("whether it is a numbered heading")))

FIELDS = (
    Field("co_quan_chu_quan", _("parent body, in capitals")),
    Field("co_quan_ban_hanh", _("issuing body, in capitals")),
    Field("ten_don_vi", _("full name of the unit")),
    Field("so_ky_hieu", _("number and mark; the number is blank until the report is issued")),
    Field("dia_danh_ngay", _("place and day; the day is blank until the report is issued")),
    Field("trich_yeu", _("subject line")),
    Field("kinh_gui", _("addressees"), is_list=True),
    Field("chuong_trinh", _("name of the programme")),
    Field("ky_bao_cao", _("period of the report")),
    Field("ngay_so_lieu", _("day of the figures")),
    Field("mo_dau", _("opening paragraphs"), is_list=True),
    Field("tinh_hinh", _("how complete the figures are, sentence by sentence"), is_list=True),
    Field(
        "tru_cot",
        _("pillars with their indicators"),
        (Field("chu", _("letter a, b, c…")), Field("ten", _("name")), Field("chi_so", _("indicators"), _ROW, True)),
        is_list=True,
    ),
    Field("chi_so", _("all indicators in one list"), _ROW, is_list=True),
    Field("danh_gia", _("assessment"), _PARAGRAPH, is_list=True),
    Field(
        "cac_phan",
        _("difficulties, tasks ahead, proposals: the parts that were written"),
        (
            Field("so", _("Roman number, from II on")),
            Field("tieu_de", _("heading")),
            Field("doan", _("paragraphs"), _PARAGRAPH, True),
        ),
        is_list=True,
    ),
    Field("ket", _("closing sentence with the end mark")),
    Field("chuc_vu_ky", _("lines above the signature"), is_list=True),
    Field("nguoi_ky", _("full name of the signer")),
    Field("noi_nhan", _("recipients, with their signs"), is_list=True),
    Field("ten_phu_luc_1", _("name of the first annex")),
    Field("ten_phu_luc_2", _("name of the second annex")),
    Field("kem_theo", _("the line under the title of an annex")),
    Field("co_phu_luc_2", _("whether there are units below, and so a second annex")),
    Field(
        "cac_bieu",
        _("tables of the second annex: units in rows, indicators in columns"),
        (
            Field("so", _("number")),
            Field("chi_so", _("headings of the columns"), is_list=True),
            Field(
                "don_vi",
                _("rows"),
                (Field("stt", _("number")), Field("ten", _("unit")), Field("gia_tri", _("values"), is_list=True)),
                is_list=True,
            ),
        ),
        is_list=True,
    ),
    Field("chan_trang", _("footer: number and moment of the snapshot")),
)

_SAMPLE_ROWS = [
    {
        "stt": 1, "ma": "ORG-05", "ten": "Cơ sở Hội có máy tính dùng tốt", "ket_qua": "97,5%", "phan_so": "310/318",
        "trong_ky": "–", "cung_ky": "47,8%", "tang_giam": "+49,7 điểm", "ke_hoach": "100% (12/2026)",
        "dat": "97,5%", "trang_thai": "Đúng tiến độ", "do_day_du": "318/318",
    },
    {
        "stt": 2, "ma": "TR-01", "ten": "Lượt người được tập huấn (lượt người)", "ket_qua": "12.450", "phan_so": "–",
        "trong_ky": "1.204", "cung_ky": "9.800", "tang_giam": "+2.650 (+27%)",
        "ke_hoach": "15.000 (12/2026)", "dat": "83%", "trang_thai": "Có nguy cơ",
        "do_day_du": "88/92 (3 lấy số kỳ trước)",
    },
]  # fmt: skip
_SAMPLE_TEXT = [
    {"noi_dung": "1. Kết quả nổi bật", "de_muc": True},
    {"noi_dung": "Các cấp Hội đã triển khai đồng bộ các nhiệm vụ chuyển đổi số.", "de_muc": False},
]

SAMPLE: dict[str, Any] = {
    "co_quan_chu_quan": "HỘI LIÊN HIỆP PHỤ NỮ TỈNH THÁI NGUYÊN",
    "co_quan_ban_hanh": "BAN THƯỜNG VỤ",
    "ten_don_vi": "Hội Liên hiệp Phụ nữ tỉnh Thái Nguyên",
    "so_ky_hieu": "Số: 05/BC-BTV",
    "dia_danh_ngay": "Thái Nguyên, ngày 05 tháng 10 năm 2026",
    "trich_yeu": "Kết quả thực hiện Kế hoạch chuyển đổi số quý III năm 2026",
    "kinh_gui": ["Đoàn Chủ tịch Trung ương Hội Liên hiệp Phụ nữ Việt Nam", "Ban Thường vụ Tỉnh ủy"],
    "chuong_trinh": "Kế hoạch chuyển đổi số trong hệ thống Hội",
    "ky_bao_cao": "quý III năm 2026",
    "ngay_so_lieu": "30/09/2026",
    "mo_dau": [
        "Thực hiện Kế hoạch chuyển đổi số trong hệ thống Hội, Hội Liên hiệp Phụ nữ tỉnh Thái Nguyên báo cáo kết quả "
        "quý III năm 2026 (số liệu tính đến ngày 30/09/2026) như sau:"
    ],
    "tinh_hinh": ["1/2 chỉ số do đơn vị báo cáo có đủ số liệu của 92 đơn vị."],
    "tru_cot": [
        {"chu": "a", "ten": "Chuyển đổi số trong Hội", "chi_so": _SAMPLE_ROWS[:1]},
        {"chu": "b", "ten": "Kỹ năng số", "chi_so": _SAMPLE_ROWS[1:]},
    ],
    "chi_so": _SAMPLE_ROWS,
    "danh_gia": _SAMPLE_TEXT,
    "cac_phan": [
        {"so": "II", "tieu_de": "KHÓ KHĂN, VƯỚNG MẮC", "doan": _SAMPLE_TEXT},
        {"so": "III", "tieu_de": "ĐỀ XUẤT, KIẾN NGHỊ", "doan": _SAMPLE_TEXT[1:]},
    ],
    "ket": "Trên đây là báo cáo kết quả của Hội Liên hiệp Phụ nữ tỉnh Thái Nguyên./.",
    "chuc_vu_ky": ["TM. BAN THƯỜNG VỤ", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
    "nguoi_ky": "Nguyễn Thị Hoa",
    "noi_nhan": ["- Như trên;", "- Lưu: VT, BCTPN."],
    "ten_phu_luc_1": "Phụ lục I",
    "ten_phu_luc_2": "Phụ lục II",
    "kem_theo": "(Kèm theo Báo cáo số 05/BC-BTV ngày 05 tháng 10 năm 2026 của Hội Liên hiệp Phụ nữ tỉnh Thái Nguyên)",
    "co_phu_luc_2": True,
    "cac_bieu": [
        {
            "so": 1,
            "chi_so": ["Cơ sở Hội có máy tính dùng tốt (%)", "Lượt người được tập huấn (lượt người)"],
            "don_vi": [
                {"stt": 1, "ten": "Xã Tân Cương", "gia_tri": ["100", "320"]},
                {"stt": 2, "ten": "Phường Phan Đình Phùng", "gia_tri": ["–", "1.204"]},
            ],
        }
    ],
    "chan_trang": "Số liệu chụp lần 1, lúc 08:30 01/10/2026; tính đến ngày 30/09/2026; theo đơn vị hiện nay. "
    "Cổng theo dõi chuyển đổi số.",
}
