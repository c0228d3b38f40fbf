from django.urls import path

from units.views import keeping, lists, people, reorganisations, tree, unit

app_name = "units"
urlpatterns = [
    path("", lists.UnitList.as_view(), name="list"),
    path("cay/", tree.tree, name="tree"),
    path("cay/<int:pk>/", tree.branch, name="branch"),
    path("tim/", lists.search, name="search"),
    # people and roles
    path("vai-tro-cua-toi/", people.my_roles, name="my-roles"),
    path("nguoi-dung/", lists.PeopleList.as_view(), name="people"),
    path("nguoi-dung/<int:pk>/", people.person, name="person"),
    path("nguoi-dung/<int:pk>/cap-lien-ket/", people.RenewLink.as_view(), name="renew-link"),
    path("nguoi-dung/<int:pk>/lien-ket-moi/", people.new_link, name="new-link"),
    path("nguoi-dung/<int:pk>/khoa-mo/", people.SwitchAccount.as_view(), name="switch-account"),
    path("phan-quyen/<int:pk>/ket-thuc/", people.EndGrant.as_view(), name="end-grant"),
    # reorganisations
    path("sap-xep/", reorganisations.ReorganisationList.as_view(), name="reorganisations"),
    path("sap-xep/de-xuat/", reorganisations.ChooseArea.as_view(), name="propose"),
    path("sap-xep/de-xuat/<str:kind>/<int:area>/", reorganisations.Propose.as_view(), name="propose-units"),
    path("sap-xep/<int:pk>/", reorganisations.detail, name="reorganisation"),
    path("sap-xep/<int:pk>/ap-dung/", reorganisations.Apply.as_view(), name="apply"),
    path("sap-xep/<int:pk>/hoan-tac/", reorganisations.Undo.as_view(), name="undo"),
    # one unit
    path("<int:pk>/", unit.detail, name="detail"),
    path("<int:pk>/sua/", keeping.EditUnit.as_view(), name="edit"),
    path("<int:pk>/danh-ba/", keeping.EditContacts.as_view(), name="contacts"),
    path("<int:pk>/them/", keeping.AddUnit.as_view(), name="add"),
    path("<int:pk>/doi-ten/", keeping.RenameUnit.as_view(), name="rename"),
    path("<int:pk>/ket-thuc/", keeping.CloseUnit.as_view(), name="close"),
    path("<int:pk>/phan-quyen/", people.GiveRole.as_view(), name="grant"),
    path("<int:pk>/nguoi-moi/", people.Invite.as_view(), name="invite"),
    path("<int:pk>/<slug:key>/", unit.section, name="section"),
]
