import pytest

from onewindow_desk.faults import Refusal
from onewindow_desk.settings import SET_BY, DeskSettings, load_desk_settings, save_desk_settings


def test_settings_come_back_as_they_were_saved(tmp_path):
    settings = DeskSettings(window="3 号窗口", scanner="escl:http://127.0.0.1:8080/eSCL", text_scale=1.25)
    save_desk_settings(tmp_path, settings)
    assert load_desk_settings(tmp_path) == settings


def test_without_a_file_the_defaults_hold(tmp_path):
    assert load_desk_settings(tmp_path) == DeskSettings()


@pytest.mark.parametrize("content", [b"", b"{", b'{"text_scale": "big"}', b"\xff\xfe"])
def test_a_file_nobody_can_read_is_refused_with_its_name(tmp_path, content):
    (tmp_path / "desk.json").write_bytes(content)
    with pytest.raises(Refusal) as refused:
        load_desk_settings(tmp_path)
    assert "desk.json" in refused.value.text


def test_every_setting_says_who_may_set_it():
    assert set(SET_BY) == set(DeskSettings.__struct_fields__)
