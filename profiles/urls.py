from django.urls import path

from .views import invitations, people, rosters, schools, sections, teams

app_name = "profiles"
urlpatterns = [
    path("settings/", people.settings_write, name="settings_write"),
    path("people/<uuid:person>/", people.person_detail, name="person_detail"),
    path("people/<uuid:person>/second-factor/take/", people.second_factor_take, name="second_factor_take"),
    path("schools/", schools.school_list, name="school_list"),
    path("schools/<uuid:school>/people/", schools.school_people, name="school_people"),
    path("schools/<uuid:school>/parts/", schools.part_choose, name="part_choose"),
    path("schools/<uuid:school>/parts/<slug:part>/begin/", schools.part_begin, name="part_begin"),
    path("schools/<uuid:school>/classes/", sections.school_classes, name="school_classes"),
    path("schools/<uuid:school>/courses/", sections.school_courses, name="school_courses"),
    path("schools/<uuid:school>/students/", sections.school_students, name="school_students"),
    path("schools/<uuid:school>/families/", sections.school_families, name="school_families"),
    path("courses/<uuid:course>/credits/", sections.course_credits, name="course_credits"),
    path("classes/<uuid:section>/people/", sections.section_people, name="section_people"),
    path("district/", rosters.district_detail, name="district_detail"),
    path("district/rosters/", rosters.roster_list, name="roster_list"),
    path("district/rosters/new/", rosters.roster_create, name="roster_create"),
    path("district/rosters/<uuid:roster>/", rosters.roster_detail, name="roster_detail"),
    path("district/rosters/<uuid:roster>/apply/", rosters.roster_apply, name="roster_apply"),
    path("district/rosters/<uuid:roster>/undo/", rosters.roster_undo, name="roster_undo"),
    path("district/holidays/", rosters.holiday_list, name="holiday_list"),
    path("district/holidays/<int:holiday>/remove/", rosters.holiday_remove, name="holiday_remove"),
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
]
