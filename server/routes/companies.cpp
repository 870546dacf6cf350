#include <array>

#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// A bound against slips of the keyboard: no company has ten million employees or 10^13 euros.
constexpr double headcount_max = 1e7;
constexpr double money_eur_max = 1e13;

/// Everything that is kept of a company; `attributes` are a programme's own. What is not given is
/// null, so that rules can ask for it.
std::vector<sillage::Field> company_members() {
    sillage::Field country = text_member("country", 2);
    country.schema.min_length = 2;
    sillage::Field website = text_member("website");
    website.schema.format = SchemaFormat::uri;
    return {required(text_member("cluster")),
            required(text_member("name")),
            std::move(country),
            text_member("segment"),
            number_member("headcount", SchemaType::integer, 0, headcount_max),
            number_member("turnover_eur", SchemaType::number, 0, money_eur_max),
            number_member("balance_sheet_eur", SchemaType::number, 0, money_eur_max),
            number_member("founded", SchemaType::integer, 1000, 9999),
            std::move(website),
            object_member("attributes")};
}

/// Amounts without cents are shown as they were given: 2400000, not 2400000.0.
void show_whole_amounts(json::object& body) {
    for (const auto* name : {"turnover_eur", "balance_sheet_eur"}) {
        json::value& amount = body[name];
        if (amount.is_double() && static_cast<double>(static_cast<std::int64_t>(
                                      amount.get_double())) == amount.get_double()) {
            amount = static_cast<std::int64_t>(amount.get_double());
        }
    }
}

json::object complete(const json::object& given) {
    json::object body;
    for (const sillage::Field& member : company_members()) {
        const json::value* value = given.if_contains(member.name);
        body.emplace(member.name, value == nullptr ? json::value(nullptr) : *value);
    }
    show_whole_amounts(body);
    return body;
}

Result<Response> post_company(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto body, read_members(visit.request, company_members()));
    const std::string cluster = text_of(body, "cluster");
    SILLAGE_TRY(enter_cluster(visit, work, cluster, Permission::write_company));
    const Instant now = visit.request.now;
    Record record{.kind = RecordKind::company,
                  .id = visit.services.new_id<CompanyTag>(now).value,
                  .cluster = cluster};
    stamp(record, complete(body), now);
    return create_record(work, std::move(record), "companies");
}

Result<Response> get_companies(const Visit& visit, Reader& reader) {
    return list_records(visit, reader, RecordKind::company, Permission::read_company);
}

Result<Response> get_company(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(
        const auto record,
        open_record(visit, reader, {RecordKind::company, visit.request.path_parameter("id")},
                    Permission::read_company));
    return json_response(Status::ok, record_json(record));
}

Result<Response> patch_company(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record,
                open_record(visit, work, {RecordKind::company, visit.request.path_parameter("id")},
                            Permission::write_company));
    SILLAGE_TRY(const auto patch, read_patch(visit.request));
    json::object body = written_members(record.body, company_members());
    merge_patch(body, patch);
    SILLAGE_TRY(const auto checked, check_members(std::move(body), company_members()));
    if (text_of(checked, "cluster") != record.cluster) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "A company stays in its cluster.",
                     .where = "/cluster"};
    }
    stamp(record, complete(checked), visit.request.now);
    SILLAGE_TRY(const auto stored, work.put_record(std::move(record)));
    return json_response(Status::ok, record_json(stored));
}

}  // namespace

std::vector<Route> company_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/companies",
             .permission = Permission::write_company,
             .write = post_company,
             .about = {.id = "create_company",
                       .summary = "Register a company",
                       .tag = "Registry",
                       .body = {.name = "CompanyInput", .members = company_members},
                       .gives = {{.status = Status::created,
                                  .schema = "Company",
                                  .headers = {"Location"}}},
                       .refuses = {"not-found"}}},
            {.method = Method::get,
             .pattern = "/v1/companies",
             .permission = Permission::any_account,
             .read = get_companies,
             .parameters = {"cursor", "limit"},
             .about = {.id = "list_companies",
                       .summary = "List the companies that you may see",
                       .tag = "Registry",
                       .gives = {{.schema = "Company", .is_page = true}}}},
            {.method = Method::get,
             .pattern = "/v1/companies/{id}",
             .permission = Permission::read_company,
             .read = get_company,
             .about = {.id = "read_company",
                       .summary = "Read a company",
                       .tag = "Registry",
                       .gives = {{.schema = "Company"}}}},
            {.method = Method::patch,
             .pattern = "/v1/companies/{id}",
             .permission = Permission::write_company,
             .write = patch_company,
             .about = {.id = "change_company",
                       .summary = "Change a company",
                       .tag = "Registry",
                       .words = "Makes a new revision. The cluster stays.",
                       .body = {.name = "CompanyPatch", .members = company_members},
                       .gives = {{.schema = "Company"}}}}};
}

}  // namespace sillage::server
