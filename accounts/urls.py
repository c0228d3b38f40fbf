from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("cua-toi/", views.Profile.as_view(), name="profile"),
    path("lien-ket/<str:secret>/", views.FirstPassword.as_view(), name="first-password"),
]
