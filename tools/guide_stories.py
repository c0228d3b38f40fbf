"""The stories that the user guide shows, each a walk of one person through the portal, with pictures on the way.

Pages are found by their links and labels, as a reader of the guide finds them. See tools/screenshots.py.
"""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import openpyxl
from playwright.sync_api import FilePayload, Locator, Page, expect

if TYPE_CHECKING:
    from pathlib import Path

    from screenshots import Studio

FIT = "Tỷ lệ đơn vị Hội có máy tính đáp ứng yêu cầu công việc"
COMMUNE = "Xã Tân Cương"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GIFT = "20 bộ máy tính để bàn năm 2026"
# A one-time link must not stand in a picture that everybody may open, not even one of a sample.
HIDE_SECRET = r"""main => {
  for (const field of main.querySelectorAll("input"))
    field.value = field.value.replace(/^http.*lien-ket.*$/, "https://…/tai-khoan/lien-ket/…/");
}"""
# The words of a file field are the browser's own, English where it lacks its Vietnamese pack.
FILE_FIELD = """field => {
  const drawn = document.createElement("p"), button = document.createElement("span");
  button.className = "btn btn-secondary btn-sm";
  button.textContent = "Chọn tệp";
  drawn.append(button, " Không có tệp");
  field.after(drawn);
  field.hidden = true;
}"""


def day(shift: int) -> str:
    """A day near today, as people type it."""
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    return (today + timedelta(days=shift)).strftime("%d/%m/%Y")


def menu(page: Page, *names: str) -> None:
    """Through the main menu, then through links of the pages that open."""
    page.get_by_role("navigation", name="Menu chính").get_by_role("link", name=names[0]).first.click()
    follow(page, *names[1:])


def follow(page: Page, *names: str) -> None:
    for name in names:
        page.get_by_role("main").get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def section(page: Page, title: str) -> Locator:
    return page.locator("section, .panel, details").filter(has=page.get_by_role("heading", name=title)).last


def unit_page(page: Page, name: str) -> None:
    """Through the search box at the top, as most people reach a unit."""
    box = page.get_by_role("searchbox", name="Tìm đơn vị").first
    box.fill(name)
    box.press("Enter")
    page.wait_for_url("**/tim/**")
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def month_form(page: Page) -> None:
    """The form of the month that waits, opened from the list of what to do."""
    follow(page, re.compile(r"^(Nhập|Gửi): "))


# --- everybody --------------------------------------------------------------------------------------------------
def everybody(studio: Studio) -> None:
    page = studio.visit()
    studio.picture(page, "dang-nhap", until=page.get_by_role("main"))
    page = studio.visit("canbo")
    box = page.get_by_role("searchbox", name="Tìm đơn vị").first
    box.fill("thinh duc")
    box.press("Enter")
    page.wait_for_url("**/tim/**")
    studio.picture(page, "tim-don-vi")


# --- reports that leave the portal ------------------------------------------------------------------------------
def letters(studio: Studio) -> None:
    page = studio.visit("canbo")
    menu(page, "Báo cáo phát hành", re.compile("quý III"))
    studio.picture(page, "bao-cao-phat-hanh", tall=1500)


# --- the leader -------------------------------------------------------------------------------------------------
def leader(studio: Studio) -> None:
    page = studio.visit("lanhdao")
    studio.picture(page, "tong-quan-tinh", until=section(page, "Hạ tầng, thiết bị"), tall=1600)
    studio.picture(page, "ban-do-tinh", since=section(page, FIT), until=section(page, FIT), tall=1100)
    follow(page, FIT)
    studio.picture(page, "chi-so", until=section(page, "Cần chú ý"), tall=1300)
    page.get_by_role("definition").first.get_by_role("link").click()
    page.wait_for_load_state()
    studio.picture(page, "con-so", tall=760)
    menu(page, "Tổng quan", "Tỷ lệ cán bộ cấp xã có chữ ký số cá nhân")
    studio.picture(page, "xep-hang", since=page.locator(".two-col"), tall=640)
    follow(page, "Xu hướng từng đơn vị")
    studio.picture(page, "xu-huong-tung-don-vi", tall=900)
    menu(page, "Tổng quan", "Khám phá số liệu")
    studio.picture(page, "bang-cheo", tall=1500)
    menu(page, "Tổng quan", "Trình chiếu")
    follow(page, "Tiếp")
    expect(page.get_by_text(re.compile(r"^2/\d+$"))).to_be_visible()
    studio.picture(page, "trinh-chieu", tall=900)
    phone = studio.visit("lanhdao", phone=True)
    studio.picture(phone, "tong-quan-dien-thoai", tall=900)
    centre = studio.visit("trunguong")
    menu(centre, "Tổng quan")
    studio.picture(centre, "ban-do-toan-quoc", since=section(centre, FIT), until=section(centre, FIT))


def explaining(studio: Studio) -> None:
    """Why a number changed since before the gift, and when each commune gets there."""
    page = studio.visit("lanhdao")
    menu(page, "Tổng quan", FIT)
    follow(page, "Vì sao thay đổi so với tháng trước?")
    page.get_by_label("Từ tháng").fill("10/2023")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("^Mới đạt"))).to_be_visible()
    studio.picture(page, "vi-sao-thay-doi", tall=1300)
    menu(page, "Tổng quan", "Tỷ lệ cán bộ cấp xã có chữ ký số cá nhân")
    follow(page, "Khi nào từng đơn vị cấp dưới đạt chỉ tiêu")
    studio.picture(page, "khi-nao-dat", tall=900)
    menu(page, "Tổng quan", "Tỷ lệ cán bộ cấp xã có chữ ký số cá nhân")
    follow(page, "Bảng xếp hạng và thay đổi thứ hạng")
    studio.picture(page, "bang-xep-hang", tall=900)


# --- the commune ------------------------------------------------------------------------------------------------
def entering(studio: Studio) -> None:
    phone = studio.visit("nhaplieu", phone=True)
    studio.picture(phone, "viec-can-lam-xa")
    month_form(phone)
    studio.picture(phone, "nhap-so-lieu-dien-thoai", tall=900)
    page = studio.visit("nhaplieu")
    month_form(page)
    fill = {"Tổng số chi hội": "46", "Tổng số hội viên": "3521", "Hội viên dân tộc thiểu số": "412"}
    for measure, number in fill.items():
        page.get_by_role("textbox", name=measure, exact=True).fill(number)
    studio.picture(page, "nhap-so-lieu", tall=900)
    signatures = "Cán bộ Hội cấp xã có chữ ký số cá nhân"
    page.get_by_role("textbox", name=signatures, exact=True).fill("12")
    page.get_by_role("textbox", name="Tổng số cán bộ Hội cấp xã", exact=True).fill("9")
    page.get_by_role("button", name="Lưu nháp").click()
    wrong = page.locator("tr.row-error").first
    expect(wrong).to_be_visible()
    studio.picture(page, "nhap-so-lieu-loi", since=wrong.locator("xpath=preceding-sibling::tr[3]"), tall=380)
    page.get_by_role("textbox", name=signatures, exact=True).fill("5")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator("tr.row-error:not(.row-warning)")).to_have_count(0)
    expect(page.locator(".save-state")).to_contain_text("Đã lưu")


def signing(studio: Studio) -> None:
    phone = studio.visit("chutich", phone=True)
    studio.picture(phone, "viec-can-lam-ky")
    page = studio.visit("chutich")
    month_form(page)
    studio.picture(page, "ky-bao-cao", tall=760)
    page.get_by_role("link", name="Xem lại và gửi").click()
    studio.picture(page, "xem-lai-va-gui", tall=760)
    page.get_by_label(re.compile("số để trống")).check()
    page.get_by_role("button", name="Gửi báo cáo").click()
    page.wait_for_load_state()
    studio.picture(page, "da-gui", tall=560)


def training(studio: Studio) -> None:
    phone = studio.visit("nhaplieu", phone=True)
    phone.get_by_text("Menu", exact=True).click()
    studio.picture(phone, "menu-dien-thoai", until=phone.locator(".menu-phone .drop-panel"), tall=800)
    page = studio.visit("nhaplieu")
    menu(page, "Tập huấn", "Ghi lớp tập huấn")
    page.get_by_label("Tên lớp hoặc sự kiện").fill("Kỹ năng nhận biết lừa đảo trên mạng")
    page.get_by_label("Chủ đề").select_option("An toàn trên mạng")
    page.get_by_label("Ngày bắt đầu").fill(day(-2))
    page.get_by_label("Trạng thái").select_option("Đã tổ chức")
    numbers = {"Tổng số lượt": "60", "Nữ": "58", "Dân tộc thiểu số": "9", "Cán bộ Hội": "6", "Hội viên": "52"}
    for label, number in numbers.items():
        page.get_by_label(label, exact=True).fill(number)
    studio.picture(page, "ghi-lop-tap-huan")
    press(page, "Lưu")
    studio.picture(page, "lop-tap-huan", tall=640)


def trainees(studio: Studio) -> None:
    """The list of a class: lines on a phone, numbers that differ, persons of the province."""
    phone = studio.visit("nhaplieu", phone=True)
    phone.goto("/tap-huan/?q=tro+ly+ao")
    follow(phone, "Dùng trợ lý ảo soạn văn bản")
    follow(phone, "Thêm học viên")
    phone.get_by_label(re.compile("^Họ và tên, dòng 1")).fill("Nguyễn Thị Mẫu Hoa")
    phone.get_by_label(re.compile("^Năm sinh, dòng 1")).fill("1985")
    studio.picture(phone, "nhap-hoc-vien", tall=1100)
    page = studio.visit("nhaplieu")
    page.goto("/tap-huan/?q=tro+ly+ao")
    follow(page, "Dùng trợ lý ảo soạn văn bản")
    follow(page, "Chọn số được tính")
    studio.picture(page, "so-nao-tinh")
    leader = studio.visit("lanhdao")
    leader.goto("/tap-huan/so-nguoi/")
    studio.picture(leader, "so-nguoi", tall=900)


def receiving(studio: Studio) -> None:
    page = studio.visit("nhaplieu")
    menu(page, "Thiết bị", "Đơn vị tôi")
    studio.picture(page, "may-cua-don-vi", tall=900)
    follow(page, "Ghi diễn biến")
    studio.picture(page, "ghi-dien-bien")
    menu(page, "Thiết bị", "Đơn vị tôi", "Đăng ký thiết bị")
    studio.picture(page, "dang-ky-thiet-bi", tall=1000)
    phone = studio.visit("nhaplieu", phone=True)
    follow(phone, "Xác nhận đã nhận")
    phone.get_by_label("Số sê-ri").fill("SC26-0001")
    phone.get_by_label("Biên bản đã ký").evaluate(FILE_FIELD)
    studio.picture(phone, "xac-nhan-da-nhan")
    press(phone, "Xác nhận đã nhận")
    studio.picture(phone, "da-nhan-may", tall=900)


# --- the officer of the province --------------------------------------------------------------------------------
def reviewing(studio: Studio) -> None:
    page = studio.visit("canbo")
    studio.picture(page, "viec-can-lam-tinh", tall=1150)
    menu(page, "Nhập số liệu")
    studio.picture(page, "ai-chua-bao-cao", tall=900)
    follow(page, "Nhập cho nhiều đơn vị")
    studio.picture(page, "bang-nhieu-don-vi", tall=760)
    menu(page, "Nhập số liệu", "Xem và duyệt")
    studio.picture(page, "bao-cao-cho-duyet")
    warned = page.locator("section, .panel").filter(has=page.get_by_role("heading", name="Có số liệu bất thường")).last
    warned.get_by_role("link", name="Xem").first.click()
    page.wait_for_load_state()
    studio.picture(page, "xem-bao-cao")
    menu(page, "Nhập số liệu", "Xem và duyệt")
    page.get_by_role("row", name=COMMUNE).get_by_role("link", name="Xem").click()
    follow(page, "Trả lại")
    reason = "Ô “Hội viên dân tộc thiểu số”: tháng trước chưa có số này. Đề nghị đối chiếu lại với sổ hội viên."
    page.get_by_label("Vì sao trả lại báo cáo?").fill(reason)
    studio.picture(page, "tra-lai-bao-cao")
    press(page, "Trả lại")
    phone = studio.visit("nhaplieu", phone=True)
    follow(phone, re.compile("^Bị trả lại"))
    studio.picture(phone, "bi-tra-lai", tall=620)


def spreadsheets(studio: Studio) -> None:
    """A file with the reports of two communes, filled in as in Excel, up to the preview."""
    page = studio.visit("canbo")
    menu(page, "Nhập số liệu")
    page.get_by_role("row", name="Nhập cho nhiều đơn vị").get_by_role("link", name="Bằng Excel").click()
    with page.expect_download() as started:
        follow(page, "Tải biểu mẫu")
    page.get_by_label("Tệp Excel (.xlsx)").set_input_files(filled_in(started.value.path()))
    press(page, "Kiểm tra tệp")
    expect(page.get_by_role("button", name=re.compile("^Xác nhận"))).to_be_visible(timeout=60_000)
    studio.picture(page, "nhap-bao-cao-excel", tall=900)


def filled_in(path: Path) -> FilePayload:
    """The form with numbers of the first two communes whose reports are open."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book.worksheets[0]
    members = next(cell.column for cell in sheet[6] if str(cell.value).startswith("Tổng số hội viên ("))
    rows = [
        cells[0].row for cells in sheet.iter_rows(min_row=7) if not sheet.cell(cells[0].row, members).protection.locked
    ]
    for row, number in zip(rows, ("9.150", "9.214"), strict=False):
        sheet.cell(row, members, number)
    content = io.BytesIO()
    book.save(content)
    return {"name": "bao-cao-cac-xa.xlsx", "mimeType": XLSX_TYPE, "buffer": content.getvalue()}


def giving(studio: Studio) -> None:
    page = studio.visit("canbo")
    menu(page, "Thiết bị", "Khoản tài trợ", GIFT)
    page.get_by_role("main").get_by_role("link", name="Công ty TNHH Công nghệ Sông Cầu").first.click()
    page.wait_for_load_state()
    studio.picture(page, "nha-tai-tro", tall=800)
    menu(page, "Thiết bị", "Khoản tài trợ", "Ghi khoản tài trợ")
    studio.picture(page, "ghi-khoan-tai-tro", tall=1000)
    menu(page, "Thiết bị")
    studio.picture(page, "con-thieu", tall=1000)
    follow(page, "Đề xuất phân bổ", "Đề xuất phân bổ")
    studio.picture(page, "de-xuat-phan-bo", tall=1000)
    press(page, "Xác nhận phân bổ")
    follow(page, "Lập biên bản bàn giao")
    page.get_by_label("Địa điểm bàn giao").fill("Trụ sở Hội LHPN tỉnh Thái Nguyên")
    studio.picture(page, "lap-bien-ban", tall=1500)
    press(page, "Lập biên bản")
    studio.picture(page, "khoan-tai-tro", tall=1000)
    follow(page, "Ghi nhận bàn giao")
    studio.picture(page, "ghi-nhan-ban-giao", tall=800)
    menu(page, "Thiết bị", "Bàn giao", "01/BB-BTV")
    studio.picture(page, "bien-ban", tall=800)
    follow(page, "In biên bản")
    studio.picture(page, "bien-ban-in", until=page.locator("body > *:visible").last)


def planning(studio: Studio) -> None:
    page = studio.visit("canbo")
    menu(page, "Chương trình", "Chương trình chuyển đổi số tỉnh Thái Nguyên")
    studio.picture(page, "chuong-trinh", tall=1000)
    follow(page, "Trang bị máy tính cho Hội LHPN cấp xã")
    page.get_by_label("Tiến độ (%)").fill("45")
    page.get_by_label("Việc đã làm").fill("Đã nhận cam kết 20 bộ máy tính; đang lập biên bản bàn giao cho 9 xã.")
    studio.picture(page, "bao-tien-do", tall=800)
    menu(page, "Chương trình", "Chuyển đổi số trong hoạt động Hội")
    page.get_by_role("row", name="Tỷ lệ cán bộ cấp xã có chữ ký số").get_by_role("link", name="100%").click()
    follow(page, "Giao xuống cấp dưới")
    studio.picture(page, "giao-chi-tieu", tall=700)


# --- the administrators -----------------------------------------------------------------------------------------
def administering(studio: Studio) -> None:
    page = studio.visit("quantri")
    menu(page, "Đơn vị")
    studio.picture(page, "don-vi", tall=700)
    follow(page, "Người dùng và phân quyền")
    studio.picture(page, "nguoi-dung", tall=760)
    unit_page(page, "Tỉnh Thái Nguyên")
    studio.picture(page, "ho-so-don-vi", tall=1000)
    follow(page, "Thêm đơn vị bên dưới")
    page.get_by_label("Tên", exact=True).fill("Hội Phụ nữ Công an tỉnh")
    page.get_by_label("Ngày thành lập").fill("01/07/2025")
    studio.picture(page, "them-don-vi")
    unit_page(page, "Tỉnh Thái Nguyên")
    follow(page, "Sửa danh bạ")
    studio.picture(page, "danh-ba", tall=700)
    unit_page(page, "Xã An Khánh")
    follow(page, "Mời người mới")
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Hạnh")
    page.get_by_label("Thư điện tử").fill("hanh.ankhanh@example.vn")
    page.get_by_label("Vai trò", exact=True).select_option("Người nhập số liệu")
    studio.picture(page, "moi-nguoi-moi", tall=1000)
    press(page, "Tạo tài khoản")
    page.locator("main").evaluate(HIDE_SECRET)
    studio.picture(page, "lien-ket")
    page.get_by_text("Trần Thị Quỳnh").first.click()
    page.get_by_role("link", name="Quản trị", exact=True).first.click()
    page.wait_for_load_state()
    studio.picture(page, "quan-tri", until=page.locator("#content-main"), tall=700)


def national(studio: Studio) -> None:
    page = studio.visit("trunguong")
    menu(page, "Thiết bị", "Danh mục")
    studio.picture(page, "danh-muc-thiet-bi", tall=900)
    menu(page, "Đơn vị", "Sắp xếp đơn vị", "Đề xuất sắp xếp đơn vị")
    page.get_by_label("Sáp nhập").check()
    page.get_by_label("Trong các đơn vị thuộc").select_option("Tỉnh Thái Nguyên")
    press(page, "Tiếp tục")
    for name in ("Xã La Bằng", "Xã Phú Lạc"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_label("Tên đơn vị mới").fill("Xã La Bằng")
    page.get_by_label("Ngày đầu theo sắp xếp mới").fill(day(40))
    page.get_by_label("Căn cứ pháp lý").fill("Nghị quyết sắp xếp (ví dụ)")
    press(page, "xem")
    studio.picture(page, "xem-truoc-sap-xep", tall=1000)


ALL = (
    everybody, leader, explaining, entering, signing, training, trainees, receiving, reviewing, spreadsheets, giving,
    planning, administering, national, letters,
)  # fmt: skip
