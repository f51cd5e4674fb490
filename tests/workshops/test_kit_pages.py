"""Guides: looking at one, making a copy, and writing in it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from workshops.forms_kits import ClockField
from workshops.guide import BUILT_IN, BUILT_IN_ID
from workshops.models import Kit, Workshop

SignIn = Callable[[str], Client]
BUILT_IN_PAGE = f"/workshops/guides/{BUILT_IN_ID}/"


@pytest.fixture
def kit(cedar_kit: Kit) -> Kit:
    return cedar_kit


def url(kit: Kit, *rest: object) -> str:
    return "/".join(["/workshops/guides", str(kit.pk), *map(str, rest), ""])


def keys(kit: Kit) -> list[str]:
    kit.refresh_from_db()
    return [step["key"] for step in kit.content["steps"]]


def step(kit: Kit, key: str) -> dict[str, Any]:
    kit.refresh_from_db()
    return next(one for one in kit.content["steps"] if one["key"] == key)


def test_kit_list_has_the_built_in_and_the_schools_own(sign_in: SignIn, kit: Kit, juniper_kit: Kit) -> None:
    page = sign_in("teacher").get("/workshops/guides/").text

    assert f'href="{BUILT_IN_PAGE}"' in page
    assert f'href="{url(kit)}"' in page
    assert str(juniper_kit.pk) not in page


def test_kit_detail_shows_seven_steps_that_open_to_twelve_parts(sign_in: SignIn, cast: Cast) -> None:
    page = sign_in("coach").get(BUILT_IN_PAGE).text

    assert page.count("<summary>") == page.count("<summary><b>") + page.count("<summary>Add") == 7
    assert page.count('id="part-') == 12
    assert "114 minutes, at least 79" in page
    assert "for 25 to 30 people" in page


def test_kit_built_in_stays_as_it_is(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in("coach")

    assert client.get(BUILT_IN_PAGE + "details/").status_code == 403
    assert client.post(BUILT_IN_PAGE + "steps/4/remove/").status_code == 403
    assert client.post(BUILT_IN_PAGE + "steps/", {"title": "x", "kind": "custom", "after": "4"}).status_code == 403


def test_kit_copy_belongs_to_the_school(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("coach").post(BUILT_IN_PAGE + "copy/", {"title": "Ours", "org": cast.org("cedar").pk})

    made = Kit.objects.get()
    assert page.headers["Location"] == url(made)
    assert (made.title, made.org, made.made_by, made.content) == ("Ours", cast.org("cedar"), cast["coach"], BUILT_IN)


def test_kit_copy_not_for_another_school(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("coach").post(BUILT_IN_PAGE + "copy/", {"title": "Ours", "org": cast.org("juniper").pk})

    assert page.status_code == 422
    assert not Kit.objects.exists()


def test_kit_write_in_one_language_keeps_the_other(sign_in: SignIn, kit: Kit) -> None:
    form = {
        "title": "Ours", "aim": "To begin.", "outcomes": "One\nTwo\nThree", "people_min": 10, "people_max": 20,
        "links": "https://example.org/a Our page",
    }  # fmt: skip

    page = sign_in("coach").post(url(kit, "details"), form)

    kit.refresh_from_db()
    content = kit.content
    assert page.status_code == 302
    assert (kit.title, content["people_min"], content["people_max"]) == ("Ours", 10, 20)
    assert content["aim"] == {"en": "To begin.", "es": BUILT_IN["aim"]["es"]}
    assert content["outcomes"][2] == {"en": "Three", "es": BUILT_IN["outcomes"][2]["es"]}
    assert content["links"] == [{"url": "https://example.org/a", "title": {"en": "Our page"}}]


def test_kit_write_refuses_a_link_that_is_none(sign_in: SignIn, kit: Kit) -> None:
    form = {"title": "Ours", "people_min": 3, "people_max": 4, "links": "javascript:alert(1) Press me"}

    page = sign_in("coach").post(url(kit, "details"), form)

    assert page.status_code == 422
    assert "A link begins with https://" in page.text


def test_step_write_changes_minutes_questions_and_choice(sign_in: SignIn, kit: Kit) -> None:
    form = {
        "title": "Silent writing", "planned_s": "8", "floor_s": "4:30", "stretch_s": "", "choice_set": "",
        "people": "Write.", "screen": "", "roles": "", "notes": "Be quiet", "materials": "",
        "prompt_0": "Why here?", "sheet_0": "Why", "prompt_1": "", "prompt_2": "What to take?", "sheet_2": "",
        "prompt_3": "Who helps?", "sheet_3": "Helpers",
    }  # fmt: skip

    page = sign_in("coach").post(url(kit, "steps", "1a"), form)

    changed = step(kit, "1a")
    assert page.status_code == 302
    assert changed["title"] == {"en": "Silent writing", "es": "Escribir en silencio"}
    assert (changed["planned_s"], changed["floor_s"], changed["stretch_s"]) == (480, 270, 0)
    assert changed["notes"] == [{"en": "Be quiet"}]
    assert [one["text"]["en"] for one in changed["prompts"]] == ["Why here?", "What to take?", "Who helps?"]
    assert [one["key"] for one in changed["prompts"]][:2] == ["why", "take"]
    assert changed["prompts"][0]["text"]["es"] == "¿Qué le trae a este tema?"


def test_step_write_in_spanish(sign_in: SignIn, kit: Kit) -> None:
    client = sign_in("coach")
    page = client.get(url(kit, "steps", "5") + "?in=es").text
    form = {"title": "Reunir", "planned_s": "15", "floor_s": "10", "stretch_s": "5"}

    client.post(url(kit, "steps", "5") + "?in=es", form)

    assert 'value="Reunir las imágenes"' in page
    assert step(kit, "5")["title"] == {"en": "Bring the pictures together", "es": "Reunir"}


def test_step_write_floor_not_above_plan(sign_in: SignIn, kit: Kit) -> None:
    page = sign_in("coach").post(url(kit, "steps", "5"), {"title": "x", "planned_s": "5", "floor_s": "10"})

    assert page.status_code == 422
    assert "not longer than the planned one" in page.text
    assert step(kit, "5")["planned_s"] == 900


def test_step_add_stands_where_it_was_put(sign_in: SignIn, kit: Kit) -> None:
    page = sign_in("coach").post(url(kit, "steps"), {"title": "A pause", "kind": "custom", "after": "2c"})

    place = keys(kit).index("2c") + 1
    made = kit.content["steps"][place]
    assert page.headers["Location"] == url(kit, "steps", made["key"])
    assert (made["title"], made["step"], made["planned_s"], made["media"]) == ({"en": "A pause"}, 2, 600, None)


def test_step_add_of_something_to_watch_asks_what(sign_in: SignIn, kit: Kit) -> None:
    client = sign_in("coach")
    client.post(url(kit, "steps"), {"title": "Our own video", "kind": "watch", "after": "3a"})
    key = keys(kit)[keys(kit).index("3a") + 1]

    open_before = client.get(url(kit)).text.count("Nothing is chosen for this place yet.")
    client.post(
        url(kit, "steps", key, "media"),
        {"title": "Advisory in our school", "speaker": "R. Alvarez", "duration_s": "3:20", "confirmed": "on"},
    )

    made = step(kit, key)
    assert open_before == 1
    assert (made["planned_s"], made["floor_s"], made["fixed"]) == (200, 200, True)
    assert made["media"]["title"] == {"en": "Advisory in our school"}


@pytest.mark.parametrize(
    ("key", "to", "around", "number"),
    [
        ("1b", "up", ["0", "1b", "1a", "1c"], 1),
        ("1b", "down", ["0", "1a", "1c", "1b"], 1),
        ("1c", "down", ["0", "1a", "1b", "1c"], 2),
        ("0", "up", ["0", "1a", "1b", "1c"], 0),
    ],
)
def test_step_move(sign_in: SignIn, kit: Kit, key: str, to: str, around: list[str], number: int) -> None:
    sign_in("coach").post(url(kit, "steps", key, "move"), {"to": to})

    assert keys(kit)[:4] == around
    assert step(kit, key)["step"] == number


def test_step_remove_all_but_the_last(cast: Cast, sign_in: SignIn, kit: Kit) -> None:
    client = sign_in("coach")
    for key in keys(kit):
        client.post(url(kit, "steps", key, "remove"))

    assert keys(kit) == ["6"]
    assert client.get(url(kit)).status_code == 200


def test_kit_undo_takes_the_last_edit_back_and_forth(cast: Cast, sign_in: SignIn, kit: Kit) -> None:
    coach, before = sign_in("coach"), keys(kit)
    untouched = "Undo the last change" in coach.get(url(kit)).text
    coach.post(url(kit, "undo"))
    coach.post(url(kit, "steps", "2b", "remove"))
    removed = keys(kit)

    came = []
    for _n in range(2):
        coach.post(url(kit, "undo"))
        came.append(keys(kit))

    assert (untouched, "2b" in removed, came) == (False, False, [before, removed])
    assert "Undo the last change" in coach.get(url(kit)).text


def test_kit_changed_after_use_leaves_the_workshop_alone(cast: Cast, sign_in: SignIn, kit: Kit) -> None:
    client = sign_in("coach")
    form = {"title": "Thursday", "host": cast.org("cedar").pk, "guide": kit.pk, "names": "none"}
    client.post("/workshops/new/", form)

    client.post(url(kit, "steps", "4", "remove"))

    workshop = Workshop.objects.get()
    assert "4" not in keys(kit)
    assert workshop.kit == BUILT_IN
    assert workshop.steps.filter(key="4").exists()


def test_step_edits_by_two_people_at_once_are_both_kept(cast: Cast, kit: Kit) -> None:
    mine, theirs = Kit.objects.get(pk=kit.pk), Kit.objects.get(pk=kit.pk)
    renamed = deepcopy(step(kit, "5")) | {"title": {"en": "Looking back"}}

    mine.remove_step("1b", by=cast["coach"])
    theirs.write_step("5", renamed, by=cast["leader"])

    assert "1b" not in keys(kit)
    assert step(kit, "5")["title"] == {"en": "Looking back"}


@pytest.mark.parametrize(("typed", "seconds"), [("15", 900), ("6:25", 385), (" 0:30 ", 30), ("", None)])
def test_clock_field_reads_minutes(typed: str, seconds: int | None) -> None:
    assert ClockField(required=False).clean(typed) == seconds


@pytest.mark.parametrize("typed", ["6:75", "six", "-3", "1:2:3", "9999"])
def test_clock_field_refuses(sign_in: SignIn, kit: Kit, typed: str) -> None:
    page = sign_in("coach").post(url(kit, "steps", "5"), {"title": "x", "planned_s": typed, "floor_s": "1"})

    assert page.status_code == 422
    assert "Write minutes, “15”, or minutes and seconds" in page.text
