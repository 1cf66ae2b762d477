"""Ratios of a benchmark are taken round by round."""

from bench.figures import Spread, cheaper, digits, faster
from bench.load import Sample


def test_a_spread_is_least_middle_and_most() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(1.0, 2.0, 3.0)


def test_requests_are_compared_within_a_round() -> None:
    ours = [Sample(100, 1.0, 1.0), Sample(10, 1.0, 1.0)]  # the second round was a slow one for both
    theirs = [Sample(50, 1.0, 1.0), Sample(5, 1.0, 1.0)]

    assert faster(ours, theirs) == Spread(2.0, 2.0, 2.0)


def test_processor_time_is_compared_by_the_request() -> None:
    ours = [Sample(100, 1.0, 0.5)]
    theirs = [Sample(10, 1.0, 0.5)]

    assert cheaper(ours, theirs) == Spread(10.0, 10.0, 10.0)


def test_numbers_are_printed_with_three_figures() -> None:
    assert [digits(value) for value in (1234.5, 123.4, 12.34, 1.234)] == ["1234", "123", "12.3", "1.23"]
