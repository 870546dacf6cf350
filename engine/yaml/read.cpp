#include "engine/yaml/read.hpp"

#include <utility>

#include "engine/base/hash.hpp"
#include "engine/model/index.hpp"
#include "engine/yaml/detail/engine_events.hpp"
#include "engine/yaml/detail/invokes.hpp"
#include "engine/yaml/detail/reading.hpp"
#include "engine/yaml/detail/states.hpp"
#include "engine/yaml/detail/top.hpp"
#include "engine/yaml/detail/tree.hpp"
#include "engine/yaml/source.hpp"

namespace sillage {
namespace {

std::vector<std::string> state_ids(const Definition& definition) {
    std::vector<std::string> ids;
    for (const State& state : definition.states) {
        if (!state.id.empty()) {
            ids.push_back(state.id);
        }
    }
    return ids;
}

void read_tree(Reading& reading, const Node& top) {
    if (!expect(reading, top, NodeKind::map, "a workflow is a mapping, beginning with workflow:")) {
        return;
    }
    read_header(reading, top);
    read_state_tree(reading, top);
    reading.scope = Scope(reading.definition.context, state_ids(reading.definition));
    read_header_texts(reading, top);
    read_invoke_names(reading);
    read_states(reading);
    // What is missing may be what could not be read.
    if (!reading.findings.has_errors()) {
        check_asked_events(reading);
    }
    reading.definition.slot_count = reading.scope.slot_count();
}

}  // namespace

Definition read_definition_tree(const Node& top, const SourceText& source, Findings& findings) {
    Reading reading{.source = source, .findings = findings, .full_ids = true};
    read_tree(reading, top);
    return std::move(reading.definition);
}

ReadOutcome read_definition(std::string_view text, std::string_view file) {
    const SourceText source(text);
    Findings findings(file);
    const NodePtr top = check_text(source, findings) ? build_tree(source, findings) : nullptr;
    if (top == nullptr) {
        return {.findings = findings.take()};
    }
    Reading reading{.source = source, .findings = findings};
    read_tree(reading, *top);
    if (findings.has_errors()) {
        return {.findings = findings.take()};
    }
    reading.definition.hash = "sha256:" + sha256_hex(text);
    reading.definition.source = std::string(text);
    complete(reading.definition);
    return {.definition = std::make_shared<const Definition>(std::move(reading.definition)),
            .findings = findings.take()};
}

}  // namespace sillage
