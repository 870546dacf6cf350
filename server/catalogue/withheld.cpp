#include "server/catalogue/withheld.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace sillage::server {
namespace {

namespace json = boost::json;

using Fields = std::vector<sillage::Field>;

/// Whether the path leads to a field, or a member of one, that is not for the reader.
bool leads_to_hidden(const Fields& declared, std::string_view path, const Actor& reader) {
    const Fields* fields = &declared;
    while (!path.empty()) {
        const std::string_view name = path.substr(0, path.find('.'));
        const sillage::Field* const field = find_field(*fields, name);
        if (field == nullptr) {
            return false;
        }
        const auto& roles = field->schema.visible_to;
        const bool is_seen =
            roles.empty() || std::ranges::any_of(roles, [&](const std::string& role) {
                return std::ranges::find(reader.roles, role) != reader.roles.end();
            });
        if (!is_seen) {
            return true;
        }
        fields = &field->schema.properties;
        path.remove_prefix(std::min(path.size(), name.size() + 1));
    }
    return false;
}

/// What a reader may not see, of one definition.
class Withheld {
  public:
    Withheld(const Definition& definition, const Actor& reader)
        : definition_(definition), reader_(reader) {}

    [[nodiscard]] bool reads_hidden(const Expression& expression) const {
        return std::ranges::any_of(expression.reads,
                                   [&](const std::string& path) { return is_hidden(path); });
    }

    /// Whether anything in it does.
    [[nodiscard]] bool reads_hidden(const ValueTemplate& made) const {
        if (const auto* expression = std::get_if<Expression>(&made.node)) {
            return reads_hidden(*expression);
        }
        if (const auto* pieces = std::get_if<TextPieces>(&made.node)) {
            return std::ranges::any_of(*pieces, [&](const auto& piece) {
                const auto* expression = std::get_if<Expression>(&piece);
                return expression != nullptr && reads_hidden(*expression);
            });
        }
        const auto* list = std::get_if<ValueTemplate::List>(&made.node);
        const auto* members = std::get_if<ValueTemplate::Members>(&made.node);
        return (list != nullptr &&
                std::ranges::any_of(
                    *list, [&](const ValueTemplate& element) { return reads_hidden(element); })) ||
               (members != nullptr && std::ranges::any_of(*members, [&](const auto& member) {
                    return reads_hidden(member.second);
                }));
    }

    /// What is left of the value; nothing: it is withheld as a whole.
    [[nodiscard]] std::optional<json::value> part(const ValueTemplate& made,
                                                  json::value value) const {
        if (const auto* members = std::get_if<ValueTemplate::Members>(&made.node)) {
            return open_members(*members, std::move(value));
        }
        return reads_hidden(made) ? std::nullopt : std::optional(std::move(value));
    }

  private:
    [[nodiscard]] bool is_hidden(std::string_view path) const {
        constexpr std::string_view event_data = "event.data.";
        if (!path.starts_with(event_data)) {
            // All of an event's data is as open as the least open of its fields.
            return path == "event" || path == "event.data"
                       ? has_hidden_form()
                       : leads_to_hidden(definition_.context, path, reader_);
        }
        path.remove_prefix(event_data.size());
        return std::ranges::any_of(definition_.transitions, [&](const Transition& transition) {
            return transition.form && leads_to_hidden(*transition.form, path, reader_);
        });
    }

    [[nodiscard]] bool has_hidden_form() const {
        return std::ranges::any_of(definition_.transitions, [&](const Transition& transition) {
            return transition.form &&
                   std::ranges::any_of(*transition.form, [&](const sillage::Field& field) {
                       return leads_to_hidden(*transition.form, field.name, reader_);
                   });
        });
    }

    [[nodiscard]] std::optional<json::value> open_members(const ValueTemplate::Members& members,
                                                          json::value value) const {
        json::object* const object = value.if_object();
        if (object == nullptr) {
            return value;
        }
        for (const auto& [name, made] : members) {
            const auto found = object->find(name);
            if (found == object->end()) {
                continue;
            }
            auto left = part(made, std::move(found->value()));
            if (left) {
                found->value() = *std::move(left);
            } else {
                object->erase(found);
            }
        }
        return value;
    }

    const Definition& definition_;
    const Actor& reader_;
};

using Visit = std::function<void(const EmitAction& emit, bool is_withheld)>;

/// Calls `visit` for every `emit` of the block. What loops over values that are withheld tells of
/// them in its body's variables.
void for_each_emit(const Block& block, const Withheld& withheld, bool is_withheld,
                   const Visit& visit) {
    for (const Action& action : block) {
        if (const auto* emit = std::get_if<EmitAction>(&action.node)) {
            visit(*emit, is_withheld);
        } else if (const auto* branch = std::get_if<IfAction>(&action.node)) {
            for_each_emit(branch->then, withheld, is_withheld, visit);
            for_each_emit(branch->otherwise, withheld, is_withheld, visit);
        } else if (const auto* loop = std::get_if<ForEachAction>(&action.node)) {
            for_each_emit(loop->body, withheld, is_withheld || withheld.reads_hidden(loop->in),
                          visit);
        }
    }
}

void for_each_emit(const Definition& definition, const Withheld& withheld, const Visit& visit) {
    for (const Transition& transition : definition.transitions) {
        for_each_emit(transition.actions, withheld, false, visit);
    }
    for (const State& state : definition.states) {
        for_each_emit(state.initial.actions, withheld, false, visit);
        for (const auto* blocks : {&state.entry, &state.exit}) {
            for (const Block& block : *blocks) {
                for_each_emit(block, withheld, false, visit);
            }
        }
        for (const Invoke& invoke : state.invokes) {
            if (invoke.finalize) {
                for_each_emit(*invoke.finalize, withheld, false, visit);
            }
        }
    }
}

}  // namespace

std::optional<json::value> told_emit(const Definition& definition, std::string_view type,
                                     json::value data, const Actor& reader) {
    const Withheld withheld(definition, reader);
    std::optional<json::value> told = std::move(data);
    for_each_emit(definition, withheld, [&](const EmitAction& emit, bool is_withheld) {
        if (emit.type == type && told) {
            told = is_withheld ? std::nullopt : withheld.part(emit.data, *std::move(told));
        }
    });
    return told;
}

}  // namespace sillage::server
