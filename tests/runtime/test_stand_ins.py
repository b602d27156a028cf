"""What a serving process never uses is not loaded, and is there all the same when it is used."""

import subprocess
import sys

import pytest

from runtime.stand_ins import STAND_INS
from tests.support.processes import ROOT

TERSE = "from runtime.terse import be_terse; be_terse(); from runtime.stand_ins import waiting\n"
SERVING = """
import sys, runtime.serve
from runtime.settings import read_settings
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import create_engine
read_settings()
AsyncIOScheduler(timezone="UTC")
AsyncApp(client=AsyncWebClient("xoxb-1"), signing_secret="s")
create_engine("sqlite://").connect()
print(*sorted(waiting().intersection(sys.modules)), "multiprocessing" in sys.modules)
"""
CLASS = """
from slack_sdk import WebClient
print(isinstance(1, WebClient), issubclass(int, WebClient), "slack_sdk.web.client" in waiting())
client = WebClient("xoxb-1")
print(client.token, isinstance(client, WebClient), issubclass(type(client), WebClient))
from slack_sdk.web.client import WebClient as again
print(again is type(client), WebClient.chat_postMessage is again.chat_postMessage)
"""
BASE = """
from argparse import ArgumentParser
class Reader(ArgumentParser): pass
print(Reader(prog="p").format_usage(), issubclass(Reader, ArgumentParser))
"""
OTHER_NAMES = """
import urllib.request as early
print(early.Request("http://a/").host, early.quote("ü"))
import urllib.request as late
print("getproxies" in dir(late), early.Request is late.Request)
try:
    print(early.nothing)
except AttributeError as error:
    print(error)
"""
AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from slack_sdk import WebClient
barrier = Barrier(8)
def use(_):
    barrier.wait()
    return type(WebClient("xoxb-1"))
print(len(set(ThreadPoolExecutor(8).map(use, range(8)))))
"""


def run(script: str) -> list[str]:
    """What the script prints, in words, where modules are loaded as in a process that serves."""
    done = subprocess.run(
        [sys.executable, "-c", TERSE + script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_who_serves_imports_each_of_them_and_loads_none() -> None:
    assert run(SERVING) == [*sorted(STAND_INS), "False"]


@pytest.mark.parametrize(
    "script, printed",
    [
        (CLASS, "False False True xoxb-1 True True True True"),
        (BASE, "usage: p [-h] True"),
        (OTHER_NAMES, "a %C3%BC True True module 'urllib.request' has no attribute 'nothing'"),
        ("from html import unescape; print(unescape('&hearts;'), unescape('&x;'))", "♥ &x;"),
        (
            "import pydantic_settings as p; print(p.CliPositionalArg[int].__origin__)",
            "<class 'int'>",
        ),
        (AT_ONCE, "1"),
    ],
)
def test_what_is_used_is_the_real_thing(script: str, printed: str) -> None:
    assert run(script) == printed.split()
