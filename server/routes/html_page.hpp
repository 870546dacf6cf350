#pragma once

#include <string>
#include <string_view>

#include "server/http/message.hpp"

// The few pages that need no script: a set-up, a login. Their policy (response_text.cpp) lets a
// page load and send nothing but what is its own.

namespace sillage::server {

/// The text as it stands in a page: the one place where escaping happens.
[[nodiscard]] std::string html_text(std::string_view text);

/// A page of that title; `content` is HTML already. Nothing of it is kept by caches, and a form on
/// it says where it is from, but not by which link.
[[nodiscard]] Response html_page(Status status, std::string_view title, std::string_view content);

}  // namespace sillage::server
