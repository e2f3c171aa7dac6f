// What the letters say: text with places in braces, product-neutral. letters.h fills it in.
#pragma once

#include <span>
#include <string_view>

namespace twoway::report {

/// A paragraph, and when it stands in the letter.
struct Paragraph {
  enum class When : std::uint8_t {
    always,
    with_date,  ///< the operator said when the maintenance begins
    without_date,
    oauth,    ///< some people sign in by an account elsewhere
    resets,   ///< some people need a new password
    there,    ///< the move away from the application's own database
    back,     ///< the move back to it
    contact,  ///< the operator said whom to ask
  };
  When when;
  std::string_view text;
};

struct LetterTemplate {
  std::string_view name;  ///< of its files
  std::string_view subject;
  /// Who gets it.
  enum class To : std::uint8_t { all, without_reset, only_reset } to;
  bool of_plan;  ///< a plan's receipt has all that it needs
  std::span<const Paragraph> paragraphs;
};

/// Maintenance announced, sign in again, set a new password, we went back.
std::span<const LetterTemplate> letter_templates();

}  // namespace twoway::report
