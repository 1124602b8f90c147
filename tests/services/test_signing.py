import uuid

import pytest
from cryptography.exceptions import InvalidTag

from onewindow_desk.demo import DEMO_LOGIN, DEMO_PASSWORD
from onewindow_desk.faults import Refusal
from onewindow_desk.services.signing import (
    LOCKED_FOR,
    TRIES,
    check_password,
    make_credential,
    sign_in,
    unwrap,
)


def test_the_right_password_opens_a_shift(opened, told):
    shift, present = opened.begin_shift(DEMO_LOGIN, DEMO_PASSWORD, told)
    assert shift.person.login == present.person.login == DEMO_LOGIN
    assert shift.standing().authority


@pytest.mark.parametrize("login", [DEMO_LOGIN, "nobody"])
def test_a_wrong_password_never_says_whether_the_name_exists(opened, clock, login):
    with pytest.raises(Refusal) as refused:
        sign_in(opened.store, login, "not the password", clock())
    assert refused.value.text.startswith("登录名或口令不符")


def test_five_wrong_tries_lock_and_the_right_password_waits(opened, clock):
    for _ in range(TRIES):
        with pytest.raises(Refusal):
            sign_in(opened.store, DEMO_LOGIN, "not the password", clock())
    with pytest.raises(Refusal) as refused:
        sign_in(opened.store, DEMO_LOGIN, DEMO_PASSWORD, clock())
    assert "分钟后再试" in refused.value.text
    clock.at += LOCKED_FOR
    assert sign_in(opened.store, DEMO_LOGIN, DEMO_PASSWORD, clock())[0].login == DEMO_LOGIN


def test_signing_in_forgets_the_wrong_tries(opened, clock):
    for _ in range(2):
        for _ in range(TRIES - 1):
            with pytest.raises(Refusal):
                sign_in(opened.store, DEMO_LOGIN, "not the password", clock())
        sign_in(opened.store, DEMO_LOGIN, DEMO_PASSWORD, clock())


def test_the_key_is_bound_to_person_and_password():
    person = uuid.uuid4()
    credential = make_credential(person, DEMO_PASSWORD)
    assert len(unwrap(person, DEMO_PASSWORD, credential.wrapped_key)) == 32
    with pytest.raises(InvalidTag):
        unwrap(uuid.uuid4(), DEMO_PASSWORD, credential.wrapped_key)
    with pytest.raises(InvalidTag):
        unwrap(person, "another password", credential.wrapped_key)


def test_a_short_password_is_refused():
    with pytest.raises(Refusal):
        check_password("short")
