#include <algorithm>
#include <array>

#include "server/auth/login_book.hpp"
#include "server/auth/session.hpp"
#include "server/routes/html_page.hpp"
#include "server/routes/login_session.hpp"
#include "server/routes/page.hpp"
#include "server/routes/resources.hpp"

// Login sessions: browsers that are signed in. Each account sees and ends its own.

namespace sillage::server {
namespace {

namespace json = boost::json;

struct SessionTag {
    static constexpr std::string_view prefix = "ses";
};

json::object session_json(const Visit& visit, const LoginSession& session) {
    const Instant seen = visit.services.holders->last_use(session.id).value_or(session.seen_at);
    const Instant idle_until = seen + visit.services.holders->life().idle;
    json::object out;
    out.emplace("id", session.id);
    out.emplace("current", session.id == visit.account.credential);
    out.emplace("created_at", to_string(session.created_at));
    out.emplace("last_seen_at", to_string(seen));
    out.emplace("expires_at", to_string(std::min(session.ends_at, idle_until)));
    return out;
}

Result<Response> get_sessions(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto book, login_book(reader.view(), visit.account.id));
    json::array items;
    for (const LoginSession& session : book.sessions) {
        json::object item = session_json(visit, session);
        if (item.at("expires_at").as_string() > to_string(visit.request.now)) {
            items.push_back(std::move(item));
        }
    }
    return page_response(std::move(items), "");
}

Response signed_out() {
    Response response{.status = Status::no_content};
    response.headers.add("Set-Cookie", forgotten_cookie());
    return response;
}

Result<Response> delete_session(const Visit& visit, Work& work) {
    const std::string& id = visit.request.path_parameter("id");
    SILLAGE_TRY(const bool has_ended, end_session(visit, work, visit.account.id, id));
    if (!has_ended) {
        return no_such("login session", id);
    }
    return id == visit.account.credential ? signed_out() : Response{.status = Status::no_content};
}

/// Whoever asks with a token stays as it is: a token is revoked where it was made. A browser shows
/// nothing of 204, so that it goes on to where one signs in.
Result<Response> post_logout(const Visit& visit, Work& work) {
    SILLAGE_TRY(end_session(visit, work, visit.account.id, visit.account.credential));
    if (!is_for_browser(visit.request)) {
        return signed_out();
    }
    Response response = redirect_to("/login");
    response.headers.add("Set-Cookie", forgotten_cookie());
    return response;
}

/// Without the one that the browser of this request has.
void drop_presented(const Request& request, LoginBook& book) {
    const auto cookies = request.headers.find("Cookie");
    const auto presented = cookies ? session_presented(*cookies) : std::nullopt;
    if (presented) {
        std::erase_if(book.sessions, [&](const LoginSession& session) {
            return session.hash == presented->value;
        });
    }
}

}  // namespace

Result<std::string> put_session(const Visit& visit, Work& work, const Record& record) {
    std::array<std::uint8_t, token_bytes> bytes{};
    visit.services.random(bytes);
    const Instant now = visit.request.now;
    const std::string secret = owned_secret(record.id, secret_text(bytes));
    SILLAGE_TRY(LoginBook book, login_book(work.view(), record.id));
    drop_presented(visit.request, book);
    book.sessions.push_back({.id = visit.services.new_id<SessionTag>(now).value,
                             .hash = token_hash(secret),
                             .roles_hash = roles_hash(account_of(record)),
                             .created_at = now,
                             .seen_at = now,
                             .ends_at = now + visit.services.holders->life().longest});
    SILLAGE_TRY(keep_login_book(work.transaction(), record.id, std::move(book), now));
    visit.services.holders->forget();
    return kept_cookie(secret);
}

Result<bool> end_session(const Visit& visit, Work& work, std::string_view account,
                         std::string_view session) {
    SILLAGE_TRY(LoginBook book, login_book(work.view(), account));
    const auto ended = std::erase_if(
        book.sessions, [&](const LoginSession& known) { return known.id == session; });
    if (ended == 0) {
        return false;
    }
    SILLAGE_TRY(keep_login_book(work.transaction(), account, std::move(book), visit.request.now));
    visit.services.holders->forget();
    return true;
}

net::awaitable<Result<AccountPointer>> account_of_browser(const Arrival& arrival) {
    const auto cookies = arrival.request.headers.find("Cookie");
    const auto session = cookies ? session_presented(*cookies) : std::nullopt;
    if (!session) {
        co_return AccountPointer();
    }
    auto find = [&](Runtime& runtime) {
        return arrival.services.holders->find(runtime, *session, arrival.request.now);
    };
    Result<AccountPointer> found = co_await arrival.services.gate.run(find);
    if (!found && found.error().code == ErrorCode::unauthenticated) {
        co_return AccountPointer();
    }
    co_return found;
}

std::vector<Route> session_routes() {
    return {{.method = Method::get,
             .pattern = "/v1/me/sessions",
             .permission = Permission::any_account,
             .read = get_sessions,
             .about = {.id = "list_login_sessions",
                       .summary = "List the browsers in which you are signed in",
                       .tag = "Sign-in",
                       .gives = {{.schema = "LoginSession", .is_page = true}}}},
            {.method = Method::del,
             .pattern = "/v1/me/sessions/{id}",
             .permission = Permission::any_account,
             .write = delete_session,
             .about = {.id = "end_login_session",
                       .summary = "Sign a browser out",
                       .tag = "Sign-in",
                       .gives = {{.status = Status::no_content}}}},
            {.method = Method::post,
             .pattern = "/v1/logout",
             .permission = Permission::any_account,
             .write = post_logout,
             .keeps_answer = false,
             .about = {.id = "log_out",
                       .summary = "Sign this browser out",
                       .tag = "Sign-in",
                       .words = "A token stays as it is. A browser, which sends a form or asks for "
                                "HTML, is sent on to `/login`.",
                       .gives = {{.status = Status::no_content, .headers = {"Set-Cookie"}},
                                 {.status = Status::see_other,
                                  .headers = {"Location", "Set-Cookie"},
                                  .media_types = {}}}}}};
}

}  // namespace sillage::server
