"""The form of `content/places`: names of places, the words around them, offices, communes."""

from collections.abc import Mapping

from services.knowledge.schema import Day, Strict, Subject, Text


class Province(Strict):
    """Another province, old or of today."""

    name: Text
    now: Text | None = None
    """The one of today that it belongs to; None where it is one."""
    also: tuple[Text, ...] = ()
    unless: tuple[Text, ...] = ()
    """With one of these words it is where an office of the whole country sits."""


class Country(Strict):
    """Another country."""

    name: Text
    also: tuple[Text, ...] = ()


class PlaceWords(Strict):
    """The words around a place's name that tell whether a rule is asked to hold there."""

    kinds: tuple[Text, ...] = ()
    at: tuple[Text, ...] = ()
    askers: tuple[Text, ...] = ()
    others: tuple[Text, ...] = ()
    staying: tuple[Text, ...] = ()
    parts: tuple[Text, ...] = ()
    field: tuple[Text, ...] = ()
    there: tuple[Text, ...] = ()
    here: tuple[Text, ...] = ()
    back: tuple[Text, ...] = ()
    does: tuple[Text, ...] = ()
    pointing: tuple[Text, ...] = ()
    trades: tuple[Text, ...] = ()
    colour: tuple[Text, ...] = ()
    openers: tuple[Text, ...] = ()
    alone: tuple[Text, ...] = ()


class PlaceNames(Strict):
    """Names of places: our own, those of others, and what only sounds like one."""

    home: tuple[Text, ...] = ()
    """The city, the province before it: what holds all of ours."""
    ours: tuple[Text, ...] = ()
    provinces: tuple[Province, ...] = ()
    countries: tuple[Country, ...] = ()
    not_places: tuple[Text, ...] = ()
    words: PlaceWords = PlaceWords()


class Reach(Strict):
    """What is known of the way to reach an office."""

    address: str | None = None
    phone: str | None = None
    web: str | None = None
    hours: str | None = None
    source: Text | None = None
    """Who told; None where the office itself was asked."""
    as_of: Day | None = None
    """The day on which it was asked or looked up."""

    @property
    def ways(self) -> tuple[str, ...]:
        """All that is known; empty where nothing is."""
        return tuple(filter(None, (self.address, self.phone, self.web, self.hours)))


class Office(Reach):
    """An office that people are sent to, and what is known of the way to reach it."""

    id: Text
    name: Text
    named: tuple[Text, ...] = ()
    """How articles name it; a reply that names it says how to reach it."""
    subjects: tuple[Subject, ...]
    leads: tuple[Subject, ...] = ()
    """The subjects of which it is the one to be named, where one is."""
    words: Text | None = None
    """A group of words: who speaks of one and gets no answer is sent here. An office without
    subjects is named first behind an article whose title holds one."""
    role: Text

    @property
    def known(self) -> bool:
        """Whether anything is known of the way to reach it."""
        return bool(self.ways)

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields to fill in before people can reach it from home: `phone`, `address`."""
        if self.phone or self.web:
            return ()
        return ("phone",) if self.address else ("phone", "address")


class Commune(Reach):
    """A ward or commune of today."""

    code: Text
    """The official one, by which `services/people/places.py` knows it."""
    name: Text
    was: Mapping[str, tuple[Text, ...]] = {}
    """By old district what was merged into it."""

    @property
    def old_names(self) -> list[str]:
        """What was merged into it, each with its district."""
        return [f"{name} ({district})" for district, names in self.was.items() for name in names]

    @property
    def contact(self) -> str:
        """What is known of the way to reach it; empty where nothing is."""
        return "; ".join(self.ways)


class Communes(Strict):
    """All wards and communes of the city."""

    source: Text | None = None
    communes: tuple[Commune, ...] = ()
