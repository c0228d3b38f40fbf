from __future__ import annotations

from django.urls import path

from trainings import views

app_name = "trainings"
urlpatterns = [
    path("", views.TrainingList.as_view(), name="list"),
    path("them/", views.Add.as_view(), name="add"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/sua/", views.Edit.as_view(), name="edit"),
    path("<int:pk>/huy/", views.Cancel.as_view(), name="cancel"),
]
