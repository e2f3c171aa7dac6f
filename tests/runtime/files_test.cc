// Files on this machine: read, written in one step, linked, set aside.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <vector>

#include "runtime/files/file_writer.h"
#include "runtime/files/hashed_source.h"
#include "runtime/files/replaced_files.h"
#include "runtime/files/storage_side.h"
#include "runtime/files/uploads_side.h"
#include "runtime/model/error.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::files {
namespace {

namespace fs = std::filesystem;

class LocalFiles : public testing::Test {
 protected:
  fs::path at(const std::string& name) const { return directory_ / name; }
  fs::path made(const std::string& name, std::string_view text) const {
    fs::create_directories(at(name).parent_path());
    std::ofstream(at(name), std::ios::binary) << text;
    return at(name);
  }
  /// What `work` throws, without the directory's name.
  template <class Work>
  std::string failure(Work work) const {
    try {
      work();
      return "none";
    } catch (const std::exception& error) {
      std::string text = error.what();
      const std::string name = directory_.path().string() + "/";
      for (std::size_t at; (at = text.find(name)) != std::string::npos;) text.erase(at, name.size());
      return text;
    }
  }
  bool put(FileWriter& writer, const std::string& folder, const std::string& name, std::string_view text) const {
    const auto source = open_local(made("source", text));
    return writer.put(folder, name, *source);
  }
  fs::path on_another_file_system() const {
    struct stat here{}, there{};
    stat(directory_.path().c_str(), &here);
    for (const char* candidate : {"/dev/shm", "/var/tmp"}) {
      if (stat(candidate, &there) == 0 && there.st_dev != here.st_dev) return candidate / directory_.path().filename();
    }
    throw std::runtime_error("there is only one file system to write to");
  }
  test::TemporaryDirectory directory_{"files"};
};

TEST_F(LocalFiles, OnlyOrdinaryOnesAreRead) {
  EXPECT_EQ(open_local(at("none")), nullptr);
  EXPECT_EQ(open_local(made("file", "abc") / "below"), nullptr);
  EXPECT_EQ(open_local(at(std::string(300, 'x'))), nullptr);
  fs::create_symlink(at("file"), at("link"));
  EXPECT_EQ(failure([&] { open_local(at("link")); }), "is a symbolic link");
  EXPECT_EQ(failure([&] { open_local(directory_.path()); }), "is no ordinary file");
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  EXPECT_EQ(failure([&] { open_local(at("pipe")); }), "is no ordinary file");
  const auto file = open_local(at("file"));
  EXPECT_EQ(file->size(), 3u);
  char buffer[2];
  EXPECT_EQ(file->read(buffer), 2u);
  EXPECT_EQ(file->read(buffer), 1u);
  EXPECT_EQ(file->read(buffer), 0u);
  file->rewind();
  EXPECT_EQ(file->read(buffer), 2u);
  EXPECT_EQ(sha256_of(*file), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(LocalFiles, AreWrittenInOneStep) {
  FileWriter writer(at("deep/root"), {});
  writer.make_durable();
  EXPECT_FALSE(fs::exists(at("deep"))) << "nothing was put";
  EXPECT_FALSE(put(writer, "a", "one", "first"));
  EXPECT_FALSE(put(writer, "", "two", "second"));
  EXPECT_FALSE(put(writer, "a", "one", "third"));
  writer.put_text("a", "text", "words");
  writer.make_durable();
  EXPECT_EQ(test::read_file(at("deep/root/a/one")), "third");
  EXPECT_EQ(test::read_file(at("deep/root/two")), "second");
  EXPECT_EQ(test::read_file(at("deep/root/a/text")), "words");
  writer.set_aside("a", "one");
  writer.set_aside("a", "none");
  EXPECT_FALSE(fs::exists(at("deep/root/a/one")));
  EXPECT_EQ(failure([&] { put(writer, "a", std::string(300, 'x'), "x"); }),
            "has a name that is too long for this file system");
  fs::create_directories(at("deep/root/a/taken/full"));
  EXPECT_EQ(failure([&] { put(writer, "a", "taken", "x"); }), "cannot write deep/root/a/taken: Is a directory");
  made("file", "x");
  FileWriter below(at("file/below"), {});
  EXPECT_EQ(failure([&] { put(below, "", "one", "x"); }), "cannot write file/below: Not a directory");
}

TEST_F(LocalFiles, ReplacedOnesAreKept) {
  FileWriter writer(at("root"), {false, at("kept")});
  put(writer, "a", "one", "first");
  put(writer, "a", "one", "second");
  EXPECT_EQ(test::read_file(at("kept/files/a/one")), "first");
  writer.set_aside("a", "one");
  EXPECT_EQ(test::read_file(at("kept/files/a/one")), "first") << "what was there before the run";
  EXPECT_FALSE(fs::exists(at("root/a/one")));
  writer.set_aside("a", "none");
  const fs::path elsewhere = on_another_file_system();
  FileWriter far(at("root"), {false, elsewhere});
  put(far, "a", "one", "third");
  put(far, "a", "one", "fourth");
  EXPECT_EQ(test::read_file(elsewhere / "files/a/one"), "third");
  EXPECT_EQ(test::read_file(at("root/a/one")), "fourth");
  fs::remove_all(elsewhere);
  made("blocked", "x");
  FileWriter blocked(at("root"), {false, at("blocked")});
  EXPECT_EQ(failure([&] { put(blocked, "a", "one", "x"); }), "cannot write blocked: Not a directory");
  EXPECT_EQ(failure([&] { blocked.set_aside("a", "one"); }), "cannot write blocked: Not a directory");
  EXPECT_EQ(test::read_file(at("root/a/one")), "fourth") << "what cannot be kept is not replaced";
}

TEST_F(LocalFiles, ReplacedOnesThatAreNoneAreNotPutBack) {
  made("state/replaced-files-20261121T120000Z/file.file/root", at("root").native());
  fs::create_directories(at("state/replaced-files-20261121T120000Z/file.file/files"));
  fs::create_symlink(at("root"), at("state/replaced-files-20261121T120000Z/file.file/files/one"));
  const auto same = [](const fs::path& root) { return root; };
  EXPECT_EQ(failure([&] { put_back(at("state"), "2026-11-21T12:00:00Z", "2026-11-22T12:00:00Z", same); }),
            "a file in state/replaced-files-20261121T120000Z/file.file is a symbolic link");
  EXPECT_EQ(put_back(at("state"), "2026-11-20T12:00:00Z", "2026-11-22T12:00:00Z", same), 0U) << "another run's";
}

/// Bytes that are no file of this machine.
class Elsewhere : public FileSource {
 public:
  std::uint64_t size() const override { return 1; }
  void rewind() override {}
  std::size_t read(std::span<char>) override { throw FileError("is gone"); }
};

TEST_F(LocalFiles, AreLinkedWhereTheyCanBe) {
  FileWriter writer(at("root"), {true, {}});
  EXPECT_TRUE(put(writer, "", "one", "first"));
  EXPECT_TRUE(put(writer, "", "two", "second"));
  EXPECT_EQ(test::read_file(at("root/two")), "second");
  Elsewhere elsewhere;
  EXPECT_EQ(failure([&] { writer.put("", "three", elsewhere); }), "is gone");
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(at("root"))) names.insert(entry.path().filename());
  EXPECT_EQ(names, (std::set<std::string>{"one", "two"})) << "nothing half written stays";
}

TEST_F(LocalFiles, OfDifferentNamesArePutBySeveralThreads) {
  FileWriter writer(at("root"), {});
  const auto text_of = [](int i) { return std::string(static_cast<std::size_t>(i) * 100, static_cast<char>(i)); };
  const auto name_of = [](int i) { return fmt::format("file-{}", i); };
  for (int i = 0; i < 64; ++i) made(fmt::format("from/{}", i), text_of(i));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = thread; i < 64; i += 4) {
        const auto source = open_local(at(fmt::format("from/{}", i)));
        writer.put(i % 2 == 0 ? "even" : "", name_of(i), *source);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (int i = 0; i < 64; ++i) {
    const fs::path file = (i % 2 == 0 ? at("root/even") : at("root")) / name_of(i);
    EXPECT_EQ(test::read_file(file), text_of(i)) << file;
  }
  EXPECT_EQ(std::distance(fs::recursive_directory_iterator(at("root")), fs::recursive_directory_iterator()), 65);
}

FileItem item(std::string record, std::string stored, std::string name, std::string type = {}) {
  FileItem result;
  result.record = std::move(record);
  result.stored = std::move(stored);
  result.storage_name = std::move(name);
  result.uploads_name = result.storage_name;
  result.content_type = std::move(type);
  return result;
}

TEST_F(LocalFiles, InTheStorageOfPocketBase) {
  std::string named;
  StorageSide side(at("storage"),
                   {[](std::string_view) { return std::optional<std::string>("x"); },
                    [&](const auto& names) {
                      for (const auto& [record, name] : names) named += record + "=" + name + " ";
                    }},
                   {});
  EXPECT_EQ(side.open(item("r1", "", "")), nullptr);
  EXPECT_EQ(side.open(item("r1", "", "none")), nullptr);
  EXPECT_EQ(failure([&] { side.open(item("r1", "..", "a")); }), "has a name that is none");
  EXPECT_EQ(failure([&] { side.open(item("../r1", "a", "a")); }), "belongs to a record whose id is no file name");
  const auto source = open_local(made("source", "bytes"));
  const auto put = [&](const FileItem& one) { side.name(one, side.put(one, *source).stored); };
  put(item("r1", "", "a.txt", "text/plain"));
  put(item("r2", "b.txt", "b.txt", "\xff"));
  made("storage/r3/old.txt", "old");
  made("storage/r3/old.txt.attrs", "{}");
  put(item("r3", "old.txt", "c.txt"));
  side.name(item("r4", "", "d.txt"), "d.txt");
  side.name(item("r5", "e.txt", "e.txt"), "e.txt");
  EXPECT_TRUE(fs::exists(at("storage/r3/old.txt"))) << "as long as the field may name it";
  side.finish_batch();
  side.finish_batch();
  EXPECT_EQ(named, "r1=a.txt r3=c.txt r4=d.txt ");
  EXPECT_FALSE(fs::exists(at("storage/r3/old.txt")));
  EXPECT_FALSE(fs::exists(at("storage/r3/old.txt.attrs")));
  EXPECT_FALSE(fs::exists(at("storage/r2/b.txt.attrs"))) << "a type that is no text";
  EXPECT_NE(test::read_file(at("storage/r1/a.txt.attrs")).find("\"user.content_type\":\"text/plain\""),
            std::string::npos);
  fs::create_directories(at("storage/r1/thumbs_a.txt"));
  std::set<std::string> names;
  side.list([&](std::string_view name) { names.emplace(name); });
  EXPECT_EQ(names, (std::set<std::string>{"r1/a.txt", "r2/b.txt", "r3/c.txt"}));
  EXPECT_EQ(side.describe(), at("storage").string());
  EXPECT_EQ(side.stored("r1"), "x");
  EXPECT_NE(side.open(item("r1", "a.txt", "other")), nullptr);
}

TEST_F(LocalFiles, InAnUploadsDirectory) {
  UploadsSide side(at("uploads"), {});
  std::set<std::string> names;
  const auto listed = [&](std::string_view name) { names.emplace(name); };
  side.list(listed);
  EXPECT_TRUE(names.empty());
  const auto source = open_local(made("source", "bytes"));
  side.put(item("r1", "", "a.txt"), *source);
  side.finish_batch();
  side.list(listed);
  EXPECT_EQ(names, (std::set<std::string>{"a.txt"}));
  EXPECT_NE(side.open(item("r1", "", "a.txt")), nullptr);
}

}  // namespace
}  // namespace twoway::files
