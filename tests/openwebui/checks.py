"""The checks of read_database.py that only say yes or no: sign-in, schema, start.

They run inside its inner process, on what databases.py opened there.
"""

import asyncio


async def check_sign_in(email, password):
    """As the sign-in route does it: by the address in lower case. Returns what is wrong."""
    from open_webui.models.auths import Auths
    from open_webui.utils.auth import verify_password

    signed_in = await Auths.authenticate_user(
        email.lower(), lambda hashed: verify_password(password, hashed))
    if not signed_in:
        return [f"{email} cannot sign in"]
    user, _auth = signed_in
    return [] if user.email == email.lower() else [f"{email} signs in as {user.email}"]


def check_revision():
    """Compares the revision of the database with the heads of the installed package."""
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from open_webui.env import OPEN_WEBUI_DIR
    from open_webui.internal.db import engine

    settings = Config()
    settings.set_main_option("script_location", str(OPEN_WEBUI_DIR / "migrations"))
    expected = set(ScriptDirectory.from_config(settings).get_heads())
    with engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
    engine.dispose()
    if found != expected:
        return [f"revision {sorted(found)}, Open WebUI expects {sorted(expected)}"]
    return []


def check_columns():
    """The right revision does not prove that every table and column is there."""
    from open_webui.internal.db import Base, engine
    from sqlalchemy import inspect

    inspector = inspect(engine)
    problems = []
    for name, table in sorted(Base.metadata.tables.items()):
        found = {column["name"] for column in inspector.get_columns(name)} \
            if inspector.has_table(name) else set()
        missing = sorted(set(table.columns.keys()) - found)
        if missing:
            problems.append(f"table {name} lacks {', '.join(missing)}")
    engine.dispose()
    return problems


async def check_schema(store):
    """What Open WebUI does with its database when it starts. Returns what is wrong."""
    problems = store.damage() + check_revision() + check_columns()
    try:
        from open_webui import config

        before = store.digest()
        await asyncio.to_thread(config.run_migrations)
        if store.digest() != before:
            problems.append("`alembic upgrade head` changed the database")
        # The rest of the start that touches the database, and the first writing to it.
        await config.import_legacy_config_json()
        await config.seed_registered_defaults()
    except Exception as error:
        problems.append(f"Open WebUI does not start: {type(error).__name__}: {error}")
    return problems
