from .history import Actor, Change, Door, Receipt, Versioned, open_doors
from .invitations import Invitation, InvitationClosed, InvitationLink
from .orgs import MeetingKind, Org, RoleAssignment, StaffTeam, TeamMembership
from .people import Person

__all__ = [
    "Actor",
    "Change",
    "Door",
    "Invitation",
    "InvitationClosed",
    "InvitationLink",
    "MeetingKind",
    "Org",
    "Person",
    "Receipt",
    "RoleAssignment",
    "StaffTeam",
    "TeamMembership",
    "Versioned",
    "open_doors",
]
