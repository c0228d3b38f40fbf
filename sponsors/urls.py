from django.urls import path

from sponsors import views

app_name = "sponsors"
urlpatterns = [
    path("", views.SponsorList.as_view(), name="list"),
    path("them/", views.SponsorAdd.as_view(), name="add"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/sua/", views.SponsorEdit.as_view(), name="edit"),
]
