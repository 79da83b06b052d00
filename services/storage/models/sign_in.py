"""How staff come into the console: their sessions there, and the links that begin one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.storage.models.base import Base, Utc
from services.storage.models.people import Staff


class StaffSession(Base):
    """A browser of staff that is signed in; what has ended is dropped once a day."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("ix_staff_session_staff", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """The hash of what the browser holds."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(16))
    """The account's role when it began: another role ends it."""
    how: Mapped[str] = mapped_column(String(16))
    """By what it began: link, password, passkey."""
    began_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime] = mapped_column(Utc)
    """When its person last did something, give or take a minute."""
    proved_at: Mapped[datetime] = mapped_column(Utc)
    """When its person last proved who they are."""
    ended_at: Mapped[datetime | None] = mapped_column(Utc, default=None)
    agent: Mapped[str] = mapped_column(String(200), default="")
    """What the browser calls itself, so that its person knows it in a list."""
    notice: Mapped[str] = mapped_column(String(400), default="")
    """What the next page says once: what was just done."""
    staff: Mapped[Staff] = relationship(init=False, lazy="joined", innerjoin=True)


class SignInLink(Base):
    """A link that signs an account in once, for a few minutes."""

    __tablename__ = "sign_in_link"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The hash of what the link carries."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    until: Mapped[datetime] = mapped_column(Utc)
