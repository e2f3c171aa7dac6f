#include "runtime/migrate/shown_row.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "runtime/transform/residue.h"

namespace twoway {

namespace {

constexpr std::string_view covered = "*";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// Words in the names of secrets, in lower case.
constexpr std::array<std::string_view, 15> secret_words{
    "password", "passwd",     "secret",   "api_key", "apikey",        "api-key",    "access_token", "refresh_token",
    "id_token", "auth_token", "tokenkey", "bearer",  "authorization", "credential", "private_key"};

bool holds_secret_word(std::string_view text) {
  const std::string lowered = lower(text);
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](std::string_view word) { return lowered.find(word) != std::string::npos; });
}

/// True for a column that nobody described and that is named like a secret.
bool is_secret_name(std::string_view column) {
  const std::string name = lower(column);
  return holds_secret_word(name) || name.ends_with("token") || name.ends_with("hash") || name.ends_with("key_value");
}

bool is_secret_text(const Value& value) {
  if (!value.is_text() && !value.is_blob()) return false;
  const std::string_view text = value.bytes();
  for (const std::string_view hash : {"$2a$", "$2b$", "$2y$", "$argon2", "$scrypt$", "$pbkdf2"}) {
    if (text.starts_with(hash)) return true;
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (text[first] != '{' && text[first] != '[')) return false;
  return holds_secret_word(text);
}

bool is_secret(const RecordField& field) {
  return field.hidden || field.type == PocketBaseType::password || field.type == PocketBaseType::token;
}

/// What the mapping says of a column of an entity; `column` is `table.column` for a joined table.
enum class Described : unsigned char { no, open, secret };
Described described_by(const Entity& entity, std::string_view column) {
  for (const Declared& declared : entity.declared) {
    if (declared.name == column && declared.what == FieldClass::purge) return Described::secret;
  }
  Described found = Described::no;
  for (const Explanation& explanation : entity.explanations) {
    if (explanation.column != column) continue;
    if (found == Described::no) found = Described::open;
    for (const RecordField& field : entity.fields) {
      if (field.name == explanation.field && is_secret(field)) found = Described::secret;
    }
  }
  return found;
}

bool is_secret_column(const Mapping& mapping, std::string_view table, std::string_view column) {
  for (const PurgedTable& purged : mapping.purged) {
    if (purged.name == table) return true;
  }
  const std::string qualified = std::string(table).append(".").append(column);
  Described found = Described::no;
  for (const Entity* entity : mapping.entities) {
    const bool joins =
        std::any_of(entity->joins.begin(), entity->joins.end(), [&](const Join& join) { return join.table == table; });
    if (entity->table == table) found = std::max(found, described_by(*entity, column));
    if (joins) found = std::max(found, described_by(*entity, qualified));
  }
  return found == Described::no ? is_secret_name(column) : found == Described::secret;
}

/// Writes one row.
class Shown {
 public:
  void add(std::string_view column, const Value& value, bool secret) {
    tagged_.clear();
    if (!value.is_null() && (secret || is_secret_text(value))) {
      tagged_ = covered;
    } else {
      append_tagged(tagged_, value);
    }
    add_tagged(column, tagged_);
  }
  void add_tagged(std::string_view column, std::string_view tagged) {
    name_.clear();
    append_column_name(name_, column);
    writer_.add_text(name_, tagged);
  }
  std::string text() {
    const Value document = writer_.document();
    return document.is_null() ? std::string() : std::string(document.bytes());
  }

 private:
  ResidueWriter writer_;
  std::string name_, tagged_;
};

}  // namespace

std::string shown_row(const Mapping& mapping, const Entity& entity, const void* row,
                      std::span<const std::pair<std::string_view, Value>> unknown) {
  Shown shown;
  for (const Column& column : entity.columns) {
    const bool own = column.table == entity.table;
    const std::string name = own ? std::string(column.name) : std::string(column.table).append(".").append(column.name);
    shown.add(name, cell(row, column.offset), is_secret_column(mapping, column.table, column.name));
  }
  for (const auto& [name, value] : unknown) shown.add(name, value, is_secret_name(name));
  return shown.text();
}

std::string shown_row(const Mapping& mapping, const TableShape& shape, std::span<const Value> values) {
  Shown shown;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string& name = shape.columns[i].name;
    shown.add(name, values[i], is_secret_column(mapping, shape.name, name));
  }
  return shown.text();
}

std::string shown_record(const Entity& entity, const void* record, const Value& residue) {
  Shown shown;
  bool any_secret = false;
  for (const RecordField& field : entity.fields) {
    any_secret = any_secret || is_secret(field);
    shown.add(field.name, cell(record, field.offset), is_secret(field));
  }
  shown.add("residue", residue, any_secret || is_secret_text(residue));
  return shown.text();
}

std::string shown_entry(const Mapping& mapping, const AtticEntry& entry) {
  Shown shown;
  Arena arena;
  for (const auto& [name, tagged] : entry.values) {
    const auto value = read_tagged(tagged, arena);
    if (value) {
      shown.add(name, *value, entry.what == AtticEntry::What::row && is_secret_column(mapping, entry.table, name));
    } else {
      shown.add_tagged(name, covered);
    }
  }
  return shown.text();
}

}  // namespace twoway
