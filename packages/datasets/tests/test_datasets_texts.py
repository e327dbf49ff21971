from collections import Counter

from micrograd.datasets import tiny_text


def test_plain_prose():
    text = tiny_text()
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert text.endswith(".\n")
    assert not any(line != line.strip() for line in text.splitlines())


def test_there_is_enough_to_learn_from():
    text = tiny_text()
    assert len(text) > 4000
    words = Counter(text.lower().split())
    assert sum(count for count in words.values() if count >= 5) > len(text.split()) / 2


def test_the_same_each_time():
    assert tiny_text() == tiny_text()
