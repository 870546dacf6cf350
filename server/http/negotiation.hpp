#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sillage::server {

/// The tags of an Accept-Language value in lower case, most wanted first, those of equal weight in
/// the order given; without `q=0`, `*` and what cannot be read. Ex. `en;q=0.5, fr-BE` gives
/// `fr-be`, `en`. At most 32 are looked at. Source: RFC 9110, 12.5.4.
[[nodiscard]] std::vector<std::string> accepted_languages(std::string_view accept_language);

/// The one of `offered` (our preference first) that an Accept value weighs highest; the first of
/// them when there is no Accept; an empty view when none is acceptable (406). Ex. of an offer:
/// `application/yaml`. Source: RFC 9110, 12.5.1.
[[nodiscard]] std::string_view choose_media_type(std::string_view accept,
                                                 std::span<const std::string_view> offered);

}  // namespace sillage::server
