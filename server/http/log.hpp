#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string_view>

namespace sillage::server {

/// Takes one event: its name and what is to be said about it. Never a token, a body, a form's
/// content or a personal datum. May be called from any thread.
/// Ex. `log("listening", {{"address", "127.0.0.1:8080"}})`.
using Log = std::function<void(std::string_view event, const boost::json::object& fields)>;

/// Writes one JSON line an event, `{"at":"…Z","event":"…",…}`, on standard error, each with one
/// call, so that lines of several threads do not mix.
void log_to_standard_error(std::string_view event, const boost::json::object& fields);

}  // namespace sillage::server
