from __future__ import annotations

from django.urls import path, register_converter

from submissions import views
from submissions.converters import MonthConverter

register_converter(MonthConverter, "month")

app_name = "submissions"
urlpatterns = [
    path("", views.home, name="home"),
    path("duyet/", views.review, name="review"),
    path("duyet/chap-nhan/", views.Accept.as_view(), name="accept"),
    path("duyet/<int:pk>/", views.ReviewOne.as_view(), name="review_one"),
    path("duyet/<int:pk>/tra-lai/", views.Return.as_view(), name="return"),
    path("<int:unit>/<month:month>/", views.UnitGrid.as_view(), name="grid"),
    path("<int:unit>/<month:month>/luu/", views.SaveUnitGrid.as_view(), name="save"),
    path("<int:unit>/<month:month>/gui/", views.SendUnitGrid.as_view(), name="send"),
    path("<int:unit>/<month:month>/mo-lai/", views.Reopen.as_view(), name="reopen"),
    path("<int:unit>/<month:month>/bang/", views.Province.as_view(), name="province"),
    path("<int:unit>/<month:month>/bang/luu/", views.SaveProvince.as_view(), name="province_save"),
    path("<int:unit>/<month:month>/bang/gui/", views.SendProvince.as_view(), name="province_send"),
]
