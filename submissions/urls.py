from __future__ import annotations

from django.urls import path

from submissions import views

app_name = "submissions"
urlpatterns = [
    path("", views.home, name="home"),
    path("duyet/", views.review, name="review"),
    path("duyet/chap-nhan/", views.Accept.as_view(), name="accept"),
    path("duyet/<int:pk>/", views.ReviewOne.as_view(), name="review_one"),
    path("duyet/<int:pk>/tra-lai/", views.Return.as_view(), name="return"),
    path("ky/<int:period>/<int:unit>/", views.UnitGrid.as_view(), name="grid"),
    path("ky/<int:period>/<int:unit>/luu/", views.SaveUnitGrid.as_view(), name="save"),
    path("ky/<int:period>/<int:unit>/gui/", views.SendUnitGrid.as_view(), name="send"),
    path("ky/<int:period>/<int:unit>/ky-ten/", views.Sign.as_view(), name="sign"),
    path("ky/<int:period>/<int:unit>/giao-lai/", views.GiveBack.as_view(), name="give_back"),
    path("ky/<int:period>/<int:unit>/rut-lai/", views.TakeBack.as_view(), name="take_back"),
    path("ky/<int:period>/<int:unit>/mo-lai/", views.Reopen.as_view(), name="reopen"),
    path("ky/<int:period>/<int:unit>/bang/", views.Province.as_view(), name="province"),
    path("ky/<int:period>/<int:unit>/bang/luu/", views.SaveProvince.as_view(), name="province_save"),
    path("ky/<int:period>/<int:unit>/bang/gui/", views.SendProvince.as_view(), name="province_send"),
]
