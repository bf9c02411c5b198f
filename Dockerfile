# One image for the API, the worker, the migrations and the command line; a second target catches mail in compose.yaml.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
WORKDIR /srv/rights-desk
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
COPY requirements-tools.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-tools.txt
COPY requirements.txt ./
RUN uv venv .venv \
    && uv pip install --no-cache --python .venv --require-hashes -r requirements.txt
COPY pyproject.toml README.md ./
COPY alembic.ini ./
COPY alembic alembic
COPY app app
COPY policies policies
RUN uv pip install --no-cache --python .venv --no-deps --editable . \
    && .venv/bin/python -m compileall -q app

FROM python:${PYTHON}-slim AS runtime
RUN groupadd --gid 10001 desk \
    && useradd --uid 10001 --gid desk --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin desk \
    && install -d -o desk -g desk -m 0700 /var/lib/rights-desk
COPY --from=build /srv/rights-desk /srv/rights-desk
WORKDIR /srv/rights-desk
# The root file system may be read-only: everything written lies under DATA_DIR.
ENV PATH=/srv/rights-desk/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ENV=production \
    HOST=0.0.0.0 \
    PORT=8000 \
    WORKER=none \
    DATA_DIR=/var/lib/rights-desk
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# For the API; a worker switches it off, its life shows in the queue's own figures.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
ENTRYPOINT ["rights-desk"]
CMD ["serve"]

FROM build AS mail-build
COPY requirements-examples.txt ./
RUN uv venv /srv/mail && uv pip install --no-cache --python /srv/mail --require-hashes -r requirements-examples.txt

FROM python:${PYTHON}-slim AS mail-catcher
RUN useradd --uid 10002 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin mail-catcher \
    && install -d -o 10002 -g 10002 -m 0700 /var/mail-catcher
COPY --from=mail-build /srv/mail /srv/mail
ENV PYTHONDONTWRITEBYTECODE=1
USER 10002:10002
EXPOSE 1025
# Every mail becomes one file of the maildir /var/mail-catcher/new.
ENTRYPOINT ["/srv/mail/bin/python", "-m", "aiosmtpd", "--nosetuid", "--listen", "0.0.0.0:1025", "--class", "aiosmtpd.handlers.Mailbox", "/var/mail-catcher"]

# What `docker build .` makes.
FROM runtime
