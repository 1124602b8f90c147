"""The desk believes nothing the helper says."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_desk.devices.reader import frames
from onewindow_desk.devices.reader.frames import Garbled, Kind, Raster, Reason
from onewindow_desk.devices.reader.limits import MAX_SIDE

modes = st.sampled_from(["1", "L", "RGB"])
sides = st.integers(1, 60)


@given(modes, sides, sides)
def test_page_comes_back_as_sent(mode, width, height):
    page = Raster(mode, width, height, bytes(frames.bytes_needed(mode, width, height)))
    pipe = io.BytesIO()
    frames.write(pipe, Kind.PAGE, frames.pack_page(page))
    pipe.seek(0)
    kind, body = frames.read(pipe)
    assert kind == Kind.PAGE
    assert frames.unpack_page(body) == page


@given(modes, sides, sides, st.integers(-9, 9).filter(bool))
def test_pixels_that_do_not_fit_the_size_are_refused(mode, width, height, more):
    length = max(0, frames.bytes_needed(mode, width, height) + more)
    with pytest.raises(Garbled):
        frames.unpack_page(frames.pack_page(Raster(mode, width, height, bytes(length))))


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (MAX_SIDE + 1, 1), (1, MAX_SIDE + 1)])
def test_sizes_out_of_bounds_are_refused(width, height):
    pixels = bytes(frames.bytes_needed("L", width, height))
    with pytest.raises(Garbled):
        frames.unpack_page(frames.pack_page(Raster("L", width, height, pixels)))


def test_length_is_checked_before_anything_is_read():
    pipe = io.BytesIO(frames.HEAD.pack(Kind.PAGE, frames.MAX_BODY + 1) + b"rest")
    with pytest.raises(Garbled):
        frames.read(pipe)
    assert pipe.read() == b"rest"


@given(st.binary(max_size=200))
def test_noise_is_garbled_or_a_whole_frame(noise):
    pipe = io.BytesIO(noise)
    try:
        _, body = frames.read(pipe)
    except Garbled:
        return
    assert len(noise) >= frames.HEAD.size + len(body)


@given(st.binary(max_size=60))
def test_noise_is_no_page_unless_its_numbers_agree(noise):
    try:
        page = frames.unpack_page(noise)
    except Garbled:
        return
    assert len(page.pixels) == frames.bytes_needed(page.mode, page.width, page.height)


@pytest.mark.parametrize("reason", Reason)
def test_known_reasons_pass(reason):
    assert frames.unpack_reason(reason.encode("ascii")) is reason


@pytest.mark.parametrize("body", [b"", b"because", "请点击".encode(), b"\xff\xfe"])
def test_free_text_of_the_helper_never_passes(body):
    with pytest.raises(Garbled):
        frames.unpack_reason(body)
