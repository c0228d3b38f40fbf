from __future__ import annotations

from django.urls import include, path

from submissions import views

app_name = "submissions"
urlpatterns = [
    path("", views.home, name="home"),
    path("", include("submissions.keeping_urls")),
    path("tien-do/", views.completeness, name="completeness"),
    path("tien-do/don-vi/", views.Standings.as_view(), name="standings"),
    path("tien-do/chua-gui/", views.Lagging.as_view(), name="lagging"),
    path("tien-do/nhat-ky-nhac/", views.NoticeLog.as_view(), name="notice_log"),
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-doc/", views.ReadAll.as_view(), name="read_notices"),
    path("thong-bao/<int:pk>/", views.OpenNotice.as_view(), name="open_notice"),
    path("thong-bao/thu/", views.OwnPace.as_view(), name="mail_pace"),
    path("thong-bao/thu/<str:token>/", views.PaceByLink.as_view(), name="mail_link"),
    path("duyet/", views.review, name="review"),
    path("duyet/chap-nhan/", views.Accept.as_view(), name="accept"),
    path("duyet/<int:pk>/", views.ReviewOne.as_view(), name="review_one"),
    path("duyet/<int:pk>/tra-lai/", views.Return.as_view(), name="return"),
    path("ky/<int:period>/<int:unit>/", views.UnitGrid.as_view(), name="grid"),
    path("ky/<int:period>/<int:unit>/nhac/", views.Remind.as_view(), name="remind"),
    path("ky/<int:period>/<int:unit>/luu/", views.SaveUnitGrid.as_view(), name="save"),
    path("ky/<int:period>/<int:unit>/luu-va-xem/", views.SaveAndCheck.as_view(), name="save_and_check"),
    path("ky/<int:period>/<int:unit>/khong-thay-doi/", views.Unchanged.as_view(), name="unchanged"),
    path("ky/<int:period>/<int:unit>/o/", views.Cells.as_view(), name="cells"),
    path("ky/<int:period>/<int:unit>/o/<int:measure>/", views.CellStory.as_view(), name="cell"),
    path("ky/<int:period>/<int:unit>/excel/", views.UnitExcel.as_view(), name="excel"),
    path("ky/<int:period>/<int:unit>/excel/bieu-mau/", views.unit_form, name="excel_form"),
    path("ky/<int:period>/<int:unit>/xem-lai/", views.Check.as_view(), name="check"),
    path("ky/<int:period>/<int:unit>/gui/", views.Send.as_view(), name="send"),
    path("ky/<int:period>/<int:unit>/ky-ten/", views.Sign.as_view(), name="sign"),
    path("ky/<int:period>/<int:unit>/giao-lai/", views.GiveBack.as_view(), name="give_back"),
    path("ky/<int:period>/<int:unit>/rut-lai/", views.TakeBack.as_view(), name="take_back"),
    path("ky/<int:period>/<int:unit>/mo-lai/", views.Reopen.as_view(), name="reopen"),
    path("ky/<int:period>/<int:unit>/bang/", views.Province.as_view(), name="province"),
    path("ky/<int:period>/<int:unit>/bang/excel/", views.ProvinceExcel.as_view(), name="province_excel"),
    path("ky/<int:period>/<int:unit>/bang/excel/bieu-mau/", views.province_form, name="province_excel_form"),
    path("ky/<int:period>/<int:unit>/bang/luu/", views.SaveProvince.as_view(), name="province_save"),
    path("ky/<int:period>/<int:unit>/bang/gui/", views.SendProvince.as_view(), name="province_send"),
]
