#pragma once

#include <string_view>

namespace sillage {

/// Tokens `[A-Za-z_][A-Za-z0-9_-]*` joined by dots: the name of an event or a workflow.
[[nodiscard]] bool is_event_name(std::string_view name);

}  // namespace sillage
