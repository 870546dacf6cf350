#include "server/http/response_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/assert.hpp"
#include "server/http/text.hpp"

namespace sillage::server {

namespace {

/// For pages (threats TM16). Everything else is given no rights at all.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'";
constexpr std::string_view data_policy = "default-src 'none'; frame-ancestors 'none'";

bool is_safe(const Field& field) {
    return is_token(field.name) && std::ranges::all_of(field.value, [](char c) {
               return c == '\t' || (static_cast<unsigned char>(c) >= 0x20U && c != '\x7f');
           });
}

bool has_no_body(Status status) {
    return status == Status::no_content || status == Status::not_modified;
}

class HeadWriter {
  public:
    explicit HeadWriter(const Response& response) : response_(response) {
        text_ = fmt::format("HTTP/1.1 {} {}\r\n", static_cast<int>(response.status),
                            phrase_of(response.status));
        text_.reserve(text_.size() + response.body.size() + 640);
    }
    void add(std::string_view name, std::string_view value) {
        text_.append(name).append(": ").append(value).append("\r\n");
    }
    void add_default(std::string_view name, std::string_view value) {
        if (!response_.headers.find(name)) {
            add(name, value);
        }
    }
    std::string finish(std::string_view body) {
        return std::move(text_.append("\r\n").append(body));
    }

  private:
    const Response& response_;
    std::string text_;
};

}  // namespace

std::optional<std::string> response_text(const Response& response, const Envelope& envelope) {
    if (!std::ranges::all_of(response.headers.fields(), is_safe)) {
        return std::nullopt;
    }
    HeadWriter head(response);
    for (const Field& field : response.headers.fields()) {
        head.add(field.name, field.value);
    }
    for (const Field& field : envelope.extras) {
        head.add(field.name, field.value);
    }
    head.add("Date", envelope.date);
    head.add("X-Request-Id", envelope.request_id);
    if (!has_no_body(response.status) && response.live == nullptr) {
        head.add("Content-Length", std::to_string(response.body.size()));
    }
    if (envelope.closes) {
        head.add("Connection", "close");
    }
    head.add_default("Cache-Control", "no-store");  // what may be kept says so itself
    if (envelope.is_under_v1) {
        head.add_default("Vary", personal_vary);
    }
    const std::string_view type = response.headers.find("Content-Type").value_or("");
    head.add_default("Content-Security-Policy",
                     type.starts_with("text/html") ? page_policy : data_policy);
    head.add_default("X-Content-Type-Options", "nosniff");
    head.add_default("Referrer-Policy", "no-referrer");
    if (envelope.is_tls) {
        head.add_default("Strict-Transport-Security", "max-age=31536000");
    }
    const bool sends_body = !envelope.is_head && !has_no_body(response.status);
    return head.finish(sends_body ? std::string_view(response.body) : std::string_view());
}

std::string http_date(Instant at) {
    static constexpr std::array days{"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t day_seconds = 86'400;
    const std::int64_t seconds =
        (at.milliseconds - (((at.milliseconds % 1000) + 1000) % 1000)) / 1000;
    const std::int64_t second = ((seconds % day_seconds) + day_seconds) % day_seconds;
    const std::int64_t day = (seconds - second) / day_seconds;
    const CivilDate date = civil_from_days(day);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       days[static_cast<std::size_t>(((day % 7) + 7) % 7)], date.day,
                       months[static_cast<std::size_t>(date.month - 1)], date.year, second / 3600,
                       second / 60 % 60, second % 60);
}

}  // namespace sillage::server
