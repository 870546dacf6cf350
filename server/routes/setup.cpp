#include "server/auth/one_time_code.hpp"
#include "server/routes/html_page.hpp"
#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"
#include "server/routes/token_record.hpp"

// The first administrator: whoever has the one-time link that the first start prints.

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Errors: not_found: another code, or it was used or has expired.
Result<void> check_code(Reader& reader, std::string_view code, Instant now) {
    SILLAGE_TRY(const auto kept, reader.view().setting(setup_code_setting));
    if (!is_code(kept.value_or(""), code, now)) {
        return Error{.code = ErrorCode::not_found,
                     .message =
                         "This link is not valid, was used already or has expired; a "
                         "restart of the server prints a new one."};
    }
    return success();
}

struct Administrator {
    std::string account = {};
    std::string token = {};
};

/// Uses the code up and makes the account with its token.
Result<Administrator> set_up(const Visit& visit, Work& work, std::string_view code,
                             const std::string& name) {
    const Instant now = visit.request.now;
    SILLAGE_TRY(check_code(work, code, now));
    SILLAGE_TRY(work.transaction().set(setup_code_setting, ""));
    const json::array admin{to_json(Binding{.role = "admin"})};
    json::object body;
    body.emplace("name", name);
    body.emplace("email", nullptr);
    body.emplace("roles", admin);
    body.emplace("bindings", admin);
    body.emplace("created_at", to_string(now));
    body.emplace("tokens", json::array());
    SILLAGE_TRY(auto account, put_record(visit, work,
                                         Record{.kind = RecordKind::account,
                                                .id = visit.services.new_id<AccountTag>(now).value,
                                                .body = std::move(body),
                                                .at = now}));
    const std::string id = account.id;
    SILLAGE_TRY(const auto token,
                put_token(visit, work, std::move(account),
                          {.name = "set-up", .expires_at = default_expiry(visit)}));
    return Administrator{.account = id, .token = token.text};
}

Result<Response> get_setup_page(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(check_code(reader, visit.request.path_parameter("code"), visit.request.now));
    Html page = note_page("Set up Sillage");
    page.open("form", {{"method", "post"}})
        .element("p", "This makes the first administrator and shows its token once.")
        .element("button", "Make the administrator");
    return html_page(Status::ok, std::move(page));
}

Result<Response> post_setup_page(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto made,
                set_up(visit, work, visit.request.path_parameter("code"), "Administrator"));
    Html page = note_page("The first administrator");
    page.element("p", "Keep this token; it is not shown again.").element("pre", made.token);
    return html_page(Status::ok, std::move(page));
}

std::vector<sillage::Field> setup_members() {
    return {required(text_member("code")), text_member("name")};
}

Result<Response> post_setup(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto body, read_members(visit.request, setup_members()));
    const std::string name = text_of(body, "name");
    SILLAGE_TRY(const auto made,
                set_up(visit, work, text_of(body, "code"), name.empty() ? "Administrator" : name));
    json::object out;
    out.emplace("id", made.account);
    out.emplace("token", made.token);
    Response response = json_response(Status::created, out);
    response.headers.add("Location", "/v1/accounts/" + made.account);
    response.headers.add("Cache-Control", "no-store");
    return response;
}

}  // namespace

std::vector<Route> setup_routes() {
    return {
        {.method = Method::get,
         .pattern = "/setup/{code}",
         .permission = Permission::open,
         .read = get_setup_page,
         .about = {.id = "read_setup_page",
                   .summary = "Open the one-time link",
                   .tag = "Set-up",
                   .gives = {{.media_types = {"text/html"}}}}},
        {.method = Method::post,
         .pattern = "/setup/{code}",
         .permission = Permission::open,
         .write = post_setup_page,
         .keeps_answer = false,
         .about = {.id = "use_setup_page",
                   .summary = "Make the first administrator from the page",
                   .tag = "Set-up",
                   .gives = {{.media_types = {"text/html"}}}}},
        {.method = Method::post,
         .pattern = "/v1/setup",
         .permission = Permission::open,
         .write = post_setup,
         .keeps_answer = false,
         .about = {.id = "set_up",
                   .summary = "Make the first administrator",
                   .tag = "Set-up",
                   .words = "Uses up the code of the one-time link that the first start printed.",
                   .body = {.name = "SetupInput", .members = setup_members},
                   .gives = {{.status = Status::created,
                              .schema = "Administrator",
                              .headers = {"Location"}}},
                   .refuses = {"not-found"}}}};
}

}  // namespace sillage::server
