#include "server/http/log.hpp"

#include <unistd.h>

#include <string>

#include "engine/base/json.hpp"
#include "server/http/clock.hpp"

namespace sillage::server {

void log_to_standard_error(std::string_view event, const boost::json::object& fields) {
    boost::json::object line{{"at", to_string(system_now())}, {"event", event}};
    for (const auto& member : fields) {
        line[member.key()] = member.value();
    }
    const std::string text = to_json_text(line) + "\n";
    // A log that cannot be written must not stop the server; there is nowhere to say so.
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace sillage::server
