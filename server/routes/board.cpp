#include <algorithm>
#include <map>

#include "engine/interpreter/explain.hpp"
#include "engine/interpreter/status.hpp"
#include "server/routes/instance_json.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Members that one board shows. A network's largest call has a few hundred; the cursor of
/// `GET /v1/instances?cohort=` is for more.
constexpr std::size_t members_max = 1'000;

struct Stage {
    std::string title = {};
    json::array members = {};
    std::int64_t overdue = 0;
};

/// An event that some members would take from the caller.
struct BulkEvent {
    std::string title = {};
    std::int64_t count = 0;
};

/// The board as it grows, member by member.
struct Board {
    std::vector<std::string> order = {};  ///< of the stages, as the workflow has them
    std::map<std::string, Stage> stages = {};
    std::vector<std::string> event_order = {};
    std::map<std::string, BulkEvent> events = {};

    Stage& stage(const std::string& name) {
        if (!stages.contains(name)) {
            order.push_back(name);
        }
        return stages[name];
    }
};

void add_stages(Board& board, const Definition& definition, const Call& call) {
    const Input reader{.actor = call.actor, .now = call.now, .languages = call.languages};
    for (const StateIndex child : definition.state(root_state).children) {
        const State& state = definition.state(child);
        if (state.type != StateType::history) {
            board.stage(state.name).title =
                state.title.empty() ? state.name
                                    : render(definition, Snapshot{}, reader, state.title);
        }
    }
}

json::array allowed_events(Board& board, const Loaded& loaded, const Call& call) {
    json::array names;
    for (const Offer& offer :
         offers(*loaded.definition, loaded.snapshot, Reader::input_for(loaded, call))) {
        if (!offer.allowed) {
            continue;
        }
        names.emplace_back(offer.event);
        if (!board.events.contains(offer.event)) {
            board.event_order.push_back(offer.event);
            board.events[offer.event].title = offer.title;
        }
        ++board.events[offer.event].count;
    }
    return names;
}

void add_member(Board& board, const Loaded& loaded, const Call& call) {
    const json::object shown = instance_json(loaded, call);
    json::object member;
    member.emplace("instance", loaded.record->id);
    member.emplace("company", shown.at("company"));
    const json::value* name = loaded.company->if_contains("name");
    member.emplace("company_name", name == nullptr ? json::value(nullptr) : *name);
    for (const auto* same : {"key", "sequence", "states", "title", "waiting_for", "waiting_for_all",
                             "deadline", "overdue", "done", "incident"}) {
        member.emplace(same, shown.at(same));
    }
    member.emplace("events", allowed_events(board, loaded, call));
    Stage& stage = board.stage(std::string(shown.at("stage").as_string()));
    if (stage.title.empty()) {
        stage.title = std::string(shown.at("stage_title").as_string());
    }
    stage.overdue += shown.at("overdue").as_bool() ? 1 : 0;
    stage.members.push_back(std::move(member));
}

json::object board_json(Board& board) {
    json::array stages;
    std::int64_t count = 0;
    for (const std::string& name : board.order) {
        Stage& stage = board.stages[name];
        json::object out;
        out.emplace("stage", name);
        out.emplace("title", stage.title);
        out.emplace("count", static_cast<std::int64_t>(stage.members.size()));
        out.emplace("overdue", stage.overdue);
        count += static_cast<std::int64_t>(stage.members.size());
        out.emplace("members", std::move(stage.members));
        stages.push_back(std::move(out));
    }
    json::array events;
    for (const std::string& name : board.event_order) {
        json::object out;
        out.emplace("event", name);
        out.emplace("title", board.events[name].title);
        out.emplace("count", board.events[name].count);
        events.push_back(std::move(out));
    }
    json::object out;
    out.emplace("count", count);
    out.emplace("stages", std::move(stages));
    out.emplace("events", std::move(events));
    return out;
}

Result<Response> get_board(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(const auto cohort, open_cohort(visit, reader, visit.request.path_parameter("id"),
                                               Permission::read_board));
    SILLAGE_TRY(const auto definition, reader.definition(cohort.body.at("workflow").as_string(),
                                                         cohort.body.at("version").as_int64()));
    Board board;
    const Loaded nobody{.record = InstanceRecord{.cohort = cohort.id, .cluster = cohort.cluster},
                        .definition = definition};
    add_stages(board, *definition, call_for(visit, nobody));
    SILLAGE_TRY(const auto records,
                reader.view().instances(
                    InstanceFilter{.cohort = cohort.id, .parent = "", .limit = members_max + 1}));
    for (std::size_t index = 0; index < std::min(records.size(), members_max); ++index) {
        SILLAGE_TRY(const auto loaded, reader.load(records[index]));
        const RoleRights rights(*loaded.definition);
        if (access(visit.account, Permission::read_instance, scope_of(loaded.record), rights) ==
            Access::granted) {
            add_member(board, loaded, call_for(visit, loaded));
        }
    }
    json::object out;
    out.emplace("cohort", cohort.id);
    out.emplace("name", cohort.body.at("name"));
    out.emplace("workflow", cohort.body.at("workflow"));
    out.emplace("version", cohort.body.at("version"));
    for (json::key_value_pair& member : board_json(board)) {
        out.emplace(member.key(), std::move(member.value()));
    }
    out.emplace("truncated", records.size() > members_max);
    return json_response(Status::ok, out);
}

}  // namespace

std::vector<Route> board_routes() {
    return {{.method = Method::get,
             .pattern = "/v1/cohorts/{id}/board",
             .permission = Permission::read_board,
             .read = get_board,
             .about = {
                 .id = "read_board",
                 .summary = "See the members of a cohort by stage",
                 .tag = "Cohorts",
                 .words = "With what each waits for, and how many would take which event from you.",
                 .headers = {"Accept-Language"},
                 .gives = {{.schema = "Board"}}}}};
}

}  // namespace sillage::server
