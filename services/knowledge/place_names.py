"""The form of `content/places/names.yml`: names of places, and the words around them."""

from services.knowledge.schema import Strict, Text


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
    colour: tuple[Text, ...] = ()
    openers: tuple[Text, ...] = ()


class PlaceNames(Strict):
    """Names of places: our own, those of others, and what only sounds like one."""

    home: tuple[Text, ...] = ()
    """The city, the province before it: what holds all of ours."""
    ours: tuple[Text, ...] = ()
    provinces: tuple[Province, ...] = ()
    countries: tuple[Country, ...] = ()
    not_places: tuple[Text, ...] = ()
    words: PlaceWords = PlaceWords()
