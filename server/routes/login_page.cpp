#include <algorithm>

#include "server/auth/login_link.hpp"
#include "server/routes/form.hpp"
#include "server/routes/html_page.hpp"
#include "server/routes/login_desk.hpp"
#include "server/routes/login_session.hpp"
#include "server/routes/members.hpp"
#include "server/routes/origin.hpp"
#include "server/routes/provider.hpp"
#include "server/routes/resources.hpp"

// The pages where a person signs in and out: the form that asks for a link, and the front page.
// What they tell of accounts is nothing but the name of whoever is signed in.

namespace sillage::server {
namespace {

namespace json = boost::json;

constexpr std::string_view links_by_hand =
    "An administrator can make you a link: `sillage account link`.";

/// What stands in the form when it is shown.
struct Typed {
    std::string email = {};
    /// What is wrong with it; empty: nothing.
    std::string_view complaint = {};
};

std::vector<sillage::Field> form_members() {
    sillage::Field email = text_member("email", email_bytes_max);
    email.schema.format = SchemaFormat::email;
    return {required(std::move(email))};
}

void add_form(Html& page, const Typed& typed) {
    const bool is_wrong = !typed.complaint.empty();
    page.open("form", {{"method", "post"}, {"action", "/login"}});
    page.element("label", "E-mail address", {{"for", "email"}});
    page.element(
        "p",
        is_wrong ? typed.complaint : "You are sent a link that signs you in; there is no password.",
        {{"id", "email-words"}, {"class", is_wrong ? "error" : "aside"}});
    page.lone("input", {{"id", "email"},
                        {"name", "email"},
                        {"type", "email"},
                        {"autocomplete", "email"},
                        {"required", ""},
                        {"maxlength", std::to_string(email_bytes_max)},
                        {"value", typed.email},
                        {"aria-invalid", is_wrong ? "true" : "false"},
                        {"aria-describedby", "email-words"}});
    page.element("button", "Send me a link").close();
}

/// A form that no mail follows would promise what does not come.
Html login_page(const LoginDesk& desk, const Typed& typed) {
    Html page = note_page("Sign in to Sillage");
    if (desk.mail_link) {
        add_form(page, typed);
    } else {
        page.element("p", "This server sends no mail, so it cannot send you a link.");
    }
    if (desk.provider) {
        page.open("p").element("a", "Sign in with " + desk.provider->host(),
                               {{"href", "/login/oidc"}, {"class", "button second"}});
        page.close();
    }
    page.open("div", {{"class", "aside"}});
    page.prose((desk.mail_link ? "No mail reaches you? " : "") + std::string(links_by_hand));
    return page.close();
}

void add_name(Html& page, const Account& account) {
    page.element("p", "You are signed in as " + account.name + ".");
}

void add_sign_out(Html& page) {
    page.open("form", {{"method", "post"}, {"action", "/v1/logout"}});
    page.element("button", "Sign out").close();
}

net::awaitable<Result<Response>> get_login_page(const Arrival& arrival) {
    SILLAGE_CO_TRY(reject_unknown_parameters(arrival.request, arrival.route.parameters));
    SILLAGE_CO_TRY(const AccountPointer account, co_await account_of_browser(arrival));
    if (!account) {
        co_return html_page(Status::ok, login_page(*arrival.services.login, Typed{}));
    }
    Html page = note_page("You are signed in");
    add_name(page, *account);
    page.open("p").element("a", "Go to the front page", {{"href", "/"}}).close();
    add_sign_out(page);
    co_return html_page(Status::ok, std::move(page));
}

/// Nothing of it depends on the address, nor on whether it is anybody's.
Response link_is_coming() {
    Html page = note_page("Look into your mail");
    page.element("p", "If an account has this address, a link is on its way. It works once, for " +
                          std::to_string(link_life.milliseconds / 60'000) + " minutes.");
    page.open("p", {{"class", "aside"}}).text("Nothing comes? Look among the junk mail, or ");
    page.element("a", "ask again", {{"href", "/login"}}).text(".").close();
    return html_page(Status::ok, std::move(page));
}

Response too_often(const Error& refusal) {
    Html page = note_page("Not so often");
    page.element("p", refusal.message);
    Response response = html_page(Status::too_many_requests, std::move(page));
    response.headers.add("Retry-After", std::to_string(links_per_peer.window.count()));
    return response;
}

/// The address that was typed, or in `complaint` what is wrong with it.
/// Errors: those of read_form; invalid_argument: a field that the form does not have.
Result<Typed> typed_in(const Request& request) {
    SILLAGE_TRY(json::object form, read_form(request));
    form.emplace("email", "");  // unless it is there
    const auto problems = member_problems(form, form_members());
    const auto foreign = std::ranges::find_if_not(
        problems, [](const SchemaProblem& problem) { return problem.pointer == "/email"; });
    if (foreign != problems.end()) {
        return error_of_first({*foreign});
    }
    Typed typed{.email = text_of(form, "email")};
    if (!problems.empty()) {
        typed.complaint = typed.email.empty()
                              ? "Type your e-mail address."
                              : "This is no e-mail address; one looks like ana@example.org.";
    }
    return typed;
}

net::awaitable<Result<Response>> post_login_page(const Arrival& arrival) {
    const Request& request = arrival.request;
    LoginDesk& desk = *arrival.services.login;
    SILLAGE_CO_TRY(reject_unknown_parameters(request, arrival.route.parameters));
    SILLAGE_CO_TRY(check_form_origin(request, arrival.services.origin));
    SILLAGE_CO_TRY(const Typed typed, typed_in(request));
    if (!typed.complaint.empty()) {
        co_return html_page(Status::unprocessable, login_page(desk, typed));
    }
    const Result<void> asked = desk.ask_for_link(request.peer, typed.email);
    if (!asked) {
        co_return too_often(asked.error());
    }
    co_return desk.mail_link ? link_is_coming() : html_page(Status::ok, login_page(desk, Typed{}));
}

/// What a login leads to: pages of their own follow, the API is there.
net::awaitable<Result<Response>> get_front(const Arrival& arrival) {
    SILLAGE_CO_TRY(reject_unknown_parameters(arrival.request, arrival.route.parameters));
    SILLAGE_CO_TRY(const AccountPointer account, co_await account_of_browser(arrival));
    Html page = note_page("Sillage");
    if (account) {
        add_name(page, *account);
        page.open("p").element("a", "Who I am", {{"href", "/v1/me"}}).close();
    } else {
        page.open("p").element("a", "Sign in", {{"href", "/login"}, {"class", "button"}}).close();
    }
    page.open("p").element("a", "The API of this server", {{"href", "/docs"}}).close();
    if (account) {
        add_sign_out(page);
    }
    co_return html_page(Status::ok, std::move(page));
}

}  // namespace

std::vector<Route> login_page_routes() {
    return {{.method = Method::get,
             .pattern = "/login",
             .permission = Permission::open,
             .task = get_login_page,
             .about = {.id = "read_sign_in_page",
                       .summary = "See the page where a person signs in",
                       .tag = "Sign-in",
                       .gives = {{.media_types = {"text/html"}}}}},
            {.method = Method::post,
             .pattern = "/login",
             .permission = Permission::open,
             .task = post_login_page,
             .keeps_answer = false,
             .about = {.id = "send_sign_in_form",
                       .summary = "Have a one-time login link mailed, by the form of the page",
                       .tag = "Sign-in",
                       .words = "As `POST /v1/login`, for browsers: answered alike whether or not "
                                "an account has the address.",
                       .body = {.name = "LoginForm", .members = form_members, .is_form = true},
                       .gives = {{.media_types = {"text/html"}},
                                 {.status = Status::unprocessable, .media_types = {"text/html"}},
                                 {.status = Status::too_many_requests,
                                  .headers = {"Retry-After"},
                                  .media_types = {"text/html"}}},
                       .refuses = {"role"}}},
            {.method = Method::get,
             .pattern = "/",
             .permission = Permission::open,
             .task = get_front,
             .about = {.id = "read_front_page",
                       .summary = "See the page that a login leads to",
                       .tag = "Sign-in",
                       .gives = {{.media_types = {"text/html"}}}}}};
}

}  // namespace sillage::server
