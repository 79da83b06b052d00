"""Passkeys of staff: keys that a phone, a computer or a stick holds and a person unlocks.

https://www.w3.org/TR/webauthn-3. The device must have known its person (by a finger, a face, a
number): a passkey is both factors. What it signs is good once, for five minutes, for one purpose.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from webauthn.helpers import bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.errors import StaffError
from services.staff import audit
from services.staff.keys import StaffKeys
from services.storage.models import Passkey, Staff, UsedChallenge

LASTS = timedelta(minutes=5)
_LONGEST_LABEL = 60
_NAME = "Trợ lý HTX"
_NONCE = 16
_MOMENT = 8
MOST_ANSWER = 20_000
"""Signs of what a browser sends; the longest that devices make is a tenth of it."""


@dataclass(frozen=True)
class Site:
    """Whom a passkey is for: it signs for no other address."""

    host: str
    origin: str
    keys: StaffKeys

    @classmethod
    def of(cls, address: str, keys: StaffKeys) -> Self:
        """Return the site at an address."""
        parts = urlsplit(address)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", keys)

    def challenge(self, purpose: str, now: datetime) -> bytes:
        """Return what is to be signed: it tells by itself until when and for what it is good."""
        until = int((now + LASTS).timestamp()).to_bytes(_MOMENT, "big")
        body = secrets.token_bytes(_NONCE) + until
        return body + self._mark(purpose, body)

    def lapses(self, challenge: bytes, purpose: str) -> datetime | None:
        """Return until when a challenge is good; None where it is not of ours for this purpose."""
        body, mark = challenge[: _NONCE + _MOMENT], challenge[_NONCE + _MOMENT :]
        if not hmac.compare_digest(mark, self._mark(purpose, body)):
            return None
        return datetime.fromtimestamp(int.from_bytes(body[_NONCE:], "big"), UTC)

    def _mark(self, purpose: str, body: bytes) -> bytes:
        return bytes.fromhex(self.keys.hash(f"challenge {purpose}", body.hex()))


async def of_account(session: AsyncSession, staff: Staff) -> list[Passkey]:
    """Return an account's passkeys, the first added first."""
    query = select(Passkey).where(Passkey.staff_id == staff.id)
    return list(await session.scalars(query.order_by(Passkey.id)))


async def ask_to_add(session: AsyncSession, staff: Staff, site: Site, now: datetime) -> str:
    """Return what a browser needs to have a device make a passkey, as JSON."""
    mine = await of_account(session, staff)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME,
        user_id=hashlib.sha256(f"staff {staff.id}".encode()).digest(),
        user_name=staff.name,
        challenge=site.challenge(_adding(staff), now),
        exclude_credentials=[_described(one) for one in mine],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


async def add(
    session: AsyncSession, staff: Staff, answer: str, site: Site, now: datetime
) -> Passkey:
    """Keep the passkey that a device has made.

    Raises:
        StaffError: it was not made for this account here and now, or is kept already.

    """
    challenge = await use_up(session, answer, _adding(staff), site, now)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except WebAuthnException:
        raise StaffError("passkey_wrong") from None
    credential = bytes_to_base64url(made.credential_id)
    if await session.scalar(select(Passkey.id).where(Passkey.credential == credential)):
        raise StaffError("passkey_known")
    kept = Passkey(
        staff_id=staff.id,
        credential=credential,
        public_key=made.credential_public_key,
        counter=made.sign_count,
        label=label_of(""),
        added_at=now,
    )
    session.add(kept)
    audit.note(session, now, staff.name, "staff.passkey", f"staff {staff.name}")
    return kept


def label_of(typed: str) -> str:
    """Return how a passkey is called, as its person wrote it."""
    return " ".join(typed.split())[:_LONGEST_LABEL] or "Khóa"


def ask_to_sign(site: Site, now: datetime, signed_in: Staff | None = None) -> str:
    """Return what a browser needs to have a passkey sign, as JSON; the device knows which are ours.

    `signed_in` is whoever must prove that it is still they.
    """
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=site.challenge(_signing(signed_in), now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


async def check(
    session: AsyncSession, answer: str, site: Site, now: datetime, signed_in: Staff | None = None
) -> Staff:
    """Return whose passkey has signed.

    The caller keeps what was used up also where it is refused, by `use_up` before.

    Raises:
        StaffError: nothing of ours was signed, or by no passkey of an account that may come in.

    """
    challenge = _challenge_in(answer)
    kept = await _kept(session, answer)
    staff = await session.get(Staff, kept.staff_id) if kept else None
    if kept is None or staff is None or staff.disabled:
        raise StaffError("passkey_wrong")
    if signed_in is not None and signed_in.id != staff.id:
        raise StaffError("passkey_wrong")
    try:
        proved = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.counter,
            require_user_verification=True,
        )
    except WebAuthnException:
        raise StaffError("passkey_wrong") from None
    mine = update(Passkey).where(Passkey.id == kept.id, Passkey.counter == kept.counter)
    counted = await session.execute(
        mine.values(counter=proved.new_sign_count, used_at=now).returning(Passkey.id)
    )
    if counted.first() is None:  # a copy of it signed at the same moment
        raise StaffError("passkey_wrong")
    return staff


async def use_up(
    session: AsyncSession, answer: str, purpose: str, site: Site, now: datetime
) -> bytes:
    """Return the challenge that was signed, of ours and in time; it is good never again.

    Raises:
        StaffError: it is none of ours for this purpose, lapsed, or was used.

    """
    challenge = _challenge_in(answer)
    until = site.lapses(challenge, purpose)
    if until is None or until <= now:
        raise StaffError("passkey_wrong")
    session.add(UsedChallenge(hash=hashlib.sha256(challenge).hexdigest(), until=until))
    try:
        await session.flush()
    except IntegrityError:
        raise StaffError("passkey_wrong") from None
    return challenge


async def use_up_signing(
    session: AsyncSession, answer: str, site: Site, now: datetime, signed_in: Staff | None = None
) -> None:
    """Use up the challenge of `ask_to_sign`; raises as `use_up` does."""
    await use_up(session, answer, _signing(signed_in), site, now)


async def drop(session: AsyncSession, staff: Staff, number: int, now: datetime) -> None:
    """Take a passkey of an account away.

    Raises:
        StaffError: it has none of that number.

    """
    mine = delete(Passkey).where(Passkey.staff_id == staff.id, Passkey.id == number)
    gone = await session.execute(mine.returning(Passkey.id))
    if gone.first() is None:
        raise StaffError("passkey_gone")
    audit.note(session, now, staff.name, "staff.passkey-dropped", f"staff {staff.name}")


async def end_old(session: AsyncSession, now: datetime) -> None:
    """Drop the marks of challenges that are worth nothing any more."""
    await session.execute(delete(UsedChallenge).where(UsedChallenge.until <= now))


def _adding(staff: Staff) -> str:
    return f"add {staff.id}"


def _signing(signed_in: Staff | None) -> str:
    return f"prove {signed_in.id}" if signed_in else "sign in"


async def _kept(session: AsyncSession, answer: str) -> Passkey | None:
    try:
        credential = str(json.loads(answer)["id"])
    except (ValueError, TypeError, KeyError):
        raise StaffError("passkey_wrong") from None
    return await session.scalar(select(Passkey).where(Passkey.credential == credential))


def _challenge_in(answer: str) -> bytes:
    """Return what the browser says it had signed; whether it did is for `check` to say."""
    try:
        data = json.loads(answer[:MOST_ANSWER])["response"]["clientDataJSON"]
        return parse_client_data_json(webauthn.base64url_to_bytes(data)).challenge
    except (ValueError, TypeError, KeyError, WebAuthnException):
        raise StaffError("passkey_wrong") from None


def _described(kept: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(kept.credential))
