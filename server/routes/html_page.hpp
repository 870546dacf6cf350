#pragma once

#include "server/html/page_frame.hpp"
#include "server/http/message.hpp"

// The few pages that are made for whoever asks: a set-up, a login. Their policy (response_text.cpp)
// lets a page load and send nothing but what is its own.

namespace sillage::server {

/// The page as an answer. Nothing of it is kept by caches, and a form on it says where it is from,
/// but not by which link.
[[nodiscard]] Response html_page(Status status, Html page);

/// Has a browser go on to that path of this server, or to that address.
[[nodiscard]] Response redirect_to(std::string url);

/// Whether whoever asks shows pages to a person: it sent a form, or would rather have HTML than
/// JSON. Programs that say nothing, or that take anything, do not.
[[nodiscard]] bool is_for_browser(const Request& request);

}  // namespace sillage::server
