"""A report lists the results, and the sections without results."""

from bench.bulk import Bulk
from bench.compression import Packed
from bench.copying import Copies, Copy
from bench.goals import Measured
from bench.report import TITLES, report
from tests.bench.made_up import RUN, results

COPY = Copy(rows=1000, page_seconds=[0.1, 0.1])
PACKINGS = {"a roster": {"identity": Packed(70_000, 2.0), "gzip": Packed(7_000, 2.5)}}
WRITES = {"insert_many": {"ours": [90.0] * 5, "plain": [100.0] * 5}}


def whole() -> Measured:
    return Measured(results(5), Copies(COPY, COPY, COPY), PACKINGS, WRITES, Bulk(3.0, 2.0))


def text(found: Measured) -> str:
    return "\n".join(report(RUN, found, minutes=50.2))


def test_a_whole_report_has_all_sections_and_lacks_nothing() -> None:
    printed = text(whole())

    assert [line[3:] for line in printed.splitlines() if line.startswith("## ")] == list(TITLES)
    assert "`make bench`, on 22 November 2026, in 50 minutes." in printed
    assert "not complete" not in printed
    assert "lost" not in printed


def test_a_goal_stands_beside_its_figure_and_its_rounds() -> None:
    lines = text(whole()).splitlines()

    assert "| insert many | 0.7 times plain foreign keys | 0.90 times (90 rows a second) | 5 of 5 | yes |" in lines
    assert (
        "| loading 2 million memberships | at most 2 times COPY and index builds | 1.5 times (3 s to 2 s) |  | yes |"
        in lines
    )


def test_after_a_round_it_names_what_is_to_come() -> None:
    printed = text(Measured(results(2)))

    missing = "3 of 5 rounds, copies, compression, writes, loading"
    assert f"**This run is not complete.** What it did not come to: {missing}." in printed
    assert "rows a second" not in printed


def test_rounds_that_a_short_run_had_no_time_for_are_not_missing() -> None:
    found = whole()
    del found.results.rounds[1:]

    assert "not complete" not in text(found)


def test_a_sample_that_was_lost_is_named_and_has_no_figures() -> None:
    found = whole()
    for one in found.results.rounds:
        one.samples = {key: sample for key, sample in one.samples.items() if key[2] != "fastify"}
        one.lost = ["round 1, 2 million memberships, a call: Fastify\n answers 500"]

    lines = text(found).splitlines()

    assert "- round 1, 2 million memberships, a call: Fastify answers 500" in lines
    assert "|  | Fastify, pg, prepared | lost | lost | lost | lost | lost | lost | lost | lost | lost |" in lines


def test_a_server_that_has_ended_has_no_memory() -> None:
    found = whole()
    del found.results.memory["2m", "fastify"]

    assert "| Fastify, pg, prepared | 100 (80) | lost |" in text(found).splitlines()
