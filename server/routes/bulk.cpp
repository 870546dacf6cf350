#include <algorithm>
#include <set>

#include "engine/base/json.hpp"
#include "server/http/problem.hpp"
#include "server/routes/batch.hpp"
#include "server/routes/bulk_finished.hpp"
#include "server/routes/event_step.hpp"
#include "server/routes/resources.hpp"

// One event to many instances. The list of instances is settled first; then each has its own turn
// at the engine, its own transaction and, with an Idempotency-Key, its own kept outcome. A repeat
// after a crash takes the same list, is told what was done, and does the rest.

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Instances that one request may reach; each costs a synced commit, and the answer waits for all.
constexpr std::size_t instances_max = 1'000;

/// What the request asks for.
struct Order {
    AccountPointer account = nullptr;
    std::optional<Repeat> repeat = {};
    bool is_dry_run = false;
    std::string cohort = {};
    SubmitCommand command = {};
    std::vector<std::string> instances = {};
    /// When it was first asked for.
    Instant at = {};
    /// The answer that was kept of the same request; then nothing is left to do.
    std::optional<Answer> kept = {};
};

struct Selection {
    std::vector<std::string> named = {};
    bool names_instances = false;
    InstanceFilter filter = {};
};

std::vector<sillage::Field> filter_members() {
    return {text_member("state"), text_member("stage"), text_member("waiting_for"),
            text_member("company"),
            sillage::Field{.name = "overdue", .schema = {.type = SchemaType::boolean}}};
}

std::vector<sillage::Field> bulk_members() {
    std::vector<sillage::Field> members = event_members();
    members.push_back(list_member("instances", SchemaType::string));
    members.push_back(object_member("filter"));
    return members;
}

/// The members with those of the filter: `check_members` goes a level at a time.
std::vector<sillage::Field> whole_bulk_members() {
    std::vector<sillage::Field> members = bulk_members();
    members.back().schema.properties = filter_members();
    return members;
}

Result<Selection> selection_in(const json::object& body, const std::string& cohort) {
    // Whom members have invoked goes its own way: an event for it names its instance.
    Selection selection{.filter = {.cohort = cohort, .parent = "", .limit = instances_max + 1}};
    const json::value* filter = body.if_contains("filter");
    if (const json::value* instances = body.if_contains("instances")) {
        if (filter != nullptr) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "Say either instances or filter.",
                         .where = "/filter"};
        }
        std::set<std::string> seen;
        for (const json::value& id : instances->as_array()) {
            if (seen.insert(std::string(id.as_string())).second) {
                selection.named.emplace_back(id.as_string());
            }
        }
        selection.names_instances = true;
        return selection;
    }
    if (filter == nullptr) {
        return selection;
    }
    SILLAGE_TRY(const auto members,
                check_members(filter->as_object(), filter_members(), "/filter"));
    selection.filter.state = text_of(members, "state");
    selection.filter.stage = text_of(members, "stage");
    selection.filter.waiting_for = text_of(members, "waiting_for");
    selection.filter.company = text_of(members, "company");
    if (const json::value* overdue = members.if_contains("overdue")) {
        selection.filter.overdue = overdue->as_bool();
    }
    return selection;
}

Error too_many() {
    return Error{.code = ErrorCode::invalid_argument,
                 .message = "One request reaches at most 1,000 instances; narrow the filter."};
}

/// The members that are meant and that the caller may know of, in order of id.
Result<std::vector<std::string>> select(const Visit& visit, Reader& reader,
                                        const Selection& selection) {
    if (selection.names_instances) {
        return selection.named.size() > instances_max
                   ? Result<std::vector<std::string>>(too_many())
                   : Result<std::vector<std::string>>(selection.named);
    }
    SILLAGE_TRY(const auto records, reader.view().instances(selection.filter));
    if (records.size() > instances_max) {
        return too_many();
    }
    std::vector<std::string> ids;
    for (const InstanceRecord& record : records) {
        SILLAGE_TRY(const auto definition, reader.definition_of(record));
        if (access(visit.account, Permission::read_instance, scope_of(record),
                   RoleRights(*definition)) == Access::granted) {
            ids.push_back(record.id);
        }
    }
    return ids;
}

Result<void> settle(const Arrival& arrival, Reader& reader, Order& order) {
    const Request& request = arrival.request;
    const Visit visit{.services = arrival.services, .request = request, .account = *order.account};
    const std::string& cohort = request.path_parameter("id");
    SILLAGE_TRY(const auto record, open_cohort(visit, reader, cohort, Permission::act_on_cohort));
    SILLAGE_TRY(const auto body, read_members(request, bulk_members()));
    SILLAGE_TRY(const auto selection, selection_in(body, record.id));
    SILLAGE_TRY(order.instances, select(visit, reader, selection));
    order.cohort = record.id;
    order.command = submit_command(body);
    return success();
}

/// Keeps the list with the key, or takes the one that an earlier try has kept.
Result<void> keep_list(Runtime& runtime, Order& order) {
    const json::object list{
        {"at", to_string(order.at)},
        {"instances", json::array(order.instances.begin(), order.instances.end())}};
    const auto work = [&](Work&) { return Answer{.status = 200, .body = to_json_text(list)}; };
    SILLAGE_TRY(const auto answer, runtime.perform(part_of(*order.repeat, "list"), work));
    SILLAGE_TRY(const auto kept, parse_json(answer.body));
    SILLAGE_TRY(order.at, parse_instant(kept.at("at").as_string()));
    order.instances.clear();
    for (const json::value& id : kept.at("instances").as_array()) {
        order.instances.emplace_back(id.as_string());
    }
    return success();
}

Result<Order> take_order(Runtime& runtime, const Arrival& arrival) {
    Order order;
    SILLAGE_TRY(order.account, enter(runtime, arrival));
    SILLAGE_TRY(order.is_dry_run, is_dry_run(arrival.request));
    order.repeat = arrival.repeat;
    order.at = arrival.request.now;
    const auto look = [&](Reader& reader) -> Result<void> {
        if (order.repeat) {
            SILLAGE_TRY(order.kept, kept_answer(reader, *order.repeat));
        }
        return order.kept ? success() : settle(arrival, reader, order);
    };
    SILLAGE_TRY(runtime.read(look));
    if (order.repeat && !order.kept) {
        SILLAGE_TRY(keep_list(runtime, order));
    }
    return order;
}

json::object outcome_of(const std::string& instance, const Error& error) {
    json::object out;
    out.emplace("instance", instance);
    const bool is_blocked = error.code == ErrorCode::event_refused;
    out.emplace("outcome", is_blocked ? "blocked" : "failed");
    if (is_blocked) {
        out.emplace("blockers", blockers_json(error));
    }
    out.emplace("problem", problem_json(error));
    return out;
}

json::object outcome_of(const Receipt& receipt) {
    json::object out;
    out.emplace("instance", receipt.after.record->id);
    out.emplace("outcome", "taken");
    const auto& definition = *receipt.after.definition;
    json::array states;
    for (const StateIndex state : receipt.after.snapshot.configuration) {
        if (definition.state(state).children.empty()) {
            states.emplace_back(definition.state(state).id);
        }
    }
    if (receipt.after.snapshot.ended_in) {
        states.emplace_back(definition.state(*receipt.after.snapshot.ended_in).id);
    }
    out.emplace("states", std::move(states));
    out.emplace("sequence", receipt.after.record->sequence);
    return out;
}

/// One instance's turn.
struct Turn {
    const Visit& visit;
    const Order& order;
    const std::string& id;
};

/// The single event's own path, for one instance of the list. `submit` as there.
template <class Submit>
Result<Receipt> submit_one(const Turn& turn, Reader& reader, Submit submit) {
    const auto& [visit, order, id] = turn;
    SILLAGE_TRY(const auto loaded, open_instance(visit, reader, id, Permission::act_on_instance));
    if (loaded.record->cohort != order.cohort) {
        return no_such("member", id);
    }
    const Call call = call_for(visit, loaded);
    Result<Receipt> receipt = submit(loaded, call);
    if (!receipt) {
        return shown_refusal(receipt.error(), *loaded.definition, call);
    }
    return receipt;
}

/// Done in one turn at the engine; a refusal is an outcome, not an error.
Result<json::object> run_one(Runtime& runtime, const Visit& visit, const Order& order,
                             const std::string& id) {
    const Turn turn{.visit = visit, .order = order, .id = id};
    if (order.is_dry_run) {
        return runtime.read([&](Reader& reader) -> Result<json::object> {
            const auto receipt =
                submit_one(turn, reader, [&](const Loaded& loaded, const Call& call) {
                    return reader.try_submit(loaded, order.command, call);
                });
            return receipt ? outcome_of(receipt.value()) : outcome_of(id, receipt.error());
        });
    }
    const auto work = [&](Work& writer) {
        const auto receipt = submit_one(turn, writer, [&](const Loaded& loaded, const Call& call) {
            return writer.submit(loaded, order.command, call);
        });
        return receipt ? Answer{.status = 200, .body = to_json_text(outcome_of(receipt.value()))}
                       : Answer{.status = static_cast<int>(problem_of(receipt.error()).status),
                                .body = to_json_text(outcome_of(id, receipt.error()))};
    };
    const auto repeat = order.repeat ? std::optional(part_of(*order.repeat, id)) : std::nullopt;
    const auto answer = runtime.perform(repeat, work);
    if (!answer) {
        return outcome_of(id, answer.error());
    }
    SILLAGE_TRY(const auto outcome, parse_json(answer.value().body));
    return outcome.as_object();
}

Response summary(const Order& order, const json::object& counts, json::array outcomes) {
    json::object body;
    body.emplace("event", order.command.event);
    body.emplace("counts", counts);
    body.emplace("outcomes", std::move(outcomes));
    return json_response(Status::ok, body);
}

/// Whether a repeat would find everything done: no outcome was a failure of the server's.
bool is_final(const json::array& outcomes) {
    return std::ranges::none_of(outcomes, [](const json::value& outcome) {
        const json::value* problem = outcome.as_object().if_contains("problem");
        return problem != nullptr && problem->as_object().at("status").as_int64() >= 500;
    });
}

net::awaitable<Result<Response>> post_events(const Arrival& arrival) {
    const Services& services = arrival.services;
    auto prepare = [&](Runtime& runtime) { return take_order(runtime, arrival); };
    SILLAGE_CO_TRY(const Order order, co_await services.gate.run(prepare));
    if (order.kept) {
        co_return to_response(*order.kept);
    }
    const Visit visit{.services = services, .request = arrival.request, .account = *order.account};
    json::array outcomes;
    for (const std::string& id : order.instances) {
        auto one = [&](Runtime& runtime) { return run_one(runtime, visit, order, id); };
        SILLAGE_CO_TRY(auto outcome, co_await services.gate.run(one));
        outcomes.push_back(std::move(outcome));
    }
    const bool is_kept = is_final(outcomes);
    const json::object counts = outcome_counts(outcomes, {"taken", "blocked", "failed"});
    Response response = summary(order, counts, std::move(outcomes));
    if (!is_kept) {
        co_return response;
    }
    if (!order.is_dry_run) {
        BulkFinished finished;
        finished.cohort = order.cohort;
        finished.event = order.command.event;
        finished.at = order.at;
        finished.counts = counts;
        // All is done by now: an answer that said otherwise would have it done twice.
        const auto told = co_await tell_bulk_finished(visit, order.repeat, std::move(finished));
        if (!told && services.deliveries.log) {
            services.deliveries.log(
                "bulk_not_told", {{"cohort", order.cohort}, {"code", name_of(told.error().code)}});
        }
    }
    co_return co_await keep_answer(arrival, std::move(response));
}

}  // namespace

std::vector<Route> bulk_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/cohorts/{id}/events",
             .permission = Permission::act_on_cohort,
             .task = post_events,
             .parameters = {"dry_run"},
             .about = {.id = "send_event_to_many",
                       .summary = "Send one event to many members of a cohort",
                       .tag = "Cohorts",
                       .words = "Name the instances, or a filter, or neither for all. Each is a "
                                "step of its own, as if it were sent alone: one refusal stops none "
                                "of the others. With `dry_run` nothing is written.",
                       .headers = {"Accept-Language"},
                       .body = {.name = "BulkEventInput", .members = whole_bulk_members},
                       .gives = {{.schema = "BulkOutcome"}}}}};
}

}  // namespace sillage::server
