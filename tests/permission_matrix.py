"""Who gets what answer where: every URL of the site times every persona. A URL without a row fails the sweep.

To add a URL: one `Row` below. `kwargs` and `foreign` name fixtures that answer the URL's arguments, for a thing of the
first school (in the teacher's own team where it has one) and for one nobody of the first school may see; put them into
`tests/matrix_things.py`, or beside your tests in a plugin that tests/conftest.py names. `expects` maps personas,
separated by blanks, to a status, the first that names one counts; whoever is not named gets `rest`. A row with POST is
asked by POST with `data` (a dict, or the name of a fixture that answers one). `participant` is somebody in a workshop
(the fixture `phone`) without an account; where no row names them they get the answer of `anonymous`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .cast import GUESTS, PERSONAS
from .profiles.matrix_portrait import PORTRAIT

TO_SIGN_IN = 302
SIGNED_IN = " ".join(one for one in PERSONAS if one not in GUESTS)


@dataclass(frozen=True)
class Row:
    """One URL, asked by everyone. Without `public`, anonymous is sent to sign-in."""

    name: str
    expects: Mapping[str, int] = field(default_factory=dict)
    rest: int = 404
    kwargs: str = ""
    foreign: str = ""
    method: str = "GET"
    data: Mapping[str, Any] | str = field(default_factory=dict)
    public: bool = False

    def expected(self, persona: str) -> int:
        for personas, status in self.expects.items():
            if persona in personas.split():
                return status
        if persona == "participant":
            return self.expected("anonymous")
        return TO_SIGN_IN if persona == "anonymous" and not self.public else self.rest


def phone_rows() -> list[Row]:
    """What only somebody in the room may see and do; for everyone else, with or without an account, it is not there."""
    seen = {
        "participant_detail": "phone_workshop",
        "participant_room": "phone_workshop",
        "picture_photo": "phone_picture",
        "adoption_table": "phone_workshop",
    }
    acts = {
        "participant_leave": ("phone_workshop", "phone_words"),
        "answer_give": ("phone_step", "phone_words"),
        "answer_revise": ("phone_answer", "phone_words"),
        "answer_withdraw": ("phone_answer", "phone_words"),
        "phone_observation_note": ("phone_step", "phone_words"),
        "entry_add": ("phone_workshop", "phone_words"),
        "phone_entry_second": ("phone_line", "phone_words"),
        "entry_withdraw": ("phone_line", "phone_words"),
        "phone_contrast_add": ("phone_workshop", "phone_words"),
        "contrast_withdraw": ("phone_contrast", "phone_words"),
        "phone_picture_write": ("phone_seated", "phone_picture_words"),
        "picture_photograph": ("phone_seated", "phone_photo"),
        "phone_element_add": ("phone_seated", "phone_idea_words"),
        "adoption_make": ("phone_workshop", "phone_element"),
        "adoption_propose": ("phone_adoption", "phone_words"),
        "phone_debrief_add": ("phone_workshop", "phone_words"),
        "learning_team_found": ("phone_workshop", "phone_team_words"),
    }
    rows = [Row(f"workshops:{name}", {"participant": 200}, kwargs=kwargs, public=True) for name, kwargs in seen.items()]
    for name, (kwargs, data) in acts.items():
        expects = {"participant": 302}
        rows.append(Row(f"workshops:{name}", expects, kwargs=kwargs, method="POST", data=data, public=True))
    return rows


CEDAR_STAFF = "leader teacher advisor counselor coach next-door"

READERS = "leader teacher advisor counselor next-door district"
"""Adults of the school, but not the coach, who reads where they are a member."""
NINTH = "teacher advisor counselor"

CLASS_READERS = "math leader counselor"
"""Who opens the math class: its teacher, the school's leader and counselor."""
STUDENT_RATERS = "math teacher advisor"
STUDENT_READERS = f"{STUDENT_RATERS} counselor leader science history"
"""Who reads the record of its student: who teaches her, her advisor, the team that shares her, counselor, leader."""

PREPARERS = "coach counselor leader district"
"""Who sees the coach's workshop: who leads it, the co-facilitator, the host's leaders."""
KIT_WRITERS = "coach leader district"
RUNS = "coach teacher advisor"
"""The lead, the co-facilitator and the note-taker of the first school's workshop."""


def _run(name: str, kwargs: str, data: Mapping[str, Any] | str, may: str, *, status: int = 302) -> Row:
    """An act of the facilitator page: those of `may` do it; who runs the workshop otherwise, or leads its host, may
    not; to everyone else there is no such workshop."""
    expects = {may: status, f"{RUNS} leader district": 403}
    return Row(f"workshops:{name}", expects, kwargs=kwargs, foreign=f"other_{kwargs}", method="POST", data=data)


def _steer(name: str, kwargs: str = "room", may: str = "coach teacher", **fields: Any) -> Row:
    return _run(name, kwargs, {"control_version": 0, **fields}, may)


def _say(name: str, kwargs: str = "room", data: Mapping[str, Any] | str = "", may: str = RUNS) -> Row:
    return _run(name, kwargs, data or {}, may)


CEDAR = f"{CEDAR_STAFF} student guardian district"
"""Everyone of the first school, and the district's leader."""


def _units(name: str, kwargs: str, data: Mapping[str, Any] | str = "", method: str = "POST") -> Row:
    """What a class works towards: chosen by its teacher and the school's leader, read by the counselor too."""
    expects = {"teacher leader": 302 if method == "POST" else 200, "counselor": 403}
    return Row(f"profiles:{name}", expects, kwargs=kwargs, foreign=f"other_{kwargs}", method=method, data=data or {})


FRAMEWORKS = [
    Row("profiles:framework_list", rest=200),
    Row("profiles:framework_import", {"leader other-leader district": 200}, rest=403),
    Row(
        "profiles:framework_import_detail",
        {"leader district": 200},
        kwargs="standards_file",
        foreign="other_standards_file",
    ),
    Row(
        "profiles:framework_import_apply",
        {"leader district": 302},
        kwargs="standards_file",
        foreign="other_standards_file",
        method="POST",
    ),
    *(
        Row(f"profiles:{name}", {CEDAR: 200}, kwargs="framework", foreign="other_framework")
        for name in ("framework_detail", "framework_export", "framework_map")
    ),
    Row("profiles:competency_detail", {CEDAR: 200}, kwargs="own_skill", foreign="other_own_skill"),
    Row(
        "profiles:competency_write", {"leader district": 200, CEDAR: 403}, kwargs="own_skill", foreign="other_own_skill"
    ),
    Row(
        "profiles:competency_withdraw",
        {"leader district": 302, CEDAR: 403},
        kwargs="own_skill",
        foreign="other_own_skill",
        method="POST",
    ),
    Row(
        "profiles:link_strength",
        {"leader district": 302, CEDAR: 403},
        kwargs="own_skill_link",
        foreign="other_own_skill_link",
        method="POST",
        data={"strength": "helpful"},
    ),
    Row(
        "profiles:school_competencies",
        {f"{CEDAR_STAFF} district": 200, "student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:competency_add",
        {"leader district": 302, CEDAR: 403},
        kwargs="cedar",
        foreign="juniper",
        method="POST",
        data={"statement": "Asks for help in time.", "dimension": "habit"},
    ),
    *(
        Row(f"profiles:{name}", {"teacher leader counselor": 200}, kwargs="taught_class", foreign="other_taught_class")
        for name in ("class_competencies", "class_map")
    ),
    _units("unit_add", "taught_class", {"title": "Stories"}),
    Row(
        "profiles:units_copy",
        # The teacher sees no other class.
        {"leader": 302, "teacher": 422, "counselor": 403},
        kwargs="taught_class",
        foreign="other_taught_class",
        method="POST",
        data="class_to_copy",
    ),
    _units("unit_rename", "class_unit", {"title": "Stories"}),
    _units("unit_move", "class_unit", {"places": "1"}),
    _units("unit_remove", "class_unit"),
    _units("unit_be_in", "class_unit"),
    _units("expectation_choose", "class_unit", method="GET"),
    _units("expectation_write", "class_unit", {"statement": "Retells a story.", "dimension": "academic"}),
    _units("expectation_drop", "class_expectation"),
]


def _led(name: str, kwargs: str, foreign: str, *, status: int = 302, **more: Any) -> Row:
    """What leaders of the first school and of the district do there; its other people may not."""
    expects = {"leader district": status, CEDAR_STAFF: 403, "student guardian": 403}
    return Row(f"profiles:{name}", expects, kwargs=kwargs, foreign=foreign, **more)


ROOM = [
    Row("workshops:clock_time", rest=200, public=True),
    Row("workshops:workshop_hand_over", {f"{RUNS} leader district": 200}, kwargs="room", foreign="other_room"),
    _run("hand_over_send", "room_adoption", {}, "coach teacher"),
    Row(
        "workshops:hand_over_table",
        {f"{RUNS} leader district": 200},
        kwargs="room_adoption",
        foreign="other_room_adoption",
    ),
    Row("workshops:workshop_screen", rest=200, kwargs="room_screen", public=True),
    Row(
        "workshops:workshop_facilitate",
        {RUNS: 200, "leader district": 403},
        kwargs="room",
        foreign="other_room",
    ),
    _run("workshop_presence", "room", {}, RUNS, status=200),
    _steer("lobby_open"),
    _steer("door_open"),
    _steer("door_close"),
    _steer("step_next"),
    _steer("step_enter", "room_step"),
    _steer("step_skip", "room_step"),
    _steer("step_restore", "room_step"),
    _steer("step_reveal", "room_step", what="all"),
    _steer("workshop_pause"),
    _steer("workshop_resume"),
    _steer("time_add", seconds=60),
    _steer("timer_stop"),
    _steer("knowledge_set", knowledge="new"),
    _steer("times_adjust"),
    _steer("times_undo"),
    _steer("groups_form", mode="mix"),
    _steer("groups_lock"),
    _run("group_move", "room", "other_seat", "coach teacher"),
    _steer("workshop_close", may="coach"),
    _say("lead_take_over"),
    _say("lead_take_back"),
    _say("entry_capture", data={"text": "Ninth grade", "sheet": "why"}),
    _say("entry_plus_one", "room_entry"),
    _say("entry_hide", data="marked_entries"),
    _say("entry_show", data="marked_entries"),
    _say("entry_move", data="marked_entries"),
    _say("theme_make", data="marked_entries"),
    _say("theme_rename", "room_theme", data={"label": "Time"}),
    _say("theme_undo", "room_theme"),
    _say("suggestion_decline", data="marked_entries"),
    _say("contrast_capture", data={"text": "Known", "side": "with"}),
    _say("contrast_pair", data="marked_items"),
    _say("contrast_unpair", data="marked_items"),
    _say("contrast_hide", data="marked_items"),
    _say("contrast_show", data="marked_items"),
    _say("observation_capture", data={"text": "A greeting"}),
    _say("observation_align", data="held_observation"),
    _say("observation_hide", data="held_observation"),
    _say("observation_show", data="held_observation"),
    Row("workshops:group_photo", {RUNS: 200, "leader district": 403}, kwargs="room_photo", foreign="other_room_photo"),
    Row("workshops:screen_picture", rest=200, kwargs="room_screen_picture", public=True),
    _say("picture_hide", "room_photo"),
    _say("picture_show", "room_photo"),
    _say("picture_capture", "room_group", data={"words": "Small", "base": 0}),
    _say("element_capture", "room_group", data={"text": "Advisory"}),
    _say("element_adopt", "room_element", data={"school_name": "Elm Valley"}),
    _say("debrief_capture", data={"text": "Belonging", "list": "learned"}),
    _say("debrief_hide", data="marked_note"),
    _say("debrief_show", data="marked_note"),
    _say("learning_team_add", data={"name": "Belonging"}),
    _say("person_add", data={"name": "Ana"}),
    _say("person_remove", "room_person", may="coach"),
]


from .profiles.matrix_path import PATH  # noqa: E402 (its rows are `Row`s)

ROWS = [
    # the site
    Row("home", rest=200),
    Row("search", rest=200),
    Row("styleguide", rest=200, public=True),
    Row("live_versions", {"anonymous": 401}, rest=200, public=True),
    Row("health_live", rest=200, public=True),
    Row("health_ready", rest=200, public=True),
    # sign-in
    Row("account_login", {"anonymous": 200}, rest=302, public=True),
    Row("account_logout", rest=302, method="POST"),
    Row("account_change_password", rest=403),
    Row("account_reset_password", rest=200, public=True),
    Row("account_reset_password_done", rest=200, public=True),
    Row("account_reset_password_from_key", rest=200, kwargs="used_reset_link", public=True),
    Row("account_reset_password_from_key_done", rest=200, public=True),
    # the second factor; nobody of the cast has one yet, nor a password to confirm with, and the demo asks nobody
    Row("account_reauthenticate", rest=403),
    Row("mfa_index", rest=200),
    Row("mfa_authenticate", rest=302),
    Row("mfa_trust", rest=302),
    Row("mfa_reauthenticate", rest=403),
    Row("mfa_activate_totp", rest=200),
    Row("mfa_deactivate_totp"),
    Row("mfa_list_webauthn", rest=302),
    Row("mfa_add_webauthn", rest=200),
    Row("mfa_reauthenticate_webauthn", rest=403),
    Row("mfa_remove_webauthn", {"teacher": 302}, kwargs="passkey", foreign="other_passkey"),
    Row("mfa_view_recovery_codes"),
    Row("mfa_generate_recovery_codes", rest=200),
    Row("demo_people", rest=200, public=True),
    Row("demo_sign_in", rest=302, kwargs="demo_slug", method="POST", public=True),
    # people, schools, teams, invitations
    Row("profiles:settings_write", rest=200),
    Row(
        "profiles:person_detail",
        {CEDAR_STAFF: 200, "district": 200},
        kwargs="colleague",
        foreign="other_colleague",
    ),
    Row(
        "profiles:second_factor_take",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="colleague",
        foreign="other_colleague",
        method="POST",
    ),
    Row(
        "profiles:levels_detail",
        {CEDAR_STAFF: 200, "district": 200, "student guardian": 403},
        kwargs="cedar_org",
        foreign="juniper_org",
    ),
    _led("levels_try", "cedar_org", "juniper_org", method="POST", data="rule_words"),
    _led("rule_end", "cedar_rule", "juniper_rule", method="POST"),
    _led("rule_trial", "cedar_trial", "juniper_trial", status=200),
    _led("rule_choose", "cedar_trial", "juniper_trial", method="POST"),
    _led("result_list", "cedar_org", "juniper_org", status=200),
    _led("result_detail", "cedar_results", "juniper_results", status=200),
    _led("result_match", "cedar_results", "juniper_results", method="POST"),
    _led("result_apply", "cedar_results", "juniper_results", method="POST"),
    _led("result_undo", "cedar_results", "juniper_results", method="POST"),
    Row(
        "profiles:taking_back_list",
        {CEDAR_STAFF: 200, "district": 200, "student guardian": 403},
        kwargs="cedar_org",
        foreign="juniper_org",
    ),
    Row(
        "profiles:taking_back_confirm",
        {"counselor leader": 302, "teacher advisor student guardian": 403},
        kwargs="cedar_asked",
        foreign="juniper_asked",
        method="POST",
    ),
    Row(
        "profiles:taking_back_decline",
        {"counselor leader": 302, "teacher advisor student guardian": 403},
        kwargs="cedar_asked",
        foreign="juniper_asked",
        method="POST",
    ),
    Row(
        "profiles:criteria_write",
        {"leader district": 200, CEDAR_STAFF: 403, "student guardian": 403},
        kwargs="cedar_own_skill",
        foreign="juniper_own_skill",
    ),
    Row("profiles:school_list", {"district": 200, "student guardian ended-today": 403}, rest=302),
    Row(
        "profiles:school_people",
        {CEDAR_STAFF: 200, "district": 200, "student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:school_classes",
        {CEDAR_STAFF: 200, "district": 200, "student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:school_courses",
        {CEDAR_STAFF: 200, "district": 200, "student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:school_students",
        {CEDAR_STAFF: 200, "district student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:school_families",
        {"leader counselor": 200, CEDAR_STAFF: 403, "district student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:course_credits",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="cedar_course",
        foreign="juniper_course",
        method="POST",
    ),
    Row(
        "profiles:section_people",
        {"teacher leader counselor": 200},
        kwargs="english_class",
        foreign="juniper_class",
    ),
    *(
        Row(f"profiles:{name}", {"district": 200}, rest=403)
        for name in ("district_detail", "roster_list", "roster_create", "holiday_list")
    ),
    Row("profiles:roster_detail", {"district": 200}, kwargs="applied_roster"),
    Row("profiles:roster_apply", {"district": 302}, kwargs="applied_roster", method="POST"),
    Row("profiles:roster_undo", {"district": 302}, kwargs="applied_roster", method="POST"),
    Row("profiles:holiday_remove", {"district": 302}, rest=403, kwargs="holiday", method="POST"),
    Row(
        "profiles:part_choose",
        {"leader district": 200, CEDAR_STAFF: 403, "student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
    ),
    Row(
        "profiles:part_begin",
        {"leader district": 302, CEDAR_STAFF: 403, "student guardian": 403},
        kwargs="cedar_workshops",
        foreign="juniper_workshops",
        method="POST",
    ),
    Row(
        "profiles:invitation_create",
        {"leader district": 302, CEDAR_STAFF: 403, "student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
        method="POST",
        data={"name": "Sam Field", "email": "sam@example.org", "role": "teacher"},
    ),
    Row(
        "profiles:team_create",
        {"leader district": 302, CEDAR_STAFF: 403, "student guardian": 403},
        kwargs="cedar",
        foreign="juniper",
        method="POST",
        data={"name": "Science", "meeting_kind": "content_team"},
    ),
    Row(
        "profiles:role_end",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="colleague_role",
        foreign="other_colleague_role",
        method="POST",
    ),
    Row(
        "profiles:invitation_link",
        {"leader district": 302},
        kwargs="invitation",
        foreign="other_invitation",
        method="POST",
    ),
    Row(
        "profiles:invitation_withdraw",
        {"leader district": 302},
        kwargs="invitation",
        foreign="other_invitation",
        method="POST",
    ),
    Row("profiles:invitation_join", {"teacher": 302}, kwargs="invitation", foreign="other_invitation", method="POST"),
    Row("profiles:invitation_accept", rest=200, kwargs="invitation_token", public=True),
    Row("profiles:team_detail", {CEDAR_STAFF: 200, "district": 200}, kwargs="team", foreign="other_team"),
    Row(
        "profiles:team_rename",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="team",
        foreign="other_team",
        method="POST",
        data={"name": "Grade nine"},
    ),
    Row(
        "profiles:team_add",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="team",
        foreign="other_team",
        method="POST",
        data="new_member",
    ),
    Row(
        "profiles:team_remove",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="team_member",
        foreign="other_team_member",
        method="POST",
    ),
    *(Row(**one) for one in PORTRAIT),
    # classes: the math teacher's; a student of it and of the advisor's
    Row("profiles:class_list", rest=200),
    *(
        Row(f"profiles:{name}", {CLASS_READERS: 200}, kwargs=kwargs, foreign=f"other_{kwargs.removeprefix('math_')}")
        for name, kwargs in {
            "class_detail": "math_class",
            "class_rows": "math_class",
            "class_print": "math_class",
            "class_export": "class_csv",
            "class_record": "class_skill",
            "task_detail": "class_task",
        }.items()
    ),
    Row("profiles:class_record_last", {CLASS_READERS: 302}, kwargs="math_class", foreign="other_class"),
    Row("profiles:task_create", {"math": 200, CLASS_READERS: 403}, kwargs="math_class", foreign="other_class"),
    *(
        Row(
            f"profiles:{name}",
            {"math": 302, CLASS_READERS: 403},
            kwargs="math_class",
            foreign="other_class",
            method="POST",
            data="a_mark",
        )
        for name in ("class_rate", "class_rate_rest", "class_take_back")
    ),
    Row(
        "profiles:learner_competency",
        {STUDENT_READERS: 200, "student guardian": 200},
        kwargs="skill_of_student",
        foreign="other_skill_of_student",
    ),
    Row(
        "profiles:evidence_file",
        {STUDENT_READERS: 200, "student guardian": 200},
        kwargs="skill_file",
        foreign="other_skill_file",
    ),
    *(
        Row(
            f"profiles:{name}",
            {may: 302, f"{STUDENT_READERS} student guardian": 403},
            kwargs=kwargs,
            foreign=f"other_{kwargs}",
            method="POST",
            data=data,
        )
        for name, kwargs, data, may in [
            ("level_set", "skill_of_student", "by_hand", STUDENT_RATERS),
            ("level_lift", "skill_of_student", {}, STUDENT_RATERS),
            ("evidence_attach", "skill_evidence", {"note": "On paper"}, "math"),
            ("evidence_take_back", "skill_evidence", {}, "math"),
        ]
    ),
    Row(
        "profiles:team_students",
        {"leader math " + NINTH: 200, CEDAR_STAFF: 403, "district": 403},
        kwargs="team",
        foreign="other_team",
    ),
    # strategy tables: the ninth-grade team's, begun by its teacher; the leader reads, is no member
    Row("planning:table_list", rest=200),
    Row("planning:table_create", {"student guardian ended-today district": 403}, rest=200),
    *(
        Row(f"planning:{name}", {READERS: 200}, kwargs=kwargs, foreign=f"other_{kwargs}")
        for name, kwargs in {
            "table_detail": "table",
            "table_rows": "table",
            "table_history": "table",
            "table_print": "table",
            "table_sharing": "table",
            "table_export": "table_csv",
            "strategy_detail": "strategy",
            "table_meeting": "table",
            "table_staff": "table",
            "table_past": "table",
        }.items()
    ),
    Row("planning:table_copy", {"district": 403, READERS: 200}, kwargs="table", foreign="other_table"),
    Row("planning:table_write", {"teacher": 200, READERS: 403}, kwargs="table", foreign="other_table"),
    Row("planning:table_import", {NINTH: 200, READERS: 403}, kwargs="table", foreign="other_table"),
    Row("planning:import_detail", {NINTH: 200, READERS: 403}, kwargs="table_file", foreign="other_table_file"),
    *(
        Row(f"planning:{name}", {"teacher": 302, READERS: 403}, kwargs=kwargs, foreign=f"other_{kwargs}", method="POST")
        for name, kwargs in {
            "table_archive": "table",
            "table_bring_back": "table",
            "member_remove": "table_member",
        }.items()
    ),
    *(
        Row(
            f"planning:{name}",
            {NINTH: 302, READERS: 403},
            kwargs=kwargs,
            foreign=f"other_{kwargs}",
            method="POST",
            data=data,
        )
        for name, kwargs, data in [
            ("strategy_add", "table", {}),
            ("cell_save", "cell", {"base_version": 0, "text": "words"}),
            ("strategy_move", "strategy", {}),
            ("strategy_set_aside", "strategy", {}),
            ("strategy_restore", "strategy", {}),
            ("proposal_decide", "proposal", {"choice": "theirs", "seen_version": 0}),
            ("import_apply", "table_file", {}),
            ("table_paste", "table", {"text": "one\ttwo"}),
            ("past_bring_back", "table", {"version": 1}),
            ("cell_undo", "cell", {"version": 1}),
            ("cell_bring_back", "cell", {"version": 1}),
            ("strategy_bring_back", "strategy", {"version": 1}),
            ("strategy_transfer", "strategy_to_move", "transfer_target"),
            ("comment_add", "strategy", {"body": "words"}),
            ("comment_resolve", "comment", {}),
            ("comment_reopen", "comment", {}),
        ]
    ),
    Row("planning:table_join", {"leader": 302, READERS: 403}, kwargs="table", foreign="other_table", method="POST"),
    Row(
        "planning:table_presence",
        {READERS: 204},
        kwargs="table",
        foreign="other_table",
        method="POST",
        data={"tab": "6f1c2a52-9d2f-4c5e-9b1e-0a4cf0a6b1c7"},
    ),
    # phones in a workshop, what schools receive, what is taken home
    Row("workshops:workshop_find", rest=200, public=True),
    Row("workshops:workshop_join", rest=200, kwargs="phone_code", public=True),
    Row("workshops:participant_join", rest=302, kwargs="phone_code", method="POST", public=True),
    Row("workshops:participant_resume", rest=302, kwargs="phone_code", method="POST", data="phone_phrase", public=True),
    Row("workshops:take_home", rest=200, kwargs="phone_take_home", public=True),
    Row("workshops:take_home_picture", rest=200, kwargs="phone_take_home_picture", public=True),
    *phone_rows(),
    Row(
        "workshops:inbox",
        {"leader teacher advisor counselor district": 200, CEDAR_STAFF: 403, "student guardian": 404},
        kwargs="inbox_school_with_table",
        foreign="other_inbox_school",
    ),
    Row(
        "workshops:idea_accept",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="inbox_idea",
        foreign="other_inbox_idea",
        method="POST",
    ),
    Row(
        "workshops:idea_decline",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="inbox_idea",
        foreign="other_inbox_idea",
        method="POST",
    ),
    Row(
        "workshops:learning_team_accept",
        {"leader district": 302, CEDAR_STAFF: 403},
        kwargs="inbox_team",
        foreign="other_inbox_team",
        method="POST",
    ),
    # workshops before the day: the coach's at the first school, with the counselor as co-facilitator
    Row("workshops:workshop_list", rest=200),
    Row("workshops:workshop_create", {"leader coach district other-leader": 200}, rest=403),
    Row("workshops:kit_list", {"student guardian ended-today": 403}, rest=200),
    Row("workshops:kit_detail", {CEDAR_STAFF: 200, "district": 200}, kwargs="kit", foreign="other_kit"),
    Row(
        "workshops:kit_copy",
        {"leader coach": 302, "district": 302, CEDAR_STAFF: 403},
        kwargs="kit",
        foreign="other_kit",
        method="POST",
        data="copy_for_cedar",
    ),
    *(
        Row(f"workshops:{name}", {KIT_WRITERS: 200, CEDAR_STAFF: 403}, kwargs=kwargs, foreign=f"other_{kwargs}")
        for name, kwargs in {"kit_write": "kit", "step_write": "kit_step", "step_media": "kit_step"}.items()
    ),
    *(
        Row(
            f"workshops:{name}",
            {KIT_WRITERS: 302, CEDAR_STAFF: 403},
            kwargs=kwargs,
            foreign=f"other_{kwargs}",
            method="POST",
            data=data,
        )
        for name, kwargs, data in [
            ("step_add", "kit", {"title": "A pause", "kind": "custom", "after": "2c"}),
            ("step_move", "kit_step", {"to": "up"}),
            ("step_remove", "kit_step", {}),
            ("kit_undo", "kit", {}),
        ]
    ),
    Row("workshops:overview_show", rest=200, public=True),
    Row("workshops:overview_handout", rest=200, public=True),
    Row("workshops:overview_file", rest=200, kwargs="pdf", public=True),
    *(
        Row(f"workshops:{name}", {PREPARERS: 200}, kwargs=kwargs, foreign=f"other_{kwargs}")
        for name, kwargs in {
            "workshop_detail": "workshop",
            "workshop_print": "workshop",
            "workshop_take_away": "workshop",
            "take_away_file": "workshop_file",
            "workshop_write": "workshop",
            "media_write": "workshop_media",
            "workshop_links": "workshop",
        }.items()
    ),
    *(
        Row(f"workshops:{name}", {PREPARERS: 302}, kwargs=kwargs, foreign=f"other_{kwargs}", method="POST", data=data)
        for name, kwargs, data in [
            ("guide_take", "workshop", {"guide": "00000000-0000-4000-8000-000000000001"}),
            ("checklist_tick", "workshop", {"key": "computer", "done": "yes"}),
            ("links_check", "workshop", {}),
            ("helper_add", "workshop", "new_helper"),
            ("helper_remove", "workshop_helper", {}),
        ]
    ),
    # workshops: the room
    *ROOM,
    # frameworks, and what a class works towards
    *FRAMEWORKS,
    # profiles: plan, path, units
    *PATH,
]

# Parts with rows of their own: they know what a `Row` is.
from .profiles.matrix_family import FAMILY  # noqa: E402

ROWS += FAMILY
