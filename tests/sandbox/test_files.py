"""Files: given by people, read and uploaded by the app, refused where Slack refuses."""

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from sandbox.filling import ClientRefused
from sandbox.session import local_session
from tests.support.sandbox_app import World, build, granted, modal, plain, text_input

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def world() -> Iterator[World]:
    made = build(manifest=granted("files:read", "files:write"))
    yield made
    assert [str(problem) for problem in made.ws.problems] == []


def proof(**more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": "proof",
        "optional": True,
        "label": plain("Files"),
        "element": {"type": "file_input", "action_id": "v", **more},
    }


async def opened(world: World, *blocks: dict[str, Any]) -> dict[str, Any]:
    trigger = world.ws.trigger(world.ada.id)
    return await world.call("views.open", trigger_id=trigger, view=modal(*blocks))


async def read(world: World, file: dict[str, Any] | str, token: str | None = None) -> Any:
    """Status, type and bytes behind a file's address, as the app gets them."""
    url = file if isinstance(file, str) else file["url_private_download"]
    headers = {"Authorization": f"Bearer {token or world.ws.identity.bot_token}"}
    async with local_session(world.ws).get(url, headers=headers) as response:
        return response.status, response.content_type, await response.read()


async def upload(world: World, name: str = "chart.png", content: bytes = PNG) -> str:
    """The first two steps; returns the id of the file to be."""
    told = await world.call("files.getUploadURLExternal", filename=name, length=len(content))
    async with local_session(world.ws).post(told["upload_url"], data=content) as response:
        assert response.status == 200
    return str(told["file_id"])


# -- what people give


async def test_a_form_with_files(world: World) -> None:
    heard = world.listen()
    await opened(world, text_input("title"), proof(max_files=2))
    photo, notes = world.ada.attach("photo.PNG", PNG), world.ada.attach("notes.txt", b"R&D")
    await world.ada.submit({"title": "Ten tips", "proof": [photo, notes]})
    held = heard[-1]["view"]["state"]["values"]["proof"]["v"]
    assert held["type"] == "file_input"
    first, second = held["files"]
    assert (first["name"], first["mimetype"], first["filetype"]) == (
        "photo.PNG",
        "image/png",
        "png",
    )
    assert (second["filetype"], second["size"]) == ("text", 3)
    assert first["user"] == world.ada.id
    assert first["id"] == photo.id
    assert first["created"] == int(world.clock.now().timestamp())
    assert first["permalink"].endswith(f"/files/{world.ada.id}/{photo.id}/photo.PNG")
    assert await read(world, second) == (200, "text/plain", b"R&D")
    assert await read(world, first["url_private"]) == (200, "image/png", PNG)
    told = await world.call("files.info", file=photo.id)
    assert told["file"]["name"] == "photo.PNG"
    assert told["file"]["shares"] == {}


async def test_a_form_without_files_has_an_empty_list(world: World) -> None:
    heard = world.listen()
    await opened(world, proof())
    await world.ada.submit()
    assert heard[-1]["view"]["state"]["values"]["proof"]["v"] == {"type": "file_input", "files": []}


async def test_a_required_file(world: World) -> None:
    await opened(world, proof() | {"optional": False})
    with pytest.raises(ClientRefused) as refused:
        await world.ada.submit()
    assert refused.value.errors.keys() == {"proof"}


@pytest.mark.parametrize(
    "element,names,size,said",
    [
        ({"max_files": 1}, ["a.png", "b.png"], 1, "1 file at most"),
        ({}, [f"{n}.png" for n in range(11)], 1, "10 files at most"),
        ({"filetypes": ["png", "jpg"]}, ["a.pdf"], 1, "not one of: jpg, png"),
        ({}, ["a.png"], 10_000_001, "larger than 10 MB"),
    ],
)
async def test_what_a_form_does_not_take(
    world: World, element: dict[str, Any], names: list[str], size: int, said: str
) -> None:
    await opened(world, proof(**element))
    given = [world.ada.attach(name, bytes(size)) for name in names]
    with pytest.raises(ClientRefused, match=said):
        world.ada.fill({"proof": given})
    for file in given:
        assert (await world.call("files.info", file=file.id))["error"] == "file_not_found"


async def test_types_go_by_ending_and_by_slack_s_name(world: World) -> None:
    await opened(world, proof(filetypes=["jpg", "text"]))
    given = [world.ada.attach("a.JPEG", b"1"), world.ada.attach("b.txt", b"2")]
    assert len(world.ada.fill({"proof": given}).values["proof"]["v"]["files"]) == 2


async def test_nobody_gives_what_is_not_theirs(world: World) -> None:
    world.ws.connect(None)
    await opened(world, proof())
    bobs = world.bob.attach("secret.pdf", b"x")
    with pytest.raises(ClientRefused, match="does not have"):
        world.ada.fill({"proof": [bobs]})
    with pytest.raises(ClientRefused, match="does not have"):
        await world.ada.say(world.ideas.id, files=[bobs])
    said = await world.bob.say(world.ideas.id, files=[bobs])
    assert world.ada.files(said) == [world.ws.files[bobs.id]]
    await world.ada.say(world.ideas.id, "look again", files=[bobs])


async def test_a_form_for_files_needs_the_scope() -> None:
    world = build()
    assert (await opened(world, proof()))["error"] == "missing_scope"
    world.ws.expect_problem("api")
    assert world.ws.problems == []


async def test_an_answer_can_not_ask_for_files_without_the_scope() -> None:
    world = build()
    await opened(world, text_input("title"))

    @world.app.view("idea")
    async def submitted(ack: Any) -> None:
        await ack(response_action="update", view=modal(proof()))

    await world.ada.submit({"title": "Ten tips"})
    assert "missing_scope" in world.ws.expect_problem("bad_ack").detail
    assert world.ada.notices == ["We had some trouble connecting. Try again?"]
    assert world.ws.problems == []


async def test_a_message_with_files(world: World) -> None:
    heard = world.listen()
    photo = world.ada.attach("photo.png", PNG)
    said = await world.ada.say(world.ideas.id, "Love it", files=[photo])
    event = heard[-1]["event"]
    assert event["subtype"] == "file_share"
    assert event["text"] == "Love it"
    assert [file["id"] for file in event["files"]] == [photo.id]
    assert event["files"][0]["channels"] == [world.ideas.id]
    history = await world.call("conversations.history", channel=world.ideas.id)
    assert history["messages"][0]["files"][0]["id"] == photo.id
    assert "subtype" not in history["messages"][0]
    await world.bob.message_shortcut("keep", world.ideas.id, said.ts)
    [file] = heard[-1]["message"]["files"]
    assert await read(world, file) == (200, "image/png", PNG)
    shares = (await world.call("files.info", file=photo.id))["file"]["shares"]
    assert [entry["ts"] for entry in shares["public"][world.ideas.id]] == [said.ts]


async def test_a_file_without_words_in_a_direct_message_and_its_thread(world: World) -> None:
    heard = world.listen()
    dm = world.ws.dm(world.ada.id).id
    said = await world.ada.say(dm, files=[world.ada.attach("a.txt", b"1")])
    await world.ada.say(dm, "more", thread_ts=said.ts, files=[world.ada.attach("b.txt", b"2")])
    first, second = (payload["event"] for payload in heard)
    assert (first["subtype"], first["channel_type"], first["text"]) == ("file_share", "im", "")
    assert first["files"][0]["ims"] == [dm]
    assert second["thread_ts"] == said.ts
    assert await read(world, second["files"][0]) == (200, "text/plain", b"2")


# -- what the app may see


async def test_the_app_sees_what_is_shared_where_it_is(world: World) -> None:
    world.ws.connect(None)
    elsewhere = world.ws.add_channel("random", world.ada.id)
    file = world.ada.attach("plan.pdf", b"%PDF")
    said = await world.ada.say(elsewhere.id, files=[file])
    assert (await world.call("files.info", file=file.id))["error"] == "file_not_found"
    url = f"{world.ws.base_url}/files-pri/T00000001-{file.id}/download/plan.pdf"
    status, kind, body = await read(world, url)
    assert (status, kind) == (200, "text/html")
    assert b"%PDF" not in body
    world.ws.invite_bot(elsewhere.id)
    assert await read(world, url) == (200, "application/pdf", b"%PDF")
    await world.ada.delete(said)
    assert (await world.call("files.info", file=file.id))["error"] == "file_not_found"


async def test_no_bytes_without_token_scope_or_file() -> None:
    world = build(manifest=granted("files:write"))
    world.ws.connect(None)
    file = world.ada.attach("plan.pdf", b"%PDF")
    await world.ada.say(world.ideas.id, files=[file])
    history = await world.call("conversations.history", channel=world.ideas.id)
    shown = history["messages"][0]["files"][0]
    assert (await read(world, shown))[1] == "text/html"
    assert "files:read" in world.ws.expect_problem("api").detail
    assert (await world.call("files.info", file=file.id))["error"] == "missing_scope"
    world.ws.expect_problem("api")
    assert (await read(world, shown, token="xoxb-other"))[1] == "text/html"
    world.ws.expect_problem("api")
    assert (await read(world, shown["url_private"].replace(file.id, "F0NONE")))[0] == 404
    async with local_session(world.ws).get(
        shown["url_private"], headers={}, allow_redirects=False
    ) as response:
        assert response.status == 302
    world.ws.expect_problem("api")
    assert world.ws.problems == []


async def test_a_deleted_file_leaves_a_mark(world: World) -> None:
    world.ws.connect(None)
    file = world.ada.attach("plan.pdf", b"%PDF")
    await world.ada.say(world.ideas.id, "see", files=[file])
    shown = (await world.call("files.info", file=file.id))["file"]
    world.ws.delete_file(file.id)
    assert (await world.call("files.info", file=file.id))["error"] == "file_deleted"
    assert (await read(world, shown))[0] == 404
    history = await world.call("conversations.history", channel=world.ideas.id)
    assert history["messages"][0]["files"] == [{"id": file.id, "mode": "tombstone"}]
    with pytest.raises(ClientRefused, match="does not have"):
        await world.ada.say(world.ideas.id, files=[file])


# -- what the app uploads


async def test_the_sdk_uploads_into_a_thread(world: World) -> None:
    heard = world.listen()
    said = await world.ada.say(world.ideas.id, "numbers?")
    answer = await world.client.files_upload_v2(
        filename="chart.png",
        content=PNG,
        title="Chart",
        alt_txt="Ideas by week",
        channel=world.ideas.id,
        thread_ts=said.ts,
        initial_comment="Here &amp; now",
    )
    file_id = answer["files"][0]["id"]
    assert answer["files"] == [{"id": file_id, "title": "Chart"}]
    message = world.bob.thread(world.ideas.id, said.ts)[-1]
    assert (message.text, message.bot_id) == ("Here &amp; now", world.ws.identity.bot_id)
    [file] = world.bob.files(message)
    assert (file.id, file.title, file.content, file.alt_txt) == (
        file_id,
        "Chart",
        PNG,
        "Ideas by week",
    )
    await world.ws.settled()
    event = heard[-1]["event"]
    assert (event["subtype"], event["thread_ts"]) == ("file_share", said.ts)
    assert event["bot_id"] == world.ws.identity.bot_id
    replies = await world.call("conversations.replies", channel=world.ideas.id, ts=said.ts)
    assert replies["messages"][-1]["files"][0]["alt_txt"] == "Ideas by week"
    assert (await read(world, replies["messages"][-1]["files"][0]))[2] == PNG


async def test_a_file_that_is_not_shared_is_the_app_s_alone(world: World) -> None:
    file_id = await upload(world)
    answer = await world.call("files.completeUploadExternal", files=[{"id": file_id}])
    assert answer["files"] == [{"id": file_id, "title": "chart.png"}]
    assert (await world.call("files.info", file=file_id))["ok"]
    assert world.ada.messages(world.ideas.id) == []


@pytest.mark.parametrize(
    "args,error",
    [
        ({"channel_id": "C0NOWHERE"}, "channel_not_found"),
        ({"channel_id": "#ideas"}, "invalid_arguments"),
        ({"channel_id": "U00000001"}, "invalid_arguments"),
        ({"channel_id": "C00000002"}, "not_in_channel"),
        ({"channel_id": "C00000003"}, "is_archived"),
        ({"channel_id": "C00000001", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"thread_ts": "1.000001"}, "invalid_arguments"),
        ({"files": []}, "invalid_arguments"),
        ({"files": "[{"}, "invalid_arguments"),
        ({"files": [{"title": "x"}]}, "invalid_arguments"),
        ({"files": [{"id": "F0NONE"}]}, "file_not_found"),
        ({"channel_id": "C00000001", "blocks": [{"type": "nope"}]}, "invalid_blocks"),
    ],
)
async def test_what_can_not_be_completed(world: World, args: dict[str, Any], error: str) -> None:
    world.ws.connect(None)
    world.ws.add_channel("random", world.ada.id)
    world.ws.archive(world.ws.add_channel("old", world.ws.identity.bot_user).id)
    file_id = await upload(world)
    answer = await world.call(
        "files.completeUploadExternal", **{"files": [{"id": file_id}], **args}
    )
    assert answer["error"] == error
    if error.startswith("invalid_"):
        world.ws.expect_problem("api")
    assert world.ws.files == {}
    done = await world.call("files.completeUploadExternal", files=[{"id": file_id}])
    assert done["ok"]
    again = await world.call("files.completeUploadExternal", files=[{"id": file_id}])
    assert again["error"] == "file_not_found"


async def test_other_bytes_than_told_are_not_taken(world: World) -> None:
    told = await world.call("files.getUploadURLExternal", filename="a.txt", length=3)
    session = local_session(world.ws)
    async with session.post(told["upload_url"], data=b"four") as response:
        assert response.status == 400
    answer = await world.call("files.completeUploadExternal", files=[{"id": told["file_id"]}])
    assert answer["error"] == "file_not_found"
    async with session.post(told["upload_url"], data=b"one") as response:
        assert response.status == 200
    async with session.post(told["upload_url"], data=b"two") as response:
        assert response.status == 409
    async with session.post(f"{told['upload_url']}0", data=b"one") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    "args,error",
    [
        ({"filename": "a.txt", "length": 0}, "missing_argument"),
        ({"filename": "a.txt"}, "missing_argument"),
        ({"length": 3}, "invalid_arguments"),
        ({"filename": "a.txt", "length": 3, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ],
)
async def test_what_gets_no_address(world: World, args: dict[str, Any], error: str) -> None:
    assert (await world.call("files.getUploadURLExternal", **args))["error"] == error
    world.ws.expect_problem("api")


async def test_uploads_need_the_scope() -> None:
    world = build(manifest=granted("files:read"))
    for method in ("files.getUploadURLExternal", "files.completeUploadExternal"):
        assert (await world.call(method, filename="a", length=1))["error"] == "missing_scope"
        assert world.ws.expect_problem("api").where == method


async def test_uploads_into_a_direct_message(world: World) -> None:
    world.ws.connect(None)
    dm = world.ws.dm(world.ada.id).id
    await world.client.files_upload_v2(filename="a.csv", content="1,2", channel=dm)
    [message] = world.ada.dms()
    assert [file.filetype for file in world.ada.files(message)] == ["csv"]


async def test_no_uploads_without_a_messages_tab() -> None:
    world = build(manifest=granted("files:write", app_home={"home_tab_enabled": True}))
    file_id, dm = await upload(world), world.ws.dm(world.ada.id).id
    answer = await world.call(
        "files.completeUploadExternal", files=[{"id": file_id}], channel_id=dm
    )
    assert answer["error"] == "messages_tab_disabled"


# -- what goes wrong


async def test_the_faults_of_the_bytes(world: World) -> None:
    world.ws.connect(None)
    file = world.ada.attach("a.txt", b"one")
    await world.ada.say(world.ideas.id, files=[file])
    shown = (await world.call("files.info", file=file.id))["file"]
    world.ws.fault("files.download", "429", retry_after=7)
    world.ws.fault("files.download", "500")
    world.ws.fault("files.download", "lost")
    world.ws.fault("files.download", "timeout")
    assert (await read(world, shown))[0] == 429
    assert (await read(world, shown))[0] == 500
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await read(world, shown)
    with pytest.raises(asyncio.TimeoutError):
        await read(world, shown)
    assert (await read(world, shown))[2] == b"one"


async def test_a_lost_answer_of_an_upload(world: World) -> None:
    world.ws.connect(None)
    told = await world.call("files.getUploadURLExternal", filename="a.txt", length=3)
    world.ws.fault("files.upload", "lost")
    session = local_session(world.ws)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await session.post(told["upload_url"], data=b"one").__aenter__()
    world.ws.fault("files.completeUploadExternal", "lost")
    call = world.client.files_completeUploadExternal(
        files=[{"id": told["file_id"], "title": "A"}], channel_id=world.ideas.id
    )
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await call
    [message] = world.ada.messages(world.ideas.id)
    shares = (await world.call("files.info", file=told["file_id"]))["file"]["shares"]
    assert shares["public"][world.ideas.id][0]["ts"] == message.ts


async def test_calls_have_their_tier(world: World) -> None:
    file_id = await upload(world)
    await world.call("files.completeUploadExternal", files=[{"id": file_id}])
    for _ in range(100):
        assert (await world.call("files.info", file=file_id))["ok"]
    assert (await world.call("files.info", file=file_id))["error"] == "ratelimited"
