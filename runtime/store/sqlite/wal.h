// What of a write-ahead log SQLite reads, and what it passes over without a word.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace twoway::sqlite {

/// SQLite reads a WAL up to the last transaction that is whole. What follows was never committed, or it was and its
/// bytes are damaged: this says so in a sentence. nullopt where nothing of the log's own follows, or there is no log.
/// The format is that of https://www.sqlite.org/fileformat2.html#the_write_ahead_log
std::optional<std::string> unread_part_of_wal(const std::filesystem::path& database);

}  // namespace twoway::sqlite
