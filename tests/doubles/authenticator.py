"""A device that holds one passkey, as a browser hands on what it makes and signs."""

import hashlib
import json
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """Makes a key and signs with it, also as it should not."""

    host: str = "localhost"
    origin: str = "http://localhost:8000"
    knows: bool = True
    """Whether it has made sure who is there."""
    counter: int = 0
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), init=False
    )

    def make(self, asked: str) -> str:
        """Return the answer to what `ask_to_add` asks."""
        numbers = self._key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        name = self._name
        attested = bytes(16) + len(name).to_bytes(2, "big") + name + cose
        data = self._data(_ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked)
        return self._answer(clientDataJSON=client, attestationObject=made)

    def sign(self, asked: str) -> str:
        """Return the answer to what `ask_to_sign` asks."""
        client, data = self._client("webauthn.get", asked), self._data(0)
        signed = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    @property
    def _name(self) -> bytes:
        return hashlib.sha256(str(self._key.public_key().public_numbers().x).encode()).digest()

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.knows else 0)
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, asked: str) -> bytes:
        challenge = json.loads(asked)["challenge"]
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self._name)
        told = {key: bytes_to_base64url(value) for key, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})
