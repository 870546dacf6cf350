#include "engine/base/json.hpp"
#include "server/routes/members.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Where the clock shall go, or the answer that was kept of the same request.
struct Plan {
    std::optional<Repeat> repeat = {};
    std::optional<Answer> kept = {};
    Instant target = {};
};

std::vector<sillage::Field> advance_members() { return {text_member("by"), text_member("to")}; }

Result<Instant> target_in(const Services& services, const Request& request) {
    SILLAGE_TRY(const auto body, read_members(request, advance_members()));
    const std::string by = text_of(body, "by");
    const std::string to = text_of(body, "to");
    if (by.empty() == to.empty()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "Say either by, such as 14 days, or to, an instant."};
    }
    auto target = by.empty() ? parse_instant(to) : services.sandbox.after(by);
    if (!target) {
        target.error().where = by.empty() ? "/to" : "/by";
    }
    return target;
}

/// Keeps the target of a repeatable request, so that a repeat after a crash does not go further.
Result<Instant> keep_target(Runtime& runtime, const Repeat& repeat, Instant target) {
    const auto work = [&](Work&) { return Answer{.status = 200, .body = to_string(target)}; };
    SILLAGE_TRY(const auto answer, runtime.perform(part_of(repeat, "target"), work));
    return parse_instant(answer.body);
}

Result<Plan> plan(Runtime& runtime, const Arrival& arrival) {
    Plan plan;
    SILLAGE_TRY(const AccountPointer account, enter(runtime, arrival));
    SILLAGE_TRY(check_access(access(*account, arrival.route.permission, Scope{}, {}), *account,
                             "clock", ""));
    plan.repeat = arrival.repeat;
    if (plan.repeat) {
        SILLAGE_TRY(plan.kept, runtime.read([&](Reader& reader) {
            return kept_answer(reader, *plan.repeat);
        }));
    }
    if (plan.kept) {
        return plan;
    }
    SILLAGE_TRY(plan.target, target_in(arrival.services, arrival.request));
    if (plan.repeat) {
        SILLAGE_TRY(plan.target, keep_target(runtime, *plan.repeat, plan.target));
    }
    return plan;
}

net::awaitable<Result<Response>> post_advance(const Arrival& arrival) {
    const Services& services = arrival.services;
    auto prepare = [&](Runtime& runtime) { return plan(runtime, arrival); };
    SILLAGE_CO_TRY(const auto prepared, co_await services.gate.run(prepare));
    if (prepared.kept) {
        co_return to_response(*prepared.kept);
    }
    SandboxDoor::Advanced advanced{services.sandbox.now(), 0};
    const bool is_repeat_of_done = prepared.repeat && prepared.target < advanced.now;
    if (!is_repeat_of_done) {
        SILLAGE_CO_TRY(advanced, co_await services.sandbox.advance(prepared.target));
    }
    json::object body;
    body.emplace("now", to_string(advanced.now));
    body.emplace("fired", static_cast<std::int64_t>(advanced.fired));
    Answer done = to_answer(json_response(Status::ok, body));
    auto keep = [&](Runtime& runtime) {
        return runtime.perform(prepared.repeat, [&](Work&) { return done; });
    };
    SILLAGE_CO_TRY(const auto answer, co_await services.gate.run(keep));
    co_return to_response(answer);
}

}  // namespace

std::vector<Route> sandbox_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/sandbox/advance",
             .permission = Permission::write_network,
             .task = post_advance,
             .about = {.id = "advance_clock",
                       .summary = "Move the virtual clock",
                       .tag = "Operation",
                       .words = "Fires what falls due, in order, each at its own instant. Say "
                                "either `by` or `to`.",
                       .body = {.name = "AdvanceInput", .members = advance_members},
                       .gives = {{.schema = "Advanced"}}}}};
}

}  // namespace sillage::server
