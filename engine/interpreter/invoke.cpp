#include "engine/interpreter/detail/invoke.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "engine/interpreter/detail/values.hpp"
#include "engine/model/index.hpp"
#include "engine/model/tree.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

/// What SCXML calls its own kind of child, in every spelling that it allows.
constexpr std::string_view scxml_types[] = {"scxml", "http://www.w3.org/TR/scxml",
                                            "http://www.w3.org/TR/scxml/"};

Error failed(std::string message) {
    return Error{.code = ErrorCode::expression_failed, .message = std::move(message)};
}

const Invoke& invoke_of(const Definition& definition, const Child& child) {
    return definition.state(child.state).invokes.at(child.invoke);
}

/// Raises `error.execution`, in a workflow with the child's id behind it, for its `onError`.
void fail_invoke(Machine& machine, const Invoke& invoke, const Error& error) {
    if (machine.definition.dialect == Dialect::scxml) {
        fail(machine, error, invoke.place);
        return;
    }
    machine.internal_events.push_back({.name = "error.execution." + invoke.id,
                                       .own_data = json::object{{"message", error.message}}});
    machine.trace.emplace_back(FailedBlock{.message = error.message, .place = invoke.place});
}

/// The document that was read because a `srcexpr` may come to name it: by its path.
std::optional<std::size_t> find_inlined(const Definition& definition, std::string_view path) {
    constexpr std::string_view scheme = "file:";
    if (path.starts_with(scheme)) {
        path.remove_prefix(scheme.size());
    }
    const auto& paths = definition.inlined_paths;
    const auto found = std::ranges::find(paths, path);
    return found == paths.end() || path.empty()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - paths.begin()));
}

/// Computes what one invoke starts, before anything of it happens.
class Invocation {
  public:
    Invocation(Machine& machine, StateIndex state, std::uint32_t position)
        : machine_(machine),
          state_(state),
          position_(position),
          invoke_(machine.definition.state(state).invokes[position]) {}

    /// Errors: expression_failed, limit_exceeded: nothing is started.
    Result<void> start() {
        SILLAGE_TRY(check_type());
        SILLAGE_TRY(id_, make_id());
        SILLAGE_TRY(compute());
        if (machine_.snapshot.children.size() + starts_.size() > children_max) {
            return failed(fmt::format("An instance has at most {} children.", children_max));
        }
        for (StartChild& start : starts_) {
            start.child.serial = machine_.snapshot.next_child++;
            machine_.snapshot.children.push_back(start.child);
            cause(machine_, std::move(start));
        }
        if (invoke_.each && starts_.empty()) {
            raise(machine_, "done.invoke." + id_, json::array());
        }
        return success();
    }

  private:
    [[nodiscard]] Moment moment() const { return moment_of(machine_); }

    Result<void> check_type() {
        SILLAGE_TRY(const auto type, fill(moment(), invoke_.type));
        if (type.is_null()) {
            return success();
        }
        const auto* text = type.if_string();
        if (text == nullptr ||
            std::ranges::find(scxml_types, std::string_view(*text)) == std::end(scxml_types)) {
            return failed("Only SCXML can be invoked.");
        }
        return success();
    }

    /// The id, made up when there is none, and told to `idlocation` before anything starts.
    Result<std::string> make_id() {
        if (!invoke_.id.empty()) {
            return invoke_.id;
        }
        std::string id = fmt::format("{}.{}", machine_.definition.state(state_).id,
                                     machine_.snapshot.next_made_id++);
        if (!invoke_.id_location.empty()) {
            Assign told;
            told.items.push_back({.path = invoke_.id_location, .value = {json::value(id)}});
            complete_item(machine_.definition, told.items.front());
            SILLAGE_TRY(assign(machine_, moment(), told));
        }
        return id;
    }

    Result<void> compute() {
        if (!invoke_.each) {
            return add(id_);
        }
        const Invoke::Each& each = *invoke_.each;
        SILLAGE_TRY(const auto value, evaluate_at(moment(), each.in));
        const auto* list = value.list();
        if (list == nullptr) {
            return wrong_value(each.in, value, "a list");
        }
        std::int64_t index = 0;
        for (const Value& item : *list) {
            set_loop_value(machine_, each.as_slot, item);
            if (!each.index.empty()) {
                set_loop_value(machine_, each.index_slot, Value{index});
            }
            SILLAGE_TRY(add(fmt::format("{}.{}", id_, index)));
            if (starts_.size() > children_max) {
                break;
            }
            ++index;
        }
        return success();
    }

    Result<void> add(std::string id) {
        StartChild start{
            .child = {.invoke_id = std::move(id), .state = state_, .invoke = position_},
            .workflow = invoke_.workflow,
            .version = invoke_.version,
            .inlined = invoke_.inlined};
        SILLAGE_TRY(auto input, fill(moment(), invoke_.input));
        if (auto* object = input.if_object()) {
            start.input = std::move(*object);
        } else if (!input.is_null()) {
            return failed("The input of a child must be a mapping.");
        }
        if (invoke_.source) {
            SILLAGE_TRY(const auto source, evaluate_at(moment(), *invoke_.source));
            const auto* text = source.text();
            if (text == nullptr) {
                return wrong_value(*invoke_.source, source, "a text");
            }
            start.source = std::string(*text);
            start.inlined = find_inlined(machine_.definition, *text);
            if (start.inlined) {
                start.source.clear();
            }
        }
        starts_.push_back(std::move(start));
        return success();
    }

    Machine& machine_;
    StateIndex state_;
    std::uint32_t position_;
    const Invoke& invoke_;
    std::string id_ = {};
    std::vector<StartChild> starts_ = {};
};

/// Whether the child belongs to that invoke, as one of its `each` or alone.
bool is_of(const Child& child, const Child& other) {
    return child.state == other.state && child.invoke == other.invoke;
}

/// Notes that a child has ended. When it was the last of an `each`, gives the outputs of all, which
/// are then forgotten.
std::optional<json::array> end_child(std::vector<Child>& children, const Child& ended,
                                     json::value output) {
    const auto at = std::ranges::find(children, ended.serial, &Child::serial);
    at->done = true;
    at->output = std::move(output);
    json::array outputs;
    for (const Child& sibling : children) {
        if (!is_of(sibling, ended)) {
            continue;
        }
        if (!sibling.done) {
            return std::nullopt;
        }
        outputs.push_back(sibling.output);
    }
    std::erase_if(children, [&](const Child& sibling) { return is_of(sibling, ended); });
    return outputs;
}

std::optional<Addressee> find_session(const Machine& machine, std::string_view session) {
    if (session == machine.input.instance) {
        return Addressee{};
    }
    if (machine.input.parent && session == machine.input.parent->instance) {
        return Addressee{.recipient = Recipient::parent};
    }
    // Whether there is such an instance only the shell can tell.
    if (session.starts_with("ins_")) {
        return Addressee{.recipient = Recipient::peer, .peer = std::string(session)};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Addressee> find_recipient(const Machine& machine, std::string_view to) {
    if (machine.definition.dialect == Dialect::scxml) {
        constexpr std::string_view session = "#_scxml_";
        if (to.starts_with(session)) {
            return find_session(machine, to.substr(session.size()));
        }
        if (!to.starts_with("#_")) {
            return std::nullopt;
        }
        to.remove_prefix(2);
    }
    if (to == "parent") {
        return machine.input.parent ? std::optional(Addressee{.recipient = Recipient::parent})
                                    : std::nullopt;
    }
    Addressee found{.recipient = Recipient::child};
    for (const Child& child : machine.snapshot.children) {
        const Invoke& invoke = invoke_of(machine.definition, child);
        if (!child.done && (child.invoke_id == to || (invoke.each && invoke.id == to))) {
            found.children.push_back(child.serial);
        }
    }
    return found.children.empty() ? std::nullopt : std::optional(std::move(found));
}

void post(Machine& machine, Send send) {
    Addressee addressee;
    if (!send.to.empty()) {
        auto found = find_recipient(machine, send.to);
        if (!found) {
            raise(machine, "error.communication", communication_error(send.to, send.event),
                  {.type = EventType::platform, .send_id = send.send_id});
            return;
        }
        addressee = *std::move(found);
    }
    send.recipient = addressee.recipient;
    send.peer = addressee.peer;
    if (addressee.recipient == Recipient::child) {
        for (const std::uint64_t serial : addressee.children) {
            send.child = serial;
            cause(machine, send);
        }
        return;
    }
    if (addressee.recipient == Recipient::self) {
        if (machine.snapshot.queue.size() >= queued_steps_max) {
            abort_step(machine, "send_limit", "More than 1,000 sends wait for their step.");
            return;
        }
        machine.snapshot.queue.push_back(
            {.event = send.event, .data = send.data, .send_id = send.send_id});
    }
    cause(machine, std::move(send));
}

void start_invokes(Machine& machine) {
    const StateSet states = std::exchange(machine.to_invoke, {});
    for (const StateIndex state : states) {
        const auto& invokes = machine.definition.state(state).invokes;
        for (std::uint32_t position = 0; position < invokes.size(); ++position) {
            const Result<void> started = Invocation(machine, state, position).start();
            if (!started) {
                fail_invoke(machine, invokes[position], started.error());
            }
        }
    }
}

void cancel_invokes(Machine& machine, StateIndex state) {
    erase_state(machine.to_invoke, state);
    auto& children = machine.snapshot.children;
    for (const Child& child : children) {
        if (child.state == state && !child.done) {
            cause(machine, CancelChild{.serial = child.serial, .invoke_id = child.invoke_id});
        }
    }
    std::erase_if(children, [&](const Child& child) { return child.state == state; });
}

void receive_from_child(Machine& machine) {
    const Event& event = machine.input.event;
    const Child child = *find_running_child(machine.snapshot, event.child);
    const Invoke& invoke = invoke_of(machine.definition, child);
    const bool is_failure =
        is_end_of_child(event) && event.name != "done.invoke." + child.invoke_id;
    if (invoke.finalize && !is_failure) {
        run_block(machine, *invoke.finalize);
    }
    if (!is_end_of_child(event)) {
        return;
    }
    auto outputs =
        end_child(machine.snapshot.children, child, is_failure ? json::value(nullptr) : event.data);
    if (invoke.each && outputs) {
        raise(machine, "done.invoke." + invoke.id, *std::move(outputs));
    }
}

std::size_t forward_event(Machine& machine) {
    if (machine.snapshot.children.empty()) {
        return 0;
    }
    const Event& event = machine.input.event;
    // The engine's own events name this instance's states, which a child may have as well.
    if (machine.definition.dialect == Dialect::workflow && is_reserved_event(event.name)) {
        return 0;
    }
    std::size_t count = 0;
    for (const Child& child : machine.snapshot.children) {
        if (!child.done && invoke_of(machine.definition, child).forward) {
            cause(machine, Send{.event = event.name,
                                .data = event.data,
                                .to = child.invoke_id,
                                .send_id = event.send_id,
                                .recipient = Recipient::child,
                                .child = child.serial,
                                .forwarded = true});
            ++count;
        }
    }
    return count;
}

}  // namespace sillage
