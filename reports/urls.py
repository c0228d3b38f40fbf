from __future__ import annotations

from django.urls import include, path

from reports import picture_views, views
from reports.ahead import views as ahead
from reports.explaining import views as explaining
from reports.league import views as league

app_name = "reports"
urlpatterns = [
    path("", views.dashboard_home, name="dashboard-home"),
    path("<int:pk>/", views.unit_dashboard, name="dashboard"),
    path("<int:pk>/chi-so/<int:indicator_pk>/", views.indicator, name="indicator"),
    path("<int:pk>/chi-so/<int:indicator_pk>/khi-nao/", ahead.Ahead.as_view(), name="ahead"),
    path("<int:pk>/chi-so/<int:indicator_pk>/vi-sao/", explaining.why, name="why"),
    path("<int:pk>/chi-so/<int:indicator_pk>/xep-hang/", league.League.as_view(), name="league"),
    path("<int:pk>/chi-so/<int:indicator_pk>/tung-don-vi/", picture_views.multiples, name="multiples"),
    path("<int:pk>/chi-so/<int:indicator_pk>/hinh/<slug:kind>.svg", picture_views.file, name="picture"),
    path("<int:pk>/so-lieu/<int:measure_pk>/<int:period>/", views.figure, name="figure"),
    path("kham-pha/", include("reports.exploring.urls")),
]
