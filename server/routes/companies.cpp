#include "server/routes/company_access.hpp"
#include "server/routes/company_export.hpp"
#include "server/routes/company_record.hpp"
#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

Result<Response> post_company(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto given, read_object(visit.request));
    SILLAGE_TRY(const auto body, checked_company(std::move(given)));
    const std::string cluster = text_of(body, "cluster");
    SILLAGE_TRY(enter_cluster(visit, work, cluster, Permission::write_company));
    const Instant now = visit.request.now;
    Record record{.kind = RecordKind::company,
                  .id = visit.services.new_id<CompanyTag>(now).value,
                  .cluster = cluster};
    SILLAGE_TRY(write_company(work, record, company_body(body), now));
    return create_record(visit, work, std::move(record), "companies");
}

Result<Response> get_companies(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto page, page_of(visit.request));
    SILLAGE_TRY(const auto readable, ReadableCompanies::of(visit, reader));
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        return readable.after(reader, after, limit);
    };
    const auto show = [&](const Record& record) -> Result<std::optional<json::value>> {
        return readable.has(record) ? std::optional<json::value>(record_json(record))
                                    : std::nullopt;
    };
    return collect_page(
        page, fetch, [](const Record& record) { return record.id; }, show);
}

Result<Response> get_company(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto record, open_company(visit, reader, visit.request.path_parameter("id")));
    return json_response(Status::ok, record_json(record));
}

Result<Response> patch_company(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record,
                open_record(visit, work, {RecordKind::company, visit.request.path_parameter("id")},
                            Permission::write_company));
    SILLAGE_TRY(const auto patch, read_patch(visit.request));
    json::object body = written_members(record.body, company_members());
    merge_patch(body, patch);
    SILLAGE_TRY(const auto checked, checked_company(std::move(body)));
    if (text_of(checked, "cluster") != record.cluster) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "A company stays in its cluster.",
                     .where = "/cluster"};
    }
    SILLAGE_TRY(write_company(work, record, company_body(checked), visit.request.now));
    SILLAGE_TRY(const auto stored, put_record(visit, work, std::move(record)));
    return json_response(Status::ok, record_json(stored));
}

}  // namespace

std::vector<Route> company_routes() {
    const Members members = [] { return company_members(); };
    return {{.method = Method::post,
             .pattern = "/v1/companies",
             .permission = Permission::write_company,
             .write = post_company,
             .about = {.id = "create_company",
                       .summary = "Register a company",
                       .tag = "Registry",
                       .body = {.name = "CompanyInput", .members = members},
                       .gives = {{.status = Status::created,
                                  .schema = "Company",
                                  .headers = {"Location"}}},
                       .refuses = {"not-found", "conflict"}}},
            {.method = Method::get,
             .pattern = "/v1/companies",
             .permission = Permission::any_account,
             .read = get_companies,
             .as_csv = export_companies,
             .parameters = {"cluster", "key", "cursor", "limit"},
             .about = {.id = "list_companies",
                       .summary = "List the companies that you may see",
                       .tag = "Registry",
                       .words = "As CSV it is the export, with as many rows as `limit` allows.",
                       .gives = {{.schema = "Company",
                                  .is_page = true,
                                  .headers = {"Link", "Content-Disposition"},
                                  .media_types = {"application/json", "text/csv"}}}}},
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
                       .body = {.name = "CompanyPatch", .members = members},
                       .gives = {{.schema = "Company"}},
                       .refuses = {"conflict"}}}};
}

}  // namespace sillage::server
