// What twowayc can do, a function a command. Each prints and returns the exit status.
#pragma once

#include <string>
#include <vector>

namespace twowayc {

// Exit statuses.
inline constexpr int done = 0;
inline constexpr int findings = 1;   ///< stale output, or something that a reviewer should look at
inline constexpr int wrong = 2;      ///< the mapping, the command line or the file system

/// Generates everything that follows from the mapping into `out`; `check_only` compares instead.
int run_build(const std::string& mapping, const std::string& out, bool check_only);
/// Drafts a mapping of a SQL database that exists into `out`, a folder that is new or empty; its name becomes the
/// mapping's. Nothing is written to the store. In the program `twowayc-init` only.
int run_init(const std::string& store, const std::string& out);
/// Starts `twowayc-init`, which lies beside this program and is linked with what reads databases. Returns only where
/// that fails.
int start_init(const std::string& store, const std::string& out);
/// Lists what a reviewer of the mapping should look at.
int run_vet(const std::string& mapping);
/// Finds what keeps data that went over with an older mapping (a folder, or `git:REV`) from coming back with this one.
int run_breaking(const std::string& mapping, const std::string& against);
/// Writes the manual, an HTML page and a picture, into `out`.
int run_manual(const std::string& mapping, const std::string& out);
/// Explains diagnostics by their identifiers; without any, lists all that there are.
int run_explain(const std::vector<std::string>& identifiers, bool as_markdown);

}  // namespace twowayc
