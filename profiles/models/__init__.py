from .access import AccessEvent
from .evidence import (
    CellState,
    Demonstration,
    Estimate,
    Evidence,
    EvidenceFile,
    EvidenceRating,
    Level,
    LevelOverride,
    Mark,
    MasteryPolicy,
    Policies,
    RatingBook,
    Revocation,
    Task,
    learners_of,
)
from .frameworks import Competency, CompetencyLink, Framework, FrameworkImport
from .history import Actor, Change, Door, Receipt, Versioned, change_many, open_doors
from .invitations import Invitation, InvitationClosed, InvitationLink
from .learners import Absence, GuardianLink, Learner, Why
from .orgs import MeetingKind, Org, RoleAssignment, StaffTeam, TeamMembership
from .people import Person
from .rosters import RosterImport
from .sections import Course, Enrollment, Expectation, Section, Unit
from .sessions import AcademicSession, Holiday, SchoolDays

__all__ = [
    "Absence",
    "AcademicSession",
    "AccessEvent",
    "Actor",
    "CellState",
    "Change",
    "Competency",
    "CompetencyLink",
    "Course",
    "Demonstration",
    "Door",
    "Enrollment",
    "Estimate",
    "Evidence",
    "EvidenceFile",
    "EvidenceRating",
    "Expectation",
    "Framework",
    "FrameworkImport",
    "GuardianLink",
    "Holiday",
    "Invitation",
    "InvitationClosed",
    "InvitationLink",
    "Learner",
    "Level",
    "LevelOverride",
    "Mark",
    "MasteryPolicy",
    "MeetingKind",
    "Org",
    "Person",
    "Policies",
    "RatingBook",
    "Receipt",
    "Revocation",
    "RoleAssignment",
    "RosterImport",
    "SchoolDays",
    "Section",
    "StaffTeam",
    "Task",
    "TeamMembership",
    "Unit",
    "Versioned",
    "Why",
    "change_many",
    "learners_of",
    "open_doors",
]
