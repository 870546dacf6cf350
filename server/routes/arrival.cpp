#include "server/routes/arrival.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/hash.hpp"
#include "server/auth/token.hpp"
#include "server/routes/origin.hpp"
#include "server/routes/visit.hpp"

namespace sillage::server {
namespace {

/// api.md, section 4.
constexpr std::size_t idempotency_key_characters_max = 255;

/// Whoever came by the operator's socket needs no token, and a token goes before a cookie.
Result<Credential> credential_of(const Request& request, std::string_view origin) {
    if (!request.operator_name.empty()) {
        return Credential{.kind = Credential::Kind::operator_user, .value = request.operator_name};
    }
    const auto authorization = request.headers.find("Authorization");
    const auto cookies = request.headers.find("Cookie");
    auto session = authorization || !cookies ? std::nullopt : session_presented(*cookies);
    if (session) {
        SILLAGE_TRY(check_origin(request, origin));
        return *std::move(session);
    }
    SILLAGE_TRY(auto hash, presented_hash(authorization));
    return Credential{.kind = Credential::Kind::token, .value = std::move(hash)};
}

/// Of whoever holds the token now or held it when that was last asked: for what does not decide
/// about rights.
net::awaitable<Result<AccountPointer>> holder_of(const Arrival& arrival) {
    Holders& holders = *arrival.services.holders;
    if (AccountPointer known = holders.recall(arrival.credential)) {
        co_return known;
    }
    auto find = [&](Runtime& runtime) {
        return holders.find(runtime, arrival.credential, arrival.request.now);
    };
    co_return co_await arrival.services.gate.run(find);
}

/// RateLimit-Policy and RateLimit of draft-ietf-httpapi-ratelimit-headers-11, and Retry-After of a
/// refusal.
std::vector<Field> fields_of(const Allowance& each, const Allowances::Outcome& outcome) {
    if (outcome.verdict == Allowances::Verdict::too_many_running) {
        return {{"RateLimit-Policy",
                 fmt::format(R"("running";q={};qu="concurrent-requests")", each.running)},
                {"RateLimit", R"("running";r=0)"}};
    }
    std::vector<Field> fields{
        {"RateLimit-Policy",
         fmt::format(R"("default";q={};w={})", each.requests, each.window.count())},
        {"RateLimit", fmt::format(R"("default";r={};t={})", outcome.left, outcome.all_s)}};
    if (outcome.verdict == Allowances::Verdict::too_often) {
        fields.push_back({"Retry-After", std::to_string(outcome.next_s)});
    }
    return fields;
}

/// Whose allowance a request is taken from.
struct Spender {
    std::string name = {};
    /// In sentences.
    std::string_view words = {};
};

Result<void> take_place(Arrival& arrival, const Spender& spender) {
    Allowances& allowances = *arrival.services.allowances;
    Allowances::Outcome outcome = allowances.enter(spender.name);
    const Allowance& each = allowances.each();
    arrival.request.answer_fields = fields_of(each, outcome);
    switch (outcome.verdict) {
        case Allowances::Verdict::granted:
            arrival.place = std::move(outcome.place);
            break;
        case Allowances::Verdict::too_often:
            return Error{.code = ErrorCode::too_many_requests,
                         .message = fmt::format("{} may send {} requests in {} s.", spender.words,
                                                each.requests, each.window.count())};
        case Allowances::Verdict::too_many_running:
            return Error{.code = ErrorCode::too_many_requests,
                         .message = fmt::format("{} has {} requests running, which is as many as "
                                                "may at once.",
                                                spender.words, each.running)};
    }
    return success();
}

net::awaitable<Result<AccountPointer>> caller_of(Arrival& arrival) {
    SILLAGE_CO_TRY(arrival.credential, credential_of(arrival.request, arrival.services.origin));
    co_return co_await holder_of(arrival);
}

/// Who shows no good token is counted by address, so that guessing has a limit as well. No account
/// has a blank in its id.
Error refuse_stranger(Arrival& arrival, const Error& refusal) {
    if (refusal.code != ErrorCode::unauthenticated) {
        return refusal;
    }
    const Result<void> place =
        take_place(arrival, {"address " + arrival.request.peer, "Whoever shows no valid token"});
    return place ? refusal : place.error();
}

/// Errors: invalid_argument: not 1 to 255 visible ASCII characters.
Result<void> check_key(const Request& request) {
    const auto key = request.headers.find("Idempotency-Key");
    const auto is_visible = [](char c) { return c > ' ' && c < '\x7f'; };
    const bool is_good = !key || (!key->empty() && key->size() <= idempotency_key_characters_max &&
                                  std::ranges::all_of(*key, is_visible));
    if (is_good) {
        return success();
    }
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "Idempotency-Key must be 1 to 255 visible ASCII characters."};
}

/// A dry run, and what only reads, does its work again.
bool is_answer_kept(const Route& route, const Request& request) {
    return route.keeps_answer && request.method == Method::post &&
           (route.write != nullptr || route.task != nullptr) &&
           request.query_parameter("dry_run") != "true";
}

}  // namespace

net::awaitable<Result<void>> let_in(Arrival& arrival) {
    const Request& request = arrival.request;
    if (request.method == Method::post) {
        SILLAGE_CO_TRY(check_key(request));
    }
    if (arrival.route.permission == Permission::open) {
        co_return success();
    }
    // The more are refused, the less each may cost.
    SILLAGE_CO_TRY(arrival.services.gate.check_room());
    const Result<AccountPointer> account = co_await caller_of(arrival);
    if (!account) {
        co_return refuse_stranger(arrival, account.error());
    }
    SILLAGE_CO_TRY(take_place(arrival, {account.value()->id, "Your account"}));
    if (is_answer_kept(arrival.route, request)) {
        arrival.repeat = repeat_of(request, *account.value());
    }
    if (arrival.repeat) {
        SILLAGE_CO_TRY(arrival.claim, arrival.services.running_keys->claim(*arrival.repeat));
    }
    co_return success();
}

std::optional<Repeat> repeat_of(const Request& request, const Account& account) {
    const auto key = request.headers.find("Idempotency-Key");
    if (!key) {
        return std::nullopt;
    }
    const auto behalf = request.headers.find(behalf_header);
    const std::string who = account.id + (behalf ? ">" + std::string(*behalf) : "");
    return Repeat{.scope = who + "|" + std::string(name_of(request.method)) + "|" + request.path,
                  .key = std::string(*key),
                  .request_hash = sha256_hex(request.body),
                  .now = request.now};
}

}  // namespace sillage::server
