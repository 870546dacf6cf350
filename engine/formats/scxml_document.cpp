// A plain SCXML document, which SCXML's own rules govern.

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "engine/calendar/calendar.hpp"
#include "engine/formats/detail/scxml_reading.hpp"
#include "engine/model/index.hpp"

namespace sillage {
namespace {

void read_datamodel(ScxmlReading& reading, const XmlElement& root) {
    const XmlAttribute* datamodel = root.attribute("datamodel");
    if (datamodel != nullptr && datamodel->value != "cel" && datamodel->value != "null") {
        reading.error(datamodel->value_offset, "datamodel",
                      fmt::format("the data model {} is not supported; write cel (expressions are "
                                  "CEL) or null",
                                  in_message(datamodel->value)));
    }
}

void read_header(ScxmlReading& reading, const XmlElement& root) {
    Definition& definition = reading.definition;
    definition.dialect = Dialect::scxml;
    definition.hash = reading.hash;
    if (const XmlAttribute* name = root.attribute("name")) {
        definition.name = name->value;
    }
    read_datamodel(reading, root);
    if (const XmlAttribute* version = root.attribute("version");
        version != nullptr && version->value != "1.0") {
        reading.error(
            version->value_offset, "version",
            fmt::format("SCXML has the version 1.0; this is {}", in_message(version->value)));
    }
    if (const XmlAttribute* binding = root.attribute("binding")) {
        definition.late_binding = binding->value == "late";
        if (binding->value != "late" && binding->value != "early") {
            reading.error(
                binding->value_offset, "unknown-word",
                fmt::format("binding is early or late; this is {}", in_message(binding->value)));
        }
    }
    if (auto zone = load_zone(definition.calendar.timezone)) {
        definition.calendar.zone = std::move(zone).value();
    }
}

std::vector<std::string> state_ids(const Definition& definition) {
    std::vector<std::string> ids;
    for (const State& state : definition.states) {
        if (!state.id.empty()) {
            ids.push_back(state.id);
        }
    }
    return ids;
}

}  // namespace

std::shared_ptr<const Definition> read_document(ScxmlReading& reading, const XmlElement& root) {
    if (!root.is("scxml")) {
        reading.error(root.offset, "unknown-element",
                      fmt::format("an SCXML document is an <scxml> of the namespace {}; this is "
                                  "<{}>{}",
                                  scxml_namespace, root.name,
                                  root.is_scxml() ? "" : " of " + in_message(root.space)));
        return std::make_shared<const Definition>();
    }
    read_header(reading, root);
    check_vocabulary(reading, root);
    read_state_tree(reading, root);
    read_fields(reading, root);
    reading.scope =
        Scope(reading.definition.context, state_ids(reading.definition), Dialect::scxml);
    read_states(reading);
    reading.definition.slot_count = reading.scope.slot_count();
    if (!reading.findings.has_errors()) {
        complete(reading.definition);
    }
    return std::make_shared<const Definition>(std::move(reading.definition));
}

}  // namespace sillage
