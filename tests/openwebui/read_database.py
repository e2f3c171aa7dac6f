#!/usr/bin/env python3
"""Reads an Open WebUI database with Open WebUI's own code, all of it.

    VENV_DIR/bin/python read_database.py [DATABASE.db] [--dump OUT.json] [--expect EXPECT.json]
        [--any-order] [--except TEXT]... [--sign-in EMAIL PASSWORD]... [--check-schema]

VENV_DIR is what prepare.sh made. A SQLite file is never opened itself, only a copy. Without a
file it is the PostgreSQL database that DATABASE_URL names, as Open WebUI has it: it is opened
itself, read-only, except that --check-schema writes to it what Open WebUI writes when it starts.

The dump holds what the application sees, in two parts:
  rows   every row of every table the ORM knows, read through the ORM class and validated
         by the Pydantic model of that class: {"model": ..., "columns": ...}, where "columns"
         has the values which the model leaves out or changes (the password, for one);
  calls  the results of the list and get functions named in readers.py. A long result is
         replaced by its SHA-256: its content is in "rows", the digest still tells a difference.
A row or call that Open WebUI cannot read is {"error": ...} there, so that the dumps of an
original and of its copy can be compared even where the original is broken.
Between SQLite and PostgreSQL a comparison needs --any-order: the same rows come in another one.

Tokens of OAuth sessions can be decrypted only with the WEBUI_SECRET_KEY of the database,
which is taken from the environment.

Exit code: 0 all well, 1 a check asked for has failed, 2 the test could not run. Rows that
cannot be read do not fail the test by themselves: compare with --expect.
"""

import argparse
import ast
import asyncio
import hashlib
import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path

sys.dont_write_bytecode = True  # the folder of the sources stays as it is
from databases import Postgresql, SqliteFile, is_postgresql

WORK_DIR_VARIABLE = "READ_DATABASE_WORK_DIR"
LONGEST_RESULT = 2000  # characters of a call's result that are kept as they are
SHOWN_DIFFERENCES = 20
# ORM classes without a Pydantic model of the same shape: PinnedNote and Config have none,
# the token of OAuthSession is a string in the table and a decrypted object in the model.
CLASSES_WITHOUT_MODEL = {"Config", "PinnedNote", "OAuthSession"}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", type=Path, nargs="?",
                        help="a SQLite file; without it DATABASE_URL counts")
    parser.add_argument("--dump", type=Path, help="write what the application sees to this file")
    parser.add_argument("--expect", type=Path, help="fail unless the dump is equal to this one")
    parser.add_argument("--any-order", action="store_true",
                        help="do not dump the order of rows in the results of calls")
    parser.add_argument("--except", action="append", default=[], metavar="TEXT", dest="exceptions",
                        help="rows and calls with this text in their name may differ from --expect")
    parser.add_argument("--sign-in", nargs=2, action="append", default=[],
                        metavar=("EMAIL", "PASSWORD"), help="fail unless this user can sign in")
    parser.add_argument("--check-schema", action="store_true",
                        help="fail unless Open WebUI starts on the database without changing it")
    return parser.parse_args()


# ---- the outer process: the database and a clean environment -----------------------------

def chosen_store(database, work_dir):
    """The store that the arguments and the environment name, or None."""
    if database is not None:
        return SqliteFile(database, work_dir / "data")
    return Postgresql() if is_postgresql(os.environ.get("DATABASE_URL", "")) else None


def environment_for(work_dir, url):
    """A fresh environment, so that no setting of the caller reaches Open WebUI."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(work_dir),
        "PYTHONHASHSEED": "0",  # Open WebUI returns lists made from sets
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": "UTC",  # some functions group by day
        WORK_DIR_VARIABLE: str(work_dir),
        "DATA_DIR": str(work_dir / "data"),
        "DATABASE_URL": url,
        "FRONTEND_BUILD_DIR": str(work_dir / "frontend"),
        "STATIC_DIR": str(work_dir / "static"),
        "WEBUI_SECRET_KEY": os.environ.get("WEBUI_SECRET_KEY", "read_database.py"),
        "VECTOR_DB": "none",  # any other value imports a client library
        "OFFLINE_MODE": "true",
        "ENABLE_OAUTH_PERSISTENT_CONFIG": "true",  # else oauth.* rows are not read at all
        "ENABLE_DB_MIGRATIONS": "false",  # importing the package would upgrade the copy
        "GLOBAL_LOG_LEVEL": "CRITICAL",
    }


def run_outer(arguments):
    with tempfile.TemporaryDirectory(prefix="read-database-") as name:
        work_dir = Path(name)
        for part in ("data", "frontend/static", "static"):
            (work_dir / part).mkdir(parents=True)
        store = chosen_store(arguments.database, work_dir)
        problem = store.prepare() if store else "name a SQLite file, or PostgreSQL in DATABASE_URL"
        if problem:
            print(problem, file=sys.stderr)
            return 2
        # -u: a crash must not swallow what was printed before it
        command = [sys.executable, "-u", os.path.abspath(__file__), *sys.argv[1:]]
        code = subprocess.run(command, env=environment_for(work_dir, store.url())).returncode
        return code if code in (0, 1) else 2


# ---- values to JSON ---------------------------------------------------------------------

def to_plain(value):
    """What json.dumps can write without losing the difference between two values."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((to_plain(item) for item in value), key=canonical)
    if hasattr(value, "model_dump"):
        try:
            return to_plain(value.model_dump(mode="json"))
        except ValueError:  # the JSON mode refuses lone surrogates
            return to_plain(value.model_dump())
    if hasattr(value, "__table__"):
        return column_values(value)
    if isinstance(value, (list, tuple)) or hasattr(value, "_mapping"):
        return [to_plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return f"{type(value).__name__}: {value}"


def canonical(value, sort_keys=True):
    """ASCII only, so that NUL, lone surrogates and look-alikes stay visible."""
    return json.dumps(value, sort_keys=sort_keys, separators=(",", ":"))


def without_order(value):
    if isinstance(value, dict):
        return {key: without_order(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return sorted((without_order(item) for item in value), key=canonical)
    return value


def describe_error(error):
    text = f"{type(error).__name__}: {error}".replace(os.environ[WORK_DIR_VARIABLE], "")
    return {"error": re.sub(r" at 0x[0-9a-f]+", "", text)[:600]}


def is_error(value):
    return isinstance(value, dict) and set(value) == {"error"}


# ---- rows through the ORM classes -------------------------------------------------------

class Database:
    """Open WebUI's session factory, on connections that refuse to write until told so."""

    def __init__(self, store):
        from open_webui.internal import db
        from sqlalchemy import event

        self.module = db
        self.store = store
        self.read_only = True
        # Several read functions repair or delete what they dislike (an OAuth session that
        # cannot be decrypted is deleted); the dump must not depend on who came first.
        event.listen(db.async_engine.sync_engine, "connect", self.on_connect)

    def on_connect(self, connection, _record):
        if self.read_only:
            cursor = connection.cursor()
            cursor.execute(self.store.read_only_statement)
            cursor.close()
            connection.commit()  # else PostgreSQL forgets it with the first rollback

    def session(self):
        return self.module.get_async_db()

    async def allow_writing(self):
        await self.close()
        self.read_only = False

    async def close(self):
        await self.module.async_engine.dispose()


def orm_classes(database):
    import open_webui.models as models

    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"open_webui.models.{module.name}")
    classes = [mapper.class_ for mapper in database.module.Base.registry.mappers]
    return sorted(classes, key=lambda orm_class: orm_class.__tablename__)


def column_values(row):
    return {attribute.key: to_plain(getattr(row, attribute.key))
            for attribute in type(row).__mapper__.column_attrs}


def pydantic_model_of(orm_class):
    if orm_class.__name__ in CLASSES_WITHOUT_MODEL:
        return None
    return getattr(sys.modules[orm_class.__module__], f"{orm_class.__name__}Model")


def read_row(row, model_class):
    columns = column_values(row)
    if model_class is None:
        return {"columns": columns}
    try:
        # from_attributes: GroupMemberModel does not say it, the others do
        model = to_plain(model_class.model_validate(row, from_attributes=True))
    except Exception as error:
        return describe_error(error) | {"columns": columns}
    missing = {name: value for name, value in columns.items()
               if name not in model or canonical(model[name], False) != canonical(value, False)}
    return {"model": model, "columns": missing}


async def fetch_rows(database, orm_class):
    """[(key, row or None, error or None)] of all rows.

    One SELECT for each row where a single bad value makes the SELECT of all rows fail.
    """
    from sqlalchemy import select

    keys = list(orm_class.__table__.primary_key.columns)
    async with database.session() as session:
        try:
            rows = (await session.execute(select(orm_class))).scalars().all()
            return [([getattr(row, orm_class.__mapper__.get_property_by_column(key).key)
                      for key in keys], row, None) for row in rows]
        except Exception:
            await session.rollback()
            all_key_values = (await session.execute(select(*keys))).all()
    found = []
    for key_values in all_key_values:
        query = select(orm_class).where(*[key == value for key, value in zip(keys, key_values)])
        # A session of its own: an error ends the session's hold on all its rows.
        async with database.session() as session:
            try:
                row = (await session.execute(query)).scalar_one()
                found.append((list(key_values), row, None))
            except Exception as error:
                found.append((list(key_values), None, error))
    return found


async def count_rows(database, orm_class):
    from sqlalchemy import func, select

    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(orm_class.__table__))


async def read_tables(database):
    """Returns the "rows" part of the dump and, for the calls, the column values by table."""
    dumped, values = {}, {}
    for orm_class in orm_classes(database):
        table = orm_class.__tablename__
        dumped[table], values[table] = {}, []
        try:
            found = await fetch_rows(database, orm_class)
            count = await count_rows(database, orm_class)
        except Exception as error:  # the table or one of its columns is missing
            dumped[table] = {"": describe_error(error)}
            continue
        model_class = pydantic_model_of(orm_class)
        entries = []
        for key, row, error in found:
            if row is None:
                entries.append((canonical(key), describe_error(error)))
            else:
                entries.append((canonical(key), read_row(row, model_class)))
                values[table].append(column_values(row))
        dumped[table] = dict(sorted(entries, key=lambda entry: entry[0]))
        if len(dumped[table]) != count:  # NULL or duplicate keys are invisible to the ORM
            dumped[table][""] = {"error": f"{count} rows, {len(dumped[table])} keys"}
    return dumped, values


# ---- calls of the model classes ---------------------------------------------------------

def find_model_objects():
    """The singletons (Users, Chats, ...) and classes such as Config by name."""
    found = {}
    for name, module in sys.modules.items():
        if name.startswith("open_webui.models."):
            for attribute, value in vars(module).items():
                owner = value if isinstance(value, type) else type(value)
                if getattr(owner, "__module__", None) == name:
                    found[attribute] = value
    return found


def argument_from(node, row, values):
    if isinstance(node, ast.Attribute):
        return row[node.attr]
    if isinstance(node, ast.List) and node.elts:
        table, column = node.elts[0].value.id, node.elts[0].attr
        distinct = {canonical(other[column]): other[column] for other in values[table]}
        return [distinct[key] for key in sorted(distinct)]
    return ast.literal_eval(node)


def argument_lists(call, values):
    """The distinct positional arguments of one line of READERS, in a stable order."""
    tables = {node.value.id for node in call.args if isinstance(node, ast.Attribute)}
    if len(tables) > 1:
        raise ValueError(f"arguments from several tables: {ast.unparse(call)}")
    rows = values[tables.pop()] if tables else [{}]
    lists = [[argument_from(node, row, values) for node in call.args] for row in rows]
    distinct = {canonical(arguments): arguments for arguments in lists}
    return [distinct[key] for key in sorted(distinct)]


async def call_reader(function, arguments, options, must_find, any_order):
    try:
        result = to_plain(await function(*arguments, **options))
    except Exception as error:
        return describe_error(error)
    if must_find and result is None:
        return {"error": "returns nothing for a row that is there"}
    if any_order:
        result = without_order(result)
    text = canonical(result, sort_keys=False)
    if len(text) > LONGEST_RESULT:
        return {"length": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
    return result


async def read_calls(values, any_order):
    from readers import READERS  # here, where nothing leaves a __pycache__ behind

    objects = find_model_objects()
    results = {}
    for line in READERS.split("\n"):
        if not line:
            continue
        call = ast.parse(line.lstrip("!"), mode="eval").body
        function = getattr(objects[call.func.value.id], call.func.attr)
        options = {item.arg: ast.literal_eval(item.value) for item in call.keywords}
        results[line.lstrip("!")] = {
            canonical(arguments): await call_reader(function, arguments, options,
                                                    line.startswith("!"), any_order)
            for arguments in argument_lists(call, values)}
    return results


# ---- the inner process ------------------------------------------------------------------

def count_results(dump):
    """(read, failed) over all rows and calls."""
    entries = [entry for part in dump.values() for group in part.values()
               for entry in group.values()]
    failed = sum(1 for entry in entries if isinstance(entry, dict) and "error" in entry
                 and (is_error(entry) or set(entry) == {"error", "columns"}))
    return len(entries) - failed, failed


def compare(expected, actual):
    """Text comparison of every entry: in Python 1 == 1.0 == True and dicts have no order."""
    differences = []
    for part in ("rows", "calls"):  # the rows first, they show what is different
        groups = expected.get(part, {}), actual.get(part, {})
        for group in sorted(set(groups[0]) | set(groups[1])):
            entries = groups[0].get(group, {}), groups[1].get(group, {})
            for key in sorted(set(entries[0]) | set(entries[1])):
                texts = [canonical(side[key], sort_keys=False) if key in side else "(missing)"
                         for side in entries]
                if texts[0] != texts[1]:
                    differences.append((f"{part}: {group} {key}", *texts))
    return differences


def excerpts(expected, actual):
    """Both texts from shortly before the first difference."""
    start = len(os.path.commonprefix([expected, actual]))
    return [text[max(0, start - 40):start + 80] for text in (expected, actual)]


def check_expectation(path, dump, exceptions):
    expected = json.loads(path.read_text())
    differences = [difference for difference in compare(expected, json.loads(json.dumps(dump)))
                   if not any(text in difference[0] for text in exceptions)]
    for place, left, right in differences[:SHOWN_DIFFERENCES]:
        left, right = excerpts(left, right)
        print(f"differs: {place[:200]}\n  expected ...{left}\n  found    ...{right}")
    return [f"{len(differences)} differences from {path.name}"] if differences else []


async def run_inner(arguments):
    from checks import check_schema, check_sign_in

    store = chosen_store(arguments.database, Path(os.environ[WORK_DIR_VARIABLE]))
    database = Database(store)
    rows, values = await read_tables(database)
    dump = {"rows": rows, "calls": await read_calls(values, arguments.any_order)}
    problems = []
    if arguments.dump:
        arguments.dump.write_text(json.dumps(dump, indent=1) + "\n")
    if arguments.expect:
        problems += check_expectation(arguments.expect, dump, arguments.exceptions)
    for email, password in arguments.sign_in:
        problems += await check_sign_in(email, password)
    if arguments.check_schema:
        await database.allow_writing()
        problems += await check_schema(store)
    await database.close()
    for problem in problems:
        print(f"FAILED: {problem}")
    print("{} read, {} failed".format(*count_results(dump)))
    return 1 if problems else 0


def main():
    arguments = parse_arguments()
    if WORK_DIR_VARIABLE not in os.environ:
        return run_outer(arguments)
    try:
        import open_webui  # noqa: F401
    except ImportError as error:
        print(f"run this with the Python of prepare.sh's directory: {error}", file=sys.stderr)
        return 2
    try:
        return asyncio.run(run_inner(arguments))
    except Exception:
        traceback.print_exc()
        return 2


if __name__ == "__main__":
    sys.exit(main())
