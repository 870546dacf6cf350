#include "server/auth/one_time_code.hpp"

#include "server/auth/token.hpp"

namespace sillage::server {

std::string kept_code(std::string_view code, Instant until) {
    return token_hash(code) + " " + to_string(until);
}

bool is_code(std::string_view kept, std::string_view code, Instant now) {
    const std::size_t blank = kept.find(' ');
    if (blank == std::string_view::npos || kept.substr(0, blank) != token_hash(code)) {
        return false;
    }
    const auto until = parse_instant(kept.substr(blank + 1));
    return until && now < until.value();
}

}  // namespace sillage::server
