#include "runtime/store/postgresql/table_target.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace twoway::postgresql {

namespace {

using Texts = std::vector<std::string>;

std::string joined(const Texts& texts, std::string_view between) {
  return fmt::format("{}", fmt::join(texts, between));
}

bool is_key(const TableLayout& layout, std::size_t column) {
  return std::find(layout.shape.key.begin(), layout.shape.key.end(), column) != layout.shape.key.end();
}

/// A staged value as the column takes it.
std::string cast(const LiveColumn& column, std::string_view from) {
  const std::string name = fmt::format("{}.{}", from, quoted_name(column.name));
  return column.is_cast() ? fmt::format("{}::{}", name, column.type) : name;
}

/// True where two values of the column differ in any bit.
std::string differs(const LiveColumn& column, std::string_view a, std::string_view b) {
  const std::string name = quoted_name(column.name);
  const char* form = "{0}.{2} IS DISTINCT FROM {1}.{2}";
  switch (column.transport) {
    case Transport::float4: form = "float4send({0}.{2}) IS DISTINCT FROM float4send({1}.{2})"; break;
    case Transport::float8: form = "float8send({0}.{2}) IS DISTINCT FROM float8send({1}.{2})"; break;
    case Transport::text: form = "{0}.{2} COLLATE \"C\" IS DISTINCT FROM {1}.{2} COLLATE \"C\""; break;
    case Transport::json:
    case Transport::number_text:
    case Transport::other_text: form = "{0}.{2}::text IS DISTINCT FROM {1}.{2}::text"; break;
    default: break;
  }
  return fmt::format(fmt::runtime(form), a, b, name);
}

/// True where the rows have the same key. NULLs are equal to each other, in a form that can be hashed.
std::string same_key(const TableLayout& layout, std::string_view a, std::string_view b, bool b_is_staged) {
  Texts parts;
  for (const std::size_t index : layout.shape.key) {
    const LiveColumn& column = layout.columns[index];
    const std::string left = fmt::format("{}.{}", a, quoted_name(column.name));
    const std::string right = b_is_staged ? cast(column, b) : fmt::format("{}.{}", b, quoted_name(column.name));
    parts.push_back(fmt::format(fmt::runtime(column.not_null ? "{} = {}" : "ARRAY[{}] = ARRAY[{}]"), left, right));
  }
  return joined(parts, " AND ");
}

struct Columns {
  Texts names, cast, assigned, differing;
};

Columns columns_of(const TableLayout& layout, std::string_view source) {
  Columns out;
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    const LiveColumn& column = layout.columns[i];
    const std::string name = quoted_name(column.name);
    out.names.push_back(name);
    out.cast.push_back(cast(column, "staged") + " AS " + name);
    if (is_key(layout, i) || column.identity == 'a') continue;
    out.assigned.push_back(fmt::format("{0} = {1}.{0}", name, source));
    out.differing.push_back(differs(column, "target", source));
  }
  return out;
}

std::string insert_into(const TableLayout& layout, const Columns& columns) {
  return fmt::format("INSERT INTO {} AS target ({}) {}", quoted_name(layout.table()), joined(columns.names, ", "),
                     layout.has_identity ? "OVERRIDING SYSTEM VALUE " : "");
}

/// Staged values that come back from their type in another form.
Texts altered(const TableLayout& layout) {
  Texts out;
  for (const LiveColumn& column : layout.columns) {
    if (!column.is_cast()) continue;
    out.push_back(fmt::format("{}::text IS DISTINCT FROM staged.{}", cast(column, "staged"), quoted_name(column.name)));
  }
  return out;
}

std::string merge_without_key(const TableLayout& layout) {
  const Columns columns = columns_of(layout, "excluded");
  const std::string only = layout.has_casts ? fmt::format(" WHERE NOT ({})", joined(altered(layout), " OR ")) : "";
  return fmt::format("WITH added AS ({}SELECT {} FROM {} AS staged{} RETURNING 1) SELECT count(*), 0::bigint FROM "
                     "added",
                     insert_into(layout, columns), joined(columns.cast, ", "), staging_table, only);
}

std::string merge_by_index(const TableLayout& layout) {
  return fmt::format("WITH merged AS ({} RETURNING xmax = 0 AS fresh) SELECT count(*) FILTER (WHERE fresh), count(*) "
                     "FILTER (WHERE NOT fresh) FROM merged",
                     upsert_by_index(layout, staging_table));
}

/// Where no unique index stands behind the key: by hand. Nobody else writes to the table meanwhile.
std::string merge_by_hand(const TableLayout& layout) {
  return fmt::format("WITH changed AS ({}), added AS ({} RETURNING 1) SELECT (SELECT count(*) FROM added), (SELECT "
                     "count(*) FROM changed)",
                     update_by_hand(layout, staging_table, "1"), insert_by_hand(layout, staging_table));
}

std::string erase(const TableLayout& layout) {
  Texts conditions;
  for (const std::size_t index : layout.shape.key) {
    const LiveColumn& column = layout.columns[index];
    const std::string value = fmt::format("${}{}", conditions.size() + 1,
                                          column.is_cast() ? "::text::" + column.type : std::string());
    conditions.push_back(fmt::format("{} = {}", quoted_name(column.name), value));
  }
  if (conditions.empty()) return {};
  return fmt::format("DELETE FROM {} WHERE {}", quoted_name(layout.table()), joined(conditions, " AND "));
}

}  // namespace

std::string upsert_by_index(const TableLayout& layout, std::string_view source) {
  const Columns columns = columns_of(layout, "excluded");
  Texts key;
  for (const std::size_t index : layout.shape.key) key.push_back(quoted_name(layout.columns[index].name));
  const std::string otherwise = columns.assigned.empty()
                                    ? std::string("NOTHING")
                                    : fmt::format("UPDATE SET {} WHERE {}", joined(columns.assigned, ", "),
                                                  joined(columns.differing, " OR "));
  return fmt::format("{}SELECT {} FROM {} AS staged ON CONFLICT ({}) DO {}", insert_into(layout, columns),
                     joined(columns.cast, ", "), source, joined(key, ", "), otherwise);
}

std::string update_by_hand(const TableLayout& layout, std::string_view source, std::string_view returned) {
  const Columns columns = columns_of(layout, "source");
  if (columns.assigned.empty()) {
    return fmt::format("SELECT {} FROM {} AS target WHERE false", returned, quoted_name(layout.table()));
  }
  return fmt::format("UPDATE {} AS target SET {} FROM (SELECT {} FROM {} AS staged) AS source WHERE {} AND ({}) "
                     "RETURNING {}",
                     quoted_name(layout.table()), joined(columns.assigned, ", "), joined(columns.cast, ", "), source,
                     same_key(layout, "target", "source", false), joined(columns.differing, " OR "), returned);
}

std::string insert_by_hand(const TableLayout& layout, std::string_view source) {
  const Columns columns = columns_of(layout, "source");
  return fmt::format("{}SELECT {} FROM (SELECT {} FROM {} AS staged) AS source WHERE NOT EXISTS (SELECT FROM {} AS "
                     "target WHERE {})",
                     insert_into(layout, columns), joined(columns.names, ", "), joined(columns.cast, ", "), source,
                     quoted_name(layout.table()), same_key(layout, "target", "source", false));
}

std::string find_altered(const TableLayout& layout, std::string_view source) {
  Texts selected, flags, conditions;
  for (const LiveColumn& column : layout.columns) {
    const std::string name = quoted_name(column.name);
    selected.push_back("staged." + name);
    if (!column.is_cast()) {
      flags.push_back("false");
      continue;
    }
    const std::string flag = layout.has_key() ? fmt::format("target.{0}::text IS DISTINCT FROM staged.{0}", name)
                                              : fmt::format("{}::text IS DISTINCT FROM staged.{}",
                                                            cast(column, "staged"), name);
    flags.push_back(flag);
    conditions.push_back(flag);
  }
  std::string from = fmt::format("{} AS staged", source);
  if (layout.has_key()) {
    from += fmt::format(" JOIN {} AS target ON {}", quoted_name(layout.table()),
                        same_key(layout, "target", "staged", true));
  }
  return fmt::format("SELECT {}, {} FROM {} WHERE {}", joined(selected, ", "), joined(flags, ", "), from,
                     joined(conditions, " OR "));
}

TableTarget target_of(TableLayout layout) {
  TableTarget target;
  Texts names, typed;
  for (const LiveColumn& column : layout.columns) {
    names.push_back(quoted_name(column.name));
    typed.push_back(fmt::format("{} {}", names.back(), column.wire_type()));
  }
  const auto copy = [&](std::string_view table) {
    return fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", table, joined(names, ", "));
  };
  if (!layout.has_casts) target.copy_direct = copy(quoted_name(layout.table()));
  target.make_staging =
      fmt::format("CREATE TEMPORARY TABLE twoway_staging ({}) ON COMMIT DROP", joined(typed, ", "));
  target.clear_staging = fmt::format("DELETE FROM {}", staging_table);  // TRUNCATE makes three files anew
  target.copy_staging = copy(staging_table);
  if (!layout.has_key()) {
    target.merge = merge_without_key(layout);
  } else {
    target.merge = layout.unique_key ? merge_by_index(layout) : merge_by_hand(layout);
  }
  if (layout.has_casts) target.altered.push_back({find_altered(layout, staging_table), layout});
  target.erase = erase(layout);
  target.layout = std::move(layout);
  return target;
}

}  // namespace twoway::postgresql
