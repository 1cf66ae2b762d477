"""What compression costs and saves, expressed as a network speed."""

from bench.compression import Packed, pays_below, table


def test_it_pays_where_sending_takes_longer_than_packing() -> None:
    plain, packed = Packed(101_000, 2.0), Packed(1_000, 2.8)  # 800,000 bits for 0.8 ms

    assert pays_below(plain, packed) == "1,000 Mbit/s"


def test_what_costs_nothing_pays_at_any_speed() -> None:
    assert pays_below(Packed(100, 2.0), Packed(10, 1.9)) == "any speed"


def test_a_table_has_a_line_for_each_coding() -> None:
    answers = {"a roster": {"identity": Packed(70_000, 2.0), "gzip": Packed(7_000, 2.5)}}

    assert [line.split("|")[2].strip() for line in list(table(answers))[2:]] == ["identity", "gzip"]
