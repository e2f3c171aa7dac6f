#include "runtime/report/letters.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "runtime/migrate/migration.h"
#include "runtime/migrate/private_file.h"
#include "runtime/model/sha256.h"
#include "runtime/report/html.h"
#include "runtime/report/json_text.h"
#include "runtime/report/letter_texts.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view memory_name = "letters.json";
constexpr std::size_t line_width = 76;

std::optional<std::string> read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t number_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_int64() && value->get_int64() > 0
             ? static_cast<std::uint64_t>(value->get_int64())
             : 0;
}

/// What the letters need of a receipt.
struct Facts {
  bool planned = false;
  bool back = false;  ///< towards the application's own database
  std::string started, finished;
  json::object people;
  std::string list, addresses;  ///< what the files hold
};

/// A file that the receipt names, which must be as the run wrote it.
std::string listed(const std::string& receipt, const json::object& people, std::string_view member) {
  const std::string path = text_of(people, member);
  if (path.empty()) {
    throw cannot_start(fmt::format("the run of {} wrote no list of people", printable(receipt)),
                       "For a plan: twoway plan --people DIR --receipt FILE.");
  }
  // The directory may have been moved with the receipt in it.
  std::optional<std::string> content = read_file(path);
  if (!content) content = read_file(fs::path(receipt).parent_path() / fs::path(path).filename());
  if (!content) throw cannot_start(fmt::format("{} cannot be read", printable(path)), "Put it where the receipt says.");
  if (sha256_hexadecimal(*content) != text_of(people, fmt::format("{}_digest", member))) {
    throw cannot_start(fmt::format("{} is not what the run of {} wrote", printable(path), printable(receipt)),
                       "It is a later run's or was edited: take the latest receipt, or edit the letters' recipients.");
  }
  return *content;
}

Facts read_facts(const Mapping& mapping, const std::string& named) {
  std::error_code error;
  const std::string receipt = fs::is_directory(named, error) ? (fs::path(named) / "receipt.json").string() : named;
  const auto refuse = [&](std::string_view what, std::string hint) -> Error {
    return cannot_start(fmt::format("{} {}", printable(receipt), what), std::move(hint));
  };
  const std::optional<std::string> text = read_file(receipt);
  if (!text) throw refuse("cannot be read", "Name the JSON file of a receipt, or the directory that it lies in.");
  boost::system::error_code failed;
  const json::value value = json::parse(*text, failed);
  if (failed || !value.is_object() || text_of(value.get_object(), "receipt") != "twoway") {
    throw refuse("is no receipt", "Name the JSON file of a receipt, or the directory that it lies in.");
  }
  const json::object& document = value.get_object();
  if (text_of(document, "mapping") != mapping.name) {
    throw refuse(
        fmt::format("is of the mapping {}, this program of {}", printable(text_of(document, "mapping")), mapping.name),
        "Use the program that wrote it.");
  }
  const json::value* people = document.if_contains("people");
  if (people == nullptr || !people->is_object()) {
    throw refuse("says nothing of people",
                 "Letters are made of runs between SQL and PocketBase that carried all rows to their end.");
  }
  Facts facts;
  const json::value* dry_run = document.if_contains("dry_run");
  facts.planned = dry_run != nullptr && dry_run->is_bool() && dry_run->get_bool();
  facts.back = text_of(document, "direction") == direction_name(Direction::to_sql);
  facts.started = text_of(document, "started");
  facts.finished = text_of(document, "finished");
  facts.people = people->get_object();
  facts.list = listed(receipt, facts.people, "list");
  facts.addresses = listed(receipt, facts.people, "addresses");
  return facts;
}

/// `2026-11-21T12:00:00Z` -> `2026-11-21 12:00 UTC`.
std::string date_and_time(std::string_view stamp) {
  constexpr std::size_t date = 10, minute = 16;
  if (stamp.size() < minute) return printable(stamp);
  return fmt::format("{} {} UTC", stamp.substr(0, date), stamp.substr(date + 1, minute - date - 1));
}

using Places = std::map<std::string, std::string, std::less<>>;

Places places_of(const Mapping& mapping, const Facts& facts, const LetterOptions& options) {
  const std::string service(mapping.version_name.empty() ? mapping.name : mapping.version_name);
  const std::string own = "its own database", other = "PocketBase";
  const std::uint64_t accounts = number_of(facts.people, "accounts");
  return {{"service", service},
          {"from", facts.back ? other : own},
          {"to", facts.back ? own : other},
          {"accounts", counted(accounts, "account", "accounts")},
          {"resets", counted(number_of(facts.people, "reset_needed"), "account", "accounts")},
          {"signed_out", counted(number_of(facts.people, "signed_out"), "account", "accounts")},
          {"started", date_and_time(facts.started)},
          {"finished", date_and_time(facts.finished)},
          {"when", printable(options.when)},
          {"contact", printable(options.contact)}};
}

std::string filled(std::string_view text, const Places& places) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    out += places.at(std::string(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return out;
}

bool stands(Paragraph::When when, const Facts& facts, const LetterOptions& options) {
  using When = Paragraph::When;
  switch (when) {
    case When::always:
      return true;
    case When::with_date:
      return !options.when.empty();
    case When::without_date:
      return options.when.empty();
    case When::oauth:
      return number_of(facts.people, "oauth") + number_of(facts.people, "oauth_only") > 0;
    case When::resets:
      return number_of(facts.people, "reset_needed") > 0;
    case When::there:
      return !facts.back;
    case When::back:
      return facts.back;
    case When::contact:
      return !options.contact.empty();
  }
  return false;
}

/// Lines of at most `line_width` characters.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const std::size_t size = width(word);
    if (used > 0 && used + 1 + size > line_width) {
      out += '\n';
      used = 0;
    }
    if (used > 0) out += ' ';
    out += word;
    used += size + (used > 0 ? 1 : 0);
  }
  return out;
}

std::string as_text(const std::string& subject, const std::vector<std::string>& paragraphs) {
  std::string out = "Subject: " + subject + "\n";
  for (const std::string& paragraph : paragraphs) out += "\n" + wrapped(paragraph) + "\n";
  return out;
}

std::string as_page(const std::string& subject, const std::vector<std::string>& paragraphs) {
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n";
  page += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\"/>\n";
  page += fmt::format("<title>{}</title>\n</head>\n<body>\n", html::escaped(subject));
  for (const std::string& paragraph : paragraphs) page += fmt::format("<p>{}</p>\n", html::escaped(paragraph));
  return page + "</body>\n</html>\n";
}

/// The cells of the next line of a CSV file as the list of people is one.
std::vector<std::string> next_line(std::string_view& csv) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  while (!csv.empty()) {
    const char c = csv.front();
    csv.remove_prefix(1);
    if (quoted && c == '"' && csv.starts_with('"')) {
      cells.back() += c;
      csv.remove_prefix(1);
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c == '\n' && !quoted) {
      break;
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

/// The addresses of those who need a new password.
std::set<std::string, std::less<>> addresses_to_reset(std::string_view list) {
  constexpr std::size_t address = 2, reasons = 3;
  std::set<std::string, std::less<>> found;
  next_line(list);
  while (!list.empty()) {
    const std::vector<std::string> cells = next_line(list);
    if (cells.size() <= reasons || cells[reasons].find("reset needed") == std::string::npos) continue;
    const bool guarded = cells[address].starts_with('\'');  // see csv_text
    found.insert(guarded ? cells[address].substr(1) : cells[address]);
  }
  return found;
}

std::string recipients(LetterTemplate::To to, const Facts& facts, std::uint64_t& count) {
  const auto resets = addresses_to_reset(facts.list);
  std::string out;
  for (std::string_view rest = facts.addresses; !rest.empty();) {
    const std::string_view address = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), address.size() + 1));
    const bool reset = resets.find(address) != resets.end();
    if ((to == LetterTemplate::To::only_reset && !reset) || (to == LetterTemplate::To::without_reset && reset))
      continue;
    out.append(address) += '\n';
    ++count;
  }
  return out;
}

/// What the last call wrote, by file: so that an edit is noticed.
std::map<std::string, std::string> read_memory(const fs::path& directory) {
  std::map<std::string, std::string> digests;
  const std::optional<std::string> text = read_file(directory / memory_name);
  boost::system::error_code failed;
  const json::value value = text ? json::parse(*text, failed) : json::value();
  if (failed || !value.is_object()) return digests;
  for (const auto& [name, digest] : value.get_object()) {
    if (digest.is_string()) digests[std::string(name)] = std::string(digest.get_string());
  }
  return digests;
}

/// A letter, and what its files hold.
WrittenLetter compose(const LetterTemplate& letter, const Facts& facts, const Places& places,
                      const LetterOptions& options, std::map<std::string, std::string>& contents) {
  WrittenLetter written;
  written.name = letter.name;
  written.subject = filled(letter.subject, places);
  std::vector<std::string> paragraphs;
  for (const Paragraph& paragraph : letter.paragraphs) {
    if (stands(paragraph.when, facts, options)) paragraphs.push_back(filled(paragraph.text, places));
  }
  const auto add = [&](std::string_view ending, std::string content) {
    const std::string name = fmt::format("{}{}", letter.name, ending);
    written.files.push_back((fs::path(options.directory) / name).string());
    contents[name] = std::move(content);
  };
  add(".txt", as_text(written.subject, paragraphs));
  add(".html", as_page(written.subject, paragraphs));
  add(".recipients.txt", recipients(letter.to, facts, written.recipients));
  return written;
}

void write_private(const fs::path& path, std::string_view content) {
  PrivateFile file(path);
  file.write(content);
  file.finish();
}

}  // namespace

Letters write_letters(const Mapping& mapping, const LetterOptions& options) {
  const Facts facts = read_facts(mapping, options.receipt);
  const Places places = places_of(mapping, facts, options);
  const fs::path directory(options.directory);
  Letters letters;
  letters.planned = facts.planned;
  std::map<std::string, std::string> contents;
  for (const LetterTemplate& letter : letter_templates()) {
    if (facts.planned && !letter.of_plan) continue;
    letters.written.push_back(compose(letter, facts, places, options, contents));
  }
  std::map<std::string, std::string> memory = read_memory(directory);
  std::vector<std::string> edited;
  for (const auto& [name, content] : contents) {
    const std::optional<std::string> there = read_file(directory / name);
    if (!there || *there == content || memory[name] == sha256_hexadecimal(*there)) continue;
    edited.push_back((directory / name).string());
  }
  if (!edited.empty() && !options.overwrite) {
    throw cannot_start(fmt::format("somebody edited {}", printable(fmt::format("{}", fmt::join(edited, ", ")))),
                       "Say --overwrite to write them anew, or name another directory.");
  }
  for (WrittenLetter& letter : letters.written) {
    for (const std::string& file : letter.files) {
      const std::string& content = contents[fs::path(file).filename().string()];
      if (read_file(file) == content) {
        letter.unchanged.push_back(file);
      } else {
        write_private(file, content);
      }
    }
  }
  for (const auto& [name, content] : contents) memory[name] = sha256_hexadecimal(content);
  json::object digests;
  for (const auto& [name, digest] : memory) digests[name] = digest;
  write_private(directory / memory_name, pretty(digests));
  return letters;
}

std::string letters_text(const Letters& letters) {
  std::string out;
  for (const WrittenLetter& letter : letters.written) {
    out += fmt::format("{}: {}{}\n", letter.name, counted(letter.recipients, "recipient", "recipients"),
                       letter.unchanged.size() == letter.files.size() ? ", unchanged" : "");
    for (const std::string& file : letter.files) out += fmt::format("  {}\n", printable(file));
  }
  if (letters.planned) out += "This receipt is a plan's: the other letters are made of the run's own.\n";
  return out;
}

std::string letters_json(const Letters& letters) {
  json::array list;
  for (const WrittenLetter& letter : letters.written) {
    json::object one;
    one["name"] = letter.name;
    one["subject"] = letter.subject;
    one["recipients"] = letter.recipients;
    json::array files;
    for (const std::string& file : letter.files) files.emplace_back(printable(file));
    one["files"] = std::move(files);
    one["unchanged"] = letter.unchanged.size() == letter.files.size();
    list.push_back(std::move(one));
  }
  json::object document;
  document["letters"] = std::move(list);
  document["planned"] = letters.planned;
  document["status"] = 0;
  return pretty(document);
}

}  // namespace twoway::report
