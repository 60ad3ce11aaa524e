"""What a push service may not read, against the example of RFC 8291 and the reader that browsers' tests use."""

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.push_crypto import CURVE, check, decoded, encoded, locked, point_of

# RFC 8291, section 5 and appendix A.
THEIRS = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OURS = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
LOCKED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
    "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
THEIR_KEY = ec.generate_private_key(CURVE)


def test_example_of_the_rfc_comes_out_as_it_stands_there():
    key = ec.derive_private_key(int.from_bytes(decoded(OURS), "big"), CURVE)

    body = locked(b"When I grow up, I want to be a watermelon", THEIRS, AUTH, salt=decoded(SALT), key=key)

    assert encoded(body) == LOCKED


@settings(deadline=None)  # a busy machine
@given(st.binary(max_size=500), st.binary(min_size=16, max_size=16))
def test_browser_reads_what_was_locked_for_it_and_its_length_tells_nothing(text, auth):
    body = locked(text, encoded(point_of(THEIR_KEY)), encoded(auth), length=512)

    assert http_ece.decrypt(body, private_key=THEIR_KEY, auth_secret=auth, version="aes128gcm") == text
    assert len(body) == len(locked(b"", encoded(point_of(THEIR_KEY)), encoded(auth), length=512))


def test_same_text_is_never_locked_the_same_way():
    assert locked(b"x", THEIRS, AUTH) != locked(b"x", THEIRS, AUTH)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        (THEIRS, ""),
        (THEIRS, AUTH + "AA"),
        (THEIRS[:-4], AUTH),
        ("é" * 87, AUTH),
        (encoded(b"\x04" + b"\x01" * 64), AUTH),  # no point of the curve
    ],
)
def test_what_is_no_key_is_refused(p256dh, auth):
    check(THEIRS, AUTH)

    with pytest.raises(ValueError):  # noqa: PT011 (each has words of its own)
        check(p256dh, auth)
