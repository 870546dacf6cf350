#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/cel/scope.hpp"
#include "engine/formats/detail/scxml_bundle.hpp"
#include "engine/formats/detail/xml.hpp"
#include "engine/model/definition.hpp"

namespace sillage {

/// What the documents of one file share: the outermost, those inside it and its neighbours.
struct ScxmlFile {
    const std::vector<Neighbour>& neighbours;
    /// Findings of neighbours, under their own names.
    std::vector<Finding> findings_elsewhere = {};
    /// Paths of the neighbours that are being read: one that comes again would never end.
    std::vector<std::string> open_paths = {};
    /// Neighbours read so far, each as often as it was.
    std::size_t document_count = 0;
};

/// What the readers of one document share. Each reads on after an error, so that all are found.
struct ScxmlReading {
    const SourceText& source;
    Findings& findings;
    ScxmlFile& file;
    /// Of the document below the outermost one's, empty or ending in `/`: `src` starts there.
    std::string folder = {};
    /// Definition::hash.
    std::string hash = {};
    Definition definition = {};
    /// Names that expressions may use; complete once states and data are known.
    Scope scope = {};
    /// By StateIndex.
    std::vector<const XmlElement*> elements = {};
    std::unordered_map<std::string, StateIndex> states_by_id = {};

    void error(std::size_t offset, std::string code, std::string message);
    void warning(std::size_t offset, std::string code, std::string message);
    [[nodiscard]] Place place_of(std::size_t offset) const { return source.place_of(offset); }
};

/// A text for a message: shortened, on one line, in double quotes.
[[nodiscard]] std::string in_message(std::string_view text);

/// A part of an attribute's value between white space, and where it begins in the value.
struct Word {
    std::string_view text = {};
    std::size_t offset = 0;
};
[[nodiscard]] std::vector<Word> words_of(std::string_view text);

/// Where a byte of an attribute's value stands in the source.
[[nodiscard]] std::size_t offset_in(const ScxmlReading& reading, const XmlAttribute& attribute,
                                    std::size_t index);

/// vocabulary: every element and attribute is SCXML's and stands where it may; what must be there
/// is, and what excludes each other does not stand together.
void check_vocabulary(ScxmlReading& reading, const XmlElement& root);

/// states: their ids, types and places, so that targets and expressions can name them.
void read_state_tree(ScxmlReading& reading, const XmlElement& root);
/// All else of each state, in document order.
void read_states(ScxmlReading& reading);
/// The states that a list of ids names.
[[nodiscard]] std::vector<StateIndex> read_id_list(ScxmlReading& reading,
                                                   const XmlAttribute& attribute);

/// data: the fields that `data` and `foreach` declare.
void read_fields(ScxmlReading& reading, const XmlElement& root);
/// The first values of the fields that `data` inside that state's `datamodel` declares.
[[nodiscard]] std::vector<DataElement> read_data(ScxmlReading& reading, const XmlElement& state);
/// `namelist`, `param` and `content` of `send`, `donedata` or `invoke`; a null literal for none.
[[nodiscard]] ValueTemplate read_payload(ScxmlReading& reading, const XmlElement& element);
/// Text that stands for a value: JSON if it is, else text with its white space normalised.
[[nodiscard]] ValueTemplate literal_value(std::string_view text);
/// What stands inside `data`, `assign` or `content`: elements as XML text, else as literal_value;
/// nothing when nothing does.
[[nodiscard]] std::optional<ValueTemplate> literal_content(const XmlElement& element);

/// expressions: CEL. One that does not parse or names what is not declared is a warning, and has no
/// program: it fails when it is run. `index`: of the expression in the attribute's value.
[[nodiscard]] Expression read_expression(ScxmlReading& reading, const XmlAttribute& attribute);
[[nodiscard]] Expression read_expression(ScxmlReading& reading, const XmlAttribute& attribute,
                                         const Word& part);
/// An expression that the reader itself makes.
[[nodiscard]] Expression made_expression(ScxmlReading& reading, const std::string& text,
                                         Place place);
/// The literal in the one attribute, the expression in the other, or a null literal.
struct Alternatives {
    std::string_view literal = {};
    std::string_view expression = {};
};
[[nodiscard]] ValueTemplate read_either(ScxmlReading& reading, const XmlElement& element,
                                        const Alternatives& names);
/// The path of a field or inside one; nothing, and a warning, when nothing can be assigned there.
[[nodiscard]] std::optional<std::vector<std::string>> read_location(ScxmlReading& reading,
                                                                    const XmlAttribute& attribute);
/// The position of a declared field.
[[nodiscard]] std::optional<std::size_t> find_position(const Definition& definition,
                                                       std::string_view field);

/// actions: the executable content inside an element, but for the named children.
[[nodiscard]] Block read_block(ScxmlReading& reading, const XmlElement& element);

/// invoke: all that the state's element contains.
[[nodiscard]] std::vector<Invoke> read_invokes(ScxmlReading& reading, const XmlElement& state);

/// One document of the file, whatever contains it. `reading` is fresh.
[[nodiscard]] std::shared_ptr<const Definition> read_document(ScxmlReading& reading,
                                                              const XmlElement& root);

/// Whether it is SCXML's own event processor or invoker, by any of its spellings.
[[nodiscard]] bool is_scxml_processor(std::string_view type);
[[nodiscard]] bool is_scxml_invoker(std::string_view type);

}  // namespace sillage
