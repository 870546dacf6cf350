#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

std::vector<sillage::Field> cohort_members() {
    return {required(text_member("cluster")),
            required(text_member("workflow")),
            number_member("version", SchemaType::integer, 1, 1e9),
            required(text_member("name")),
            object_member("dates"),
            object_member("settings"),
            list_member("mentors", SchemaType::string)};
}

/// Every date is a day, an instant or null: expressions read them as timestamps.
Result<void> check_dates(const json::object& dates) {
    for (const json::key_value_pair& date : dates) {
        const bool is_read =
            date.value().is_string() && (parse_instant(date.value().get_string()).has_value() ||
                                         parse_date(date.value().get_string()).has_value());
        if (!is_read && !date.value().is_null()) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message =
                             "A date such as 2027-03-15 or 2027-03-15T16:00:00Z is asked "
                             "for.",
                         .where = "/dates/" + std::string(date.key())};
        }
    }
    return success();
}

json::object complete(const json::object& given, std::int64_t version) {
    json::object body;
    for (const auto* name : {"cluster", "workflow"}) {
        body.emplace(name, given.at(name));
    }
    body.emplace("version", version);
    body.emplace("name", given.at("name"));
    body.emplace("dates", object_of(given, "dates"));
    body.emplace("settings", object_of(given, "settings"));
    const json::value* mentors = given.if_contains("mentors");
    body.emplace("mentors", mentors == nullptr ? json::value(json::array()) : *mentors);
    return body;
}

/// The version that the body names, or the latest there is.
Result<std::int64_t> version_of(Reader& reader, const json::object& body) {
    std::optional<std::int64_t> version;
    if (const json::value* given = body.if_contains("version")) {
        version = given->as_int64();
    }
    const std::string name = text_of(body, "workflow");
    SILLAGE_TRY(const auto definition, reader.view().definition(name, version));
    if (!definition) {
        Error error =
            no_such("workflow", version ? name + " version " + std::to_string(*version) : name);
        error.where = version ? "/version" : "/workflow";
        return error;
    }
    return definition->version;
}

Result<Response> post_cohort(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto body, read_members(visit.request, cohort_members()));
    const std::string cluster = text_of(body, "cluster");
    SILLAGE_TRY(enter_cluster(visit, work, cluster, Permission::write_cohort));
    SILLAGE_TRY(const auto version, version_of(work, body));
    SILLAGE_TRY(check_dates(object_of(body, "dates")));
    const Instant now = visit.request.now;
    Record record{.kind = RecordKind::cohort,
                  .id = visit.services.new_id<CohortTag>(now).value,
                  .cluster = cluster};
    stamp(record, complete(body, version), now);
    return create_record(visit, work, std::move(record), "cohorts");
}

Result<Response> get_cohorts(const Visit& visit, Reader& reader) {
    return list_records(visit, reader, RecordKind::cohort, Permission::read_cohort);
}

Result<Response> get_cohort(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto record,
                open_record(visit, reader, {RecordKind::cohort, visit.request.path_parameter("id")},
                            Permission::read_cohort));
    return json_response(Status::ok, record_json(record));
}

Result<Response> patch_cohort(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto record,
                open_record(visit, work, {RecordKind::cohort, visit.request.path_parameter("id")},
                            Permission::write_cohort));
    SILLAGE_TRY(const auto patch, read_patch(visit.request));
    for (const auto* fixed : {"cluster", "workflow"}) {
        const json::value* value = patch.if_contains(fixed);
        if (value != nullptr && *value != record.body.at(fixed)) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = std::string("A cohort keeps its ") + fixed + ".",
                         .where = std::string("/") + fixed};
        }
    }
    json::object body = written_members(record.body, cohort_members());
    merge_patch(body, patch);
    SILLAGE_TRY(const auto checked, check_members(std::move(body), cohort_members()));
    SILLAGE_TRY(const auto version, version_of(work, checked));
    SILLAGE_TRY(check_dates(object_of(checked, "dates")));
    stamp(record, complete(checked, version), visit.request.now);
    SILLAGE_TRY(const auto stored, put_record(visit, work, std::move(record)));
    return json_response(Status::ok, record_json(stored));
}

}  // namespace

std::vector<Route> cohort_routes() {
    return {
        {.method = Method::post,
         .pattern = "/v1/cohorts",
         .permission = Permission::write_cohort,
         .write = post_cohort,
         .about =
             {.id = "create_cohort",
              .summary = "Open a cohort",
              .tag = "Cohorts",
              .words =
                  "It is pinned to the version of the workflow that it names, or to the latest.",
              .body = {.name = "CohortInput", .members = cohort_members},
              .gives = {{.status = Status::created, .schema = "Cohort", .headers = {"Location"}}},
              .refuses = {"not-found"}}},
        {.method = Method::get,
         .pattern = "/v1/cohorts",
         .permission = Permission::any_account,
         .read = get_cohorts,
         .parameters = {"cluster", "cursor", "limit"},
         .about = {.id = "list_cohorts",
                   .summary = "List the cohorts that you may see",
                   .tag = "Cohorts",
                   .gives = {{.schema = "Cohort", .is_page = true}}}},
        {.method = Method::get,
         .pattern = "/v1/cohorts/{id}",
         .permission = Permission::read_cohort,
         .read = get_cohort,
         .about = {.id = "read_cohort",
                   .summary = "Read a cohort",
                   .tag = "Cohorts",
                   .gives = {{.schema = "Cohort"}}}},
        {.method = Method::patch,
         .pattern = "/v1/cohorts/{id}",
         .permission = Permission::write_cohort,
         .write = patch_cohort,
         .about = {.id = "change_cohort",
                   .summary = "Change a cohort",
                   .tag = "Cohorts",
                   .words = "Makes a new revision. Cluster and workflow stay.",
                   .body = {.name = "CohortPatch", .members = cohort_members},
                   .gives = {{.schema = "Cohort"}}}}};
}

}  // namespace sillage::server
