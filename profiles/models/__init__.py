from .access import AccessEvent
from .criteria import Branch, CircularCriteria, CriteriaGroup, Criterion, Leaf, course_criteria, write_tree
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
from .results import ResultImport, ResultMapping, ScaleScore
from .rosters import RosterImport
from .rules import RuleTrial
from .sections import Course, Enrollment, Expectation, Section, Unit
from .sessions import AcademicSession, Holiday, SchoolDays

__all__ = [
    "Absence",
    "AcademicSession",
    "AccessEvent",
    "Actor",
    "Branch",
    "CellState",
    "Change",
    "CircularCriteria",
    "Competency",
    "CompetencyLink",
    "Course",
    "CriteriaGroup",
    "Criterion",
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
    "Leaf",
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
    "ResultImport",
    "ResultMapping",
    "Revocation",
    "RoleAssignment",
    "RosterImport",
    "RuleTrial",
    "ScaleScore",
    "SchoolDays",
    "Section",
    "StaffTeam",
    "Task",
    "TeamMembership",
    "Unit",
    "Versioned",
    "Why",
    "change_many",
    "course_criteria",
    "learners_of",
    "open_doors",
    "write_tree",
]
