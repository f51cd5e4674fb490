from .history import Actor, Change, Door, Receipt, Versioned, open_doors
from .orgs import Org, RoleAssignment, StaffTeam, TeamMembership
from .people import Person

__all__ = [
    "Actor",
    "Change",
    "Door",
    "Org",
    "Person",
    "Receipt",
    "RoleAssignment",
    "StaffTeam",
    "TeamMembership",
    "Versioned",
    "open_doors",
]
