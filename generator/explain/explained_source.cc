#include "generator/explain/explanation_rows.h"

namespace twowayc {
namespace {

constexpr bool replayed = true;   ///< what concerns files and folders, not what stands in them, is not

constexpr ExplanationRow source_rows[] = {
    {DiagnosticId::directory_unreadable,
     "A mapping is a folder with `mapping.yaml`, `sql/` and `entities/`. The folder that was named, or the\n"
     "`entities/` in it, is not there, is no folder, or may not be read.",
     "the command line", "twowayc build mapping/shpo --out generated/shop",
     "twowayc build mapping/shop --out generated/shop", !replayed},
    {DiagnosticId::file_missing,
     "`mapping.yaml` stands in the mapping's folder under this name, and names the file of the SQL side,\n"
     "relative to itself. One of the two is not there.",
     "mapping.yaml", "sql: sql/shpo.yaml", "sql: sql/shop.yaml"},
    {DiagnosticId::file_unreadable,
     "The path exists, but it is a folder, a device, or a file that may not be read.", "mapping.yaml", "sql: sql",
     "sql: sql/shop.yaml"},
    {DiagnosticId::file_too_large,
     "A mapping file has at most 4 MiB. Nobody writes more by hand; it is probably a dump that got here by\n"
     "mistake.",
     "a folder", "entities/customer.yaml   (5 MiB)", "entities/customer.yaml   (1 KiB)", !replayed},
    {DiagnosticId::file_outside,
     "A mapping is complete in its folder: it can be copied, reviewed and hashed as one. So no path leads out\n"
     "of it.",
     "mapping.yaml", "sql: ../schemas/shop.yaml", "sql: sql/shop.yaml"},
    {DiagnosticId::file_unexpected,
     "Every file in `entities/` is an entity, and its name ends in `.yaml`. A file under another name would be\n"
     "ignored without a word, and its table with it. (Names that begin with a dot are ignored.)",
     "a folder", "entities/customer.yml", "entities/customer.yaml", !replayed},
    {DiagnosticId::file_encoding,
     "Mapping files are UTF-8. A byte that is none, or a NUL, usually means an editor that saved Latin-1 or\n"
     "UTF-16.",
     "the bytes of a file", "description: caf\\xE9", "description: caf\\xC3\\xA9", !replayed},
};

constexpr ExplanationRow parse_rows[] = {
    {DiagnosticId::yaml_syntax,
     "The YAML parser cannot go on. It stops where it noticed, which may be a line below the cause: a brace,\n"
     "bracket or quote that is not closed, a tab, a colon without a blank behind it. The note says what was\n"
     "open.",
     "entities/purchase.yaml", "  note:     { lens: text, hidden: true", "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::yaml_too_deep,
     "The language never nests deeper than 6 levels; at 32 the compiler stops reading.", "entities/purchase.yaml",
     "  note: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
     "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::yaml_anchor,
     "Anchors (`&a`), aliases (`*a`) and merge keys (`<<`) would let one line mean something far away, and\n"
     "could make a small file huge or endless. A mapping says each thing where it holds.",
     "entities/customer.yaml", "  login.mail: &mail { lens: same_as, of: mail }",
     "  login.mail: { lens: same_as, of: mail }"},
    {DiagnosticId::yaml_tag,
     "Tags (`!!str`) change what a scalar means. Here quotes do: a quoted scalar is text.", "mapping.yaml",
     "  session: !!str \"Sign-ins end with the move.\"", "  session: \"Sign-ins end with the move.\""},
    {DiagnosticId::yaml_documents,
     "One file is one document. What stands behind a second `---` would be a second entity under the first\n"
     "one's name.",
     "entities/purchase.yaml", "---\nindexes:", "indexes:"},
    {DiagnosticId::yaml_empty,
     "A file without a key, or with comments only, describes nothing.", "a whole file",
     "# nothing yet", "entity: tag\nsql: tag\n...", !replayed},
    {DiagnosticId::yaml_kind,
     "A map, a list or a text stands where another kind is due. The usual slip is `title: text` for `title: {\n"
     "lens: text }`.",
     "entities/purchase.yaml", "  note:     text", "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::option_duplicate,
     "YAML would keep one of the two and say nothing. Which one was meant, only you know.", "entities/purchase.yaml",
     "  note:     { lens: text, hidden: true }\n  note:     { lens: json_text }",
     "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::option_unknown,
     "The language has no such key at this place. A key that is not understood is never ignored.",
     "entities/purchase.yaml", "  note:     { lense: text, hidden: true }", "  note:     { lens: text, hidden: true }"},
    {DiagnosticId::option_missing,
     "Something that has no default is not said.", "entities/purchase.yaml",
     "entity: purchase", "entity: purchase\nsql: purchase"},
    {DiagnosticId::option_value,
     "The key takes one of a few words, or a number, a size, a name of a certain form.",
     "entities/tag.yaml", "  customer: { lens: reference, of: customer, on_delete: cascading }",
     "  customer: { lens: reference, of: customer, on_delete: cascade }"},
};

}  // namespace

std::span<const ExplanationRow> explained_source() { return source_rows; }
std::span<const ExplanationRow> explained_parse() { return parse_rows; }

}  // namespace twowayc
