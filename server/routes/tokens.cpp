#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/auth/login_book.hpp"
#include "server/auth/token.hpp"
#include "server/auth/token_scope.hpp"
#include "server/routes/account_access.hpp"
#include "server/routes/members.hpp"
#include "server/routes/page.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"
#include "server/routes/token_record.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Tokens that one account may ever have: a list that is read whole stays short.
constexpr std::size_t tokens_max = 200;

/// How long a token is good that does not say, and the longest: a year (threats TM7), which may
/// have 366 days.
constexpr Duration token_life{365LL * 24 * 60 * 60 * 1000};
constexpr Duration token_life_max{366LL * 24 * 60 * 60 * 1000};

json::object token_json(const Record& token) {
    json::object out;
    out.emplace("id", token.id);
    for (const auto* name : {"name", "created_at", "expires_at", "revoked_at"}) {
        out.emplace(name, token.body.at(name));
    }
    // Tokens of before there were scopes have no limit.
    const json::value* scopes = token.body.if_contains("scopes");
    out.emplace("scopes", scopes == nullptr ? json::value(json::array()) : *scopes);
    return out;
}

std::vector<sillage::Field> token_members() {
    sillage::Field expiry = text_member("expires_at");
    expiry.schema.format = SchemaFormat::date_time;
    return {required(text_member("name")), std::move(expiry),
            list_member("scopes", SchemaType::string)};
}

Result<json::value> expiry_in(const json::object& body, const Visit& visit) {
    const std::string text = text_of(body, "expires_at");
    if (text.empty()) {
        return default_expiry(visit);
    }
    SILLAGE_TRY(const auto at, parse_instant(text));
    const Instant now = visit.request.now;
    if (at <= now || at - now > token_life_max) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = at <= now ? "expires_at lies in the past."
                                          : "A token is good for a year at most.",
                     .where = "/expires_at"};
    }
    return json::value(to_string(at));
}

/// None given: what the caller's own credential is limited to.
Result<std::vector<std::string>> scopes_in(const json::object& body, const Account& caller) {
    std::vector<std::string> scopes;
    const json::value* given = body.if_contains("scopes");
    for (const json::value& scope : given == nullptr ? json::array() : given->as_array()) {
        scopes.emplace_back(scope.as_string());
        const auto& known = token_scopes();
        if (std::ranges::find(known, scopes.back()) == known.end()) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "There is no scope \"" + scopes.back() + "\"; there are " +
                                    fmt::format("{}", fmt::join(known, ", ")) + ".",
                         .where = "/scopes/" + std::to_string(scopes.size() - 1)};
        }
    }
    if (scopes.empty()) {
        return caller.scopes;
    }
    if (const auto beyond = scope_beyond(caller.scopes, scopes)) {
        return Error{.code = ErrorCode::forbidden,
                     .message = "Your token is not good for the scope " + *beyond +
                                ", so it can make none that is."};
    }
    return scopes;
}

Result<Response> post_token(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto account, open_account(visit, work, visit.request.path_parameter("id"),
                                           Permission::write_account));
    SILLAGE_TRY(const auto body, read_members(visit.request, token_members()));
    TokenTerms terms{.name = text_of(body, "name")};
    SILLAGE_TRY(terms.expires_at, expiry_in(body, visit));
    SILLAGE_TRY(terms.scopes, scopes_in(body, visit.account));
    SILLAGE_TRY(const auto token, put_token(visit, work, std::move(account), terms));
    json::object out = token_json(token.record);
    out.emplace("last_used_at", nullptr);
    out.emplace("token", token.text);
    Response response = json_response(Status::created, out);
    response.headers.add("Cache-Control", "no-store");
    return response;
}

/// What is remembered goes before what is written down.
json::value last_use_json(const Visit& visit, const LoginBook& book, const std::string& token) {
    const auto remembered = visit.services.holders->last_use(token);
    const auto kept = book.token_uses.find(token);
    return remembered                      ? json::value(to_string(*remembered))
           : kept == book.token_uses.end() ? json::value(nullptr)
                                           : json::value(to_string(kept->second));
}

Result<Response> get_tokens(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto account,
                open_account_or_own(visit, reader, visit.request.path_parameter("id"),
                                    Permission::read_account));
    SILLAGE_TRY(const auto book, login_book(reader.view(), account.id));
    json::array items;
    for (const json::value& id : account.body.at("tokens").as_array()) {
        SILLAGE_TRY(const auto token, reader.record(RecordKind::token, id.as_string()));
        json::object item = token_json(token);
        item.emplace("last_used_at", last_use_json(visit, book, token.id));
        items.push_back(std::move(item));
    }
    return page_response(std::move(items), "");
}

/// A revoked token keeps its line in the list; nothing looks it up any more.
Result<Response> delete_token(const Visit& visit, Work& work) {
    const std::string& id = visit.request.path_parameter("token");
    SILLAGE_TRY(const auto account,
                open_account_or_own(visit, work, visit.request.path_parameter("id"),
                                    Permission::write_account));
    const json::array& ids = account.body.at("tokens").as_array();
    if (std::ranges::find(ids, json::value(id)) == ids.end()) {
        return no_such("token", id);
    }
    SILLAGE_TRY(auto token, work.record(RecordKind::token, id));
    if (token.body.at("revoked_at").is_null()) {
        token.body["revoked_at"] = to_string(visit.request.now);
        token.lookup.clear();
        token.at = visit.request.now;
        SILLAGE_TRY(put_record(visit, work, std::move(token)));
    }
    return Response{.status = Status::no_content};
}

}  // namespace

json::value default_expiry(const Visit& visit) {
    return visit.services.sandbox.is_open()
               ? json::value(nullptr)
               : json::value(to_string(visit.request.now + token_life));
}

Result<NewToken> put_token(const Visit& visit, Work& work, Record account,
                           const TokenTerms& terms) {
    json::array& ids = account.body["tokens"].as_array();
    if (ids.size() >= tokens_max) {
        return Error{.code = ErrorCode::conflict,
                     .message = "The account has had 200 tokens; make a new account."};
    }
    std::array<std::uint8_t, token_bytes> bytes{};
    visit.services.random(bytes);
    const Instant now = visit.request.now;
    NewToken token{.text = token_text(bytes)};
    json::object body;
    body.emplace("account", account.id);
    body.emplace("name", terms.name);
    body.emplace("created_at", to_string(now));
    body.emplace("expires_at", terms.expires_at);
    body.emplace("revoked_at", nullptr);
    body.emplace("scopes", json::array(terms.scopes.begin(), terms.scopes.end()));
    SILLAGE_TRY(token.record, put_record(visit, work,
                                         Record{.kind = RecordKind::token,
                                                .id = visit.services.new_id<TokenTag>(now).value,
                                                .lookup = token_hash(token.text),
                                                .body = std::move(body),
                                                .at = now}));
    ids.emplace_back(token.record.id);
    account.at = now;
    SILLAGE_TRY(put_record(visit, work, std::move(account)));
    return token;
}

std::vector<Route> token_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/accounts/{id}/tokens",
             .permission = Permission::write_account,
             .write = post_token,
             .secret = "token",
             .about = {.id = "create_token",
                       .summary = "Make a token of an account",
                       .tag = "Accounts",
                       .words = "The token is shown in this answer and never again; a repeat with "
                                "the same Idempotency-Key has null in its place.",
                       .body = {.name = "TokenInput", .members = token_members},
                       .gives = {{.status = Status::created, .schema = "NewToken"}},
                       .refuses = {"conflict"}}},
            {.method = Method::get,
             .pattern = "/v1/accounts/{id}/tokens",
             .permission = Permission::any_account,
             .read = get_tokens,
             .about = {.id = "list_tokens",
                       .summary = "List the tokens of an account",
                       .tag = "Accounts",
                       .gives = {{.schema = "Token", .is_page = true}}}},
            {.method = Method::del,
             .pattern = "/v1/accounts/{id}/tokens/{token}",
             .permission = Permission::any_account,
             .write = delete_token,
             .about = {.id = "revoke_token",
                       .summary = "Revoke a token",
                       .tag = "Accounts",
                       .words = "It is refused from the next request on.",
                       .gives = {{.status = Status::no_content}}}}};
}

}  // namespace sillage::server
