// Names of files: what rows say of them, and what a directory and PocketBase's storage can hold.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twoway::files {

/// The longest name that Linux' file systems take, in bytes.
inline constexpr std::size_t longest_name = 255;
/// What PocketBase appends to a file's name for the file beside it that holds its attributes.
inline constexpr std::string_view attributes_suffix = ".attrs";

/// True for `s3://bucket/key`, `gs://...`, `https://...`: the file lies in an object store.
bool is_uri(std::string_view path);

/// A name, or why there is none.
struct Name {
  std::string text;
  std::string refusal;  ///< for people: the end of a sentence; empty where there is a name
};

/// The last part of a path, as a name in a directory. Refuses a path that leads upwards (`..`), one that ends in no
/// name, and names that no file can have. Takes `C:\dir\name` as Windows means it.
Name last_part(std::string_view path);

/// The name itself, where it is one; a path is refused.
Name single_name(std::string_view name);

/// What a file is called in PocketBase's storage, which must serve it under that name: control characters, `\` and
/// bytes that are no UTF-8 become `_`, so does a leading dot; the end of a name that is too long goes, its extension
/// stays.
std::string storage_name(std::string_view name);

/// Its beginning and its extension, `longest` bytes at most; whole characters.
std::string shortened(std::string_view name, std::size_t longest);

}  // namespace twoway::files
