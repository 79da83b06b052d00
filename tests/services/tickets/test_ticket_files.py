"""Files of tickets: known by their bytes; a picture keeps nothing but what is seen."""

import io

import pytest
from PIL import Image

from services.errors import TicketError
from services.tickets import files

GPS = 0x8825
MODEL = 0x0110


def picture(kind: str, *, exif: bool = False, size: tuple[int, int] = (40, 30)) -> bytes:
    """Return a picture, as a phone takes it where its EXIF is wanted."""
    drawn, buffer = Image.new("RGB", size, "green"), io.BytesIO()
    told = Image.Exif()
    if exif:
        told[MODEL] = "MAY-CUA-BA-AN"
        told.get_ifd(GPS)[1] = "N"
    drawn.save(buffer, kind, exif=told)
    return buffer.getvalue()


async def test_a_picture_is_drawn_anew() -> None:
    """Where and with what it was taken is gone, and a large one is made smaller."""
    taken = picture("JPEG", exif=True, size=(4000, 3000))
    kept = await files.cleaned("../IMG 01.jpeg", taken)
    with Image.open(io.BytesIO(kept.content)) as opened:
        found = dict(opened.getexif())
        longest = max(opened.size)

    assert b"MAY-CUA-BA-AN" in taken
    assert b"MAY-CUA-BA-AN" not in kept.content
    assert found == {}
    assert longest == 2400
    assert (kept.name, kept.kind) == ("IMG 01.jpg", files.JPEG)


async def test_png_and_pdf_are_taken() -> None:
    """Each under the ending of what it is, whatever it was called."""
    png = await files.cleaned("giấy.exe", picture("PNG"))
    pdf = await files.cleaned("đơn<b>.html", b"%PDF-1.7 to be read")

    assert (png.name, png.kind) == ("giấy.png", files.PNG)
    assert (pdf.name, pdf.kind) == ("đơn-b.pdf", files.PDF)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"\xff\xd8\xff\xe0 no picture",
        b"GIF89a" + bytes(40),
        b"MZ" + bytes(100),
        b"",
        picture("JPEG")[:80],
    ],
    ids=["html", "broken", "gif", "program", "empty", "cut off"],
)
async def test_anything_else_is_refused(content: bytes) -> None:
    """Whatever it is called."""
    with pytest.raises(TicketError, match="không phải ảnh"):
        await files.cleaned("anh.jpg", content)


async def test_what_is_too_big_is_refused() -> None:
    """More than ten megabytes, or more pixels than memory is good for."""
    with pytest.raises(TicketError, match="10 MB"):
        await files.cleaned("a.pdf", b"%PDF-" + bytes(files.MOST))
    with pytest.raises(TicketError, match="không phải ảnh"):
        await files.cleaned("a.png", picture("PNG", size=(20_000, 3_000)))
