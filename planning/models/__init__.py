from .comments import Comment, Mention, mentioned_in
from .imports import TableImport
from .strategies import CellPresence, CellProposal, Responsibility, Strategy
from .tables import LastOwnerError, Outcome, StrategyTable, TableMember

__all__ = [
    "CellPresence",
    "CellProposal",
    "Comment",
    "LastOwnerError",
    "Mention",
    "Outcome",
    "Responsibility",
    "Strategy",
    "StrategyTable",
    "TableImport",
    "TableMember",
    "mentioned_in",
]
