"""The smallest Bolt app: one command that is acknowledged, behind the desk's HTTP server.

python -m bench.servers.minimal PORT SECRET
"""

import asyncio
import sys

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bench.payloads import COMMAND
from runtime.web import SLACK_PATH


def build(secret: str) -> AsyncApp:
    """The app; it asks nobody who it is."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T00000001", bot_token="xoxb-bench", bot_user_id="U0"
        )

    app = AsyncApp(signing_secret=secret, authorize=authorize, process_before_response=True)

    @app.command(COMMAND)
    async def on_command(ack: AsyncAck) -> None:
        await ack(
            response_type="ephemeral", text="Social Desk does not know this command any more."
        )

    return app


async def main(port: int, secret: str) -> None:
    """Serve until killed."""
    app = build(secret)

    async def handle(request: web.Request) -> web.Response:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    async def ready(_request: web.Request) -> web.Response:
        return web.Response()

    server = web.Application()
    server.add_routes([web.post(SLACK_PATH, handle), web.get("/readyz", ready)])
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
