#pragma once

#include <string>

#include "server/http/problem.hpp"

namespace sillage::server {

/// What a kind of problem means, in plain words: the page at its `type`.
[[nodiscard]] std::string problem_page(const Problem& kind);

}  // namespace sillage::server
