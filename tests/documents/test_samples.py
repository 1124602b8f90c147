import sys

import pytest

from onewindow_desk.documents import samples


def test_the_command_writes_every_sample_and_names_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["samples", str(tmp_path / "papers")])
    samples.main()
    named = capsys.readouterr().out.split()
    assert len(named) == len(samples.RECEIPTS) + len(samples.GUIDES)
    assert all((tmp_path / "papers" / name.rsplit("/", 1)[1]).read_bytes()[:5] == b"%PDF-" for name in named)


@pytest.mark.parametrize("data", samples.RECEIPTS.values(), ids=samples.RECEIPTS)
def test_every_sample_is_marked_as_one(data):
    assert data.sample
