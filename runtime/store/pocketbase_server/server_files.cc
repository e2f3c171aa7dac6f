#include "runtime/store/pocketbase_server/server_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cstdio>

#include "runtime/model/error.h"

namespace twoway {

namespace json = boost::json;
using files::FileError;
using files::FileItem;
using http::Answer;
using http::Method;
using http::Repeat;

namespace {

constexpr std::size_t range_bytes = 4U << 20U;
/// PocketBase's file tokens live three minutes unless its settings say otherwise.
constexpr std::chrono::seconds token_life{60};

/// A file that is fetched piece by piece as it is read.
class ServerFile : public files::FileSource {
 public:
  ServerFile(ServerFiles& side, std::string record, std::string name, ServerFiles::Piece first)
      : side_(side), record_(std::move(record)), name_(std::move(name)), piece_(std::move(first)) {}

  std::uint64_t size() const override { return piece_.whole; }
  void rewind() override { at_ = 0; }
  std::size_t read(std::span<char> buffer) override {
    if (at_ >= piece_.whole) return 0;
    if (at_ < begin_ || at_ >= begin_ + piece_.bytes.size()) fetch();
    const std::size_t offset = at_ - begin_;
    const std::size_t got = std::min(buffer.size(), piece_.bytes.size() - offset);
    std::copy_n(piece_.bytes.data() + offset, got, buffer.data());
    at_ += got;
    return got;
  }

 private:
  void fetch() {
    auto next = side_.piece(record_, name_, at_, range_bytes);
    if (!next || next->whole != piece_.whole || next->bytes.empty()) throw FileError("changed while it was read");
    piece_ = std::move(*next);
    begin_ = at_;
  }

  ServerFiles& side_;
  std::string record_, name_;
  ServerFiles::Piece piece_;
  std::uint64_t begin_ = 0;
  std::uint64_t at_ = 0;
};

/// `10` of `bytes 5-9/10`; nothing where the header says something else, or another beginning.
std::optional<std::uint64_t> whole_of(const std::string& header, std::uint64_t begin) {
  unsigned long long from = 0, to = 0, whole = 0;
  if (std::sscanf(header.c_str(), "bytes %llu-%llu/%llu", &from, &to, &whole) != 3 || from != begin) return {};
  return whole;
}

/// What may stand between the quotes of a part's header.
std::string quotable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (control) continue;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

/// PocketBase's reasons, one by one: `data.file.message`, else `message`.
std::string reasons(const Answer& answer) {
  boost::system::error_code error;
  const json::value body = json::parse(answer.body, error);
  if (error || !body.is_object()) return fmt::format("status {}", answer.status);
  const auto text = [](const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  std::string out;
  const json::value* data = body.as_object().if_contains("data");
  if (data != nullptr && data->is_object()) {
    for (const auto& member : data->as_object()) {
      if (!member.value().is_object()) continue;
      out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", std::string(member.key()),
                         text(member.value().as_object(), "message"));
    }
  }
  return out.empty() ? text(body.as_object(), "message") : out;
}

}  // namespace

std::string ServerFiles::record_target(std::string_view record) const {
  return fmt::format("/api/collections/{}/records/{}?fields=id,{}", percent_encoded(entity_.collection),
                     percent_encoded(record), percent_encoded(field_.field));
}

const std::string& ServerFiles::token(bool anew) {
  const auto now = std::chrono::steady_clock::now();
  if (!anew && !token_.empty() && now - token_since_ < token_life) return token_;
  const json::object answer = api_.ask(Method::post, "/api/files/token", {}, "a token for its files");
  const json::value* token = answer.if_contains("token");
  if (token == nullptr || !token->is_string()) {
    throw cannot_start(fmt::format("{} gives no token for its files", describe()), "PocketBase's log says more.");
  }
  token_ = token->as_string();
  token_since_ = now;
  return token_;
}

std::optional<ServerFiles::Piece> ServerFiles::piece(const std::string& record, const std::string& name,
                                                     std::uint64_t begin, std::size_t size) {
  for (const bool anew : {false, true}) {  // PocketBase answers 404 to a token that it does not take any more
    const std::string target =
        fmt::format("/api/files/{}/{}/{}?token={}", percent_encoded(entity_.collection), percent_encoded(record),
                    percent_encoded(name), percent_encoded(token(anew)));
    Answer answer =
        api_.send(Method::get, target, {}, Repeat::safe, {}, fmt::format("bytes={}-{}", begin, begin + size - 1));
    if (answer.status == 404) continue;
    if (answer.status == 200 && begin == 0) {  // an empty file, or a server that knows no ranges
      const std::uint64_t whole = answer.body.size();
      return Piece{std::move(answer.body), whole};
    }
    const auto whole = answer.status == 206 ? whole_of(answer.content_range, begin) : std::nullopt;
    if (!whole) throw FileError(fmt::format("is not given by {}: {}", describe(), reasons(answer)));
    return Piece{std::move(answer.body), *whole};
  }
  return std::nullopt;
}

std::unique_ptr<files::FileSource> ServerFiles::open(const FileItem& item) {
  if (item.stored.empty()) return nullptr;
  auto first = piece(item.record, item.stored, 0, range_bytes);
  if (!first) return nullptr;
  return std::make_unique<ServerFile>(*this, item.record, item.stored, std::move(*first));
}

std::optional<std::string> ServerFiles::stored(std::string_view record) {
  const Answer answer = api_.send(Method::get, record_target(record));
  if (answer.status == 404) return std::nullopt;
  const json::object object = api_.parsed(answer, "a record");
  const json::value* name = object.if_contains(field_.field);
  return name != nullptr && name->is_string() ? std::string(name->as_string()) : std::string();
}

files::Placed ServerFiles::put(const FileItem& item, files::FileSource& source) {
  const std::string boundary = "twoway-" + random_name(32);
  std::string head = fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n", boundary,
                                 quotable(field_.field), quotable(item.storage_name));
  const std::string type = item.content_type.empty() ? "application/octet-stream" : item.content_type;
  head += fmt::format("Content-Type: {}\r\n\r\n", quotable(type));
  const std::string tail = fmt::format("\r\n--{}--\r\n", boundary);
  std::string_view before, after;
  http::BodyStream body;
  body.bytes = head.size() + source.size() + tail.size();
  body.rewind = [&] {
    source.rewind();
    before = head;
    after = tail;
  };
  const auto give = [](std::string_view& from, std::span<char> buffer) {
    const std::size_t got = std::min(from.size(), buffer.size());
    std::copy_n(from.data(), got, buffer.data());
    from.remove_prefix(got);
    return got;
  };
  body.read = [&](std::span<char> buffer) {
    if (!before.empty()) return give(before, buffer);
    const std::size_t got = source.read(buffer);
    return got > 0 ? got : give(after, buffer);
  };
  const Answer answer =
      api_.send(Method::patch, record_target(item.record), body, "multipart/form-data; boundary=" + boundary);
  changed_();
  if (answer.status == 400 || answer.status == 404 || answer.status == 413) {
    throw FileError(fmt::format("is refused by {}: {}", describe(), reasons(answer)));
  }
  const json::object saved = api_.parsed(answer, "a file's upload");
  const json::value* name = saved.if_contains(field_.field);
  if (name == nullptr || !name->is_string() || name->as_string().empty()) {
    throw FileError(fmt::format("was taken by {}, which does not name it", describe()));
  }
  return {false, std::string(name->as_string())};
}

}  // namespace twoway
