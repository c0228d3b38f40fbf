from __future__ import annotations

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobList.as_view(), name="list"),
    path("tat-ca/", views.Ledger.as_view(), name="ledger"),
    path("<int:pk>/thu-lai/", views.Retry.as_view(), name="retry"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/tep/", views.download, name="download"),
]
