#include "server/app/link_mail.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>

#include "engine/base/ids.hpp"
#include "engine/runtime/runtime.hpp"
#include "server/auth/login_link.hpp"

namespace sillage::server {
namespace {

/// Links that are being made. Chosen: each takes milliseconds, and no more mails than that wait.
constexpr std::size_t under_way_max = mails_max;

/// A link that is to be mailed to that address.
struct Addressed {
    std::string to = {};
    std::string code = {};
};

/// Nothing: no account has that address.
Result<std::optional<Addressed>> make_link(Work& work, const std::string& email, Instant now,
                                           std::span<const std::uint8_t, token_bytes> chance) {
    SILLAGE_TRY(const auto account, work.view().record_by_lookup(RecordKind::account, email));
    if (email.empty() || !account) {
        return std::optional<Addressed>();
    }
    SILLAGE_TRY(auto code, put_link(work.transaction(), account->id, chance, now));
    const auto& address = account->body.at("email");
    return std::optional(
        Addressed{.to = address.is_string() ? std::string(address.get_string()) : email,
                  .code = std::move(code)});
}

}  // namespace

LinkMail::LinkMail(net::any_io_executor executor, Parts parts)
    : executor_(std::move(executor)), parts_(std::move(parts)) {}

void LinkMail::ask(const std::string& email) {
    if (++under_way_ > under_way_max) {
        --under_way_;
        parts_.log("link_dropped", {{"under_way", under_way_max}});
        return;
    }
    net::co_spawn(executor_, make_and_mail(email),
                  [this](const std::exception_ptr&) { --under_way_; });
}

net::awaitable<void> LinkMail::make_and_mail(std::string email) {
    const Instant now = parts_.clock();
    std::array<std::uint8_t, token_bytes> chance{};
    parts_.random(chance);
    std::optional<Addressed> link;
    std::optional<Error> failure;
    auto make = [&](Runtime& runtime) {
        return runtime.perform(std::nullopt, [&](Work& work) {
            auto made = make_link(work, email, now, chance);
            if (made) {
                link = std::move(made).value();
            } else {
                failure = made.error();
            }
            return Answer{.status = failure ? 500 : 200};
        });
    };
    const Result<Answer> answered = co_await parts_.gate.run(make);
    if (!answered || failure) {
        parts_.log("link_failed",
                   {{"code", name_of(failure ? failure->code : answered.error().code)}});
        co_return;
    }
    if (link) {
        Entropy entropy{};
        parts_.random(entropy);
        const Result<void> queued = parts_.mailer.send(
            link_mail(link->to, parts_.base_url + "/login/" + link->code), ulid(now, entropy), now);
        if (!queued) {
            parts_.log("mail_dropped", {{"code", name_of(queued.error().code)}});
        }
    }
}

Mail link_mail(const std::string& to, const std::string& url) {
    return Mail{.to = to,
                .subject = "Your link to Sillage",
                .text =
                    "Somebody, hopefully you, asked to sign in to Sillage. This link does it, "
                    "once,\nwithin a quarter of an hour:\n\n" +
                    url +
                    "\n\nIf it was not you, do nothing: without the link nobody gets "
                    "in.\n"};
}

}  // namespace sillage::server
