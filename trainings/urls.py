from __future__ import annotations

from django.urls import path

from trainings.views import trainings

app_name = "trainings"
urlpatterns = [
    path("", trainings.TrainingList.as_view(), name="list"),
    path("them/", trainings.Add.as_view(), name="add"),
    path("<int:pk>/", trainings.detail, name="detail"),
    path("<int:pk>/sua/", trainings.Edit.as_view(), name="edit"),
    path("<int:pk>/huy/", trainings.Cancel.as_view(), name="cancel"),
]
