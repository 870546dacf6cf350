#include "engine/cel/detail/functions.hpp"

namespace sillage {
namespace {

/// Chosen: a look-up by name in the instance, or arithmetic with a zone's rules.
constexpr std::size_t host_steps = 20;

/// Asks the host, once the arguments are of these types.
template <class... Types>
Result<Value> ask_host(CallFrame& frame, HostFunction function, std::span<const Value> arguments) {
    std::size_t at = 0;
    if (!(arguments[at++].template get_if<Types>() && ...)) {
        return no_such_overload(frame.function, arguments);
    }
    if (!frame.environment.call) {
        return evaluation_error(std::string(frame.function.name) + "() is of no use here");
    }
    if (!frame.meter.take_steps(host_steps)) {
        return budget_error();
    }
    return frame.environment.call(frame.environment.host, function, arguments);
}

}  // namespace

Result<Value> cel_in_state(CallFrame& frame, std::span<const Value> arguments) {
    return ask_host<TextView>(frame, HostFunction::in_state, arguments);
}

Result<Value> cel_last(CallFrame& frame, std::span<const Value> arguments) {
    return ask_host<TextView>(frame, HostFunction::last, arguments);
}

Result<Value> cel_entered(CallFrame& frame, std::span<const Value> arguments) {
    return ask_host<TextView>(frame, HostFunction::entered, arguments);
}

Result<Value> cel_add_duration(CallFrame& frame, std::span<const Value> arguments) {
    return ask_host<Timestamp, TextView>(frame, HostFunction::add, arguments);
}

Result<Value> cel_days(CallFrame& frame, std::span<const Value> arguments) {
    return ask_host<Timestamp, Timestamp>(frame, HostFunction::days, arguments);
}

Result<Value> cel_working_days(CallFrame& frame, std::span<const Value> arguments) {
    return ask_host<Timestamp, Timestamp>(frame, HostFunction::working_days, arguments);
}

}  // namespace sillage
