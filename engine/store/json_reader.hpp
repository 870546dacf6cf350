#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace sillage {

/// Takes apart JSON that this program wrote. The first thing that is not as written is remembered
/// and empty values are given from there on, so that the caller asks once, with `verdict`.
/// Returned references live as long as the value they came from.
class JsonReader {
  public:
    const boost::json::object& object(const boost::json::value& value);
    const boost::json::value& member(const boost::json::object& object, std::string_view name);
    const boost::json::object& object(const boost::json::object& object, std::string_view name);
    const boost::json::array& array(const boost::json::object& object, std::string_view name);
    std::int64_t integer(const boost::json::value& value);
    std::int64_t integer(const boost::json::object& object, std::string_view name);
    std::uint64_t unsigned_integer(const boost::json::object& object, std::string_view name);
    bool boolean(const boost::json::object& object, std::string_view name);
    std::string text(const boost::json::value& value);
    std::string text(const boost::json::object& object, std::string_view name);
    std::vector<std::string> texts(const boost::json::object& object, std::string_view name);

    /// Remembers a fault the caller found.
    void complain(std::string fault);
    /// `what` was read. Ex. `a log entry`. Errors: corrupt: the first fault.
    [[nodiscard]] Result<void> verdict(std::string_view what) const;

  private:
    std::string fault_;
};

}  // namespace sillage
