#include "runtime/migrate/people.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "runtime/lens/password_hash.h"
#include "runtime/lens/utf8.h"
#include "runtime/migrate/private_file.h"
#include "runtime/transform/to_pocketbase.h"
#include "runtime/transform/to_sql.h"

namespace twoway {

using lens::PasswordHash;

namespace {

std::string_view text_at(const void* cells, std::size_t offset) {
  if (offset == People::none) return {};
  const Value& value = cell(cells, offset);
  return value.is_text() ? value.bytes() : std::string_view();
}

/// True for a text that can stand on a line of its own and be written to.
bool is_one_line(std::string_view address) {
  const auto refused = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; };
  return !address.empty() && utf8::valid(address) && std::none_of(address.begin(), address.end(), refused);
}

bool withholds(const RunOptions& options, const Entity& entity) {
  return options.reset_passwords && entity.people != nullptr;
}

}  // namespace

const Entity* people_of(const Mapping& mapping) {
  for (const Entity* entity : mapping.entities) {
    if (entity->people != nullptr) return entity;
  }
  return nullptr;
}

void refuse_to_reset(const RunOptions& options, const Mapping& mapping, Direction direction) {
  if (!options.reset_passwords) return;
  const bool converts = direction == Direction::to_pocketbase || direction == Direction::to_sql;
  if (converts && people_of(mapping) != nullptr) return;
  throw cannot_start(converts ? fmt::format("the mapping {} does not say who people are", mapping.name)
                              : "a copy between two stores of a kind leaves passwords as they are",
                     "Leave --reset-passwords out.");
}

void withhold_password(const RunOptions& options, const Entity& entity, const void* row, void* record,
                       ToPocketBase& run) {
  if (!withholds(options, entity)) return;
  Value& shown = cell(record, entity.people->shown_password);
  if (lens::password_hash(shown) == PasswordHash::none) return;
  run.withhold_password(entity.people->password_column, cell(row, entity.people->password));
  shown = Value::text(lens::Password::none);
}

void withhold_password(const RunOptions& options, const Entity& entity, void* row, const void*, ToSql& run) {
  if (!withholds(options, entity)) return;
  Value& hash = cell(row, entity.people->password);
  if (lens::password_hash(hash) == PasswordHash::none) return;
  const Value none = Value::text("");
  for (const RecordField& field : entity.fields) {
    if (field.type == PocketBaseType::password) run.withhold_password(field.name, none, hash);
  }
  hash = none;
}

PeopleList::PeopleList(const Entity& entity, bool to_pocketbase, const std::filesystem::path& directory)
    : entity_(entity), to_pocketbase_(to_pocketbase) {
  report_.entity = entity.name;
  if (directory.empty()) return;
  list_ = std::make_unique<PrivateFile>(directory / list_name);
  addresses_ = std::make_unique<PrivateFile>(directory / addresses_name);
  report_.list = (directory / list_name).string();
  report_.addresses = (directory / addresses_name).string();
  list_->write("id,name,email,reasons\n");
}

PeopleList::~PeopleList() = default;

bool PeopleList::is_verified(const void* record) const {
  if (entity_.people->verified == People::none) return true;
  const Value& verified = cell(record, entity_.people->verified);
  return verified.is_integer() && verified.as_integer() != 0;
}

bool PeopleList::is_taken(const Identities& identities) {
  bool taken = false;
  for (const auto& [provider, identity] : identities) {
    const std::string text = fmt::format("{}:{}{}", provider.size(), provider, identity);
    if (!identities_.insert(XXH3_64bits(text.data(), text.size())).second) taken = true;
  }
  return taken;
}

std::string PeopleList::reasons(const void* row, const void* record) {
  const People& people = *entity_.people;
  std::string all;
  const auto add = [&](bool holds, std::string_view reason, std::uint64_t& count) {
    if (!holds) return;
    ++count;
    all += fmt::format("{}{}", all.empty() ? "" : "; ", reason);
  };
  Identities identities;
  if (people.identities != People::none) identities = identities_in(cell(row, people.identities), people.member);
  report_.identities += identities.size();
  const PasswordHash hash =
      lens::password_hash(to_pocketbase_ ? cell(record, people.shown_password) : cell(row, people.password));
  const bool usable =
      hash == PasswordHash::bcrypt || (!to_pocketbase_ && people.argon2 && hash == PasswordHash::argon2);
  if (usable) ++report_.with_password;
  add(!usable && identities.empty(), "reset needed", report_.reset_needed);
  add(!usable && !identities.empty(), "OAuth only", report_.oauth_only);
  add(usable && !identities.empty(), "OAuth", report_.oauth);
  add(is_taken(identities), "identity taken", report_.identity_taken);
  const std::string_view address = text_at(row, people.address);
  const bool refused = text_at(record, people.shown_address).empty() || !is_one_line(address);
  add(address.empty(), "no address", report_.no_address);
  add(!address.empty() && refused, "address refused", report_.address_refused);
  add(!is_verified(record), "unverified e-mail", report_.unverified);
  return all;
}

void PeopleList::add(const Entity& entity, std::string_view key, const void* row, const void* record) {
  if (&entity != &entity_) return;
  ++report_.accounts;
  const std::string why = reasons(row, record);
  if (!why.empty()) ++report_.listed;
  if (!list_) return;
  const std::string_view address = text_at(row, entity_.people->address);
  if (is_one_line(address)) {
    addresses_->write(address);
    addresses_->write("\n");
  }
  if (why.empty()) return;
  list_->write(fmt::format("{},{},{},{}\n", csv_text(key), csv_text(text_at(row, entity_.people->name)),
                           csv_text(address), why));
}

void PeopleList::finish() {
  if (!list_) return;
  report_.list_digest = list_->finish();
  report_.addresses_digest = addresses_->finish();
}

}  // namespace twoway
