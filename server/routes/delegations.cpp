#include <algorithm>

#include "engine/store/registry_line.hpp"
#include "server/auth/delegation.hpp"
#include "server/routes/account_access.hpp"
#include "server/routes/members.hpp"
#include "server/routes/page.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Longest reason. Chosen: a sentence or two; it stands in every entry of the log that it covers.
constexpr std::size_t reason_characters_max = 500;

sillage::Field instant_member(std::string_view name) {
    sillage::Field field = text_member(name);
    field.schema.format = SchemaFormat::date_time;
    return field;
}

std::vector<sillage::Field> delegation_members() {
    return {text_member("from"),
            required(text_member("to")),
            list_member("roles", SchemaType::string),
            text_member("cluster"),
            text_member("cohort"),
            text_member("company"),
            text_member("instance"),
            instant_member("starts_at"),
            required(instant_member("ends_at")),
            required(text_member("reason", reason_characters_max))};
}

json::object delegation_json(const Record& record, Instant now) {
    json::object out;
    out.emplace("id", record.id);
    for (const json::key_value_pair& member : record.body) {
        if (member.key() != changed_by) {
            out.emplace(member.key(), member.value());
        }
    }
    out.emplace("in_force", is_in_force(delegation_of(record), now));
    return out;
}

Error refused(ErrorCode code, std::string message, std::string where) {
    return Error{.code = code, .message = std::move(message), .where = std::move(where)};
}

/// Who may look after what is done in that account's place: itself, and who manages it.
Result<void> enter_principal(const Visit& visit, Reader& reader, const std::string& from,
                             Permission permission) {
    if (from == visit.account.id) {
        return success();
    }
    SILLAGE_TRY(const auto account, open_account(visit, reader, from, permission));
    return success();
}

/// The roles that are lent: some of those that the account has, and not an administrator's.
Result<json::array> lent_roles(const json::object& body, const Account& from) {
    const auto has = [&](std::string_view role) {
        return std::ranges::find(from.bindings, role, &Binding::role) != from.bindings.end();
    };
    json::array lent;
    if (const json::value* given = body.if_contains("roles")) {
        lent = given->as_array();
    }
    for (std::size_t index = 0; index < lent.size(); ++index) {
        const std::string_view role = lent[index].as_string();
        const std::string where = "/roles/" + std::to_string(index);
        if (role == name_of(Right::admin)) {
            return refused(ErrorCode::forbidden, "Nobody lends an administrator's role.", where);
        }
        if (!has(role)) {
            return refused(ErrorCode::invalid_argument,
                           "The account has no role " + std::string(role) + " to lend.", where);
        }
    }
    return lent;
}

struct Period {
    Instant starts_at = {};
    Instant ends_at = {};
};

Result<Period> period_in(const json::object& body, Instant now) {
    Period period{.starts_at = now};
    if (const std::string starts_at = text_of(body, "starts_at"); !starts_at.empty()) {
        SILLAGE_TRY(period.starts_at, parse_instant(starts_at));
    }
    SILLAGE_TRY(period.ends_at, parse_instant(text_of(body, "ends_at")));
    if (period.ends_at <= std::max(period.starts_at, now)) {
        return refused(ErrorCode::invalid_argument,
                       "ends_at must lie after starts_at and in the future.", "/ends_at");
    }
    if (period.ends_at - period.starts_at > delegation_max) {
        return refused(ErrorCode::invalid_argument, "A delegation lasts at most 366 days.",
                       "/ends_at");
    }
    return period;
}

/// Makes room for a delegation of that pair: one that is over gives its place up.
Result<void> free_pair(const Visit& visit, Work& work, const std::string& lookup) {
    SILLAGE_TRY(auto known, work.view().record_by_lookup(RecordKind::delegation, lookup));
    if (!known) {
        return success();
    }
    if (delegation_of(*known).ends_at > visit.request.now) {
        return refused(
            ErrorCode::conflict,
            "There is a delegation of these two already, " + known->id + "; revoke it first.",
            "/to");
    }
    known->lookup.clear();
    SILLAGE_TRY(put_record(visit, work, *std::move(known)));
    return success();
}

Result<Account> account_named(Reader& reader, const std::string& id, std::string_view where) {
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::account, id, std::nullopt));
    if (!record) {
        Error error = no_such("account", id);
        error.where = where;
        return error;
    }
    return account_of(*record);
}

Result<Response> post_delegation(const Visit& visit, Work& work) {
    const bool has_roles = !visit.account.bindings.empty();
    SILLAGE_TRY(check_access(has_roles ? Access::granted : Access::forbidden, visit.account,
                             "delegation", ""));
    SILLAGE_TRY(const auto body, read_members(visit.request, delegation_members()));
    const Instant now = visit.request.now;
    const std::string given = text_of(body, "from");
    const std::string from = given.empty() ? visit.account.id : given;
    const std::string to = text_of(body, "to");
    SILLAGE_TRY(enter_principal(visit, work, from, Permission::write_account));
    SILLAGE_TRY(const auto principal, account_named(work, from, "/from"));
    SILLAGE_TRY(account_named(work, to, "/to"));
    if (from == to) {
        return refused(ErrorCode::invalid_argument, "Nobody acts in its own place.", "/to");
    }
    SILLAGE_TRY(auto roles, lent_roles(body, principal));
    SILLAGE_TRY(const auto period, period_in(body, now));
    SILLAGE_TRY(free_pair(visit, work, delegation_lookup(from, to)));
    json::object kept{{"from", from}, {"to", to}, {"roles", std::move(roles)}};
    for (const auto* place : {"cluster", "cohort", "company", "instance"}) {
        if (const json::value* id = body.if_contains(place)) {
            kept.emplace(place, *id);
        }
    }
    kept.emplace("starts_at", to_string(period.starts_at));
    kept.emplace("ends_at", to_string(period.ends_at));
    kept.emplace("reason", body.at("reason"));
    kept.emplace("created_by", visit.account.id);
    kept.emplace("created_at", to_string(now));
    kept.emplace("revoked_at", nullptr);
    SILLAGE_TRY(const auto record,
                put_record(visit, work,
                           Record{.kind = RecordKind::delegation,
                                  .id = visit.services.new_id<DelegationTag>(now).value,
                                  .lookup = delegation_lookup(from, to),
                                  .body = std::move(kept),
                                  .at = now}));
    Response response = json_response(Status::created, delegation_json(record, now));
    response.headers.add("Location", "/v1/delegations/" + record.id);
    return response;
}

/// Whether the caller is one of the two, or looks after the one whose place it is.
Result<bool> may_see(const Visit& visit, Reader& reader, const Delegation& delegation) {
    if (delegation.to == visit.account.id) {
        return true;
    }
    const auto entered = enter_principal(visit, reader, delegation.from, Permission::read_account);
    if (!entered && entered.error().code != ErrorCode::not_found) {
        return entered.error();
    }
    return entered.has_value();
}

Result<Record> open_delegation(const Visit& visit, Reader& reader) {
    const std::string& id = visit.request.path_parameter("id");
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::delegation, id, std::nullopt));
    if (!record) {
        return no_such("delegation", id);
    }
    SILLAGE_TRY(const bool is_seen, may_see(visit, reader, delegation_of(*record)));
    return is_seen ? Result<Record>(*record) : no_such("delegation", id);
}

Result<Response> get_delegations(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto page, page_of(visit.request));
    const auto from = visit.request.query_parameter("from");
    const auto to = visit.request.query_parameter("to");
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        return reader.view().records(
            RecordFilter{.kind = RecordKind::delegation, .after = after, .limit = limit});
    };
    const auto show = [&](const Record& record) -> Result<std::optional<json::value>> {
        const Delegation delegation = delegation_of(record);
        if ((from && *from != delegation.from) || (to && *to != delegation.to)) {
            return std::optional<json::value>{};
        }
        SILLAGE_TRY(const bool is_seen, may_see(visit, reader, delegation));
        return is_seen ? std::optional<json::value>(delegation_json(record, visit.request.now))
                       : std::nullopt;
    };
    return collect_page(
        page, fetch, [](const Record& record) { return record.id; }, show);
}

Result<Response> get_delegation(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto record, open_delegation(visit, reader));
    return json_response(Status::ok, delegation_json(record, visit.request.now));
}

/// Either of the two may end it, and whoever manages the one whose place it is.
Result<Response> delete_delegation(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record, open_delegation(visit, work));
    const Delegation delegation = delegation_of(record);
    if (delegation.to != visit.account.id) {
        SILLAGE_TRY(enter_principal(visit, work, delegation.from, Permission::write_account));
    }
    if (!delegation.revoked) {
        record.body["revoked_at"] = to_string(visit.request.now);
        record.lookup.clear();
        record.at = visit.request.now;
        SILLAGE_TRY(put_record(visit, work, std::move(record)));
    }
    return Response{.status = Status::no_content};
}

}  // namespace

std::vector<Route> delegation_routes() {
    return {
        {.method = Method::post,
         .pattern = "/v1/delegations",
         .permission = Permission::any_account,
         .write = post_delegation,
         .about = {.id = "create_delegation",
                   .summary = "Let another account act in your place for a while",
                   .tag = "Accounts",
                   .words = "It then acts there with the header `Sillage-On-Behalf-Of`. Lent are "
                            "your roles, or those named, everywhere or where it is said; never "
                            "`admin`, nor what was lent to you. Who manages an account may "
                            "lend for it with `from`.",
                   .body = {.name = "DelegationInput", .members = delegation_members},
                   .gives = {{.status = Status::created,
                              .schema = "Delegation",
                              .headers = {"Location"}}},
                   .refuses = {"role", "not-found", "conflict"}}},
        {.method = Method::get,
         .pattern = "/v1/delegations",
         .permission = Permission::any_account,
         .read = get_delegations,
         .parameters = {"from", "to", "cursor", "limit"},
         .about = {.id = "list_delegations",
                   .summary = "List the delegations of yours and of whom you manage",
                   .tag = "Accounts",
                   .gives = {{.schema = "Delegation", .is_page = true}}}},
        {.method = Method::get,
         .pattern = "/v1/delegations/{id}",
         .permission = Permission::any_account,
         .read = get_delegation,
         .about = {.id = "read_delegation",
                   .summary = "Read a delegation",
                   .tag = "Accounts",
                   .gives = {{.schema = "Delegation"}}}},
        {.method = Method::del,
         .pattern = "/v1/delegations/{id}",
         .permission = Permission::any_account,
         .write = delete_delegation,
         .about = {.id = "revoke_delegation",
                   .summary = "End a delegation at once",
                   .tag = "Accounts",
                   .words = "Either of the two may, and whoever manages the one whose place it is.",
                   .gives = {{.status = Status::no_content}}}}};
}

}  // namespace sillage::server
