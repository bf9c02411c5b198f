"""`python -m bench.yardstick PORT`: the least a FastAPI service does: JSON in, checked, JSON out."""

import sys

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Word(BaseModel):
    """As much body as a single processing check has."""

    subject: str
    category: str
    purpose: str


app = FastAPI()


@app.post("/echo")
async def echo(body: Word) -> Word:
    """Say it back."""
    return body


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", ws="none", access_log=False,
        log_level="error",
    )  # fmt: skip
