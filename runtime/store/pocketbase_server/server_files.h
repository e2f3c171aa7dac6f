// The files of a running PocketBase, through its interface for records and files.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "runtime/files/file_side.h"
#include "runtime/model/entity.h"
#include "runtime/store/pocketbase_server/api.h"

namespace twoway {

/// Reads with a superuser's file token, in ranges. Puts with multipart requests, each of which saves the record: what
/// PocketBase has to say against a file or its record is a FileError. It gives each file a name of its own making.
class ServerFiles : public files::FileSide {
 public:
  /// `changed` is called after each record that was saved.
  ServerFiles(ServerSession& session, const Entity& entity, const FileField& field, std::function<void()> changed)
      : api_(session), entity_(entity), field_(field), changed_(std::move(changed)) {}

  std::string describe() const override { return api_.describe(); }
  std::unique_ptr<files::FileSource> open(const files::FileItem& item) override;
  std::optional<std::string> stored(std::string_view record) override;
  files::Placed put(const files::FileItem& item, files::FileSource& source) override;

  /// Bytes of a file from `begin` on, `size` at most, and how many it has as a whole; nullopt where there is no file.
  struct Piece {
    std::string bytes;
    std::uint64_t whole = 0;
  };
  std::optional<Piece> piece(const std::string& record, const std::string& name, std::uint64_t begin, std::size_t size);

 private:
  std::string record_target(std::string_view record) const;
  const std::string& token(bool anew);

  ServerApi api_;
  const Entity& entity_;
  const FileField& field_;
  std::function<void()> changed_;
  std::string token_;
  std::chrono::steady_clock::time_point token_since_{};
};

}  // namespace twoway
