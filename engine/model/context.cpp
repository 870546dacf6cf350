#include "engine/model/context.hpp"

#include <algorithm>

namespace sillage {

std::optional<std::size_t> context_position(const Definition& definition, std::string_view name) {
    const auto found = std::ranges::find(definition.context, name, &Field::name);
    return found == definition.context.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - definition.context.begin()));
}

const boost::json::value* context_value(const Definition& definition, const Snapshot& snapshot,
                                        std::string_view name) {
    const auto position = context_position(definition, name);
    return position && *position < snapshot.context.size() ? &snapshot.context[*position] : nullptr;
}

boost::json::object context_object(const Definition& definition, const Snapshot& snapshot,
                                   const boost::json::storage_ptr& memory) {
    boost::json::object object(memory);
    object.reserve(snapshot.context.size());
    for (std::size_t i = 0; i < snapshot.context.size() && i < definition.context.size(); ++i) {
        object.emplace(definition.context[i].name, snapshot.context[i]);
    }
    return object;
}

}  // namespace sillage
