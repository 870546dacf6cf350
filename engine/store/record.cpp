#include "engine/store/record.hpp"

#include <utility>

namespace sillage {

Birth birth_of(const InstanceRecord& record) {
    return Birth{.workflow = record.workflow,
                 .version = record.version,
                 .company = record.company,
                 .cohort = record.cohort,
                 .cluster = record.cluster,
                 .key = record.key,
                 .parent = record.parent,
                 .ancestors = record.ancestors,
                 .fragment = record.fragment,
                 .document = record.document};
}

InstanceRecord record_of(const Birth& birth, std::string id, Instant at) {
    return InstanceRecord{.id = std::move(id),
                          .workflow = birth.workflow,
                          .version = birth.version,
                          .company = birth.company,
                          .cohort = birth.cohort,
                          .cluster = birth.cluster,
                          .key = birth.key,
                          .parent = birth.parent,
                          .ancestors = birth.ancestors,
                          .fragment = birth.fragment,
                          .document = birth.document,
                          .started_at = at};
}

}  // namespace sillage
