#pragma once

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/base/result.hpp"

namespace sillage {

/// Levels of nesting that JSON input may have; the contract refuses the 33rd.
inline constexpr std::size_t json_depth_max = 32;

/// Reads one JSON text strictly (RFC 8259): UTF-8 only, no duplicate member names, no number that
/// a double cannot hold, at most `depth_max` levels, nothing after the value.
/// A number without fraction and exponent that fits becomes std::int64_t, every other a double.
/// Errors: malformed, with `where` the JSON pointer of the value at fault (`""` is the whole).
[[nodiscard]] Result<boost::json::value> parse_json(std::string_view text,
                                                    std::size_t depth_max = json_depth_max);

/// The one spelling of a value: no white space, members in their order, doubles in the shortest
/// form that reads back equal and always with a fraction or exponent (`1.0`, `1e+300`), so that
/// int and double stay apart. Equal values give equal bytes. NaN and infinities may not occur.
[[nodiscard]] std::string to_json_text(const boost::json::value& value);

/// Memory for JSON that is written out and forgotten: quicker than memory that has to be given back
/// piece by piece. What is made in it does not outlive it.
class JsonScratch {
  public:
    [[nodiscard]] boost::json::storage_ptr memory() { return &resource_; }

  private:
    /// Chosen: a snapshot of sixty states, or an entry, and no call for more.
    std::array<unsigned char, 16 * 1024> first_;
    boost::json::monotonic_resource resource_{first_.data(), first_.size()};
};

/// Escapes one reference token of a JSON pointer (RFC 6901): `~` to `~0`, `/` to `~1`.
[[nodiscard]] std::string pointer_token(std::string_view name);

}  // namespace sillage
