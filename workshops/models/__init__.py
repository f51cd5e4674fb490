from .answers import Entry, MeToo, Response, Theme, ThemeSuggestion
from .attempts import Attempts
from .groups import Adoption, Element, GroupMember, GroupSet, Picture, WorkshopGroup
from .kits import Kit
from .outcomes import DebriefNote, HandOver, LearningTeam
from .participants import Participant, take_home_token, tell_apart, token_hash
from .viewing import Alignment, ContrastItem, Observation
from .workshops import Helper, StaleControlError, StepRun, Workshop

__all__ = [
    "Adoption",
    "Alignment",
    "Attempts",
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
    "take_home_token",
    "tell_apart",
    "token_hash",
]
