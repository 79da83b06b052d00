"""The tables. Every time is UTC."""

from services.storage.models.announcements import (
    Announcement,
    Approval,
    Delivery,
    Press,
    RateLane,
    Upload,
)
from services.storage.models.base import Base, Utc
from services.storage.models.conversation import (
    ArticleVersion,
    Conversation,
    DailyCount,
    Feedback,
    Pending,
    Received,
    Turn,
    TurnArticle,
    in_order,
)
from services.storage.models.editing import Proposal, ProposalText, ProposalVerdict
from services.storage.models.notices import Notice, NoticeConsent
from services.storage.models.people import (
    Audit,
    Authoring,
    Consent,
    Event,
    Forgotten,
    GroupMember,
    Person,
    Staff,
    Suppression,
    TopicChoice,
)
from services.storage.models.sign_in import SignInLink, StaffSession
from services.storage.models.tickets import Ticket, TicketFile, TicketMessage

__all__ = [
    "Announcement",
    "Approval",
    "ArticleVersion",
    "Audit",
    "Authoring",
    "Base",
    "Consent",
    "Conversation",
    "DailyCount",
    "Delivery",
    "Event",
    "Feedback",
    "Forgotten",
    "GroupMember",
    "Notice",
    "NoticeConsent",
    "Pending",
    "Person",
    "Press",
    "Proposal",
    "ProposalText",
    "ProposalVerdict",
    "RateLane",
    "Received",
    "SignInLink",
    "Staff",
    "StaffSession",
    "Suppression",
    "Ticket",
    "TicketFile",
    "TicketMessage",
    "TopicChoice",
    "Turn",
    "TurnArticle",
    "Upload",
    "Utc",
    "in_order",
]
