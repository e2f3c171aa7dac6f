#include "generator/resolve/lens_table.h"

#include <algorithm>

namespace twowayc {
namespace {

using Types = std::vector<SqlType>;

constexpr bool provable = true;

Lens lens(std::string name, std::string struct_name, Types sql_types, PocketBaseType pocketbase, Fidelity fidelity,
          bool proved) {
  Lens result;
  if (!struct_name.empty()) {
    result.struct_name = "lens::" + struct_name;
    result.header = "runtime/lens/" + name + ".h";
  }
  result.name = std::move(name);
  result.sql_types = std::move(sql_types);
  result.pocketbase = pocketbase;
  result.fidelity = fidelity;
  result.provable = proved;
  return result;
}

std::vector<Lens> make_table() {
  const Types text = {SqlType::text, SqlType::varchar};
  const Types integer = {SqlType::integer, SqlType::bigint};
  const Types any = {SqlType::text,    SqlType::varchar, SqlType::bigint, SqlType::integer,
                     SqlType::boolean, SqlType::json,    SqlType::date,   SqlType::datetime,
                     SqlType::real,    SqlType::numeric, SqlType::blob};
  const Types key = {SqlType::text,    SqlType::varchar, SqlType::integer,  SqlType::bigint,
                     SqlType::boolean, SqlType::date,    SqlType::datetime, SqlType::blob};
  const Fidelity iso = Fidelity::iso;
  const Fidelity residue = Fidelity::residue;
  using Kind = PocketBaseType;
  return {
      lens("base64", "Base64", {SqlType::blob}, Kind::text, iso, provable),
      lens("boolean", "Boolean", {SqlType::boolean, SqlType::integer}, Kind::boolean, iso, provable),
      lens("boolean_negated", "BooleanNegated", {SqlType::boolean, SqlType::integer}, Kind::boolean, iso, provable),
      lens("date", "Date", {SqlType::date, SqlType::text}, Kind::date, iso, provable),
      lens("datetime", "Datetime", {SqlType::datetime, SqlType::text}, Kind::date, iso, provable),
      lens("email", "Email", text, Kind::email, iso, provable),
      lens("epoch_milliseconds", "EpochMilliseconds", integer, Kind::date, iso, provable),
      lens("epoch_nanoseconds", "EpochNanoseconds", integer, Kind::date, residue, provable),
      lens("epoch_seconds", "EpochSeconds", integer, Kind::date, iso, provable),
      lens("json", "Json", {SqlType::json}, Kind::json, iso, !provable),
      lens("json_text", "JsonText", text, Kind::json, iso, !provable),
      lens("number", "Number", integer, Kind::number, iso, provable),
      lens("numeric", "Numeric", {SqlType::numeric}, Kind::number, iso, provable),
      lens("password", "Password", text, Kind::password, iso, provable),
      lens("real", "Real", {SqlType::real}, Kind::number, iso, provable),
      lens("reference", "", key, Kind::relation, residue, !provable),
      lens("same_as", "", any, Kind::text, residue, !provable),
      lens("text", "Text", text, Kind::text, iso, provable),
  };
}

}  // namespace

std::span<const Lens> built_in_lenses() {
  static const std::vector<Lens> table = make_table();
  return table;
}

const Lens* find_built_in_lens(std::string_view name) {
  const auto table = built_in_lenses();
  const auto found = std::find_if(table.begin(), table.end(), [&](const Lens& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace twowayc
