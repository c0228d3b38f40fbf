from django.urls import path, register_converter

from imports import views


class FileConverter:
    """Which file of an import: as it was sent, or with its errors marked."""

    regex = "goc|loi"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileConverter, "import_file")

app_name = "imports"
urlpatterns = [
    path("", views.ImportList.as_view(), name="list"),
    path("lan/<int:pk>/", views.detail, name="detail"),
    path("lan/<int:pk>/chon-don-vi/", views.Answer.as_view(), name="answer"),
    path("lan/<int:pk>/xac-nhan/", views.Confirm.as_view(), name="confirm"),
    path("lan/<int:pk>/hoan-tac/", views.Undo.as_view(), name="undo"),
    path("lan/<int:pk>/tep-<import_file:which>/", views.download, name="file"),
    path("<slug:kind>/", views.Start.as_view(), name="start"),
    path("<slug:kind>/bieu-mau/", views.blank, name="blank"),
]
