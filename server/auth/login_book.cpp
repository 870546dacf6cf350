#include "server/auth/login_book.hpp"

#include <algorithm>

#include "engine/base/json.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

std::string setting_of(std::string_view account) { return "logins:" + std::string(account); }

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

Result<Instant> instant_in(const json::object& object, std::string_view name) {
    return parse_instant(text_in(object, name));
}

Result<LoginSession> session_in(const json::object& object) {
    LoginSession session{.id = text_in(object, "id"),
                         .hash = text_in(object, "hash"),
                         .roles_hash = text_in(object, "roles")};
    SILLAGE_TRY(session.created_at, instant_in(object, "created_at"));
    SILLAGE_TRY(session.seen_at, instant_in(object, "seen_at"));
    SILLAGE_TRY(session.ends_at, instant_in(object, "ends_at"));
    return session;
}

json::object to_json(const LoginSession& session) {
    return {{"id", session.id},
            {"hash", session.hash},
            {"roles", session.roles_hash},
            {"created_at", to_string(session.created_at)},
            {"seen_at", to_string(session.seen_at)},
            {"ends_at", to_string(session.ends_at)}};
}

/// The objects of a list; nothing for what is none.
std::vector<const json::object*> objects_in(const json::object& object, std::string_view name) {
    std::vector<const json::object*> found;
    const json::value* list = object.if_contains(name);
    if (list != nullptr && list->is_array()) {
        for (const json::value& item : list->get_array()) {
            if (item.is_object()) {
                found.push_back(&item.get_object());
            }
        }
    }
    return found;
}

template <class Item>
void drop(std::vector<Item>& items, Instant now, std::size_t most) {
    std::erase_if(items, [&](const Item& item) { return item.ends_at <= now; });
    if (items.size() > most) {
        items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(most));
    }
}

}  // namespace

Result<LoginBook> login_book(ReadView& view, std::string_view account) {
    LoginBook book;
    SILLAGE_TRY(const auto text, view.setting(setting_of(account)));
    if (!text) {
        return book;
    }
    SILLAGE_TRY(const auto value, parse_json(*text));
    if (!value.is_object()) {
        return Error{.code = ErrorCode::corrupt, .message = "The logins of an account are none."};
    }
    const json::object& kept = value.get_object();
    for (const json::object* item : objects_in(kept, "sessions")) {
        SILLAGE_TRY(auto session, session_in(*item));
        book.sessions.push_back(std::move(session));
    }
    for (const json::object* item : objects_in(kept, "links")) {
        SILLAGE_TRY(const Instant ends_at, instant_in(*item, "ends_at"));
        book.links.push_back({.hash = text_in(*item, "hash"), .ends_at = ends_at});
    }
    for (const json::object* item : objects_in(kept, "token_uses")) {
        SILLAGE_TRY(const Instant at, instant_in(*item, "at"));
        book.token_uses.emplace(text_in(*item, "token"), at);
    }
    return book;
}

Result<void> keep_login_book(Transaction& transaction, std::string_view account, LoginBook book,
                             Instant now) {
    drop(book.sessions, now, sessions_max);
    drop(book.links, now, links_max);
    json::array sessions;
    for (const LoginSession& session : book.sessions) {
        sessions.push_back(to_json(session));
    }
    json::array links;
    for (const LoginLink& link : book.links) {
        links.push_back(json::object{{"hash", link.hash}, {"ends_at", to_string(link.ends_at)}});
    }
    json::array uses;
    for (const auto& [token, at] : book.token_uses) {
        uses.push_back(json::object{{"token", token}, {"at", to_string(at)}});
    }
    json::object kept;
    kept.emplace("sessions", std::move(sessions));
    kept.emplace("links", std::move(links));
    kept.emplace("token_uses", std::move(uses));
    return transaction.set(setting_of(account), to_json_text(kept));
}

Result<void> keep_uses(Transaction& transaction, const std::vector<CredentialUse>& uses,
                       Instant now) {
    std::map<std::string, std::vector<CredentialUse>> by_account;
    for (const CredentialUse& use : uses) {
        by_account[use.account].push_back(use);
    }
    for (const auto& [account, used] : by_account) {
        SILLAGE_TRY(LoginBook book, login_book(transaction, account));
        for (const CredentialUse& use : used) {
            const auto session =
                std::ranges::find(book.sessions, use.credential, &LoginSession::id);
            if (session != book.sessions.end()) {
                session->seen_at = std::max(session->seen_at, use.at);
            } else if (use.credential.starts_with("tok_")) {
                book.token_uses[use.credential] = use.at;
            }
        }
        SILLAGE_TRY(keep_login_book(transaction, account, std::move(book), now));
    }
    return success();
}

}  // namespace sillage::server
