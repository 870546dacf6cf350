#include "engine/formats/detail/scxml_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/formats/detail/action_words.hpp"
#include "engine/formats/detail/cel_words.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The members of a mapping, each as CEL; nothing when it is no mapping or one cannot be said.
/// An empty mapping has no `<param>` that could stand for it.
std::optional<Parameters> parameters_of(const ValueTemplate& data) {
    Parameters parameters;
    if (const auto* literal = std::get_if<json::value>(&data.node)) {
        if (!literal->is_object()) {
            return std::nullopt;
        }
        for (const json::key_value_pair& member : literal->get_object()) {
            parameters.emplace_back(member.key(), cel_words(member.value()));
        }
    } else if (const auto* members = std::get_if<ValueTemplate::Members>(&data.node)) {
        for (const auto& [name, value] : *members) {
            auto words = cel_words(value);
            if (!words) {
                return std::nullopt;
            }
            parameters.emplace_back(name, std::move(*words));
        }
    }
    return parameters.empty() ? std::nullopt : std::optional(std::move(parameters));
}

bool is_null(const ValueTemplate& value) {
    const auto* literal = std::get_if<json::value>(&value.node);
    return literal != nullptr && literal->is_null();
}

/// The text of a literal; nothing when it is computed or no text.
std::optional<std::string> literal_text(const ValueTemplate& value) {
    const auto* literal = std::get_if<json::value>(&value.node);
    const auto* text = literal == nullptr ? nullptr : literal->if_string();
    return text == nullptr || text->empty() ? std::nullopt : std::optional(std::string(*text));
}

/// A delay as SCXML has them: exact ones; a delay of nothing is none at all there.
std::optional<std::string> delay_attribute(const Delay& delay) {
    const auto* known = std::get_if<CalendarDuration>(&delay);
    const bool is_exact = known != nullptr && known->months == 0 && known->days == 0 &&
                          known->working_days == 0 && known->exact.milliseconds > 0;
    if (!is_exact) {
        return std::nullopt;
    }
    const std::int64_t ms = known->exact.milliseconds;
    return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

/// Adds elements of SCXML. False, and nothing added, where they do not say the same.
class NativeAction {
  public:
    NativeAction(pugi::xml_node parent, const Definition& definition)
        : parent_(parent), definition_(definition) {}

    bool operator()(const Assign& assign) {
        if (assign.items.size() != 1) {
            return false;  // several are computed before any is set
        }
        const auto expr = cel_words(assign.items.front().value);
        if (!expr) {
            return false;
        }
        std::string location;
        for (const std::string& name : assign.items.front().path) {
            location += (location.empty() ? "" : ".") + name;
        }
        const auto node = parent_.append_child("assign");
        add_attribute(node, "location", location);
        add_attribute(node, "expr", *expr);
        return true;
    }

    bool operator()(const Raise& raise) {
        const auto node = parent_.append_child(is_null(raise.data) ? "raise" : "send");
        add_attribute(node, "event", raise.event);
        if (is_null(raise.data)) {
            return true;
        }
        add_attribute(node, "target", "#_internal");
        return add_data(node, raise.data) || drop(node);
    }

    bool operator()(const SendAction& send) {
        const auto event = literal_text(send.event);
        const auto id = literal_text(send.id);
        const auto to = literal_text(send.to);
        const auto delay = send.after ? delay_attribute(*send.after) : std::nullopt;
        const bool is_native = event && (id || is_null(send.id)) && (to || is_null(send.to)) &&
                               (delay || !send.after) && to != "internal" &&
                               !to.value_or("").starts_with("scxml_");
        if (!is_native) {
            return false;
        }
        const auto node = parent_.append_child("send");
        add_attribute(node, "event", *event);
        if (id) {
            add_attribute(node, "id", *id);
        }
        if (delay) {
            add_attribute(node, "delay", *delay);
        }
        if (to) {
            add_attribute(node, "target", "#_" + *to);
        }
        return add_data(node, send.data) || drop(node);
    }

    bool operator()(const CancelAction& cancel) {
        const auto id = literal_text(cancel.id);
        const auto* expression = std::get_if<Expression>(&cancel.id.node);
        if (!id && expression == nullptr) {
            return false;
        }
        const auto node = parent_.append_child("cancel");
        add_attribute(node, id ? "sendid" : "sendidexpr", id ? *id : expression->text);
        return true;
    }

    bool operator()(const LogAction& log) {
        const auto expr = cel_words(log.value);
        if (expr) {
            add_attribute(parent_.append_child("log"), "expr", *expr);
        }
        return expr.has_value();
    }

    bool operator()(const IfAction& choice) {
        const auto node = parent_.append_child("if");
        add_attribute(node, "cond", choice.condition.text);
        add_block(node, definition_, choice.then);
        add_otherwise(node, choice.otherwise);
        return true;
    }

    bool operator()(const ForEachAction& loop) {
        const auto node = parent_.append_child("foreach");
        add_attribute(node, "array", loop.in.text);
        add_attribute(node, "item", loop.as);
        if (!loop.index.empty()) {
            add_attribute(node, "index", loop.index);
        }
        add_block(node, definition_, loop.body);
        return true;
    }

    bool operator()(const Extend&) { return false; }
    bool operator()(const EmitAction&) { return false; }
    bool operator()(const NotifyAction&) { return false; }
    bool operator()(const FailAction&) { return false; }

  private:
    bool drop(pugi::xml_node node) {
        parent_.remove_child(node);
        return false;
    }

    /// What SCXML calls `elseif` is a choice that stands alone in `else`.
    void add_otherwise(pugi::xml_node node, const Block& otherwise) {
        const auto* next =
            otherwise.size() == 1 ? std::get_if<IfAction>(&otherwise.front().node) : nullptr;
        if (next != nullptr) {
            add_attribute(node.append_child("elseif"), "cond", next->condition.text);
            add_block(node, definition_, next->then);
            add_otherwise(node, next->otherwise);
        } else if (!otherwise.empty()) {
            node.append_child("else");
            add_block(node, definition_, otherwise);
        }
    }

    pugi::xml_node parent_;
    const Definition& definition_;
};

}  // namespace

void add_extension(pugi::xml_node parent, std::string_view key, const json::value& value) {
    const auto node = parent.append_child(("sillage:" + std::string(key)).c_str());
    node.text().set(to_json_text(value).c_str());
}

void add_attribute(pugi::xml_node node, const char* name, std::string_view value) {
    node.append_attribute(name).set_value(std::string(value).c_str());
}

bool add_data(pugi::xml_node parent, const ValueTemplate& data) {
    if (is_null(data)) {
        return true;
    }
    if (const auto parameters = parameters_of(data)) {
        for (const auto& [name, expr] : *parameters) {
            const auto node = parent.append_child("param");
            add_attribute(node, "name", name);
            add_attribute(node, "expr", expr);
        }
        return true;
    }
    const auto expr = cel_words(data);
    if (expr) {
        add_attribute(parent.append_child("content"), "expr", *expr);
    }
    return expr.has_value();
}

void add_block(pugi::xml_node parent, const Definition& definition, const Block& block) {
    for (const Action& action : block) {
        if (!std::visit(NativeAction(parent, definition), action.node)) {
            for (const json::key_value_pair& word : action_words(definition, action)) {
                add_extension(parent, word.key(), word.value());
            }
        }
    }
}

}  // namespace sillage
