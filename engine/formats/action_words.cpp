#include "engine/formats/detail/action_words.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/formats/detail/words.hpp"

namespace sillage {
namespace {

namespace json = boost::json;

std::string path_words(const std::vector<std::string>& path) {
    std::string words;
    for (const std::string& name : path) {
        words += (words.empty() ? "" : ".") + name;
    }
    return words;
}

void put_value(json::object& words, std::string_view key, const ValueTemplate& value) {
    if (!is_absent(value)) {
        words.emplace(key, value_words(value));
    }
}

struct ActionWords {
    const Definition& definition;

    json::object operator()(const Assign& assign) const {
        json::object items;
        for (const Assign::Item& item : assign.items) {
            items.emplace(path_words(item.path), value_words(item.value));
        }
        return {{"assign", std::move(items)}};
    }
    json::object operator()(const Raise& raise) const {
        if (is_absent(raise.data)) {
            return {{"raise", std::string_view(raise.event)}};
        }
        return {{"raise",
                 {{"event", std::string_view(raise.event)}, {"data", value_words(raise.data)}}}};
    }
    json::object operator()(const SendAction& send) const {
        json::object words{{"event", value_words(send.event)}};
        put_value(words, "data", send.data);
        if (send.after) {
            words.emplace("after", delay_words(*send.after));
        }
        put_value(words, "id", send.id);
        put_value(words, "to", send.to);
        return {{"send", std::move(words)}};
    }
    json::object operator()(const Extend& extend) const {
        json::object words{{"state", definition.state(extend.state).id}};
        if (extend.by) {
            words.emplace("by", delay_words(*extend.by));
        }
        if (extend.to) {
            words.emplace("to", extend.to->text);
        }
        return {{"extend", std::move(words)}};
    }
    json::object operator()(const CancelAction& cancel) const {
        return {{"cancel", value_words(cancel.id)}};
    }
    json::object operator()(const EmitAction& emit) const {
        json::object words{{"type", std::string_view(emit.type)}};
        put_value(words, "data", emit.data);
        return {{"emit", std::move(words)}};
    }
    json::object operator()(const NotifyAction& notify) const {
        return {{"notify",
                 {{"role", std::string_view(notify.role)}, {"text", text_words(notify.text)}}}};
    }
    json::object operator()(const LogAction& log) const {
        return {{"log", value_words(log.value)}};
    }
    json::object operator()(const IfAction& choice) const {
        json::object words{{"if", choice.condition.text},
                           {"then", block_words(definition, choice.then)}};
        if (!choice.otherwise.empty()) {
            words.emplace("else", block_words(definition, choice.otherwise));
        }
        return words;
    }
    json::object operator()(const ForEachAction& loop) const {
        json::object head{{"in", loop.in.text}, {"as", loop.as}};
        if (!loop.index.empty()) {
            head.emplace("index", loop.index);
        }
        return {{"foreach", std::move(head)}, {"do", block_words(definition, loop.body)}};
    }
    /// What fails whenever it is reached, and says why.
    json::object operator()(const FailAction& failure) const {
        return {{"log", "${[" + to_json_text(json::value(failure.message)) + "][1]}"}};
    }
};

}  // namespace

json::object action_words(const Definition& definition, const Action& action) {
    return std::visit(ActionWords{definition}, action.node);
}

json::array block_words(const Definition& definition, const Block& block) {
    json::array words;
    for (const Action& action : block) {
        words.emplace_back(action_words(definition, action));
    }
    return words;
}

}  // namespace sillage
