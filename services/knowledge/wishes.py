"""The shape of `content/wishes.yml`: what people want in a word or two, and what they may mean."""

from typing import Annotated

from pydantic import Field, StringConstraints

from services.knowledge.schema import LABEL_CHARS, Strict, Text

MOST_CHOICES = 5
WishId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,19}$")]
Label = Annotated[Text, Field(max_length=LABEL_CHARS)]


class WishChoice(Strict):
    """One thing that may be meant, and the article that answers it."""

    label: Label
    article: Text
    also: Text | None = None
    """A group of words that chooses it, beside its label."""


class Wish(Strict):
    """A wish that says a matter and no question: what tells it, and what it may mean.

    A group of words is written `vay vốn | mượn vốn`: either of them.
    """

    id: WishId
    label: Label
    words: Text
    """A group; a message that is this wish holds one of it."""
    beside: Text | None = None
    """A group: what may stand with it and tells no more. Numbers always may."""
    matter: bool = False
    """Whether a step is asked of it by its name, whatever was told: “giải thể mất bao lâu”."""
    purpose: bool = False
    """Whether anything may stand with it that asks nothing: “vay tiền nuôi bò”."""
    unless: Text | None = None
    """A group; with one of it another thing is wished for, none of ours."""
    choices: Annotated[tuple[WishChoice, ...], Field(min_length=2, max_length=MOST_CHOICES)]
    examples: Annotated[tuple[Text, ...], Field(min_length=2)]
    """How people write it: for the check, not for training."""

    @property
    def topics(self) -> frozenset[str]:
        """The topics of the articles that it may mean."""
        return frozenset(one.article.partition("/")[0] for one in self.choices)


class Wishes(Strict):
    """How people wish for a matter without asking; see `content/wishes.yml`."""

    fillers: Text = "muốn"
    """A group: what may stand before and behind any wish and tells nothing of it."""
    wishes: tuple[Wish, ...] = ()

    def named(self, name: str) -> Wish | None:
        """Return the wish of that id, if there is one."""
        return next((wish for wish in self.wishes if wish.id == name), None)
