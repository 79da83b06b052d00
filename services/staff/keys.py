"""What the secret key of the product does for the ways of staff to sign in: hashes and seals."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from services.settings import Settings


@dataclass(frozen=True)
class StaffKeys:
    """Keyed hashes and seals; a database without the key opens nothing."""

    keys: tuple[str, ...]
    """The secret key of the product, then those that were in use before it."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return those of the settings."""
        former = settings.former_keys.get_secret_value().split(",")
        kept = tuple(key.strip() for key in former if key.strip())
        return cls((settings.secret_key.get_secret_value(), *kept))

    def hash(self, kind: str, value: str) -> str:
        """Return the hash of a value, under the key in use."""
        return _hash(self.keys[0], kind, value).hex()

    def every_hash(self, kind: str, value: str) -> list[str]:
        """Return the hashes of a value under every key that was ever in use."""
        return [_hash(key, kind, value).hex() for key in self.keys]

    def seal(self, text: str) -> str:
        """Return a text that the key alone opens."""
        return self._seal.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Return the text of a seal; nothing where no key opens it."""
        try:
            return self._seal.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return ""

    @cached_property
    def _seal(self) -> MultiFernet:
        keys = (base64.urlsafe_b64encode(_hash(key, "seal", "")) for key in self.keys)
        return MultiFernet([Fernet(key) for key in keys])


def _hash(key: str, kind: str, value: str) -> bytes:
    return hmac.new(key.encode(), f"staff {kind}:{value}".encode(), hashlib.sha256).digest()
