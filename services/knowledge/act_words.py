"""In which words people talk about the talk itself, as `content/phrases/acts.yml` holds them."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from services.knowledge.schema import PartKind, Strict, Text

ActName = Literal[
    "yes",
    "no",
    "back",
    "back_first",
    "back_list",
    "menu",
    "again",
    "shorter",
    "plainer",
    "more",
    "next",
    "nth",
    "item",
    "thanks",
    "goodbye",
    "anger",
    "abilities",
    "introduction",
    "identity",
    "wrong",
    "picture",
    "file",
    "reminder",
    "voice",
    "phone",
    "letters",
    "sending",
    "news",
    "erasure",
    "dossier",
    "person",
    "whom",
    "source",
    "sign",
]


class ActWords(Strict):
    """An act of talk: in which words it is done, and what is said back.

    A group of words is written `ngắn | gọn`: either of them. A message is the act when it holds a
    word of each group of a way, and no word but those of all ways, `beside`, and the fillers.
    """

    act: ActName
    ways: tuple[tuple[Text, ...], ...] = ()
    opens: Text | None = None
    """After one of these, at the beginning, the rest says what it is about."""
    anywhere: tuple[tuple[Text, ...], ...] = ()
    """Ways that count whatever else the message holds; then it is doubtful."""
    clear: Text | None = None
    """One of these, whatever else the message holds: where it asks nothing, no article answers."""
    beside: Text = "ạ"
    bare: bool = False
    """Whether particles alone may stand with it, no fillers."""
    lists: Mapping[PartKind, Text] = Field(default_factory=dict)
    """What a number stands behind that counts in the list of such a part: `giấy thứ`."""
    doubtful: Text | None = None
    """What means something else as often: an article that is sure to answer wins."""
    asked: Text | None = None
    """What asks where it is or whether there is any, of which an open article may tell."""
    reply: Text | None = None
    """A Jinja2 phrase; None where something else is the reply: an article, a list."""
    nothing: Text | None = None
    """What is said where there is nothing to do it with."""


class Acts(Strict):
    """How people talk about the talk; see `content/phrases/acts.yml`."""

    fillers: Text = "ạ"
    particles: Text = "ạ"
    numbers: tuple[Text, ...] = ()
    """The words for 1, 2, 3 …"""
    last: Text = "cuối"
    latter: Text = "=sau"
    """The words for the second of two."""
    names: Text = "anh | chị"
    """What makes a number behind it a name of the family."""
    earlier: Text = "hồi nãy"
    """What points back at what stands before it: that was told earlier in the talk."""
    ours: Text = "bạn | trợ lý"
    """What speaks to the assistant."""
    persons: Text = "người | cán bộ | nhân viên"
    """Whom somebody may want that does not want to talk with a machine."""
    wanting: Text = "gặp | nói chuyện | gọi"
    """What he says of them."""
    acts: tuple[ActWords, ...] = ()

    def sentences(self) -> dict[str, str]:
        """Return what is said back, by the names of the phrases."""
        replies = {f"act_{one.act}": one.reply for one in self.acts}
        nothing = {f"act_{one.act}_nothing": one.nothing for one in self.acts}
        return {name: text for name, text in (replies | nothing).items() if text}
