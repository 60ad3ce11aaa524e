"""What a push service may not read: a message locked for one browser (RFC 8291, ``aes128gcm`` of RFC 8188).

No Django, no network, no clock. The service sees only how long it is, and that is always the same.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from os import urandom

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
RECORD = 4096  # bytes: every push service takes one record of at most this
LAST_RECORD = b"\x02"
POINT, SECRET, SALT = 65, 16, 16  # bytes


def decoded(text: str) -> bytes:
    """Base64 for addresses, with or without its padding; ValueError for anything else."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def encoded(data: bytes) -> str:
    """The same the other way, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half, as it travels."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def check(p256dh: str, auth: str) -> None:
    """ValueError unless these are the keys of a browser: a point on the curve and sixteen bytes."""
    if len(decoded(p256dh)) != POINT or len(decoded(auth)) != SECRET:
        raise ValueError("Keys of another length.")
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(p256dh))


def locked(
    text: bytes,
    p256dh: str,
    auth: str,
    *,
    length: int = 0,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of the request to the push service; filled up to ``length`` bytes, so that it tells nothing.

    Salt and key are fresh each time; only the test of the RFC's own example gives them.
    """
    salt, key = salt or urandom(SALT), key or ec.generate_private_key(CURVE)
    theirs, ours = decoded(p256dh), point_of(key)
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    secret = _derived(shared, decoded(auth), b"WebPush: info\0" + theirs + ours, 32)
    lock = AESGCM(_derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + lock.encrypt(nonce, (text + LAST_RECORD).ljust(length, b"\0"), None)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
