"""How staff come into the console: their sessions there, and the ways that begin one."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
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
    """By what its person proved last who they are: link, password, passkey."""
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


class StaffPassword(Base):
    """The password of an account and the second factor that goes with it."""

    __tablename__ = "staff_password"

    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True
    )
    hash: Mapped[str] = mapped_column(String(200))
    """By argon2, its numbers with it."""
    set_at: Mapped[datetime] = mapped_column(Utc)
    secret: Mapped[str] = mapped_column(Text, default="")
    """Of the codes, sealed; empty until one of them was typed: the password opens nothing yet."""
    next_secret: Mapped[str] = mapped_column(Text, default="")
    """Shown to a new device, sealed; it takes the other's place once a code of it was typed."""
    step: Mapped[int] = mapped_column(BigInteger, default=0)
    """The half minute whose code was used last: no code is good twice."""


class RecoveryCode(Base):
    """A code on paper, good once instead of one of the device's."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_staff", "staff_id"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed: whoever has the database alone can't try codes on it."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))


class Passkey(Base):
    """A key that a phone, a computer or a stick holds for an account."""

    __tablename__ = "passkey"
    __table_args__ = (Index("ix_passkey_staff", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    credential: Mapped[str] = mapped_column(Text, unique=True)
    """How the device calls it, in base64url."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    counter: Mapped[int] = mapped_column(BigInteger)
    """How often it signed by its own count; many always say 0."""
    label: Mapped[str] = mapped_column(String(60))
    """How its person calls it."""
    added_at: Mapped[datetime] = mapped_column(Utc)
    used_at: Mapped[datetime | None] = mapped_column(Utc, default=None)


class UsedChallenge(Base):
    """What a passkey has signed for us once, so that nobody shows it again."""

    __tablename__ = "used_challenge"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Utc)
    """From then on it is worth nothing anyhow."""


class SignInTry(Base):
    """How often somebody tried to sign in wrongly: at an account, or from an address."""

    __tablename__ = "sign_in_try"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The keyed hash of the account's name, or of the address."""
    wrong: Mapped[int]
    at: Mapped[datetime] = mapped_column(Utc)
    free_at: Mapped[datetime] = mapped_column(Utc)
    """Until then nothing more is tried."""


class UploadedList(Base):
    """A list of people that a member of staff looks at before it is taken in; kept for an hour."""

    __tablename__ = "uploaded_list"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """By chance: a page that shows one list can't take in another."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Utc)
    file: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file as it came: what a yes in it rests on where no paper is named."""
    sealed: Mapped[str] = mapped_column(Text)
    """What it holds, as comma-separated values; the secret key alone opens it."""
    group: Mapped[str] = mapped_column("group_name", String(50), default="")
    """The group that its people are added to."""
    basis: Mapped[str] = mapped_column(Text, default="")
    """The paper on which they agreed."""
    foreseen: Mapped[str] = mapped_column(Text, default="")
    """What taking it in will do, line by line, sealed: found once, when it was uploaded."""
