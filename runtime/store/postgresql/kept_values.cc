#include "runtime/store/postgresql/kept_values.h"

#include <fmt/format.h>

#include "runtime/store/kept.h"
#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/number_text.h"

namespace twoway::postgresql {

KeptValues::KeptValues(Connection& connection, const TableLayout& layout) : connection_(connection), layout_(layout) {
  if (layout.has_key()) keys_ = side_table::keys(connection, layout.values_entity);
}

bool KeptValues::restore(std::span<Value> values, Arena& arena) {
  if (!any()) return false;
  const std::string_view key = layout_.key_text(values, arena);
  if (!keys_.may_contain(key)) return false;
  const auto document = side_table::find_known(connection_, layout_.values_entity, key);
  if (!document) return false;
  bool restored = false;
  kept::read(arena.copy(*document), layout_.shape, arena, [&](std::size_t column, const Value& exact) {
    if (!same(shown_for(column, exact, arena), values[column])) return;
    values[column] = exact;
    restored = true;
  });
  return restored;
}

Value KeptValues::shown_for(std::size_t column, const Value& exact, Arena& arena) {
  const LiveColumn& live = layout_.columns[column];
  const Value local = shown(live, exact, arena);
  if (!live.is_cast() || local.is_null()) return local;
  const std::string_view text = local.is_text() ? local.bytes() : number_text(local, arena);
  const auto answer = cast_by_server(connection_, live, text);
  if (!answer) return local;
  return decode(live, arena.copy(*answer), arena);
}

std::optional<std::string> cast_by_server(Connection& connection, const LiveColumn& column, std::string_view text) {
  const Parameter parameter = text_parameter(text);
  const bool inside = connection.in_transaction();
  if (inside) connection.execute("SAVEPOINT twoway_cast");
  try {
    std::string answer = connection.text(fmt::format("SELECT $1::text::{}::text", column.type), {&parameter, 1});
    if (inside) connection.execute("RELEASE SAVEPOINT twoway_cast");
    return answer;
  } catch (const StatementError&) {
    if (inside) connection.execute("ROLLBACK TO SAVEPOINT twoway_cast; RELEASE SAVEPOINT twoway_cast");
    return std::nullopt;
  }
}

}  // namespace twoway::postgresql
