"""The addresses of those who keep forms, periods, permits and holidays."""

from __future__ import annotations

from django.urls import path

from submissions.views import drafts, forms, frames, holidays, periods, trials, versions

DRAFT = "bieu-mau/<int:pk>/soan/"

urlpatterns = [
    path("bieu-mau/", forms.FormList.as_view(), name="forms"),
    path("bieu-mau/them/", frames.Create.as_view(), name="form-create"),
    path("bieu-mau/them/xem-lich/", frames.CreatePreview.as_view(), name="form-create-preview"),
    path("bieu-mau/<int:pk>/", forms.form, name="form"),
    path("bieu-mau/<int:pk>/sua/", frames.Edit.as_view(), name="form-edit"),
    path("bieu-mau/<int:pk>/sua/xem-lich/", frames.EditPreview.as_view(), name="form-edit-preview"),
    path("bieu-mau/<int:pk>/pham-vi/", frames.Scope.as_view(), name="form-scope"),
    path("bieu-mau/<int:pk>/don-vi/", forms.Owing.as_view(), name="form-units"),
    path("bieu-mau/<int:pk>/mo-ky/", periods.OpenAdhoc.as_view(), name="period-open"),
    path("bieu-mau/phien-ban/<int:pk>/", versions.version, name="version"),
    path("bieu-mau/phien-ban/<int:pk>/thu/", trials.trial, name="trial"),
    path(DRAFT, drafts.draft, name="draft"),
    path(f"{DRAFT}bat-dau/", drafts.Start.as_view(), name="draft-start"),
    path(f"{DRAFT}bo/", drafts.Discard.as_view(), name="draft-discard"),
    path(f"{DRAFT}phat-hanh/", versions.Publish.as_view(), name="publish"),
    path(f"{DRAFT}phan/them/", drafts.SectionAdd.as_view(), name="section-add"),
    path(f"{DRAFT}phan/<int:section>/sua/", drafts.SectionEdit.as_view(), name="section-edit"),
    path(f"{DRAFT}phan/<int:section>/bo/", drafts.SectionRemove.as_view(), name="section-remove"),
    path(f"{DRAFT}phan/<int:section>/chuyen/", drafts.SectionMove.as_view(), name="section-move"),
    path(f"{DRAFT}phan/<int:section>/dong/them/", drafts.LinesAdd.as_view(), name="lines-add"),
    path(f"{DRAFT}dong/<int:line>/sua/", drafts.LineEdit.as_view(), name="line-edit"),
    path(f"{DRAFT}dong/<int:line>/bo/", drafts.LineRemove.as_view(), name="line-remove"),
    path(f"{DRAFT}dong/<int:line>/chuyen/", drafts.LineMove.as_view(), name="line-move"),
    path(f"{DRAFT}quy-tac/so-sanh/", drafts.CompareAdd.as_view(), name="compare-add"),
    path(f"{DRAFT}quy-tac/bien-dong/", drafts.ChangeAdd.as_view(), name="change-add"),
    path(f"{DRAFT}quy-tac/<int:rule>/sua/", drafts.RuleEdit.as_view(), name="rule-edit"),
    path(f"{DRAFT}quy-tac/<int:rule>/bo/", drafts.RuleRemove.as_view(), name="rule-remove"),
    path(f"{DRAFT}quy-tac/<int:rule>/chuyen/", drafts.RuleMove.as_view(), name="rule-move"),
    path("cac-ky/", periods.PeriodList.as_view(), name="periods"),
    path("cac-ky/<int:pk>/", periods.PeriodEdit.as_view(), name="period-edit"),
    path("cho-nop-muon/", periods.PermitList.as_view(), name="permits"),
    path("cho-nop-muon/them/", periods.PermitGive.as_view(), name="permit-give"),
    path("cho-nop-muon/<int:pk>/rut/", periods.PermitWithdraw.as_view(), name="permit-withdraw"),
    path("ngay-nghi/", holidays.HolidayList.as_view(), name="holidays"),
    path("ngay-nghi/them/", holidays.HolidayAdd.as_view(), name="holiday-add"),
    path("ngay-nghi/<int:pk>/bo/", holidays.HolidayRemove.as_view(), name="holiday-remove"),
]
