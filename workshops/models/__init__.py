from .answers import Entry, MeToo, Response, Theme, ThemeSuggestion
from .groups import Adoption, Element, GroupMember, GroupSet, Picture, WorkshopGroup
from .kits import Kit
from .outcomes import DebriefNote, HandOver, LearningTeam
from .participants import Participant
from .viewing import Alignment, ContrastItem, Observation
from .workshops import Helper, StaleControlError, StepRun, Workshop

__all__ = [
    "Adoption",
    "Alignment",
    "ContrastItem",
    "DebriefNote",
    "Element",
    "Entry",
    "GroupMember",
    "GroupSet",
    "HandOver",
    "Helper",
    "Kit",
    "LearningTeam",
    "MeToo",
    "Observation",
    "Participant",
    "Picture",
    "Response",
    "StaleControlError",
    "StepRun",
    "Theme",
    "ThemeSuggestion",
    "Workshop",
    "WorkshopGroup",
]
