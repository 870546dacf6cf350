#include <poll.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "server/app/exit_status.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/operator.hpp"

namespace sillage::server {

namespace {

namespace json = boost::json;

/// Between two looks. Chosen: what a person takes for at once, and no load.
constexpr int look_pause_ms = 1'000;
/// Deliveries of one webhook that a look shows; a terminal shows no more.
constexpr const char* look_limit = "100";

struct ListenWords {
    std::string folder = default_folder();
    std::string webhook = {};
    std::uint64_t count = 0;
};

constexpr std::string_view how_to_verify =
    "Each message is signed as Standard Webhooks 1.0.0 says. To verify one, take the bytes of its\n"
    "body as they came, and\n"
    "  1. join the values of webhook-id, webhook-timestamp and the body with full stops;\n"
    "  2. make the HMAC-SHA256 of that, under the base64-decoded text behind whsec_;\n"
    "  3. compare its base64, in constant time, with what stands behind v1, in one of the\n"
    "     signatures in webhook-signature;\n"
    "  4. refuse it when webhook-timestamp is more than five minutes from now, and ignore a\n"
    "     webhook-id that you have had.\n"
    "Libraries do it in one call, in JavaScript for example:\n"
    "  new Webhook(process.env.WEBHOOK_SECRET).verify(body, headers)   // npm: "
    "standardwebhooks\n\n";

std::string text_in(const json::value& value, std::string_view member) {
    const json::value* found = value.as_object().if_contains(member);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "-";
}

/// What the last attempt came to. Ex. `204`, `Nobody answers at …`.
std::string last_of(const json::array& attempts) {
    if (attempts.empty()) {
        return "not sent yet";
    }
    const json::object& last = attempts.back().as_object();
    return last.at("status").is_null() ? text_in(attempts.back(), "error")
                                       : std::to_string(last.at("status").to_number<int>());
}

std::string line_of(const json::value& delivery) {
    const json::array& attempts = delivery.at("attempts").as_array();
    const std::string at =
        attempts.empty() ? text_in(delivery, "created_at") : text_in(attempts.back(), "at");
    std::string line = at + "  " + text_in(delivery, "webhook") + "  " + text_in(delivery, "type") +
                       "  " + text_in(delivery, "instance") + "  " + text_in(delivery, "status") +
                       "  " + last_of(attempts);
    if (text_in(delivery, "status") == "pending" && !attempts.empty()) {
        line += "  next at " + text_in(delivery, "next_attempt_at");
    }
    return line + "\n";
}

Result<std::vector<std::string>> webhooks_of(const ListenWords& words) {
    if (!words.webhook.empty()) {
        return std::vector{words.webhook};
    }
    std::vector<std::string> ids;
    std::string cursor;
    do {
        SILLAGE_TRY(const auto page,
                    operate_json(words.folder,
                                 {Method::get, "/v1/webhooks?limit=200" +
                                                   (cursor.empty() ? "" : "&cursor=" + cursor)}));
        for (const json::value& webhook : page.at("items").as_array()) {
            ids.push_back(text_in(webhook, "id"));
        }
        cursor = page.at("next_cursor").is_null() ? "" : text_in(page, "next_cursor");
    } while (!cursor.empty());
    return ids;
}

/// Deliveries as they were shown last: attempts by id.
using Shown = std::map<std::string, std::int64_t>;

/// What is new since the last look, oldest first.
Result<std::vector<std::string>> look(const ListenWords& words, Shown& shown) {
    SILLAGE_TRY(const auto webhooks, webhooks_of(words));
    std::vector<std::string> lines;
    for (const std::string& webhook : webhooks) {
        SILLAGE_TRY(
            const auto page,
            operate_json(words.folder, {Method::get, "/v1/webhooks/" + webhook +
                                                         "/deliveries?limit=" + look_limit}));
        for (const json::value& delivery : page.at("items").as_array()) {
            const auto attempts = delivery.at("attempt_count").to_number<std::int64_t>();
            const auto [known, is_new] = shown.try_emplace(text_in(delivery, "id"), -1);
            if (is_new || known->second != attempts) {
                known->second = attempts;
                lines.push_back(line_of(delivery));
            }
        }
    }
    std::ranges::sort(lines);
    return lines;
}

int listen(const ListenWords& words) {
    std::cout << how_to_verify << std::flush;
    Shown shown;
    for (std::uint64_t count = 0;;) {
        const auto lines = look(words, shown);
        if (!lines) {
            return complain_of("listen", lines.error());
        }
        for (const std::string& line : lines.value()) {
            std::cout << line << std::flush;
            if (++count == words.count) {
                return exit_ok;
            }
        }
        ::poll(nullptr, 0, look_pause_ms);
    }
}

}  // namespace

void add_listen(CLI::App& app, int& status) {
    CLI::App* command = app.add_subcommand(
        "listen", "show what is sent to webhooks as it happens, and how to verify it");
    const auto words = std::make_shared<ListenWords>();
    command->add_option("WEBHOOK", words->webhook, "its id (all of them)");
    command->add_option("--data", words->folder, "DIR: the data folder that is served")
        ->type_name("");
    command->add_option("--count", words->count, "N: end after so many lines")->type_name("");
    command->callback([words, &status] { status = listen(*words); });
}

}  // namespace sillage::server
