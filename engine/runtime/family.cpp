#include "engine/runtime/family.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/hash.hpp"
#include "engine/interpreter/explain.hpp"
#include "engine/interpreter/step.hpp"

namespace sillage {
namespace {

/// The reasons of both, those of whoever got further first.
std::vector<Reason> joined(std::vector<Reason> some, std::vector<Reason> others) {
    if (some.empty() || (!others.empty() && some.front().code < others.front().code)) {
        std::swap(some, others);
    }
    std::ranges::move(others, std::back_inserter(some));
    return some;
}

Error refusal(std::vector<Reason> reasons) {
    std::string message = reasons.empty() ? "Nobody takes this event." : reasons.front().message;
    return Error{.code = ErrorCode::event_refused,
                 .message = std::move(message),
                 .reasons = std::move(reasons)};
}

/// What the store met ends the request; all else is the child's.
bool is_of_store(const Error& error) {
    return error.code == ErrorCode::storage_full || error.code == ErrorCode::storage_failed ||
           error.code == ErrorCode::unavailable || error.code == ErrorCode::corrupt;
}

/// Errors: not_found: the text is no document, and was not found as a path.
Result<void> check_document(const std::string& source) {
    const std::size_t first = source.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || source[first] != '<') {
        return Error{.code = ErrorCode::not_found,
                     .message = fmt::format("No document \"{}\" lies beside this one.",
                                            source.substr(0, 100))};
    }
    return success();
}

/// What the parent's definition calls a child that could not start.
std::string failure_name(const Definition& parent, const std::string& invoke_id) {
    return parent.dialect == Dialect::scxml ? "error.communication"
                                            : "error.communication." + invoke_id;
}

}  // namespace

std::string child_id(std::string_view parent, std::uint64_t serial, Instant now) {
    const std::string hash = sha256_hex(fmt::format("{}/{}", parent, serial));
    Entropy entropy{};
    for (std::size_t i = 0; i < entropy.size(); ++i) {
        const auto digit = [&](std::size_t at) {
            const char c = hash[at];
            return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
        };
        entropy[i] = static_cast<std::uint8_t>(digit(2 * i) << 4U | digit(2 * i + 1));
    }
    return make_id<InstanceTag>(now, entropy).value;
}

Family::Family(const Kin& kin, const Loaded& first, std::string idempotency_key)
    : kin_(kin), first_(first.record->id), key_(std::move(idempotency_key)) {
    members_.emplace(first_, first);
}

Result<void> Family::start(const Input& input) {
    now_ = input.now;
    SILLAGE_TRY(Step step, sillage::start(*first().definition, input));
    return enter(first_, input, std::move(step));
}

Result<void> Family::run(const Input& input) {
    now_ = input.now;
    SILLAGE_TRY(Step next, step(*first().definition, first().snapshot, input));
    if (next.awaits_child) {
        SILLAGE_TRY(auto refused, refusals_of_children(first(), input, next));
        if (refused) {
            const Explanation own = explain(*first().definition, first().snapshot, input);
            return refusal(joined(own.reasons, *std::move(refused)));
        }
    }
    return enter(first_, input, std::move(next));
}

Result<void> Family::add(const Input& input, Step step) {
    return enter(first_, input, std::move(step));
}

void Family::add_incident(const Input& input, const Error& error) {
    decision_.writes.push_back(enter_incident(first(), input, error, mark(true)));
}

EntryMark Family::mark(bool takes_key) {
    return {.idempotency_key = takes_key ? key_ : std::string(),
            .salt = kin_.salt ? kin_.salt() : std::string(),
            .trace = kin_.trace};
}

Decision Family::take() {
    decision_.receipt.after = first();
    for (const auto& [id, member] : members_) {
        if (member.record->parent && member.record->parent->instance == first_) {
            decision_.receipt.children.push_back(member.record);
        }
    }
    for (auto& [id, member] : members_) {
        decision_.members.push_back(std::move(member));
    }
    return std::move(decision_);
}

Result<void> Family::enter(const std::string& id, const Input& input, Step step) {
    Loaded& loaded = members_.at(id);
    const SharedValue<InstanceRecord> before = loaded.record;  // whose id may be the one given
    const bool ended = step.after.done && !loaded.snapshot.done;
    const std::optional<Step> shown = kin_.witness ? std::optional(step) : std::nullopt;
    SILLAGE_TRY(InstanceWrite write, enter_step(loaded, input, step, mark(true)));
    if (shown) {
        kin_.witness(loaded, input, *shown);
    }
    key_.clear();
    decision_.writes.push_back(std::move(write));
    const bool from_account = input.event.origin == EventOrigin::account;
    for (const Effect& effect : step.effects) {
        const auto ask = [&](auto what) {
            tasks_.push_back(Task{.of = id,
                                  .what = std::move(what),
                                  .actor = input.actor,
                                  .from_account = from_account});
        };
        if (const auto* send = std::get_if<Send>(&effect)) {
            ask(*send);
        } else if (const auto* start = std::get_if<StartChild>(&effect)) {
            ask(*start);
        } else if (const auto* cancel = std::get_if<CancelChild>(&effect)) {
            ask(*cancel);
        }
    }
    if (ended && !is_cancel(input.event) && loaded.record->parent) {
        tasks_.push_back(Task{.of = id, .what = ChildEnd{}});
    }
    if (id == first_) {
        Receipt& receipt = decision_.receipt;
        for (const TraceItem& item : step.trace) {
            if (const auto* taken = std::get_if<TakenTransition>(&item)) {
                receipt.taken.push_back(*taken);
            }
        }
        std::ranges::move(step.effects, std::back_inserter(receipt.effects));
    }
    return success();
}

Result<void> Family::settle(const Input& cause) {
    now_ = cause.now;
    while (!tasks_.empty()) {
        const Task task = std::move(tasks_.front());
        tasks_.pop_front();
        SILLAGE_TRY(std::visit([&](const auto& what) { return perform(task, what); }, task.what));
    }
    return success();
}

Result<void> Family::count() {
    if (step_count_ == queued_steps_max) {
        return Error{.code = ErrorCode::limit_exceeded,
                     .message = "More than 1,000 sends followed one event.",
                     .where = "send_limit"};
    }
    ++step_count_;
    return success();
}

Result<Loaded*> Family::member(const std::string& id) {
    auto found = members_.find(id);
    if (found == members_.end()) {
        SILLAGE_TRY(Loaded loaded, kin_.load(id));
        found = members_.emplace(id, std::move(loaded)).first;
    }
    return &found->second;
}

Result<Loaded*> Family::running_child(const std::string& parent, std::uint64_t serial) {
    const auto is_meant = [&](const auto& one) {
        const auto& link = one.second.record->parent;
        return link && link->instance == parent && link->serial == serial;
    };
    auto found = std::ranges::find_if(members_, is_meant);
    if (found == members_.end()) {
        SILLAGE_TRY(auto loaded, kin_.child({.instance = parent, .serial = serial}));
        if (!loaded) {
            return nullptr;
        }
        const std::string id = loaded->record->id;
        found = members_.emplace(id, *std::move(loaded)).first;
    }
    return found->second.snapshot.done ? nullptr : &found->second;
}

Input Family::input_for(const Loaded& member, Event event, Actor actor) const {
    return Input{.event = std::move(event),
                 .actor = std::move(actor),
                 .now = std::max(now_, member.snapshot.at),
                 .instance = member.record->id,
                 .parent = member.record->parent,
                 .company = member.company,
                 .cohort = member.cohort};
}

Result<void> Family::deliver(const std::string& to, const Input& input) {
    SILLAGE_TRY(count());
    Loaded& loaded = members_.at(to);
    Result<Step> next = step(*loaded.definition, loaded.snapshot, input);
    Result<void> entered = success();
    if (next && next.value().awaits_child) {
        SILLAGE_TRY(const auto refused, refusals_of_children(loaded, input, next.value()));
        if (refused) {
            return success();
        }
    }
    if (next) {
        entered = enter(to, input, std::move(next).value());
    } else if (next.error().code == ErrorCode::event_refused) {
        return success();
    } else {
        entered = std::move(next).error();
    }
    if (!entered && is_incident(entered.error())) {
        decision_.writes.push_back(enter_incident(loaded, input, entered.error(), mark(false)));
        decision_.mishaps.push_back(std::move(entered).error());
        return success();
    }
    return entered;
}

Result<void> Family::run_queued(const std::string& instance) {
    Loaded& loaded = members_.at(instance);
    const auto queued = queued_input(loaded.snapshot, input_for(loaded, Event{}, system_actor()));
    return queued ? deliver(instance, *queued) : success();
}

Result<void> Family::perform(const Task& task, const Send& send) {
    Event event{.name = send.event, .data = send.data, .send_id = send.send_id, .sender = task.of};
    switch (send.recipient) {
        case Recipient::self:
            return run_queued(task.of);
        case Recipient::parent:
            return send_to_parent(task.of, std::move(event));
        case Recipient::peer:
            return send_to_peer(task.of, send);
        case Recipient::child:
            break;
    }
    if (send.forwarded) {
        return forward(task, send);
    }
    SILLAGE_TRY(const Loaded* child, running_child(task.of, send.child));
    if (child == nullptr) {
        return success();
    }
    event.origin = EventOrigin::parent;
    return deliver(child->record->id, input_for(*child, std::move(event), system_actor()));
}

Input Family::forwarded_input(const Loaded& child, const Task& task, const Send& send) const {
    Event event{.name = send.event,
                .data = send.data,
                .origin = task.from_account ? EventOrigin::account : EventOrigin::parent,
                .send_id = send.send_id,
                .sender = task.of};
    return input_for(child, std::move(event), task.from_account ? task.actor : system_actor());
}

Result<void> Family::forward(const Task& task, const Send& send) {
    SILLAGE_TRY(const Loaded* child, running_child(task.of, send.child));
    if (child == nullptr) {
        return success();
    }
    return deliver(child->record->id, forwarded_input(*child, task, send));
}

Result<std::optional<std::vector<Reason>>> Family::refusals_of_children(const Loaded& parent,
                                                                        const Input& input,
                                                                        const Step& step) {
    const Task task{.of = parent.record->id,
                    .what = ChildEnd{},
                    .actor = input.actor,
                    .from_account = input.event.origin == EventOrigin::account};
    std::vector<Reason> reasons;
    for (const Effect& effect : step.effects) {
        const auto* send = std::get_if<Send>(&effect);
        if (send == nullptr || !send->forwarded) {
            continue;
        }
        SILLAGE_TRY(const Loaded* child, running_child(task.of, send->child));
        if (child == nullptr) {
            continue;
        }
        Input asked = forwarded_input(*child, task, *send);
        asked.languages = input.languages;
        const auto tried = sillage::step(*child->definition, child->snapshot, asked);
        if (!tried && tried.error().code == ErrorCode::event_refused) {
            reasons = joined(std::move(reasons), tried.error().reasons);
            continue;
        }
        if (!tried || !tried.value().awaits_child) {
            return std::optional<std::vector<Reason>>{};
        }
        SILLAGE_TRY(auto refused, refusals_of_children(*child, asked, tried.value()));
        if (!refused) {
            return std::optional<std::vector<Reason>>{};
        }
        reasons = joined(std::move(reasons), *std::move(refused));
    }
    return std::optional(std::move(reasons));
}

Result<void> Family::send_to_parent(const std::string& from, Event event) {
    const ParentLink link = members_.at(from).record->parent.value();
    event.origin = EventOrigin::child;
    event.child = link.serial;
    return tell_parent(link, std::move(event));
}

Result<void> Family::tell_parent(const ParentLink& link, Event event) {
    SILLAGE_TRY(const Loaded* parent, member(link.instance));
    if (find_running_child(parent->snapshot, link.serial) == nullptr) {
        return success();
    }
    return deliver(link.instance, input_for(*parent, std::move(event), system_actor()));
}

Result<void> Family::send_to_peer(const std::string& from, const Send& send) {
    const Loaded sender = members_.at(from);
    const auto family_of = [](const InstanceRecord& record) {
        return record.ancestors.empty() ? record.id : record.ancestors.front();
    };
    Event event{.name = send.event,
                .data = send.data,
                .origin = EventOrigin::peer,
                .send_id = send.send_id,
                .sender = from};
    const Result<Loaded*> found = member(send.peer);
    if (!found && found.error().code != ErrorCode::not_found) {
        return found.error();
    }
    // Another family's instances are nobody's to address, nor to know of.
    if (!found || family_of(found.value()->record) != family_of(sender.record)) {
        event.sender.clear();
        event.name = "error.communication";
        event.data = communication_error(send.to, send.event);
        return deliver(from, input_for(sender, std::move(event), system_actor()));
    }
    const Loaded& peer = *found.value();
    if (peer.snapshot.done) {
        return success();
    }
    if (sender.record->parent && sender.record->parent->instance == send.peer) {
        return send_to_parent(from, std::move(event));
    }
    if (peer.record->parent && peer.record->parent->instance == from) {
        event.origin = EventOrigin::parent;
    }
    return deliver(send.peer, input_for(peer, std::move(event), system_actor()));
}

Result<Loaded> Family::unborn(const Loaded& parent, const StartChild& start) {
    Loaded child{.company = parent.company,
                 .cohort = parent.cohort,
                 .company_revision = parent.company_revision,
                 .cohort_revision = parent.cohort_revision};
    InstanceRecord record{.id = child_id(parent.record->id, start.child.serial, now_),
                          .workflow = parent.record->workflow,
                          .version = parent.record->version,
                          .company = parent.record->company,
                          .cohort = parent.record->cohort,
                          .cluster = parent.record->cluster,
                          .parent = ParentLink{.instance = parent.record->id,
                                               .invoke_id = start.child.invoke_id,
                                               .serial = start.child.serial},
                          .ancestors = parent.record->ancestors,
                          .started_at = now_};
    record.ancestors.push_back(parent.record->id);
    if (record.ancestors.size() > generations_max) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = fmt::format("Instances nest at most {} deep.", generations_max)};
    }
    if (start.inlined) {
        child.definition = parent.definition->inlined.at(*start.inlined);
        record.document = parent.record->document;
        record.fragment = parent.record->fragment + (parent.record->fragment.empty() ? "" : ".") +
                          std::to_string(*start.inlined);
    } else if (!start.source.empty()) {
        SILLAGE_TRY(check_document(start.source));
        SILLAGE_TRY(child.definition, kin_.document(start.source));
        record.document = start.source;
    } else {
        SILLAGE_TRY(child.definition, kin_.workflow(start.workflow, start.version));
        record.workflow = child.definition->name;
        record.version = child.definition->version;
    }
    child.record = std::move(record);
    return child;
}

Result<void> Family::bear(Loaded child, const StartChild& start) {
    const Input input = input_for(child,
                                  Event{.name = std::string(start_event),
                                        .data = start.input,
                                        .origin = EventOrigin::parent,
                                        .sender = child.record->parent->instance},
                                  system_actor());
    SILLAGE_TRY(Step first, sillage::start(*child.definition, input));
    const std::string id = child.record->id;
    members_.insert_or_assign(id, std::move(child));
    Result<void> entered = enter(id, input, std::move(first));
    if (!entered) {
        members_.erase(id);
    }
    return entered;
}

Result<void> Family::perform(const Task& task, const StartChild& start) {
    const Loaded& parent = members_.at(task.of);
    if (find_running_child(parent.snapshot, start.child.serial) == nullptr) {
        return success();  // its state was left before it came to that
    }
    SILLAGE_TRY(count());
    Result<Loaded> child = unborn(parent, start);
    const Result<void> born =
        child ? bear(std::move(child).value(), start) : Result<void>(child.error());
    if (born) {
        return success();
    }
    if (is_of_store(born.error())) {
        return born.error();
    }
    const ParentLink link{
        .instance = task.of, .invoke_id = start.child.invoke_id, .serial = start.child.serial};
    return tell_parent(link, Event{.name = failure_name(*parent.definition, link.invoke_id),
                                   .data = boost::json::object{{"message", born.error().message}},
                                   .origin = EventOrigin::child,
                                   .child = link.serial});
}

Result<void> Family::perform(const Task& task, const ChildEnd&) {
    const Loaded& child = members_.at(task.of);
    const ParentLink link = child.record->parent.value();
    Event event{.name = "done.invoke." + link.invoke_id,
                .data = child.snapshot.output,
                .origin = EventOrigin::child,
                .child = link.serial};
    SILLAGE_TRY(const Loaded* parent, member(link.instance));
    const bool is_left = find_running_child(parent->snapshot, link.serial) == nullptr;
    if (is_left && parent->definition->dialect == Dialect::scxml) {
        // What the child sent as it ended made the parent leave it; SCXML has the end on the
        // parent's queue by then (W3C test 236).
        event.origin = EventOrigin::peer;
        event.child = 0;
        event.sender = task.of;
        return deliver(link.instance, input_for(*parent, std::move(event), system_actor()));
    }
    return tell_parent(link, std::move(event));
}

Result<void> Family::perform(const Task& task, const CancelChild& cancel) {
    SILLAGE_TRY(const Loaded* child, running_child(task.of, cancel.serial));
    if (child == nullptr) {
        return success();
    }
    Event event{.name = std::string(cancel_event), .origin = EventOrigin::parent};
    return deliver(child->record->id, input_for(*child, std::move(event), system_actor()));
}

}  // namespace sillage
