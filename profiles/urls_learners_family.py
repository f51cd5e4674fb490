"""Families, growth, people, the whole record, a class's ways in, a school's totals."""

from django.urls import path

from .views import family, family_links, growth, people_of_learner, records, slips, totals

LEARNER = "learners/<uuid:learner>/"
CLASS = "classes/<uuid:section>/"

urlpatterns = [
    path(LEARNER + "family/", family.learner_family, name="learner_family"),
    path(LEARNER + "family/say/", family.learner_family_say, name="learner_family_say"),
    path(LEARNER + "family/acknowledge/", family.learner_family_acknowledge, name="learner_family_acknowledge"),
    path(LEARNER + "family/words/<uuid:entry>/withdraw/", family.family_words_withdraw, name="family_words_withdraw"),
    path(LEARNER + "families/", family_links.learner_families, name="learner_families"),
    path(LEARNER + "families/<uuid:guardian>/link/", family_links.family_link_make, name="family_link_make"),
    path(LEARNER + "families/<uuid:guardian>/end/", family_links.family_link_end, name="family_link_end"),
    path(CLASS + "families/", family_links.class_families, name="class_families"),
    path(CLASS + "families/mail/", family_links.class_week_mail, name="class_week_mail"),
    path(CLASS + "families/links/", family_links.class_family_links, name="class_family_links"),
    path(CLASS + "slips/", slips.class_slips, name="class_slips"),
    path(CLASS + "slips/print/", slips.class_slips_print, name="class_slips_print"),
    path(CLASS + "growth/", growth.class_growth, name="class_growth"),
    path(LEARNER + "growth/", growth.learner_growth, name="learner_growth"),
    path(LEARNER + "growth/<uuid:demonstration>/share/", growth.growth_share, name="growth_share"),
    path(LEARNER + "growth/<uuid:demonstration>/answer/", growth.growth_answer, name="growth_answer"),
    path(LEARNER + "people/", people_of_learner.learner_people, name="learner_people"),
    path(LEARNER + "record/", records.learner_record, name="learner_record"),
    path(LEARNER + "record/ask/", records.learner_record_ask, name="learner_record_ask"),
    path(LEARNER + "record/file/", records.learner_record_file, name="learner_record_file"),
    path("schools/<uuid:school>/totals/", totals.school_totals, name="school_totals"),
]
