// JavaScript for PocketBase's goja. Each handler is compiled apart from the file it stands in, so all that one needs
// stands inside of it.
#include "generator/emit/pocketbase/hooks.h"

namespace twowayc {

std::string_view hook_routes() {
  return R"js(
  const largest = 1 << 30;  // SQLite holds no longer value
  const query = e.request.url.query();
  // Names one attempt of the client: when its answer is lost, the client asks again under the same name.
  const id = query.get("id");
  if (!/^[a-z0-9]{8,64}$/.test(id)) return e.json(400, { reason: "the request has no id" });
  const store = $app.store();
  const one = (db, sql, parameters, shape) => {
    const found = new DynamicModel(shape);
    db.newQuery(sql).bind(parameters).one(found);
    return found;
  };
  // SQLite 3.51 gives the rows of a JSONB array as JSONB; before, as text that has to be parsed again.
  const has_jsonb_each = () => {
    try {
      one($app.concurrentDB(), "SELECT count(*) AS n FROM jsonb_each('[]')", {}, { n: 0 });
      return true;
    } catch (_) {
      return false;
    }
  };

  const hello = () => {
    // PocketBase does not tell its version; the newest of its own migrations says enough.
    const { version } = one($app.concurrentDB(), "SELECT coalesce(max(file), '') AS version FROM _migrations " +
      "WHERE file LIKE '%.go'", {}, { version: "" });
    return { protocol: protocol, mapping: mapping, digest: digest, version: version, jsonb_each: has_jsonb_each() };
  };

  const collection = () => {
    const name = query.get("collection");
    if (!collections[name]) throw new Error("the mapping has no collection " + name);
    return Object.assign({ name: name }, collections[name]);
  };

  // Runs `work` in a transaction, unless it ran under this id already: then gives its answer. There is one writer at a
  // time, so a request that is repeated while the first one still runs waits for it.
  const once_only = (work) => {
    const key = "twoway answer " + id;
    const most = 32;
    let answer = null;
    try {
      $app.runInTransaction((tx) => {
        const known = store.get(key);
        if (known) {
          answer = JSON.parse(known);
          return;
        }
        answer = work(tx.db());
        store.set(key, JSON.stringify(answer));
        const recent = JSON.parse(store.get("twoway answers") || "[]").concat(id);
        while (recent.length > most) store.remove("twoway answer " + recent.shift());
        store.set("twoway answers", JSON.stringify(recent));
      });
    } catch (error) {
      store.remove(key);
      throw error;
    }
    return answer;
  };

  // A record that is larger than something between the client and PocketBase lets through comes in parts, before an
  // import without a body. They wait in memory, those of one import at a time.
  const part_key = (of, number) => "twoway part " + of + " " + number;
  const drop_parts = () => {
    const waiting = JSON.parse(store.get("twoway parts") || "{}");
    for (let number = 0; number < (waiting.count || 0); number++) store.remove(part_key(waiting.of, number));
    store.remove("twoway parts");
  };
  const part = () => {
    const number = parseInt(query.get("number"));
    if (number === 0) drop_parts();
    store.set(part_key(id, number), toBytes(e.request.body, largest));
    store.set("twoway parts", JSON.stringify({ of: id, count: number + 1 }));
    return {};
  };

  // The body is a JSONB array with an array for each row: text in it is raw bytes, so everything arrives exactly. A
  // blob comes as an array with one text; `blobs` lists the columns in which there are some.
  const import_rows = () => {
    const { name, columns, once } = collection();
    const each = query.get("each") === "jsonb" ? "jsonb_each" : "json_each";
    const blobs = query.get("blobs").split(",");
    const parts = parseInt(query.get("parts") || "0");
    const bound = {};
    let rows = "{:rows}";
    if (parts === 0) {
      bound.rows = toBytes(e.request.body, largest);
    } else {
      for (let number = 0; number < parts; number++) bound["part" + number] = store.get(part_key(id, number)) || "";
      rows = "CAST(" + Object.keys(bound).map((name) => `{:${name}}`).join(" || ") + " AS BLOB)";
    }
    const values = columns.map((_, i) => blobs.includes(String(i))
      ? `CASE json_type(value, '$[${i}]') WHEN 'array' THEN CAST(json_extract(value, '$[${i}][0]') AS BLOB) ` +
        `ELSE json_extract(value, '$[${i}]') END`
      : `json_extract(value, '$[${i}]')`);
    const updated = columns.filter((column) => column !== "id" && !once.includes(column));
    const differs = updated.map((column) => `t.[[${column}]] IS NOT excluded.[[${column}]] OR ` +
      `typeof(t.[[${column}]]) IS NOT typeof(excluded.[[${column}]])`);
    const upsert = `INSERT INTO {{${name}}} AS t (${columns.map((column) => `[[${column}]]`).join(", ")}) ` +
      `SELECT ${values.join(", ")} FROM ${each}(${rows}) WHERE true ON CONFLICT ([[id]]) DO UPDATE SET ` +
      `${updated.map((column) => `[[${column}]] = excluded.[[${column}]]`).join(", ")} WHERE ${differs.join(" OR ")}`;
    const counts = once_only((db) => {
      const { n } = one(db, `SELECT json_array_length(${rows}) AS n`, bound, { n: 0 });
      const { last } = one(db, `SELECT coalesce(max(rowid), 0) AS last FROM {{${name}}}`, {}, { last: 0 });
      const changed = db.newQuery(upsert).bind(bound).execute().rowsAffected();
      const inserted = one(db, `SELECT count(*) AS n FROM {{${name}}} WHERE rowid > {:last}`, { last: last }, { n: 0 });
      return { rows: n, inserted: inserted.n, updated: changed - inserted.n };
    });
    if (parts > 0) drop_parts();
    return counts;
  };

  const delete_rows = () => {
    const { name } = collection();
    const ids = toBytes(e.request.body, largest);
    return once_only((db) => {
      const sql = `DELETE FROM {{${name}}} WHERE [[id]] IN (SELECT value FROM json_each({:ids}))`;
      return { deleted: db.newQuery(sql).bind({ ids: ids }).execute().rowsAffected() };
    });
  };

  // As a password's change does it: tokens that were signed with the old keys are worth nothing any more.
  const renew_keys = () => {
    const { name, once } = collection();
    if (!once.includes("tokenKey")) throw new Error("nobody signs in to " + name);
    return once_only((db) => {
      const sql = `UPDATE {{${name}}} SET [[tokenKey]] = lower(hex(randomblob(25)))`;
      return { renewed: db.newQuery(sql).execute().rowsAffected() };
    });
  };

  // PocketBase empties this directory when it starts, and leaves it out of its backups.
  const directory = $app.dataDir() + "/.pb_temp_to_delete";
  const file = directory + "/twoway_" + id;
  const key = "twoway snapshot " + id;
  const time_and_size = (path) => {
    try {
      const found = $os.stat(path);
      return found.size() + " " + found.modTime().unixNano();
    } catch (_) {
      return "";
    }
  };
  // Stays the same as long as nobody writes to the database. It may change without that.
  const marker = () => {
    const { n } = one($app.nonconcurrentDB(), "SELECT total_changes() AS n", {}, { n: 0 });
    const data = $app.dataDir() + "/data.db";
    return [n, time_and_size(data), time_and_size(data + "-wal")].join(" | ");
  };

  // A copy of the database as it is at one moment. It may take longer than PocketBase lets an answer take, so the
  // client asks until it is done.
  const snapshot = () => {
    const state = store.get(key);
    if (state === "making") return { done: false };
    if (state !== "done") {
      store.set(key, "making");
      try {
        $os.mkdirAll(directory, 0o700);
        store.set(key + " marker", marker());
        $app.concurrentDB().newQuery("VACUUM INTO {:file}").bind({ file: file }).execute();
        store.set(key, "done");
      } catch (error) {
        store.remove(key);
        try { $os.remove(file); } catch (_) { /* it was not made */ }
        throw error;
      }
    }
    return { done: true, size: $os.stat(file).size() };
  };

  // The mapping's collections in which something was written since the snapshot.
  const changed = () => {
    if (store.get(key) !== "done") throw new Error("there is no such snapshot");
    if (store.get(key + " marker") === marker()) return { collections: [] };
    // This connection is the only one of its kind, so what is attached stays attached.
    const db = $app.nonconcurrentDB();
    db.newQuery("ATTACH {:file} AS twoway_then").bind({ file: file }).execute();
    try {
      return { collections: Object.keys(collections).filter((name) => {
        const differs = collections[name].columns.map((column) => `a.[[${column}]] IS NOT b.[[${column}]]`);
        const [now, then] = [`main.[[${name}]]`, `twoway_then.[[${name}]]`];
        const sql = `SELECT (SELECT count(*) FROM ${now}) != (SELECT count(*) FROM ${then}) OR EXISTS (SELECT 1 ` +
          `FROM ${now} AS a LEFT JOIN ${then} AS b ON b.[[id]] = a.[[id]] WHERE ${differs.join(" OR ")}) AS n`;
        return one(db, sql, {}, { n: 0 }).n !== 0;
      }) };
    } finally {
      db.newQuery("DETACH twoway_then").execute();
    }
  };

  const forget = () => {
    store.remove(key);
    store.remove(key + " marker");
    try { $os.remove(file); } catch (_) { /* it is gone */ }
    return {};
  };

  const finish = () => {
    $app.nonconcurrentDB().newQuery("PRAGMA optimize").execute();
    return {};
  };

  const actions = {
    hello, part, import: import_rows, delete: delete_rows, renew: renew_keys, snapshot, changed, forget, finish,
  };
  const action = actions[e.request.pathValue("action")];
  if (!action) return e.json(404, { reason: "there is no such action" });
  try {
    return e.json(200, action());
  } catch (error) {
    const reason = String(error).replace(/^(Go)?Error: /, "");
    // What SQLite says of a row that it refuses: the client looks for it.
    if (/constraint failed|too big/.test(reason)) return e.json(422, { reason: reason });
    return e.json(/malformed JSON|has no collection/.test(reason) ? 400 : 500, { reason: reason });
  }
}, $apis.requireSuperuserAuth(), $apis.bodyLimit(1 << 30));

// The file of a snapshot, whole or in parts.
routerAdd("GET", "/api/twoway/snapshot/{id}", (e) => {
  const id = e.request.pathValue("id");
  if (!/^[a-z0-9]{8,64}$/.test(id)) return e.json(404, { reason: "there is no such snapshot" });
  return e.fileFS($os.dirFS($app.dataDir() + "/.pb_temp_to_delete"), "twoway_" + id);
}, $apis.requireSuperuserAuth());

// Snapshots of clients that never came back.
cronAdd("twoway_snapshots", "17 * * * *", () => {
  const directory = $app.dataDir() + "/.pb_temp_to_delete";
  const day = 24 * 60 * 60;
  let files = [];
  try { files = $os.readDir(directory); } catch (_) { /* there was none */ }
  for (const file of files) {
    if (!file.name().startsWith("twoway_")) continue;
    if (Date.now() / 1000 - file.info().modTime().unix() > day) $os.remove(directory + "/" + file.name());
  }
});
)js";
}

}  // namespace twowayc
