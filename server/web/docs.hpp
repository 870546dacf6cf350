#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace sillage::server {

/// An OpenAPI 3.1 document as a page to read: `GET /docs`. Everything of it is there without a
/// script; what is long is folded.
[[nodiscard]] std::string docs_page(const boost::json::object& document);

}  // namespace sillage::server
