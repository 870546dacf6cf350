#include "tests/golden/scenario.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "engine/base/json.hpp"
#include "engine/calendar/calendar.hpp"
#include "engine/interpreter/status.hpp"
#include "engine/interpreter/story.hpp"
#include "engine/runtime/columns.hpp"
#include "engine/yaml/read.hpp"

namespace sillage::test {
namespace {

using Lines = std::vector<std::string>;

/// The words of a command: what stands before the first `key=`, and the keys' values.
struct Words {
    std::string verb = {};
    /// The rest of the words without a key, as written. Ex. `14 days`.
    std::string object = {};
    std::map<std::string, std::string> values = {};
};

/// Splits at spaces outside of JSON.
Lines split_words(const std::string& line) {
    Lines words{""};
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && (i == 0 || line[i - 1] != '\\')) {
            quoted = !quoted;
        }
        depth += quoted ? 0 : (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c == ' ' && depth == 0 && !quoted) {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    std::erase(words, "");
    return words;
}

Words read_words(const std::string& command) {
    Words words;
    for (const std::string& word : split_words(command)) {
        const std::size_t equals = word.find('=');
        if (words.verb.empty()) {
            words.verb = word;
        } else if (equals == std::string::npos) {
            words.object += (words.object.empty() ? "" : " ") + word;
        } else {
            words.values[word.substr(0, equals)] = word.substr(equals + 1);
        }
    }
    return words;
}

Lines split_list(const std::string& text) {
    Lines items;
    std::istringstream stream(text);
    for (std::string item; std::getline(stream, item, ',');) {
        items.push_back(item);
    }
    return items;
}

std::string value_or(const Words& words, const std::string& key, std::string otherwise) {
    const auto found = words.values.find(key);
    return found == words.values.end() ? std::move(otherwise) : found->second;
}

Result<boost::json::object> object_of(const Words& words, const std::string& key) {
    SILLAGE_TRY(auto json, parse_json(value_or(words, key, "{}")));
    if (!json.is_object()) {
        return Error{.code = ErrorCode::malformed, .message = key + " must be an object."};
    }
    return std::move(json).as_object();
}

/// The command's own step needs no heading.
bool is_asked_for(const Happening& happening, const std::string& path) {
    return happening.path == path && (happening.event.origin == EventOrigin::account ||
                                      happening.event.origin == EventOrigin::engine);
}

Lines story_of(const Performance& performance, const std::string& path = {}) {
    Lines lines;
    for (const Happening& happening : performance.happenings) {
        if (!is_asked_for(happening, path)) {
            lines.push_back((happening.path.empty() ? "" : "in " + happening.path + " ") + "at " +
                            to_string(happening.at) + " " + std::string(happening.event.name));
        }
        std::ranges::move(tell(*happening.definition, happening.step), std::back_inserter(lines));
    }
    if (performance.error) {
        std::ranges::move(tell(*performance.error), std::back_inserter(lines));
    }
    return lines;
}

std::string joined(const Lines& items) {
    std::string text;
    for (const std::string& item : items) {
        text += (text.empty() ? "" : ", ") + item;
    }
    return text;
}

std::string joined_leaves(const Loaded& member) {
    std::string text;
    for (const std::string& id : leaves_of(*member.definition, member.snapshot)) {
        text += (text.empty() ? "" : ", ") + id;
    }
    return text.empty() ? "-" : text;
}

Lines status_lines(const Rehearsal& rehearsal, const Words& words) {
    const std::string role = value_or(words, "as", "");
    Input input = rehearsal.input_for(
        {}, role.empty() ? system_actor() : Actor{.id = "reader", .roles = {role}});
    input.languages = {value_or(words, "lang", "en")};
    const Status status = describe(rehearsal.definition(), rehearsal.snapshot(), input);
    Lines lines{"stage " + status.stage, "states " + joined(status.states),
                "title " + status.title};
    if (!status.waiting_for.empty()) {
        lines.push_back("waiting_for " + joined(status.waiting_for));
    }
    for (const OpenDeadline& deadline : status.deadlines) {
        lines.push_back("deadline " + deadline.state + " " + to_string(deadline.at));
    }
    if (status.overdue) {
        lines.emplace_back("overdue");
    }
    if (status.done) {
        lines.emplace_back("done");
    }
    if (!rehearsal.snapshot().output.is_null()) {
        lines.push_back("output " + to_json_text(rehearsal.snapshot().output));
    }
    lines.push_back("context " + to_json_text(status.context));
    if (status.incident) {
        lines.push_back("incident " + status.incident->code);
    }
    for (const auto& [path, member] : rehearsal.descendants()) {
        lines.push_back("child " + path + " " + member->record->workflow + " " +
                        joined_leaves(*member) + (member->snapshot.done ? " done" : ""));
    }
    return lines;
}

Result<RehearsalSetup> setup_of(const Definition& definition, const Words& words) {
    SILLAGE_TRY(const auto now, parse_instant(value_or(words, "at", "2027-01-01T00:00:00Z")));
    SILLAGE_TRY(auto company, object_of(words, "company"));
    SILLAGE_TRY(auto cohort, object_of(words, "cohort"));
    SILLAGE_TRY(auto context, object_of(words, "context"));
    return RehearsalSetup{.now = now,
                          .company = std::move(company),
                          .cohort = std::move(cohort),
                          .context = std::move(context),
                          .actor = rehearsed_actor(definition, {}, {}),
                          .languages = {value_or(words, "lang", "en")}};
}

}  // namespace

Result<Scenario> read_scenario(const std::string& text) {
    constexpr std::string_view mark = "# workflow: ";
    Scenario scenario;
    Scene scene;
    bool printing = false;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        if (scenario.workflow.empty() && line.starts_with(mark)) {
            scenario.workflow = line.substr(mark.size());
        }
        if (printing && line.empty()) {
            scenario.scenes.push_back(std::exchange(scene, {}));
            printing = false;
        } else if (printing) {
            scene.expected.push_back(line);
        } else if (line == "----") {
            printing = true;
        } else if (line.empty() || line.starts_with('#')) {
            scene.leading.push_back(line);
        } else if (scene.command.empty()) {
            scene.command = line;
        } else {
            return Error{.code = ErrorCode::malformed, .message = "no ---- before: " + line};
        }
    }
    if (printing) {
        scenario.scenes.push_back(std::exchange(scene, {}));
    }
    scenario.trailing = std::move(scene.leading);
    if (scenario.workflow.empty() || scenario.scenes.empty()) {
        return Error{.code = ErrorCode::malformed, .message = "no workflow, or no command"};
    }
    return scenario;
}

std::string write_scenario(const Scenario& scenario) {
    std::string text;
    const auto add = [&](const Lines& lines) {
        for (const std::string& line : lines) {
            text += line + "\n";
        }
    };
    for (std::size_t i = 0; i < scenario.scenes.size(); ++i) {
        const Scene& scene = scenario.scenes[i];
        const bool last = i + 1 == scenario.scenes.size() && scenario.trailing.empty();
        add(scene.leading);
        add({scene.command, "----"});
        add(scene.expected);
        text += last ? "" : "\n";
    }
    add(scenario.trailing);
    return text;
}

Workflows workflows_in(const std::filesystem::path& folder) {
    return [folder](const std::string& name,
                    std::optional<std::int64_t>) -> Result<DefinitionPointer> {
        std::ifstream file(folder / (name + ".yaml"), std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const ReadOutcome outcome = read_definition(text, name + ".yaml");
        if (!file || outcome.definition == nullptr) {
            return Error{.code = ErrorCode::not_found,
                         .message = "There is no workflow \"" + name + "\"."};
        }
        return outcome.definition;
    };
}

Result<Lines> Stage::perform(const std::string& command) {
    const Words words = read_words(command);
    if (words.verb == "start") {
        SILLAGE_TRY(auto setup, setup_of(*definition_, words));
        setup.workflows = workflows_;
        rehearsal_ = std::make_unique<Rehearsal>(*definition_, std::move(setup));
        return story_of(rehearsal_->start());
    }
    if (!rehearsal_ || !rehearsal_->is_started()) {
        return Error{.code = ErrorCode::malformed, .message = "nothing has started"};
    }
    const Actor actor = rehearsed_actor(*definition_, split_list(value_or(words, "by", "")),
                                        value_or(words, "actor", ""));
    SILLAGE_TRY(auto data, parse_json(value_or(words, "data", "null")));
    const Event event{.name = words.object, .data = std::move(data)};
    if (words.verb == "send") {
        const std::string path = value_or(words, "to", "");
        return story_of(rehearsal_->send(event, actor, path), path);
    }
    if (words.verb == "advance") {
        SILLAGE_TRY(const auto duration, parse_duration(words.object));
        return story_of(rehearsal_->advance(duration));
    }
    if (words.verb == "explain") {
        return tell(*definition_, explain(*definition_, rehearsal_->snapshot(),
                                          rehearsal_->input_for(event, actor)));
    }
    if (words.verb == "status") {
        return status_lines(*rehearsal_, words);
    }
    return Error{.code = ErrorCode::malformed, .message = "no such command: " + command};
}

}  // namespace sillage::test
