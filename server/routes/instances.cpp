#include <algorithm>
#include <charconv>

#include "engine/base/json.hpp"
#include "engine/interpreter/status.hpp"
#include "engine/store/select.hpp"
#include "server/routes/instance_json.hpp"
#include "server/routes/members.hpp"
#include "server/routes/page.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// A caller's own id; long enough for a URL of another system.
constexpr std::size_t key_characters_max = 255;

sillage::Field key_member() {
    sillage::Field key = text_member("key", key_characters_max);
    key.schema.min_length = 1;
    return key;
}

std::vector<sillage::Field> instance_members() {
    return {
        required(text_member("workflow")), number_member("version", SchemaType::integer, 1, 1e9),
        required(text_member("company")),  text_member("cohort"),
        object_member("context"),          key_member()};
}

StartCommand start_command(const json::object& body, InstanceId id) {
    StartCommand command{.id = std::move(id),
                         .workflow = text_of(body, "workflow"),
                         .company = text_of(body, "company"),
                         .cohort = text_of(body, "cohort"),
                         .key = text_of(body, "key"),
                         .context = object_of(body, "context")};
    if (const json::value* version = body.if_contains("version")) {
        command.version = version->as_int64();
    }
    return command;
}

/// The version that is named, else the cohort's: what Work::start takes as well.
Result<DefinitionPointer> definition_of(Reader& reader, const StartCommand& command) {
    std::optional<std::int64_t> version = command.version;
    if (!version && !command.cohort.empty()) {
        SILLAGE_TRY(const auto cohort,
                    reader.view().record(RecordKind::cohort, command.cohort, std::nullopt));
        if (cohort && text_of(cohort->body, "workflow") == command.workflow) {
            version = cohort->body.at("version").as_int64();
        }
    }
    return reader.definition(command.workflow, version);
}

/// The same answer for a company or cohort that is unknown and for one of another cluster.
Result<void> enter_start(const Visit& visit, Reader& reader, const StartCommand& command,
                         const RoleRights& rights) {
    const auto may = [&](RecordKind kind, const std::string& id,
                         Permission permission) -> Result<void> {
        SILLAGE_TRY(const auto record, reader.view().record(kind, id, std::nullopt));
        auto checked =
            record ? check_access(access(visit.account, permission, scope_of(*record), rights),
                                  visit.account, word_for(kind), id)
                   : Result<void>(no_such(word_for(kind), id));
        if (!checked && checked.error().code == ErrorCode::not_found) {
            checked.error().where = "/" + std::string(word_for(kind));
        }
        return checked;
    };
    SILLAGE_TRY(may(RecordKind::company, command.company, Permission::start_instance));
    if (!command.cohort.empty()) {
        SILLAGE_TRY(may(RecordKind::cohort, command.cohort, Permission::read_cohort));
    }
    return success();
}

Result<Response> post_instance(const Visit& visit, Work& work) {
    SILLAGE_TRY(const auto body, read_members(visit.request, instance_members()));
    const StartCommand command =
        start_command(body, visit.services.new_id<InstanceTag>(visit.request.now));
    SILLAGE_TRY(const auto definition, definition_of(work, command));
    SILLAGE_TRY(enter_start(visit, work, command, RoleRights(*definition)));
    SILLAGE_TRY(const auto company, work.record(RecordKind::company, command.company));
    // What the starter's roles for the instance will be, once it exists.
    const Loaded future{.record = InstanceRecord{.id = command.id.value,
                                                 .company = command.company,
                                                 .cohort = command.cohort,
                                                 .cluster = company.cluster},
                        .definition = definition};
    const Call call = call_for(visit, future);
    auto receipt = work.start(command, call);
    if (!receipt) {
        if (receipt.error().code == ErrorCode::conflict && !command.key.empty()) {
            // Whose instance has it is not for everybody to know.
            return Error{.code = ErrorCode::conflict,
                         .message = "The key " + command.key + " is taken in this workflow.",
                         .where = "/key"};
        }
        return receipt.error();
    }
    const Loaded& after = receipt.value().after;
    SILLAGE_TRY(const auto children, work.children(after, receipt.value().children));
    Response response =
        instance_response(Status::created, instance_json(after, call, children), after.record);
    response.headers.add("Location", "/v1/instances/" + command.id.value);
    return response;
}

Result<std::optional<bool>> flag_of(const Request& request, std::string_view name) {
    const auto text = request.query_parameter(name);
    if (!text) {
        return std::optional<bool>{};
    }
    if (*text != "true" && *text != "false") {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = std::string(name) + " must be true or false."};
    }
    return std::optional(*text == "true");
}

/// What the account's bindings admit; nothing when one of them admits everything.
std::optional<std::vector<InstanceFilter::Admission>> admissions_of(const Account& account) {
    std::vector<InstanceFilter::Admission> admitted;
    for (const auto& [role, scope] : account.bindings) {
        if (scope == Scope{}) {
            return std::nullopt;
        }
        admitted.push_back({.cluster = scope.cluster,
                            .cohort = scope.cohort,
                            .company = scope.company,
                            .instance = scope.instance});
    }
    return admitted;
}

Result<InstanceFilter> filter_of(const Request& request) {
    InstanceFilter filter;
    for (const auto& [name, member] :
         {std::pair("workflow", &InstanceFilter::workflow),
          std::pair("cohort", &InstanceFilter::cohort),
          std::pair("cluster", &InstanceFilter::cluster),
          std::pair("company", &InstanceFilter::company),
          std::pair("stage", &InstanceFilter::stage), std::pair("state", &InstanceFilter::state),
          std::pair("waiting_for", &InstanceFilter::waiting_for),
          std::pair("key", &InstanceFilter::key), std::pair("q", &InstanceFilter::q)}) {
        filter.*member = std::string(request.query_parameter(name).value_or(""));
    }
    if (const auto parent = request.query_parameter("parent")) {
        filter.parent = std::string(*parent);
    }
    SILLAGE_TRY(filter.overdue, flag_of(request, "overdue"));
    if (const auto due = request.query_parameter("due_before")) {
        SILLAGE_TRY(filter.due_before, parse_instant(*due));
    }
    if (const auto version = request.query_parameter("version")) {
        std::int64_t number = 0;
        const auto [end, error] =
            std::from_chars(version->data(), version->data() + version->size(), number);
        if (error != std::errc{} || end != version->data() + version->size()) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "version must be a whole number."};
        }
        filter.version = number;
    }
    return filter;
}

/// Whether the account may have to do with an instance as an outsider.
Result<bool> is_outside_somewhere(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    return std::ranges::any_of(visit.account.bindings, [&](const Binding& binding) {
        const Right right = rights.of(binding.role);
        return right == Right::company || right == Right::bound;
    });
}

/// Takes out of the filter what asks how an instance stands: whether an outsider's row is in the
/// list must not tell what the row itself does not.
InstanceFilter take_inside(InstanceFilter& filter) {
    InstanceFilter inside{.state = std::move(filter.state),
                          .waiting_for = std::move(filter.waiting_for),
                          .overdue = filter.overdue,
                          .due_before = filter.due_before};
    filter.state.clear();
    filter.waiting_for.clear();
    filter.overdue.reset();
    filter.due_before.reset();
    return inside;
}

/// The row's columns as the caller is told of them.
InstanceRecord told_columns(const Loaded& loaded, const Call& call) {
    InstanceRecord told = loaded.record;
    if (call.audience == Audience::staff) {
        return told;
    }
    const Definition& definition = *loaded.definition;
    const sillage::Status status =
        describe(definition, loaded.snapshot, Reader::input_for(loaded, call));
    std::erase_if(told.states, [&](const std::string& id) {
        const auto state = definition.find_state(id);
        return !state || is_concealed(definition, *state);
    });
    told.waiting_for = status.waiting_for;
    told.overdue = status.overdue;
    told.next_deadline =
        status.deadlines.empty() ? std::nullopt : std::optional(status.deadlines.front().at);
    return told;
}

Result<Response> get_instances(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto page, page_of(visit.request));
    SILLAGE_TRY(auto filter, filter_of(visit.request));
    filter.admitted = admissions_of(visit.account);
    std::optional<InstanceFilter> inside;
    const bool asks_inside =
        !filter.state.empty() || !filter.waiting_for.empty() || filter.overdue || filter.due_before;
    if (asks_inside) {
        SILLAGE_TRY(const bool is_outside, is_outside_somewhere(visit, reader));
        inside = is_outside ? std::optional(take_inside(filter)) : std::nullopt;
    }
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        filter.after = after;
        filter.limit = limit;
        return reader.view().instances(filter);
    };
    const auto show = [&](const InstanceRecord& record) -> Result<std::optional<json::value>> {
        SILLAGE_TRY(const auto loaded, reader.load(record));
        const RoleRights rights(*loaded.definition);
        if (access(visit.account, Permission::read_instance, scope_of(record), rights) !=
            Access::granted) {
            return std::optional<json::value>{};
        }
        const Call call = call_for(visit, loaded);
        if (inside && !is_selected(told_columns(loaded, call), *inside, nullptr)) {
            return std::optional<json::value>{};
        }
        SILLAGE_TRY(const auto children, reader.children(loaded));
        return std::optional<json::value>(instance_json(loaded, call, children));
    };
    return collect_page(
        page, fetch, [](const InstanceRecord& record) { return record.id; }, show);
}

bool is_not_modified(const Request& request, const std::string& etag) {
    const auto header = request.headers.find("If-None-Match");
    // A weak tag will do here (RFC 9110, 13.1.2); `"7"` is contained in `W/"7"`.
    return header && (*header == "*" || header->find(etag) != std::string_view::npos);
}

Result<Response> get_instance(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto loaded, open_instance(visit, reader, visit.request.path_parameter("id"),
                                                 Permission::read_instance));
    SILLAGE_TRY(const auto children, reader.children(loaded));
    JsonScratch scratch;
    Response response = instance_response(
        Status::ok, instance_json(loaded, call_for(visit, loaded), children, scratch.memory()),
        loaded.record);
    if (is_not_modified(visit.request, etag_of(loaded.record))) {
        response.status = Status::not_modified;
        response.body.clear();
    }
    return response;
}

}  // namespace

std::vector<Route> instance_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/instances",
             .permission = Permission::start_instance,
             .write = post_instance,
             .about = {.id = "start_instance",
                       .summary = "Start a run of a company through a workflow",
                       .tag = "Instances",
                       .words = "Pinned to the version that is named, else to the cohort's, else "
                                "to the latest. `key` is your own id, unique in the workflow.",
                       .headers = {"Accept-Language", "Sillage-On-Behalf-Of"},
                       .body = {.name = "InstanceInput", .members = instance_members},
                       .gives = {{.status = Status::created,
                                  .schema = "Instance",
                                  .headers = {"Location", "ETag"}}},
                       .refuses = {"not-found", "conflict", "form", "guard", "incident"}}},
            {.method = Method::get,
             .pattern = "/v1/instances",
             .permission = Permission::any_account,
             .read = get_instances,
             .parameters = {"workflow", "version", "cohort", "cluster", "company", "stage", "state",
                            "waiting_for", "overdue", "due_before", "key", "q", "parent", "cursor",
                            "limit"},
             .about = {.id = "list_instances",
                       .summary = "List the instances that you may see",
                       .tag = "Instances",
                       .headers = {"Accept-Language", "Sillage-On-Behalf-Of"},
                       .gives = {{.schema = "Instance", .is_page = true}}}},
            {.method = Method::get,
             .pattern = "/v1/instances/{id}",
             .permission = Permission::read_instance,
             .read = get_instance,
             .about = {.id = "read_instance",
                       .summary = "See where an instance stands",
                       .tag = "Instances",
                       .headers = {"If-None-Match", "Accept-Language"},
                       .gives = {{.schema = "Instance", .headers = {"ETag"}},
                                 {.status = Status::not_modified, .headers = {"ETag"}}}}}};
}

}  // namespace sillage::server
