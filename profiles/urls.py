from django.urls import include, path

from .views import invitations, people, schools, teams

app_name = "profiles"
urlpatterns = [
    path("settings/", people.settings_write, name="settings_write"),
    path("people/<uuid:person>/", people.person_detail, name="person_detail"),
    path("people/<uuid:person>/second-factor/take/", people.second_factor_take, name="second_factor_take"),
    path("schools/", schools.school_list, name="school_list"),
    path("schools/<uuid:school>/people/", schools.school_people, name="school_people"),
    path("schools/<uuid:school>/parts/", schools.part_choose, name="part_choose"),
    path("schools/<uuid:school>/parts/<slug:part>/begin/", schools.part_begin, name="part_begin"),
    path("schools/<uuid:school>/invite/", invitations.invitation_create, name="invitation_create"),
    path("schools/<uuid:school>/teams/", teams.team_create, name="team_create"),
    path("roles/<int:role>/end/", schools.role_end, name="role_end"),
    path("invitations/<uuid:invitation>/link/", invitations.invitation_link, name="invitation_link"),
    path("invitations/<uuid:invitation>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
    path("invitations/<uuid:invitation>/join/", invitations.invitation_join, name="invitation_join"),
    path("invitation/<slug:token>/", invitations.invitation_accept, name="invitation_accept"),
    path("teams/<uuid:team>/", teams.team_detail, name="team_detail"),
    path("teams/<uuid:team>/rename/", teams.team_rename, name="team_rename"),
    path("teams/<uuid:team>/members/", teams.team_add, name="team_add"),
    path("teams/<uuid:team>/members/<uuid:person>/remove/", teams.team_remove, name="team_remove"),
    path("", include("profiles.urls_learners_family")),
]
