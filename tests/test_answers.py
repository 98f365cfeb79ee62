"""Every answer about the sample network is the one that was written down."""

import json

import pytest

from tests.support import answers


@pytest.mark.slow
def test_every_answer_is_what_it_was(sample):
    kept = json.loads(answers.KEPT.read_text("utf-8"))
    found = answers.digests(dict(kept["columns"]))
    assert found.keys() == kept["digests"].keys()
    assert [key for key, digest in found.items() if digest != kept["digests"][key]] == []
