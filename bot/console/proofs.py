"""How whoever signs in proves who they are: a password with a code, or a passkey.

A try is counted and committed before it is looked at, and what is slow is done with no session
open: the page answers citizens meanwhile.
"""

import asyncio
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from bot.console import cookies
from bot.web.callers import Callers
from services.bootstrap import Services
from services.errors import StaffError
from services.staff import guesses, known_browsers, passkey, password
from services.staff.keys import StaffKeys
from services.staff.passkey import Site
from services.storage.models import Staff

_AT_ONCE = 2
"""Passwords that are tried at a time: each takes 64 MB and a processor for a while."""


@dataclass(frozen=True)
class Proofs:
    """Tries what somebody shows; returns whose account it opens."""

    services: Services
    callers: Callers
    _room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    @property
    def keys(self) -> StaffKeys:
        """What hashes and seals."""
        return StaffKeys.of(self.services.settings)

    @property
    def site(self) -> Site:
        """For which address passkeys are."""
        return Site.of(self.services.settings.site, self.keys)

    async def by_password(self, request: Request, name: str, typed: str, code: str) -> Staff:
        """Return the account that a name, a password and a code open.

        Raises:
            StaffError: one of them is wrong, none says which; or too many were.

        """
        now, places = self.services.now(), self._places(request)
        held = cookies.mark_of(request, self.callers)
        browser = known_browsers.number_of(self.keys, name, held, now)
        target = guesses.Target(name, browser)
        async with self.services.sessions.begin() as session:
            await guesses.begin(session, self.keys, target, places, now)
            found = await password.of_name(session, name)
        async with self._room:
            right = await asyncio.to_thread(password.fits, found[1] if found else None, typed)
        if found is None or not right:
            raise StaffError("sign_in_wrong")
        async with self.services.sessions.begin() as session:
            await password.use_code(session, found[0], code, self.keys, now)
            await guesses.was_right(session, self.keys, target, places)
        return found[0]

    async def by_passkey(
        self, request: Request, answer: str, signed_in: Staff | None = None
    ) -> Staff:
        """Return the account whose passkey has signed; of `signed_in` alone where given.

        Raises:
            StaffError: it did not, or too many did not.

        """
        now, places = self.services.now(), self._places(request)
        async with self.services.sessions.begin() as session:
            await guesses.begin(session, self.keys, None, places, now)
        async with self.services.sessions.begin() as session:
            await passkey.use_up_signing(session, answer, self.site, now, signed_in)
        async with self.services.sessions.begin() as session:
            staff = await passkey.check(session, answer, self.site, now, signed_in)
            await guesses.was_right(session, self.keys, None, places)
        return staff

    def know(self, request: Request, response: Response, name: str) -> None:
        """Have the browser be known for an account's, which its person has proved just now."""
        mark = known_browsers.mark(self.keys, name, self.services.now())
        cookies.know(response, mark, request, self.callers)

    def _places(self, request: Request) -> tuple[str, ...]:
        return self.callers.of(request).places
