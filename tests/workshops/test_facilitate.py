"""The facilitator page: what is said is written down once, by those who may, and the page costs the same for many."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.cast import Cast
from workshops.models import (
    Adoption,
    ContrastItem,
    DebriefNote,
    Element,
    Entry,
    GroupSet,
    LearningTeam,
    Observation,
    Participant,
    Response,
    Theme,
    ThemeSuggestion,
    Workshop,
)
from workshops.tasks import look_for_themes

from .small_kit import enter, prepared

SignIn = Callable[[str], Client]

SAID = (
    "Students slip through in ninth grade",
    "Ninth grade students slip through unseen",
    "Time in the schedule for advisory",
    "The schedule has no time for advisory",
    "Parents want a name to call",
    "Co-teaching is hard to plan",
)


@pytest.fixture
def workshop(cast: Cast) -> Workshop:
    return prepared(cast)


@pytest.fixture
def lead(sign_in: SignIn) -> Client:
    return sign_in("coach")


def say(client: Client, workshop: Workshop, act: str, *, json: bool = False, **fields: Any) -> HttpResponse:
    headers = {"Accept": "application/json", "HX-Request": "true"} if json else {}
    fields = {"op_id": str(uuid.uuid4()), **fields}
    return client.post(f"/workshops/{workshop.pk}/{act}/", fields, headers=headers)


def entries(workshop: Workshop, texts: tuple[str, ...] = SAID, sheet: str = "why") -> list[Entry]:
    made = [Entry.capture(workshop, sheet, text, by=workshop.lead, op_id=uuid.uuid4()) for text in texts]
    return [one for one in made if one is not None]


def page(client: Client, workshop: Workshop, query: str = "") -> str:
    answer = client.get(f"/workshops/{workshop.pk}/facilitate/{query}")
    assert answer.status_code == 200
    return answer.text


def test_page_opens_with_step_clock_next_and_capture(lead: Client, workshop: Workshop) -> None:
    enter(workshop, "1c", by=workshop.lead)

    text = page(lead, workshop)

    for part in ('<h1 class="step">Three sheets</h1>', 'role="timer"', "Next: Watch: the overview", 'name="text"'):
        assert part in text, part
    assert "Remember: Three sheets" in text


def test_parts_are_fetched_alone(lead: Client, workshop: Workshop) -> None:
    url = f"/workshops/{workshop.pk}/facilitate/?parts=people,nonsense"

    answer = lead.get(url, headers={"HX-Request": "true"})

    assert answer.text.count("data-part=") == 1
    assert "In the room" in answer.text


def test_line_is_captured_once_whatever_is_sent_again(lead: Client, workshop: Workshop) -> None:
    sent = {"text": "Ninth grade is too big", "sheet": "why", "op_id": str(uuid.uuid4())}

    answers = [say(lead, workshop, "entries", json=True, **sent).json() for _n in range(2)]

    assert answers == [{"status": "saved"}] * 2
    assert [(one.sheet, one.text, str(one.pk)) for one in workshop.entries.all()] == [
        ("why", "Ninth grade is too big", sent["op_id"])
    ]


@pytest.mark.parametrize(
    "fields", [{"text": " ", "sheet": "why"}, {"text": "x", "sheet": "other"}, {"text": "x" * 501}]
)
def test_line_that_cannot_be_taken_is_refused_with_a_sentence(
    lead: Client, workshop: Workshop, fields: dict[str, str]
) -> None:
    answer = say(lead, workshop, "entries", json=True, **fields)

    assert (answer.status_code, list(answer.json()), workshop.entries.count()) == (422, ["sentence"], 0)


def test_another_said_so_counts(lead: Client, workshop: Workshop) -> None:
    line = entries(workshop)[0]
    again = str(uuid.uuid4())

    for op_id in (again, again, str(uuid.uuid4())):
        say(lead, workshop, f"entries/{line.pk}/second", op_id=op_id)

    line.refresh_from_db()
    assert line.tally == 3


def test_lines_are_hidden_and_shown_again(lead: Client, workshop: Workshop) -> None:
    lines = entries(workshop)[:2]
    keys = [line.pk for line in lines]

    say(lead, workshop, "entries/hide", entry=keys)
    hidden = workshop.entries.filter(hidden=True).count()
    say(lead, workshop, "entries/show", entry=keys[:1])

    assert (hidden, workshop.entries.filter(hidden=True).count()) == (2, 1)
    assert "1 hidden line" in page(lead, workshop)


def test_theme_is_made_renamed_filled_and_taken_apart(lead: Client, workshop: Workshop) -> None:
    lines = entries(workshop)

    say(lead, workshop, "themes", label="Time", entry=[lines[2].pk, lines[3].pk])
    theme = workshop.themes.get()
    say(lead, workshop, f"themes/{theme.pk}/rename", label="Time for advisory")
    say(lead, workshop, "entries/move", entry=[lines[5].pk], theme=theme.pk)
    gathered = theme.entries.count()
    say(lead, workshop, "entries/move", entry=[lines[5].pk], theme="")
    say(lead, workshop, f"themes/{theme.pk}/undo")

    assert gathered == 3
    assert (Theme.objects.count(), workshop.entries.count()) == (0, 6)


def test_marking_nothing_is_a_sentence(lead: Client, workshop: Workshop) -> None:
    answer = lead.post(f"/workshops/{workshop.pk}/themes/", {"label": "Time"}, follow=True)

    assert "Mark one line or more first." in answer.text


def test_suggestion_explains_itself_and_is_declined_for_good(lead: Client, workshop: Workshop) -> None:
    entries(workshop)
    say(lead, workshop, "entries", text="Advisory time is missing in our schedule", sheet="wonder")

    shown = page(lead, workshop)
    found = ThemeSuggestion.objects.latest("made_at").found[0]
    say(lead, workshop, "suggestions/decline", entry=found["entries"])
    look_for_themes.call(str(workshop.pk))

    assert "Said by several?" in shown
    assert "shared words: " in shown
    assert [one["entries"] for one in ThemeSuggestion.objects.latest("made_at").found].count(found["entries"]) == 1
    assert sorted(found["entries"]) in ThemeSuggestion.objects.latest("made_at").declined
    assert 'value="' + found["label"] + '"' not in page(lead, workshop)


def test_no_theme_is_suggested_below_six_lines(workshop: Workshop) -> None:
    entries(workshop, SAID[:5])

    look_for_themes.call(str(workshop.pk))

    assert ThemeSuggestion.objects.count() == 0


def test_table_of_with_and_without_pairs_opposites(lead: Client, workshop: Workshop) -> None:
    say(lead, workshop, "contrast", side="with", text="Known by name")
    say(lead, workshop, "contrast", side="without", text="Unnoticed")
    known, unnoticed = (ContrastItem.objects.get(side=side) for side in ("with", "without"))

    say(lead, workshop, "contrast/pair", item=[known.pk, unnoticed.pk])
    paired = page(lead, workshop, "?show=contrast")
    say(lead, workshop, "contrast/unpair", item=[known.pk])
    say(lead, workshop, "contrast/hide", item=[unnoticed.pk])

    assert '<tr class="pair">' in paired
    unnoticed.refresh_from_db()
    assert (unnoticed.hidden, unnoticed.opposite) == (True, None)
    say(lead, workshop, "contrast/show", item=[unnoticed.pk])
    assert ContrastItem.objects.filter(hidden=True).count() == 0


def test_lines_of_one_side_are_no_opposites(lead: Client, workshop: Workshop) -> None:
    for text in ("Known by name", "In small units"):
        say(lead, workshop, "contrast", side="with", text=text)

    answer = say(lead, workshop, "contrast/pair", json=True, item=[one.pk for one in ContrastItem.objects.all()])

    assert answer.json() == {"sentence": "Mark one line on each side, then say that they are opposites."}


def test_what_was_seen_is_held_against_the_table(lead: Client, workshop: Workshop) -> None:
    enter(workshop, "3b", by=workshop.lead)
    say(lead, workshop, "contrast", side="with", text="Known by name")
    say(lead, workshop, "observations", text="The principal greets everyone")
    seen, item = Observation.objects.get(), ContrastItem.objects.get()
    new = page(lead, workshop)

    say(lead, workshop, "observations/align", observation=seen.pk, item=item.pk, kind="extends")
    held = page(lead, workshop)
    say(lead, workshop, "observations/align", observation=seen.pk, item=item.pk, kind="none")

    assert '<small class="theme new">new</small>' in new
    assert "goes further: Known by name" in held
    assert seen.alignments.count() == 0


@pytest.fixture
def group(workshop: Workshop) -> Any:
    people = [Participant.join(workshop, by=workshop.lead, device="none")[0] for _n in range(4)]
    workshop.refresh_from_db()
    seats = [[one.pk for one in people]]
    GroupSet.form(workshop, "mix", 1, seats, by=workshop.lead, seen=workshop.control_version)
    return GroupSet.objects.get().groups.get()


def test_note_taker_writes_a_groups_picture_and_what_schools_try(
    sign_in: SignIn, workshop: Workshop, group: Any, cast: Cast
) -> None:
    scribe = sign_in("advisor")

    say(scribe, workshop, f"groups/{group.pk}/picture", title="Elm", words="Small and known", base=0)
    say(scribe, workshop, f"groups/{group.pk}/elements", text="Advisory of fifteen", areas=["climate"], horizon="now")
    element = Element.objects.get()
    for step in ("Ask the team", "Ask the team on Monday"):
        fields = {"school": cast.org("cedar").pk, "who": "Maya", "first_step": step}
        say(scribe, workshop, f"elements/{element.pk}/adopt", **fields)
    say(scribe, workshop, f"elements/{element.pk}/adopt", school_name="Elm Valley High")

    group.refresh_from_db()
    assert (group.picture.title, group.picture.words) == ("Elm", "Small and known")
    assert (element.text, element.areas, element.horizon) == ("Advisory of fifteen", ["climate"], "now")
    assert sorted(Adoption.objects.values_list("school_name", "first_step")) == [
        ("", "Ask the team on Monday"),
        ("Elm Valley High", ""),
    ]


def test_debrief_and_learning_team_are_written_down(lead: Client, workshop: Workshop, cast: Cast) -> None:
    enter(workshop, "5", by=workshop.lead)

    say(lead, workshop, "debrief", list="learned", text="Belonging comes first")
    say(lead, workshop, "debrief", list="will_do", text="Greet everyone", school_name="Cedar")
    team = {"school": cast.org("cedar").pk, "members": "Maya\nHenry", "first_meeting": "2027-01-12", "consult": "Rosa"}
    say(lead, workshop, "learning-teams", name="Belonging", **team)

    assert list(DebriefNote.objects.values_list("list", "text")) == [
        ("learned", "Belonging comes first"),
        ("will_do", "Greet everyone"),
    ]
    found = LearningTeam.objects.get()
    assert (found.name, found.topic, str(found.first_meeting)) == ("Belonging", workshop.title, "2027-01-12")


def test_person_without_a_device_is_added_by_first_name_and_only_the_lead_takes_out(
    lead: Client, sign_in: SignIn, workshop: Workshop
) -> None:
    say(sign_in("advisor"), workshop, "people", name="Ana Maria Lopez", school_name="Elm Valley", role="administrator")
    person = Participant.objects.get()

    refused = say(sign_in("teacher"), workshop, f"people/{person.pk}/remove")
    say(lead, workshop, f"people/{person.pk}/remove")

    assert (person.name, person.device, person.school_label) == ("Ana", "none", "Elm Valley")
    person.refresh_from_db()
    assert (refused.status_code, person.state) == (403, "removed")


def written(workshop: Workshop, text: str) -> Response:
    participant, _token = Participant.join(workshop, by=workshop.lead, name="Ana")
    answer = uuid.uuid4()
    Response.give(workshop, workshop.steps.get(key="1a"), "why", text, participant, op_id=answer)
    return Response.objects.get(pk=answer)


def test_answers_are_read_by_the_lead_and_only_counted_for_the_note_taker(
    lead: Client, sign_in: SignIn, workshop: Workshop
) -> None:
    enter(workshop, "1a", by=workshop.lead)
    written(workshop, "I was lost in ninth grade")

    for slug, reads in (("coach", True), ("teacher", True), ("advisor", False)):
        text = page(sign_in(slug), workshop)
        assert ("I was lost in ninth grade" in text) is reads, slug
        assert "1 answer written" in text


def test_answer_is_put_on_its_sheet(lead: Client, workshop: Workshop) -> None:
    enter(workshop, "1a", by=workshop.lead)
    answer = written(workshop, "I was lost in ninth grade")

    say(lead, workshop, "entries", sheet="why", response=answer.pk)

    assert [(one.text, one.response_id) for one in workshop.entries.all()] == [(answer.text, answer.pk)]
    assert "on the sheet" in page(lead, workshop)


def test_closed_workshop_takes_nothing_in_and_says_so(lead: Client, workshop: Workshop) -> None:
    line = entries(workshop)[0]
    workshop.close(by=workshop.lead, seen=0)

    answers = [
        say(lead, workshop, act, json=True, **fields)
        for act, fields in (
            ("entries", {"text": "Late", "sheet": "why"}),
            (f"entries/{line.pk}/second", {}),
            ("contrast", {"side": "with", "text": "Late"}),
            ("debrief", {"list": "learned", "text": "Late"}),
            ("people", {}),
        )
    ]

    assert {answer.status_code for answer in answers} == {422}
    assert {answer.json()["sentence"] for answer in answers} == {
        "This workshop is closed: what was said stays, nothing more is taken in."
    }
    assert (workshop.entries.count(), ContrastItem.objects.count()) == (6, 0)
    assert 'name="text"' not in page(lead, workshop)


def test_words_are_shown_as_words(lead: Client, workshop: Workshop) -> None:
    entries(workshop, ("<b>bold</b> & <script>",))

    assert "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;" in page(lead, workshop)


def test_two_workshops_never_see_each_other(lead: Client, workshop: Workshop, cast: Cast) -> None:
    other = prepared(cast)
    line = entries(other, ("Theirs alone",))[0]

    answers = [
        say(lead, workshop, f"entries/{line.pk}/second").status_code,
        say(lead, workshop, "entries/hide", json=True, entry=[line.pk]).status_code,
    ]

    assert answers == [404, 422]
    assert "Theirs alone" not in page(lead, workshop)


def test_page_asks_the_database_the_same_for_12_and_for_120_lines(
    lead: Client, workshop: Workshop, django_assert_num_queries: Any
) -> None:
    enter(workshop, "1c", by=workshop.lead)
    url = f"/workshops/{workshop.pk}/facilitate/"

    def fill(n: int) -> None:
        Entry.objects.bulk_create(Entry(workshop=workshop, sheet="why", text=f"Line {k}") for k in range(n))
        for k in range(n // 6):
            Participant.join(workshop, by=workshop.lead, name=f"P{k}", device="none")
            Theme.make(workshop, f"Theme {k}", list(workshop.entries.all()[k : k + 2]), by=workshop.lead)

    fill(12)
    page(lead, workshop)
    with django_assert_num_queries(QUERIES):
        lead.get(url)
    fill(108)
    with django_assert_num_queries(QUERIES):
        lead.get(url)


QUERIES = 12
