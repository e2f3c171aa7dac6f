#include "tests/generator/model_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace twowayc {
namespace {

std::string text_of(const Default& value) { return fmt::format("{}:{}", static_cast<int>(value.kind), value.text); }

std::string text_of(const std::optional<std::string>& rule) { return rule ? "'" + *rule + "'" : "closed"; }

std::string text_of(std::optional<Dialect> only) {
  return only ? fmt::format("only {}", static_cast<int>(*only)) : "everywhere";
}

void append(const SqlTable& table, std::string& out) {
  out += fmt::format("table {} key {} {} {}\n", table.name, table.primary_key.name, table.postgresql_primary_key,
                     table.primary_key.columns);
  for (const SqlColumn& c : table.columns) {
    out += fmt::format("  column {} {} {} {} {} postgresql {} {} {}\n", c.name, static_cast<int>(c.type), c.length,
                       c.nullable, c.default_sql.value_or("none"), c.postgresql.default_sql.value_or("none"),
                       c.postgresql.sequence, c.postgresql.after);
  }
  for (const SqlUnique& u : table.uniques) {
    out += fmt::format("  unique {} {} {}\n", u.name, u.columns, text_of(u.only));
  }
  for (const SqlForeignKey& f : table.foreign_keys) {
    out += fmt::format("  foreign {} {} {} {} {} {}\n", f.name, f.columns, f.table, f.target_columns, f.on_delete,
                       text_of(f.only));
  }
  for (const SqlCheck& c : table.checks) out += fmt::format("  check {} {} {}\n", c.name, c.sql, text_of(c.only));
  for (const SqlIndex& i : table.indexes) {
    out += fmt::format("  index {} {} {} {} {}\n", i.name, i.terms, i.unique, i.where, text_of(i.only));
  }
}

std::string text_of(const KeyPart& part) {
  std::string text = fmt::format("{}/{}", static_cast<int>(part.what), part.column);
  for (const KeyPart::Piece& piece : part.pieces) {
    text += fmt::format("+{}{}", piece.literal, piece.column ? fmt::format("#{}", *piece.column) : "");
  }
  return text;
}

void append(const MappedField& f, std::string& out) {
  out += fmt::format("  field {} {} lens {} empty {} json {} default {} hidden {} max {} lossy '{}'", f.column, f.to,
                     f.lens, static_cast<int>(f.empty), f.json_null_is_json, text_of(f.fallback), f.hidden, f.max_size,
                     f.lossy);
  if (f.target) out += fmt::format(" target {}", *f.target);
  out += fmt::format(" delete {} deferred {}", static_cast<int>(f.on_delete), f.deferred);
  for (const KeyPart& part : f.target_key) out += " part " + text_of(part);
  if (f.repeats) out += fmt::format(" repeats {}", *f.repeats);
  for (const Witness& witness : f.witnesses) out += " witness " + text_of(witness.value);
  out += fmt::format(" login '{}'\n", f.login);
}

void append_parts(const Entity& e, std::string& out) {
  for (const PurgedColumn& p : e.purged) out += fmt::format("  purged {} {}\n", p.qualified, p.reason);
  for (const JoinedTable& j : e.joins) {
    out += fmt::format("  join {} {} {} {} {}\n", j.table, j.name, j.column, j.base_column, j.marker);
  }
  for (const Mirror& m : e.mirrors) {
    out += fmt::format("  mirror {} {} {} {} {}\n", m.field, m.column, m.path, m.target, m.with);
  }
  for (const Derived& d : e.derived) {
    out += fmt::format("  derived {} {}", d.field, d.unique);
    for (const Derived::Piece& piece : d.pieces) out += fmt::format(" [{}|{}]", piece.literal, piece.field);
    out += '\n';
  }
  for (const PocketBaseOnly& o : e.only_in_pocketbase) {
    out += fmt::format("  only {} {} {} '{}'\n", o.field, static_cast<int>(o.type), text_of(o.value), o.purge);
  }
  for (const PocketBaseIndex& i : e.indexes) out += fmt::format("  index {} {}\n", i.fields, i.unique);
}

void append(const Entity& e, std::string& out) {
  out += fmt::format("entity {} {} '{}' table {} collection {} {} auth {} {} '{}'\n", e.name, e.struct_name,
                     e.description, e.table, e.collection, e.collection_id, e.auth, e.identity, e.auth_rule);
  for (const EntityColumn& c : e.columns) {
    out += fmt::format("  column {} {} {} {} {}\n", c.table, c.column, c.qualified, c.member, c.key);
  }
  if (e.people) {
    const People& p = *e.people;
    const auto column = [](std::optional<std::size_t> at) { return at ? fmt::format("#{}", *at) : "none"; };
    out += fmt::format("  people {} #{} #{} {} {} '{}' {} '{}'\n", column(p.name), p.address, p.password, p.argon2,
                       column(p.identities), p.member, p.except, p.sessions);
  }
  for (const KeyColumn& k : e.key) out += fmt::format("  key {} {}\n", k.column, k.is_record_id);
  for (const MappedField& f : e.fields) append(f, out);
  append_parts(e, out);
  out += fmt::format("  rules {} {} {} {} {}\n", text_of(e.rules.list), text_of(e.rules.view), text_of(e.rules.create),
                     text_of(e.rules.update), text_of(e.rules.remove));
  out += fmt::format("  to_sql {}\n", e.to_sql_order);
}

}  // namespace

std::string model_text(const MappingModel& model) {
  std::string out = fmt::format("mapping {} {} '{}' {} {} {} nul {}\n", model.name, model.cpp_namespace,
                                model.description, model.directory, model.pocketbase_version, model.collection_prefix,
                                model.reject_nul);
  out += fmt::format("version {} {} {} '{}'\n", model.schema.version_table, model.schema.version_column,
                     model.schema.version_value, model.schema.version_name);
  for (const Leftover& leftover : model.schema.leftovers) {
    out += fmt::format("leftover {} {}\n", leftover.name, leftover.reason);
  }
  for (const SqlTable& table : model.schema.tables) append(table, out);
  for (const Lens& lens : model.lenses) {
    out += fmt::format("lens {} {} {} {} {}\n", lens.name, lens.struct_name, lens.header, lens.built_in, lens.provable);
  }
  for (const Entity& entity : model.entities) append(entity, out);
  for (const PurgedTable& purged : model.purged) out += fmt::format("purged {} {}\n", purged.table, purged.reason);
  out += fmt::format("order {}\nfiles {}\n", model.order, model.files);
  return out;
}

}  // namespace twowayc
