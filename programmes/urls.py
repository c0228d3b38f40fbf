from __future__ import annotations

from django.urls import path

from programmes.views import catalogue, followed, programmes, targets, tasks

app_name = "programmes"
urlpatterns = [
    path("", programmes.ProgrammeList.as_view(), name="list"),
    path("them/", programmes.Create.as_view(), name="create"),
    path("<int:pk>/", programmes.detail, name="detail"),
    path("<int:pk>/sua/", programmes.Edit.as_view(), name="edit"),
    path("<int:pk>/tru-cot/them/", programmes.PillarCreate.as_view(), name="pillar-create"),
    path("tru-cot/<int:pk>/sua/", programmes.PillarEdit.as_view(), name="pillar-edit"),
    path("tru-cot/<int:pk>/xoa/", programmes.PillarRemove.as_view(), name="pillar-remove"),
    path("<int:pk>/chi-so/chon/", followed.Choose.as_view(), name="indicators-choose"),
    path("chi-so-theo-doi/<int:pk>/sua/", followed.Place.as_view(), name="followed-place"),
    path("chi-so-theo-doi/<int:pk>/bo/", followed.Drop.as_view(), name="followed-drop"),
    path("nhiem-vu/", tasks.TaskList.as_view(), name="tasks"),
    path("<int:pk>/nhiem-vu/them/", tasks.TaskCreate.as_view(), name="task-create"),
    path("nhiem-vu/<int:pk>/", tasks.TaskPage.as_view(), name="task"),
    path("nhiem-vu/<int:pk>/sua/", tasks.TaskEdit.as_view(), name="task-edit"),
    path("nhiem-vu/<int:pk>/xoa/", tasks.TaskRemove.as_view(), name="task-remove"),
    path("<int:pk>/chi-tieu/", targets.TargetList.as_view(), name="targets"),
    path("<int:pk>/chi-tieu/them/", targets.TargetCreate.as_view(), name="target-create"),
    path("chi-tieu/<int:pk>/", targets.target, name="target"),
    path("chi-tieu/<int:pk>/sua/", targets.TargetEdit.as_view(), name="target-edit"),
    path("chi-tieu/<int:pk>/giao/", targets.TargetHandDown.as_view(), name="target-hand-down"),
    path("chi-tieu/<int:pk>/xoa/", targets.TargetRemove.as_view(), name="target-remove"),
    path("chi-so/", catalogue.IndicatorList.as_view(), name="indicators"),
    path("chi-so/them/", catalogue.IndicatorCreate.as_view(), name="indicator-create"),
    path("chi-so/<int:pk>/", catalogue.indicator, name="indicator"),
    path("chi-so/<int:pk>/sua/", catalogue.IndicatorEdit.as_view(), name="indicator-edit"),
    path("so-lieu/", catalogue.MeasureList.as_view(), name="measures"),
    path("so-lieu/them/", catalogue.MeasureCreate.as_view(), name="measure-create"),
    path("so-lieu/<int:pk>/", catalogue.measure, name="measure"),
    path("so-lieu/<int:pk>/sua/", catalogue.MeasureEdit.as_view(), name="measure-edit"),
]
