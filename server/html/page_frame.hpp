#pragma once

#include <string>
#include <string_view>

#include "server/html/html.hpp"

// What every page has in common: the head, and the style sheet.

namespace sillage::server {

/// site.css.
extern const std::string_view site_style;

/// Where the style sheet is served: its content is part of its name, so that it may be kept for
/// ever. Ex. `/assets/site.3f2a9c01.css`.
[[nodiscard]] const std::string& site_style_path();

/// A page of that title, with its `body` open.
[[nodiscard]] Html page_frame(std::string_view title);

/// A page that says one thing, below its title as a heading; where it says it is open.
[[nodiscard]] Html note_page(std::string_view title);

}  // namespace sillage::server
