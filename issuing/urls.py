from __future__ import annotations

from django.urls import path

from issuing.views import reports, steps, templates

app_name = "issuing"
urlpatterns = [
    path("", reports.ReportList.as_view(), name="list"),
    path("them/", steps.ReportAdd.as_view(), name="add"),
    path("mau/", templates.TemplateList.as_view(), name="templates"),
    path("mau/them/", templates.TemplateAdd.as_view(), name="template-add"),
    path("mau/chuan/", templates.standard, name="template-standard"),
    path("mau/truong/", templates.fields, name="template-fields"),
    path("mau/<int:pk>/tep/", templates.stored, name="template-file"),
    path("mau/<int:pk>/thu/", templates.trial, name="template-trial"),
    path("mau/<int:pk>/bo/", templates.TemplateRetire.as_view(), name="template-retire"),
    path("<int:pk>/", reports.detail, name="detail"),
    path("<int:pk>/loi-van/", steps.ReportText.as_view(), name="text"),
    path("<int:pk>/so-lieu/", steps.ReportFigures.as_view(), name="figures"),
    path("<int:pk>/tao-tep/", steps.ReportFiles.as_view(), name="make"),
    path("<int:pk>/phat-hanh/", steps.ReportIssue.as_view(), name="issue"),
    path("<int:pk>/thu-hoi/", steps.ReportWithdraw.as_view(), name="withdraw"),
    path("<int:pk>/thay-the/", steps.ReportReplace.as_view(), name="replace"),
    path("<int:pk>/xoa/", steps.ReportDiscard.as_view(), name="discard"),
    path("<int:pk>/tep/<int:file>/", reports.file, name="file"),
]
