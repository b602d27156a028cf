"""Settings: read once, each mistake named with what it should be, secrets never shown."""

from pathlib import Path

import pytest

import app
from runtime.settings import Settings, SettingsError, read_settings

NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _nobody_s_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "name, value, wanted",
    [
        ("SLACK_BOT_TOKEN", "secret-of-ours", "xoxb-…"),
        ("SLACK_APP_TOKEN", "secret-of-ours", "xapp-…"),
        ("SLACK_API_URL", "slack.example/secret-of-ours", "ends in /api/"),
        ("SLACK_API_URL", "https://slack.com/api", "ends in /api/"),
        ("DATABASE_URL", "mysql://secret-of-ours@host/x", "sqlite:///FILE"),
        ("DATABASE_URL", "", "sqlite:///FILE"),
        ("PORT", "abc", "valid integer"),
        ("PORT", "65536", "65535"),
        ("PORT", "-1", "0"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO'"),
        ("LOG_FORMAT", "xml", "'json' or 'console'"),
        ("ENCRYPTION_KEYS", "secret-of-ours", "app.py key"),
        ("COMMAND", "social", "a slash"),
        ("COMMAND", "/Social Desk", "lower-case"),
        ("COMMAND_NAMES", "idea=idee", "idea=/idee"),
        ("COMMAND_NAMES", "poem=/poem", "kinds are idea"),
        ("COMMAND_NAMES", "/idee", "idea=/idee"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_should_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    (line,) = str(wrong.value).splitlines()
    assert line.startswith(f"{name}: should be ")
    assert wanted in line
    assert "secret-of-ours" not in line


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("LOG_LEVEL", "x")
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    assert [line.partition(":")[0] for line in str(wrong.value).splitlines()] == [
        "PORT",
        "LOG_LEVEL",
    ]


def test_an_env_file_gives_way_to_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(
        "PORT=4000\nCOMMAND=/desk\nSOMEBODY_ELSE_S=Bürö\n", encoding="utf-8"
    )
    monkeypatch.setenv("PORT", "5000")
    found = read_settings()
    assert (found.port, found.command) == (5000, "/desk")
    assert found.commands["idea"] == "/desk-idea"
    assert read_settings(env_file=None).command == "/social"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_taken(scheme: str) -> None:
    found = Settings(database_url=f"{scheme}://u:p@h/n")
    assert found.database_url == "postgresql+psycopg://u:p@h/n"
    assert not found.is_sqlite


def test_commands_get_other_names() -> None:
    found = Settings.model_validate({"command_names": "idea=/idee, lead=/tipp,"})
    assert found.commands == {
        "idea": "/idee",
        "testimonial": "/social-testimonial",
        "lead": "/tipp",
    }


def test_secrets_are_not_shown() -> None:
    secrets = {"slack_bot_token": "xoxb-1-s3cret", "slack_app_token": "xapp-1-s3cret"}
    found = Settings.model_validate({**secrets, "slack_signing_secret": "s3cret"})
    assert "s3cret" not in f"{found!r} {found} {found.model_dump_json()}"


@pytest.mark.parametrize(
    "given, named",
    [
        ({}, "SLACK_BOT_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"PORT": "x"}, "PORT: should be"),
        ({"DATABASE_URL": "x"}, "DATABASE_URL: should be"),
    ],
)
def test_serving_without_what_it_needs_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: dict[str, str],
    named: str,
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["app.py"])
    monkeypatch.setattr("runtime.logs.set_up_logs", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        app.run()
    told = capsys.readouterr()
    assert end.value.code == 1
    assert named in told.err
    assert len(told.err.splitlines()) == 1
    assert told.out == ""


def test_an_unknown_role_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["app.py", "serve", "--role", "boss"])
    with pytest.raises(SystemExit) as end:
        app.run()
    assert end.value.code == 1
    assert "--role: “boss” should be all, web or worker." in capsys.readouterr().err


def test_a_database_that_does_not_answer_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:s3cret@127.0.0.1:1/desk")
    monkeypatch.setattr("sys.argv", ["app.py", "migrate"])
    with pytest.raises(SystemExit) as end:
        app.run()
    told = capsys.readouterr().err
    assert end.value.code == 1
    assert told.startswith("DATABASE_URL: the database can't be opened")
    assert "s3cret" not in told
