// Letters to the people whose accounts a run carried, made of its receipt.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/model/entity.h"

namespace twoway::report {

struct LetterOptions {
  std::string receipt;     ///< its JSON file, or a directory with receipt.json in it
  std::string directory;   ///< where the letters go; made where it is missing
  std::string when;        ///< when the maintenance begins, in words; may be empty
  std::string contact;     ///< whom to ask; may be empty
  bool overwrite = false;  ///< letters that somebody edited are written anew
};

struct WrittenLetter {
  std::string name;
  std::string subject;
  std::uint64_t recipients = 0;
  std::vector<std::string> files;      ///< text, page, recipients
  std::vector<std::string> unchanged;  ///< of those: they were there already
};

struct Letters {
  std::vector<WrittenLetter> written;
  bool planned = false;  ///< the receipt is a plan's: only what can be said before the run was written
};

/// Writes each letter as `NAME.txt` and `NAME.html`, and who gets it as `NAME.recipients.txt`, an address a line, all
/// for the owner's eyes only. `letters.json` remembers what was written: a file that somebody edited since is not
/// overwritten unless the operator says so; the same command twice changes nothing. Throws Error(cannot_start), before
/// anything is written: the receipt is none, says nothing of people, or its lists are not those that the run wrote.
Letters write_letters(const Mapping& mapping, const LetterOptions& options);

/// What was written, for people and as JSON.
std::string letters_text(const Letters& letters);
std::string letters_json(const Letters& letters);

}  // namespace twoway::report
