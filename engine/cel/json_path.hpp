#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <vector>

#include "engine/cel/evaluate.hpp"

namespace sillage {

/// A JSON object and how its members are declared; null: not at all.
struct JsonRecord {
    const boost::json::object& object;
    const std::vector<Field>* fields = nullptr;
};

/// Reads what lies at the end of `path`, whose steps before `from` lead to the record, as from_json
/// reads it; texts are borrowed. False when the way is barred or the end is absent and not
/// nullable: the whole variable tells why. At least one step is left.
[[nodiscard]] bool read_json_path(const JsonRecord& record, const VariablePath& path,
                                  std::size_t from, const DateReader& dates, Value& value);

}  // namespace sillage
