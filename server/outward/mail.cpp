#include "server/outward/mail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sillage::server {
namespace {

/// RFC 5322, 2.1.1, in bytes: longer lines may be cut on the way.
constexpr std::size_t header_bytes_max = 900;

bool is_plain(char c) { return c >= ' ' && c <= '~'; }

Error refused(std::string what) {
    return Error{.code = ErrorCode::invalid_argument, .message = std::move(what)};
}

/// One address, no name and no list: nothing that SMTP or a header would read otherwise.
Result<void> check_address(std::string_view address) {
    const auto is_word = [](char c) {
        return is_plain(c) && std::string_view(" <>()[]\\,;:\"").find(c) == std::string_view::npos;
    };
    if (!std::ranges::all_of(address, is_word) || std::ranges::count(address, '@') != 1 ||
        address.starts_with('@') || address.ends_with('@') || address.starts_with('-') ||
        address.size() > header_bytes_max) {
        return refused("What a mail is sent to or from is no address.");
    }
    return success();
}

/// Ex. `Fri, 01 Jan 2027 00:00:00 +0000`.
std::string mail_date(Instant at) {
    static constexpr std::array days{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t day_seconds = 86'400;
    const std::int64_t seconds = at.milliseconds / 1000;
    const CivilDate date = civil_from_days(seconds / day_seconds);
    const std::int64_t second = seconds % day_seconds;
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                       days[static_cast<std::size_t>(seconds / day_seconds % 7)], date.day,
                       months[static_cast<std::size_t>(date.month - 1)], date.year, second / 3600,
                       second / 60 % 60, second % 60);
}

/// Every end of line as CRLF.
std::string with_crlf(std::string_view text) {
    std::string lines;
    for (const char c : text) {
        if (c == '\n') {
            lines += '\r';
        }
        if (c != '\r') {
            lines += c;
        }
    }
    return lines;
}

}  // namespace

Result<std::string> message_text(const Mail& mail, const std::string& from, const std::string& id,
                                 Instant now) {
    SILLAGE_TRY(check_address(mail.to));
    SILLAGE_TRY(check_address(from));
    if (!std::ranges::all_of(mail.subject, is_plain) || mail.subject.size() > header_bytes_max ||
        !std::ranges::all_of(id, is_plain)) {
        return refused("A mail's subject is one line of ASCII.");
    }
    const std::string host = from.substr(from.find('@') + 1);
    return "From: " + from + "\r\nTo: " + mail.to + "\r\nSubject: " + mail.subject +
           "\r\nDate: " + mail_date(now) + "\r\nMessage-ID: <" + id + "@" + host +
           ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
           "Content-Transfer-Encoding: 8bit\r\nAuto-Submitted: auto-generated\r\n\r\n" +
           with_crlf(mail.text);
}

}  // namespace sillage::server
