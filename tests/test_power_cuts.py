"""What a robot keeps, at length and from the host: any history of power cuts and bit flips, and robots that wake up again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitpas.errors import RobotFault
from petitpas.program import build, from_compact
from petitpas.robots import Assigned, Robot, Settings
from petitpas_robot import image as layout
from petitpas_robot import opcodes as o
from petitpas_robot import wire
from petitpas_robot.store import CRC_BYTES, HEADER_BYTES, NAMES, Store
from petitpas_sim.kits import load_kit
from petitpas_sim.lockstep import Lockstep
from petitpas_sim.mat import Mat, Place
from petitpas_sim.pace import Virtual
from petitpas_sim.ports import open_to_hosts
from petitpas_sim.runner import Runner
from tests.firmware.records import WAYS, Flash, PowerCut, over_garbage, record
from tests.simulated import URL

WALK = from_compact([["forward", 2], "right", "forward"])
LAMP = from_compact([["light", "blue"]])

# --- Any history ------------------------------------------------------------------------------------------------------

payloads = st.binary(min_size=1, max_size=300)
trims = st.integers(-wire.TRIM_MOST, wire.TRIM_MOST)
cuts = st.tuples(st.sampled_from(WAYS), st.integers(0, 320)) | st.none()


def read(flash: Flash, slot: int = 1) -> bytes:
    into = bytearray(layout.MAX_IMAGE_BYTES)
    return bytes(into[: Store(flash).read_program(slot, into)])


@given(st.lists(st.tuples(payloads, cuts), min_size=1, max_size=12))
def test_after_any_saves_and_power_cuts_the_last_whole_one_is_read(history) -> None:  # type: ignore[no-untyped-def]
    flash = Flash()
    kept = b""
    for image, cut in history:
        store = Store(flash)
        store.save_program(1, image, len(image))
        flash.way, flash.cut = cut or (over_garbage, None)
        flash.whole = b""
        try:
            store.tick(True)
            kept = image
        except PowerCut:
            if flash.files[flash.written[-1]] == flash.whole:
                kept = image
        assert read(flash) == kept


@given(st.lists(payloads, min_size=2, max_size=4, unique=True), st.data())
def test_up_to_three_flipped_bits_never_give_wrong_content(images: list[bytes], data: st.DataObject) -> None:
    flash = Flash()
    for image in images:
        store = Store(flash)
        store.save_program(1, image, len(image))
        store.tick(True)
    newest = flash.written[-1]
    for name, flips in (("slot1.0", data.draw(st.integers(0, 3))), ("slot1.1", data.draw(st.integers(0, 3)))):
        bits = data.draw(st.sets(st.integers(0, 8 * len(flash.files[name]) - 1), min_size=flips, max_size=flips))
        bad = bytearray(flash.files[name])
        for bit in bits:
            bad[bit >> 3] ^= 1 << (bit & 7)
        if bits:
            flash.files[name] = bytes(bad)
            newest = newest if newest != name else ""
    found = read(flash)
    assert found in (images[-1], images[-2], b"")
    assert found == images[-1] or not newest


@given(st.dictionaries(st.sampled_from([f"{name}.{copy}" for name in NAMES for copy in (0, 1)]), st.binary(max_size=100)))
def test_a_store_wakes_up_whatever_the_files(files: dict[str, bytes]) -> None:
    store = Store(Flash(dict(files)))
    assert store.settings() == (0, 0, 0, 100)
    assert store.identity() is None
    store.save_settings(1, 2, 3, 4)
    store.tick(True)
    assert Store(store._hal).settings() == (1, 2, 3, 4)


@given(st.integers(0, 255), st.integers(0, 0xFFFF), st.sampled_from(["settings", "identity"]), st.binary(max_size=60))
def test_good_records_with_any_payload_give_values_in_range(version: int, sequence: int, name: str, payload: bytes) -> None:
    store = Store(Flash({name + ".1": record(version, sequence, payload)}))
    *trims, volume = store.settings()
    assert all(abs(trim) <= wire.TRIM_MOST for trim in trims) and 0 <= volume <= 100
    identity = store.identity()
    if identity is not None:
        assert identity[0].decode()
        assert 0 < identity[1] <= o.COLOUR_GREEN
        assert identity[2] <= o.SHAPE_MOON


@pytest.mark.parametrize("way", WAYS)
def test_power_cut_at_every_byte_of_the_longest_program(way) -> None:  # type: ignore[no-untyped-def]
    old = bytes(number * 7 & 0xFF for number in range(layout.MAX_IMAGE_BYTES))
    new = bytes(number * 13 + 5 & 0xFF for number in range(layout.MAX_IMAGE_BYTES))
    flash = Flash()
    store = Store(flash)
    for image in (new, old):
        store.save_program(3, image, len(image))
        store.tick(True)
    files = dict(flash.files)
    size = HEADER_BYTES + len(new) + CRC_BYTES
    wholes = 0
    for cut in range(size + 1):
        flash.files, flash.way, flash.cut = dict(files), way, cut
        store.save_program(3, new, len(new))
        with pytest.raises(PowerCut):
            store.tick(True)
        is_whole = flash.files["slot3.0"] == flash.whole
        wholes += is_whole
        assert read(flash, 3) == (new if is_whole else old), cut
    assert wholes < 10


# --- Robots that wake up again ------------------------------------------------------------------------------------------


@contextmanager
def robot(files: dict[str, bytes], brain: object = None) -> Iterator[tuple[Runner, Robot]]:
    """Give a robot that wakes up with what is in `files`, and puts there what it keeps."""
    runner = Runner(Mat.parse("5x5"))
    runner.add("lapin", load_kit("exact"), Place.parse("A1N"), brain=brain, files=files)  # type: ignore[arg-type]
    with open_to_hosts(Virtual(runner)), Robot.open(URL) as host:
        yield runner, host
        runner.run_to(runner.world.t_ms + 1000)


def live(brain: object = None) -> dict[str, bytes]:
    """Have a robot keep all it can, and meet it again after a power cut; return what it keeps."""
    files: dict[str, bytes] = {}
    with robot(files, brain) as (_, host):
        image = host.load(LAMP)
        host.save(2)
        host.load(WALK)
        host.set_identity("renard", o.COLOUR_ORANGE, o.SHAPE_STAR, 4)
        host.set_settings(Settings(10, -20, 30, 40))
        assert host.identity.name == host.hello().name == "renard"
    with robot(files, brain) as (runner, host):
        assert host.identity.name == "renard"
        assert host.assigned() == Assigned("renard", o.COLOUR_ORANGE, o.SHAPE_STAR, 4)
        assert host.settings() == Settings(10, -20, 30, 40)
        assert host.read_program() == build(WALK).data
        host.fetch(2)
        assert host.read_program() == image.data
        host.start()
        host.wait()
        assert runner.robots["lapin"].body.colour == o.COLOUR_BLUE
    with robot(files, brain) as (_, host):
        assert host.read_program() == image.data
    return files


def test_a_robot_is_the_same_after_a_power_cut() -> None:
    files = live()
    assert {name.partition(".")[0] for name in files} == {"settings", "identity", "slot0", "slot2"}


def test_real_micropython_keeps_the_same_bytes(micropython: Path) -> None:
    brains: list[Lockstep] = []

    def brain(*parts: object) -> Lockstep:
        brains.append(Lockstep(*parts, micropython=micropython))  # type: ignore[arg-type]
        return brains[-1]

    try:
        assert live(brain) == live()
    finally:
        for process in brains:
            process.close()


def test_robots_keep_their_own() -> None:
    runner = Runner(Mat.parse("5x5"))
    for name, place in (("lapin", "A1N"), ("renard", "C3N")):
        runner.add(name, load_kit("exact"), Place.parse(place))
    with open_to_hosts(Virtual(runner)), Robot.open(URL) as host:
        host.load(WALK)
        host.save(1)
        with Robot.open("sim://renard") as other:
            assert other.read_program() == b""


def test_what_the_host_is_told() -> None:
    with robot({}) as (_, host):
        for ask, fault in (
            (lambda: host.save(1), o.FAULT_NO_PROGRAM),
            (lambda: host.fetch(1), o.FAULT_NO_PROGRAM),
            (lambda: host.fetch(wire.SLOTS), o.FAULT_SLOT),
            (lambda: host.fetch(300), o.FAULT_SLOT),
            (lambda: host.fetch(-1), o.FAULT_SLOT),
            (lambda: host.set_identity("", 1, 0, 0), o.FAULT_VALUE),
            (lambda: host.set_identity("lapin", 8, 0, 0), o.FAULT_VALUE),
            (lambda: host.set_identity("lapin", 256, 0, 0), o.FAULT_VALUE),
            (lambda: host.set_settings(Settings(straight=1001)), o.FAULT_VALUE),
            (lambda: host.set_settings(Settings(turn=40000)), o.FAULT_VALUE),
        ):
            with pytest.raises(RobotFault) as caught:
                ask()
            assert caught.value.fault == fault


def test_a_long_name_is_cut_between_two_characters() -> None:
    with robot({}) as (_, host):
        host.set_identity("é" * 30, 1, 0, 0)
        assert host.assigned().name == host.identity.name == "é" * 12


def test_who_is_it() -> None:
    with robot({}) as (runner, host):
        host.set_identity("renard", o.COLOUR_PINK, 0, 0)
        body = runner.robots["lapin"].body
        host.who()
        seen = []
        for _ in range(200):
            runner.run_to(runner.world.t_ms + 10)
            seen.append(body.colour)
        assert {o.COLOUR_PINK, o.COLOUR_OFF} == set(seen)
        assert seen[-1] == o.COLOUR_OFF
        assert len(body.sounds) == 4


def test_trims_move_the_robot() -> None:
    with robot({}) as (runner, host):
        host.set_settings(Settings(length=-1000))
        host.play(WALK)
        body = runner.robots["lapin"].body
        assert body.colour == o.COLOUR_OFF
        assert body.place() is None  # 10 % short of the centre
