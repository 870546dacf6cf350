#include <array>

#include "server/auth/login_link.hpp"
#include "server/routes/account_access.hpp"
#include "server/routes/html_page.hpp"
#include "server/routes/login_desk.hpp"
#include "server/routes/login_session.hpp"
#include "server/routes/members.hpp"
#include "server/routes/origin.hpp"
#include "server/routes/resources.hpp"

// Getting in by a one-time link. Scanners of mail open links before people do: looking at one uses
// nothing up, the button on its page does.

namespace sillage::server {
namespace {

namespace json = boost::json;

std::vector<sillage::Field> login_members() {
    return {required(text_member("email", email_bytes_max))};
}

/// The same answer, after the same work, whether or not an account has that address: what differs
/// is done later, elsewhere.
net::awaitable<Result<Response>> ask_for_link(const Arrival& arrival) {
    SILLAGE_CO_TRY(const auto body, read_members(arrival.request, login_members()));
    SILLAGE_CO_TRY(
        arrival.services.login->ask_for_link(arrival.request.peer, text_of(body, "email")));
    json::object out;
    out.emplace("detail", "If an account has this address, a link is on its way to it.");
    co_return json_response(Status::accepted, out);
}

Response no_link_page() {
    Html page = note_page("This link does not work");
    page.open("p").text("It was used already, or its quarter of an hour is over. ");
    page.element("a", "Ask for another one", {{"href", "/login"}}).text(".").close();
    return html_page(Status::not_found, std::move(page));
}

Result<Response> get_link(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(
        const auto account,
        account_of_link(reader.view(), visit.request.path_parameter("code"), visit.request.now));
    if (!account) {
        return no_link_page();
    }
    SILLAGE_TRY(const auto record, reader.record(RecordKind::account, *account));
    Html page = note_page("Sign in to Sillage");
    page.open("form", {{"method", "post"}})
        .element("p", "You are " + text_of(record.body, "name") + ".")
        .element("button", "Sign in");
    return html_page(Status::ok, std::move(page));
}

Result<Response> post_link(const Visit& visit, Work& work) {
    SILLAGE_TRY(check_form_origin(visit.request, visit.services.origin));
    SILLAGE_TRY(
        const auto account,
        take_link(work.transaction(), visit.request.path_parameter("code"), visit.request.now));
    if (!account) {
        return no_link_page();
    }
    SILLAGE_TRY(const auto record, work.record(RecordKind::account, *account));
    SILLAGE_TRY(const std::string cookie, put_session(visit, work, record));
    Response response = redirect_to("/");
    response.headers.add("Set-Cookie", cookie);
    return response;
}

/// The link that a mail would bring, for who may make tokens of the account as well.
Result<Response> post_account_link(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto account, open_account(visit, work, visit.request.path_parameter("id"),
                                                 Permission::write_account));
    std::array<std::uint8_t, token_bytes> chance{};
    visit.services.random(chance);
    const Instant now = visit.request.now;
    SILLAGE_TRY(const auto code, put_link(work.transaction(), account.id, chance, now));
    json::object out;
    out.emplace("url", visit.services.login->base_url + "/login/" + code);
    out.emplace("expires_at", to_string(now + link_life));
    Response response = json_response(Status::created, out);
    response.headers.add("Cache-Control", "no-store");
    return response;
}

}  // namespace

std::vector<Route> login_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/login",
             .permission = Permission::open,
             .task = ask_for_link,
             .about = {.id = "ask_for_login_link",
                       .summary = "Have a one-time login link mailed",
                       .tag = "Sign-in",
                       .words = "Answered alike whether or not an account has the address.",
                       .body = {.name = "LoginInput", .members = login_members},
                       .gives = {{.status = Status::accepted, .schema = "LinkAsked"}},
                       .refuses = {"rate-limit"}}},
            {.method = Method::get,
             .pattern = "/login/{code}",
             .permission = Permission::open,
             .read = get_link,
             .about = {.id = "read_login_page",
                       .summary = "Look at a one-time login link",
                       .tag = "Sign-in",
                       .words = "Uses nothing up: scanners of mail open links before people do.",
                       .gives = {{.media_types = {"text/html"}},
                                 {.status = Status::not_found, .media_types = {"text/html"}}}}},
            {.method = Method::post,
             .pattern = "/login/{code}",
             .permission = Permission::open,
             .write = post_link,
             .keeps_answer = false,
             .about = {.id = "use_login_link",
                       .summary = "Sign a browser in by a one-time link",
                       .tag = "Sign-in",
                       .gives = {{.status = Status::see_other,
                                  .headers = {"Location", "Set-Cookie"},
                                  .media_types = {}},
                                 {.status = Status::not_found, .media_types = {"text/html"}}},
                       .refuses = {"role"}}},
            {.method = Method::post,
             .pattern = "/v1/accounts/{id}/links",
             .permission = Permission::write_account,
             .write = post_account_link,
             .secret = "url",
             .about = {.id = "create_login_link",
                       .summary = "Make a one-time login link of an account",
                       .tag = "Accounts",
                       .words = "For who hands it over in another way than by mail. Shown once, as "
                                "tokens are.",
                       .gives = {{.status = Status::created, .schema = "LoginLink"}}}}};
}

}  // namespace sillage::server
