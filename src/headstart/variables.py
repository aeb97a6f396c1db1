"""The environment variables that other programs get from us."""

import os
from collections.abc import Iterator

# What uv is told deliberately: where packages come from, are kept, and how they are fetched.
# All else that begins with UV_ is about some project, and not about this one.
# https://docs.astral.sh/uv/reference/environment/
UV_KEPT = (
    "UV_CACHE_DIR",
    "UV_CONCURRENT_",
    "UV_CONFIG_FILE",
    "UV_CREDENTIALS_DIR",
    "UV_DEFAULT_INDEX",
    "UV_EXCLUDE_NEWER",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_HTTP_",
    "UV_INDEX",
    "UV_INSECURE_HOST",
    "UV_KEYRING_PROVIDER",
    "UV_LINK_MODE",
    "UV_LOCK_TIMEOUT",
    "UV_MALWARE_CHECK",
    "UV_NATIVE_TLS",
    "UV_NO_CACHE",
    "UV_NO_CONFIG",
    "UV_NO_SYSTEM_CONFIG",
    "UV_OFFLINE",
    "UV_PYTHON_INSTALL_DIR",
    "UV_PYTHON_SEARCH_PATH",
    "UV_REQUEST_TIMEOUT",
    "UV_SYSTEM_CERTS",
)
# And git: whose configuration is read, who commits when, and where it is installed.
GIT_KEPT = (
    "GIT_AUTHOR_",
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMITTER_",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_KEY_",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_VALUE_",
    "GIT_EXEC_PATH",
    "GIT_SSL_",
)
# What points a program at another project than the one at hand, or makes it talk more.
MISLEADING = (
    "CLICOLOR_FORCE",
    "CONDA_",
    "FORCE_COLOR",
    "GIT_",
    "PYTHON",
    "RUST_",
    "UV_",
    "VIRTUAL_ENV",
)
# Said from where headstart runs; the programs run elsewhere.
PATHS = ("UV_CACHE_DIR", "UV_CONFIG_FILE", "UV_FIND_LINKS")


def own_environment() -> dict[str, str]:
    """Return this process's variables, without those that point at another project."""
    return {**dict(_kept()), "PATH": safe_path(), "NO_COLOR": "1"}


def safe_path() -> str:
    """Return the folders in which programs are looked for, without those that move with us.

    An empty or relative one is the folder in which a program runs: whatever lies there
    would be run as `git`.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(folder for folder in folders if os.path.isabs(folder))


def _kept() -> Iterator[tuple[str, str]]:
    for name, value in os.environ.items():
        if name.startswith((*UV_KEPT, *GIT_KEPT)) or not name.startswith(MISLEADING):
            yield name, _from_here(value) if name in PATHS else value


def _from_here(path: str) -> str:
    is_relative = path and "://" not in path and not os.path.isabs(path)
    return os.path.abspath(path) if is_relative else path
