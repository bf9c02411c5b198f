"""A plain HTTP server that answers as it is told and remembers what it was sent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Answer = tuple[int, dict[str, str], dict[str, Any]]


class Script:
    """One answer after another; None is a connection that ends without one."""

    def __init__(self) -> None:
        self.answers: list[Answer | None] = []
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self._body()
                script.got.append((f"{self.command} {self.path}", dict(self.headers.items()), body))
                answer = script.answers.pop(0)
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, content = answer
                self.send_response(status)
                written = json.dumps(content).encode()
                for name, value in ({"Content-Length": str(len(written))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(written)

            def _body(self) -> bytes:
                return self.rfile.read(int(self.headers.get("content-length", 0)))

            do_GET = do_POST = do_PUT = do_PATCH = _answer

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"
