"""Like questions come together; what is not alike stays apart."""

from services.settings import ROOT
from tests.bench.grouping import measured, questions, weights


def test_hardly_anything_is_put_together_wrongly() -> None:
    """By words alone nine of ten that are put together are of one kind: staff can trust it."""
    asked = [(kind, text, None) for kind, text in questions()]
    precision, recall = measured(asked, weights(ROOT / "content"), orders=3)

    assert precision >= 0.9
    assert recall >= 0.25
