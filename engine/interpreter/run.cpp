#include "engine/interpreter/detail/send.hpp"
#include "engine/interpreter/detail/values.hpp"

namespace sillage {
namespace {

/// Executes actions in one surrounding: what `event.data` is within them. Every function gives the
/// error that abandons the block; a passed limit is noted in the machine and gives success.
class Runner {
  public:
    Runner(Machine& machine, const boost::json::value& data, const std::vector<Field>* form)
        : machine_(machine), data_(data), form_(form) {}

    /// Fails the block, at the place of the failing action.
    void run(const Block& block) {
        const Result<void> done = execute(block);
        if (!done) {
            fail(machine_, {.message = done.error().message, .place = failed_at_},
                 std::move(failed_send_id_));
        }
    }

  private:
    Result<void> execute(const Block& block) {
        for (const Action& action : block) {
            if (++machine_.action_count > actions_max) {
                abort_step(machine_, "action_limit",
                           "One step executed more than 100,000 actions.");
            }
            if (machine_.aborted) {
                return success();
            }
            failed_at_ = action.place;
            failed_send_id_.clear();
            SILLAGE_TRY(
                std::visit([this](const auto& node) { return perform(node); }, action.node));
        }
        return success();
    }

    [[nodiscard]] Moment moment() const { return with_data(moment_of(machine_), data_, form_); }

    Result<void> perform(const Assign& action) { return assign(machine_, moment(), action); }

    Result<void> perform(const Raise& action) {
        SILLAGE_TRY(auto data, fill(moment(), action.data));
        raise(machine_, action.event, std::move(data));
        return success();
    }

    Result<void> perform(const SendAction& action) {
        return send(machine_, moment(), action, failed_send_id_);
    }

    Result<void> perform(const FailAction& action) {
        return Error{.code = ErrorCode::expression_failed, .message = action.message};
    }

    Result<void> perform(const Extend& action) { return extend(machine_, moment(), action); }

    Result<void> perform(const CancelAction& action) {
        SILLAGE_TRY(const auto id, name_from(moment(), action.id));
        if (id.empty()) {
            return success();
        }
        cancel_timers(machine_, [&](const Timer& timer) {
            return timer.kind == TimerKind::send && timer.send_id() == id;
        });
        std::erase_if(machine_.snapshot.queue,
                      [&](const QueuedEvent& queued) { return queued.send_id == id; });
        return success();
    }

    Result<void> perform(const EmitAction& action) {
        SILLAGE_TRY(auto data, fill(moment(), action.data));
        cause(machine_, Emit{.type = action.type, .data = std::move(data)});
        return success();
    }

    Result<void> perform(const NotifyAction& action) {
        Notify notify{.role = action.role};
        for (const Text::Variant& variant : action.text.variants) {
            SILLAGE_TRY(auto text, fill_text(moment(), variant));
            notify.texts.emplace_back(variant.language, std::move(text));
        }
        cause(machine_, std::move(notify));
        return success();
    }

    Result<void> perform(const LogAction& action) {
        SILLAGE_TRY(auto value, fill(moment(), action.value));
        cause(machine_, Log{.value = std::move(value)});
        return success();
    }

    /// In SCXML a condition that fails is false, and the block goes on (SCXML 5.9.1).
    Result<void> perform(const IfAction& action) {
        const Result<bool> chosen = holds(moment(), action.condition);
        if (!chosen && machine_.definition.dialect == Dialect::scxml) {
            fail(machine_, chosen.error(), action.condition.place);
            return execute(action.otherwise);
        }
        SILLAGE_TRY(const bool is_chosen, chosen);
        return execute(is_chosen ? action.then : action.otherwise);
    }

    Result<void> perform(const ForEachAction& action) {
        return action.as_field ? loop_over_fields(action) : loop_over_slots(action);
    }

    Result<void> loop_over_slots(const ForEachAction& action) {
        SILLAGE_TRY(const auto value, evaluate_at(moment(), action.in));
        const auto* list = value.list();
        if (list == nullptr) {
            return wrong_value(action.in, value, "a list");
        }
        std::int64_t position = 0;
        for (const Value& item : *list) {
            if (machine_.aborted) {
                return success();
            }
            set_loop_value(machine_, action.as_slot, item);
            if (!action.index.empty()) {
                set_loop_value(machine_, action.index_slot, Value{position});
            }
            SILLAGE_TRY(execute(action.body));
            ++position;
        }
        return success();
    }

    /// SCXML's loop: its variables are fields, and keep their last values.
    Result<void> loop_over_fields(const ForEachAction& action) {
        SILLAGE_TRY(const auto value, fill(moment(), {.node = action.in}));
        const auto* list = value.if_array();
        if (list == nullptr) {
            return Error{.code = ErrorCode::expression_failed,
                         .message = "\"" + action.in.text + "\" gives no list."};
        }
        std::int64_t position = 0;
        for (const boost::json::value& item : *list) {
            if (machine_.aborted) {
                return success();
            }
            set_field(*action.as_field, item);
            if (action.index_field) {
                set_field(*action.index_field, position);
            }
            SILLAGE_TRY(execute(action.body));
            ++position;
        }
        return success();
    }

    void set_field(std::size_t position, boost::json::value value) {
        machine_.trace.emplace_back(
            AssignedField{.path = machine_.definition.context[position].name, .value = value});
        machine_.snapshot.context[position] = std::move(value);
    }

    Machine& machine_;
    const boost::json::value& data_;
    const std::vector<Field>* form_;
    /// Of the action that is, or was last, at work.
    Place failed_at_ = {};
    /// The id of the `send` that is at work, once it is known.
    std::string failed_send_id_ = {};
};

}  // namespace

void run_block(Machine& machine, const Block& block) {
    if (!block.empty()) {
        Runner(machine, machine.event.data(), nullptr).run(block);
    }
}

void run_transition(Machine& machine, const Selected& selected) {
    const Transition& transition = machine.definition.transitions[selected.transition];
    const bool eventless = transition.trigger == Trigger::eventless;
    machine.trace.emplace_back(TakenTransition{.transition = selected.transition,
                                               .event = eventless ? Name() : machine.event.name});
    if (selected.form != nullptr) {
        // A form is asked for the external event alone, so that is where its data is.
        const auto& data = selected.data ? *selected.data : machine.input.event.data;
        Runner(machine, data, selected.form).run(transition.actions);
    } else {
        run_block(machine, transition.actions);
    }
}

}  // namespace sillage
