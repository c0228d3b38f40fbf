"""Addresses of the cross table and its saved views, within those of the reports."""

from __future__ import annotations

from django.urls import path

from reports.exploring import views

urlpatterns = [
    path("", views.explore, name="explore"),
    path("luu/", views.SaveView.as_view(), name="save-view"),
    path("da-luu/", views.SavedViews.as_view(), name="saved-views"),
    path("da-luu/<int:pk>/", views.open_view, name="saved-view"),
    path("da-luu/<int:pk>/sua/", views.ChangeView.as_view(), name="change-view"),
    path("da-luu/<int:pk>/xoa/", views.DropView.as_view(), name="drop-view"),
]
