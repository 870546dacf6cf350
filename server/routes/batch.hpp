#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <initializer_list>
#include <string_view>

#include "server/routes/visit.hpp"

// What requests have in common that are done part by part, with an outcome for each.

namespace sillage::server {

/// How many of the outcomes are of each kind. Ex. `{"taken":21,"blocked":3,"failed":0}`.
[[nodiscard]] boost::json::object outcome_counts(const boost::json::array& outcomes,
                                                 std::initializer_list<std::string_view> kinds);

/// Keeps the answer to the whole request for its repeats, if it may have any, and gives it.
[[nodiscard]] net::awaitable<Result<Response>> keep_answer(const Arrival& arrival,
                                                           Response response);

}  // namespace sillage::server
