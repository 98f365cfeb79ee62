"""Every answer about the sample network is the one that was written down."""

import json

import pytest

from tests.support import answers
from tests.support.sampled import sampled


@pytest.mark.slow
def test_every_answer_is_what_it_was(sample):
    """Of all schools each time, and of some other choices."""
    kept = json.loads(answers.KEPT.read_text("utf-8"))
    choices = answers.choices()
    chosen = {"all", *sampled(sorted(choices.keys() - {"all"}), 4)}
    found = answers.digests(dict(kept["columns"]), {name: choices[name] for name in chosen})
    written = {key: one for key, one in kept["digests"].items() if key.split(" | ")[1] in chosen}
    assert found.keys() == written.keys()
    assert [key for key, digest in found.items() if digest != written[key]] == []
