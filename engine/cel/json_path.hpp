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
    /// Steps of the path that lead to it.
    std::size_t depth = 0;
};

/// Reads what lies at the end of `path`, which leads through the record, as from_json reads it;
/// texts are borrowed. False when the way is barred or the end is absent and not nullable: the
/// whole variable tells why. At least one step is left.
[[nodiscard]] bool read_json_path(const JsonRecord& record, const VariablePath& path,
                                  const DateReader& dates, Value& value);

}  // namespace sillage
