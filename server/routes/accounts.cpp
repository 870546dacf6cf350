#include <algorithm>
#include <memory>

#include "server/routes/account_access.hpp"
#include "server/routes/members.hpp"
#include "server/routes/page.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Bindings of one account: a person with more needs a wider scope, not a longer list.
constexpr std::size_t roles_max = 100;

std::vector<sillage::Field> account_members() {
    sillage::Field email = text_member("email");
    email.schema.format = SchemaFormat::email;
    return {required(text_member("name")), std::move(email),
            list_member("roles", SchemaType::object)};
}

std::vector<sillage::Field> role_members() {
    sillage::Field role = required(text_member("role", 64));
    return {std::move(role), text_member("cluster"), text_member("cohort"), text_member("company"),
            text_member("instance")};
}

/// The members with those of each role: `check_members` goes a level at a time.
std::vector<sillage::Field> whole_account_members() {
    std::vector<sillage::Field> members = account_members();
    Schema role{.type = SchemaType::object, .properties = role_members()};
    members.back().schema.items = std::make_shared<Schema>(std::move(role));
    return members;
}

/// `[A-Za-z_][A-Za-z0-9_]*`, as roles are named in a workflow.
bool is_role_name(std::string_view name) {
    const auto is_word = [](char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               (c >= '0' && c <= '9');
    };
    return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
           std::ranges::all_of(name, is_word);
}

/// The bindings that a body gives, each held against its members.
Result<std::vector<Binding>> bindings_in(const json::object& body) {
    std::vector<Binding> bindings;
    const json::value* roles = body.if_contains("roles");
    if (roles == nullptr) {
        return bindings;
    }
    if (roles->as_array().size() > roles_max) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "An account has at most 100 roles.",
                     .where = "/roles"};
    }
    for (const json::value& role : roles->as_array()) {
        const std::string pointer = "/roles/" + std::to_string(bindings.size());
        SILLAGE_TRY(const auto members, check_members(role.as_object(), role_members(), pointer));
        bindings.push_back(binding_of(members));
        if (!is_role_name(bindings.back().role)) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "A role is named by letters, digits and underscores.",
                         .where = pointer + "/role"};
        }
    }
    return bindings;
}

json::array to_array(const std::vector<Binding>& bindings) {
    json::array out;
    for (const Binding& binding : bindings) {
        out.push_back(to_json(binding));
    }
    return out;
}

json::object account_json(const Record& record) {
    json::object out;
    out.emplace("id", record.id);
    for (const auto* name : {"name", "email", "roles", "created_at"}) {
        out.emplace(name, record.body.at(name));
    }
    out.emplace("revision", record.revision);
    return out;
}

/// Mail links and providers find an account by its address: no two have the same.
Result<void> check_email_is_free(Reader& reader, const Record& record) {
    SILLAGE_TRY(const auto holder,
                reader.view().record_by_lookup(RecordKind::account, record.lookup));
    if (record.lookup.empty() || !holder || holder->id == record.id) {
        return success();
    }
    return Error{.code = ErrorCode::conflict,
                 .message = "Another account has this e-mail address.",
                 .where = "/email"};
}

/// `body` is what a client may write; the rest of the record stays as it is.
Result<void> put_members(const Visit& visit, Reader& reader, const json::object& body,
                         Record& record) {
    SILLAGE_TRY(const auto given, bindings_in(body));
    SILLAGE_TRY(const auto effective, effective_bindings(visit, reader, given));
    const json::value* email = body.if_contains("email");
    record.body["name"] = body.at("name");
    record.body["email"] = email == nullptr ? json::value(nullptr) : *email;
    record.lookup = email_lookup(text_of(body, "email"));
    SILLAGE_TRY(check_email_is_free(reader, record));
    record.body["roles"] = to_array(given);
    record.body["bindings"] = to_array(effective);
    record.at = visit.request.now;
    return success();
}

Result<void> check_not_unbound(const Visit& visit, Reader& reader, const Record& record) {
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    if (may_manage(visit.account, account_of(record), Permission::write_account, rights)) {
        return success();
    }
    return Error{.code = ErrorCode::forbidden,
                 .message =
                     "You may look after accounts of your cluster only: give the account a "
                     "role within it.",
                 .where = "/roles"};
}

Result<Response> post_account(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto body, read_members(visit.request, account_members()));
    const Instant now = visit.request.now;
    Record record{.kind = RecordKind::account, .id = visit.services.new_id<AccountTag>(now).value};
    SILLAGE_TRY(put_members(visit, work, body, record));
    SILLAGE_TRY(check_not_unbound(visit, work, record));
    record.body["created_at"] = to_string(now);
    record.body["tokens"] = json::array();
    SILLAGE_TRY(const auto stored, put_record(visit, work, std::move(record)));
    Response response = json_response(Status::created, account_json(stored));
    response.headers.add("Location", "/v1/accounts/" + stored.id);
    return response;
}

Result<Response> get_accounts(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto page, page_of(visit.request));
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    const auto email = visit.request.query_parameter("email");
    const auto fetch = [&](const std::string& after,
                           std::size_t limit) -> Result<std::vector<Record>> {
        if (!email) {
            return reader.view().records(
                RecordFilter{.kind = RecordKind::account, .after = after, .limit = limit});
        }
        SILLAGE_TRY(const auto found,
                    reader.view().record_by_lookup(RecordKind::account, email_lookup(*email)));
        return found && found->id > after ? std::vector<Record>{*found} : std::vector<Record>{};
    };
    const auto show = [&](const Record& record) -> Result<std::optional<json::value>> {
        const bool is_shown =
            record.id == visit.account.id ||
            may_manage(visit.account, account_of(record), Permission::read_account, rights);
        return is_shown ? std::optional<json::value>(account_json(record)) : std::nullopt;
    };
    return collect_page(
        page, fetch, [](const Record& record) { return record.id; }, show);
}

Result<Response> get_account(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto record,
                open_account_or_own(visit, reader, visit.request.path_parameter("id"),
                                    Permission::read_account));
    return json_response(Status::ok, account_json(record));
}

Result<Response> patch_account(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record, open_account(visit, work, visit.request.path_parameter("id"),
                                          Permission::write_account));
    SILLAGE_TRY(const auto patch, read_patch(visit.request));
    json::object body;
    for (const auto* name : {"name", "email", "roles"}) {
        body.emplace(name, record.body.at(name));
    }
    merge_patch(body, patch);
    SILLAGE_TRY(const auto checked, check_members(std::move(body), account_members()));
    SILLAGE_TRY(put_members(visit, work, checked, record));
    SILLAGE_TRY(check_not_unbound(visit, work, record));
    SILLAGE_TRY(const auto stored, put_record(visit, work, std::move(record)));
    return json_response(Status::ok, account_json(stored));
}

}  // namespace

std::vector<Route> account_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/accounts",
             .permission = Permission::write_account,
             .write = post_account,
             .about = {.id = "create_account",
                       .summary = "Make an account of a person or an integration",
                       .tag = "Accounts",
                       .words = "Its roles are bindings to a cluster, a cohort, a company or an "
                                "instance; you may bind what lies within your own.",
                       .body = {.name = "AccountInput", .members = whole_account_members},
                       .gives = {{.status = Status::created,
                                  .schema = "Account",
                                  .headers = {"Location"}}},
                       .refuses = {"not-found", "conflict"}}},
            {.method = Method::get,
             .pattern = "/v1/accounts",
             .permission = Permission::any_account,
             .read = get_accounts,
             .parameters = {"cursor", "limit", "email"},
             .about = {.id = "list_accounts",
                       .summary = "List the accounts that you look after, and your own",
                       .tag = "Accounts",
                       .gives = {{.schema = "Account", .is_page = true}}}},
            {.method = Method::get,
             .pattern = "/v1/accounts/{id}",
             .permission = Permission::any_account,
             .read = get_account,
             .about = {.id = "read_account",
                       .summary = "Read an account",
                       .tag = "Accounts",
                       .gives = {{.schema = "Account"}}}},
            {.method = Method::patch,
             .pattern = "/v1/accounts/{id}",
             .permission = Permission::write_account,
             .write = patch_account,
             .about = {.id = "change_account",
                       .summary = "Change an account",
                       .tag = "Accounts",
                       .words = "What is not named stays; `roles` is replaced whole.",
                       .body = {.name = "AccountPatch", .members = whole_account_members},
                       .gives = {{.schema = "Account"}},
                       .refuses = {"conflict"}}}};
}

}  // namespace sillage::server
