#include "tests/mutants/lens_mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace twoway::test {
namespace {

constexpr std::pair<std::string_view, std::string_view> exchanges[] = {
    {" < ", " <= "},  {" <= ", " < "},  {" > ", " >= "},         {" >= ", " > "},   {" == ", " != "},  {" != ", " == "},
    {" < ", " > "},   {" <= ", " >= "}, {" > ", " < "},          {" >= ", " <= "},  {" + ", " - "},    {" - ", " + "},
    {" * ", " / "},   {" / ", " * "},   {" % ", " / "},          {" && ", " || "},  {" || ", " && "},  {"++", "--"},
    {" += ", " -= "}, {" -= ", " += "}, {"true", "false"},       {"false", "true"}, {" << ", " >> "},  {" >> ", " << "},
    {" & ", " | "},   {" | ", " & "},   {"return -", "return "}, {"if (!", "if ("}, {"if (", "if (!"},
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
}

bool begins_with_any(std::string_view line, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view b) { return line.starts_with(b); });
}

/// True for what is no code that runs.
bool is_left_alone(std::string_view line) {
  return line.empty() ||
         begins_with_any(line, {"//", "#", "template", "namespace", "using", "static_assert", "assert", "struct",
                                "class", "public:", "private:", "static const LensFunctions"});
}

/// The columns of a line that are code: no literal text, no remark.
std::vector<bool> code_in(std::string_view line) {
  std::vector<bool> code(line.size(), true);
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote == 0 && line.substr(i).starts_with("//")) {
      std::fill(code.begin() + static_cast<std::ptrdiff_t>(i), code.end(), false);
      break;
    }
    const bool opens = quote == 0 && (line[i] == '"' || (line[i] == '\'' && (i == 0 || !is_word(line[i - 1]))));
    if (opens)
      quote = line[i];
    else if (quote != 0 && line[i] == quote)
      quote = 0;
    else if (quote != 0 && line[i] == '\\')
      code[i++] = false;
    if (quote != 0 && i < line.size()) code[i] = false;
  }
  return code;
}

/// Makes the mutants of a file, a line after the other.
class Mutations {
 public:
  Mutations(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  std::vector<SourceMutant> all() {
    bool in_witnesses = false;
    std::size_t number = 1;
    for (std::size_t begin = 0; begin < text_.size(); ++number) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      const std::string_view line = text_.substr(begin, end - begin);
      if (line.find("_witnesses(") != std::string_view::npos) in_witnesses = true;
      if (!in_witnesses && !is_left_alone(trimmed(line))) of_line(begin, number, line);
      if (line == "  }" || line == "}") in_witnesses = false;
      begin = end + 1;
    }
    return std::move(found_);
  }

 private:
  void of_line(std::size_t begin, std::size_t number, std::string_view line) {
    const std::vector<bool> code = code_in(line);
    for (const auto& [old, present] : exchanges) {
      for (std::size_t at = line.find(old); at != std::string_view::npos; at = line.find(old, at + 1)) {
        const bool whole =
            !is_word(old[0]) ||
            ((at == 0 || !is_word(line[at - 1])) &&
             (!is_word(old.back()) || at + old.size() == line.size() || !is_word(line[at + old.size()])));
        if (code[at] && whole) add(begin, number, line, at, old.size(), present);
      }
    }
    numbers(begin, number, line, code);
    const std::string_view statement = trimmed(line);
    const bool returns = statement.starts_with("return ") && statement.ends_with(";");
    const bool removable = statement.ends_with(");") || statement.ends_with("++;") || statement.starts_with("++") ||
                           (statement == "break;" && !ends_switch(begin, line)) || statement == "continue;" ||
                           statement.find(" += ") != statement.npos;
    if (removable && !returns && begins_statement(begin)) add(begin, number, line, 0, line.size(), ";");
    const std::size_t open = line.find("if (");
    const bool one_line = statement.starts_with("if (") && statement.ends_with(";");
    if (one_line && open != std::string_view::npos) add(begin, number, line, 0, line.size(), ";");
  }

  void numbers(std::size_t begin, std::size_t number, std::string_view line, const std::vector<bool>& code) {
    for (std::size_t at = 0; at < line.size(); ++at) {
      const bool starts = std::isdigit(static_cast<unsigned char>(line[at])) && (at == 0 || !is_word(line[at - 1]));
      if (!starts || !code[at]) continue;
      std::size_t end = at;
      while (end < line.size() && (is_word(line[end]) || line[end] == '\'' || line[end] == '.')) ++end;
      std::string digits(line.substr(at, end - at));
      std::erase(digits, '\'');
      const bool decimal = std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c); });
      if (decimal && digits.size() < 18) {
        const long long value = std::stoll(digits);
        add(begin, number, line, at, end - at, std::to_string(value + 1));
        if (value > 0) add(begin, number, line, at, end - at, std::to_string(value - 1));
      } else {
        add(begin, number, line, at, end - at, "(" + std::string(line.substr(at, end - at)) + " + 1)");
      }
      at = end;
    }
  }

  /// Whether a `break;` is the last case's: it leaves for where the program goes without it.
  bool ends_switch(std::size_t begin, std::string_view line) const {
    const std::size_t next = begin + line.size() + 1;
    const std::string_view behind = text_.substr(next, text_.find('\n', next) - next);
    return begin > 1 && text_[begin - 2] == ':' && trimmed(behind) == "}";
  }

  /// Whether the line is not the rest of a longer statement.
  bool begins_statement(std::size_t begin) const {
    if (begin < 2) return true;
    const char last = text_[begin - 2];
    return last == ';' || last == '{' || last == '}' || last == ':';
  }

  void add(std::size_t begin, std::size_t number, std::string_view line, std::size_t at, std::size_t length,
           std::string_view present) {
    std::string changed(line);
    changed.replace(at, length, present);
    std::string whole(text_);
    whole.replace(begin, line.size(), changed);
    const auto is_same = [&](const SourceMutant& other) { return other.line == number && other.text == whole; };
    if (std::any_of(found_.begin(), found_.end(), is_same)) return;
    found_.push_back({file_, number, std::string(trimmed(line)), std::string(trimmed(changed)), std::move(whole)});
  }

  std::string file_;
  std::string_view text_;
  std::vector<SourceMutant> found_;
};

}  // namespace

std::string SourceMutant::name() const { return fmt::format("{}: `{}` -> `{}`", file, was, is); }

std::vector<SourceMutant> mutants_of(const std::string& file, std::string_view text) {
  return Mutations(file, text).all();
}

}  // namespace twoway::test
