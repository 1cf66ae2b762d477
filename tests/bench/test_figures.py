"""Ratios of a benchmark are taken round by round."""

import pytest

from bench.figures import Spread, cheaper, digits, faster, per_second, spread
from bench.load import Sample


def test_a_spread_is_least_middle_and_most() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(1.0, 2.0, 3.0)


def test_a_spread_is_printed_where_figures_differ() -> None:
    assert str(Spread.of([3.0, 1.0, 2.0])) == "2.00 (1.00–3.00)"
    assert str(Spread.of([3.0, 3.001])) == "3.00"


def test_requests_are_compared_within_a_round() -> None:
    ours = [Sample(100, 1.0, 1.0), Sample(10, 1.0, 1.0)]  # the second round was a slow one for both
    theirs = [Sample(50, 1.0, 1.0), Sample(5, 1.0, 1.0)]

    assert faster(ours, theirs) == [2.0, 2.0]


def test_a_round_that_one_of_them_lost_is_left_out() -> None:
    ours = [Sample(100, 1.0, 1.0), Sample(10, 1.0, 1.0), Sample(30, 1.0, 1.0)]
    theirs = [None, Sample(5, 1.0, 1.0), Sample(10, 1.0, 1.0)]

    assert faster(ours, theirs) == [2.0, 3.0]


def test_what_was_lost_in_each_round_has_no_figure() -> None:
    assert spread([None, None], per_second) == "lost"


def test_processor_time_is_compared_by_the_request() -> None:
    ours = [Sample(100, 1.0, 0.5)]
    theirs = [Sample(10, 1.0, 0.5)]

    assert cheaper(ours, theirs) == [10.0]


@pytest.mark.parametrize(
    "value, printed",
    [(1234.5, "1234"), (123.4, "123"), (99.96, "100"), (12.34, "12.3"), (9.999, "10.0"), (1.234, "1.23")],
)
def test_numbers_are_printed_with_three_figures(value: float, printed: str) -> None:
    assert digits(value) == printed
