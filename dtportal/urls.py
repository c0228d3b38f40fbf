"""The addresses of the portal: a table of contents."""

from __future__ import annotations

from django.urls import include, path

from reports.views import home
from units.adminsite import site

urlpatterns = [
    path("", home, name="home"),
    path("tong-quan/", include("reports.urls")),
    path("tai-khoan/", include("accounts.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", site.urls),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("chuong-trinh/", include("programmes.urls")),
    path("viec-nen/", include("jobs.urls")),
    path("don-vi/", include("units.urls")),
    path("nhap-excel/", include("imports.urls")),
    path("nha-tai-tro/", include("sponsors.urls")),
    path("thiet-bi/", include("equipment.urls")),
    path("tap-huan/", include("trainings.urls")),
    path("so-lieu/", include("submissions.urls")),
    path("bao-cao/phat-hanh/", include("issuing.urls")),
]
