"""The writers' guide keeps up with what they write."""

from services.knowledge.schema import READERS, ArticleHead
from services.settings import ROOT

GUIDE = (ROOT / "docs/noi-dung.md").read_text(encoding="utf-8")


def test_guide_explains_every_field_of_an_article() -> None:
    """No field of the front matter is left to be guessed."""
    assert [name for name in ArticleHead.model_fields if f"| `{name}` |" not in GUIDE] == []


def test_guide_shows_how_to_speak_to_every_reader() -> None:
    """Each kind of reader has a line that opens their part."""
    assert [reader for reader in READERS if f"`## {reader}`" not in GUIDE] == []
