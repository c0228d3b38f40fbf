from __future__ import annotations

from django.urls import path

from trainings.views import persons, trainees, trainings

app_name = "trainings"
urlpatterns = [
    path("", trainings.TrainingList.as_view(), name="list"),
    path("them/", trainings.Add.as_view(), name="add"),
    path("so-nguoi/", persons.overview, name="persons"),
    path("<int:pk>/", trainings.detail, name="detail"),
    path("<int:pk>/sua/", trainings.Edit.as_view(), name="edit"),
    path("<int:pk>/huy/", trainings.Cancel.as_view(), name="cancel"),
    # who attended
    path("<int:pk>/so-nao-tinh/", trainees.Counts.as_view(), name="counts"),
    path("<int:pk>/hoc-vien/", trainees.TraineeList.as_view(), name="trainees"),
    path("<int:pk>/hoc-vien/them/", trainees.Add.as_view(), name="trainees-add"),
    path("<int:pk>/hoc-vien/nhap-excel/", trainees.ListImport.as_view(), name="list-import"),
    path("<int:pk>/hoc-vien/bieu-mau/", trainees.blank, name="list-blank"),
    path("<int:pk>/hoc-vien/giay-chung-nhan/", trainees.Certificates.as_view(), name="certificates"),
    path("<int:pk>/hoc-vien/xoa-ten/", trainees.Erase.as_view(), name="erase-names"),
    path("<int:pk>/hoc-vien/<int:trainee>/", trainees.Edit.as_view(), name="trainee"),
    path("<int:pk>/hoc-vien/<int:trainee>/bo/", trainees.Remove.as_view(), name="trainee-remove"),
]
