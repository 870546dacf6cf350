#include "engine/cel/json_path.hpp"

#include "engine/base/assert.hpp"

namespace sillage {

bool read_json_path(const JsonRecord& record, const VariablePath& path, const DateReader& dates,
                    Value& value) {
    SILLAGE_ASSERT(record.depth < path.steps.size());
    const boost::json::object* object = &record.object;
    const std::vector<Field>* fields = record.fields;
    for (std::size_t i = record.depth;; ++i) {
        const PathStep& step = path.steps[i];
        const bool is_last = i + 1 == path.steps.size();
        const boost::json::value* member = object->if_contains(step.name);
        if (is_last && path.presence) {
            value.set(member != nullptr);
            return true;
        }
        if (!member) {
            value.set(NullValue{});
            return is_last && step.null_when_absent;
        }
        const Field* field = fields ? find_field(*fields, step.name) : nullptr;
        if (is_last) {
            view_json(value, *member, field ? &field->schema : nullptr, dates);
            return true;
        }
        object = member->if_object();
        fields = field ? &field->schema.properties : nullptr;
        if (!object) {
            return false;
        }
    }
}

}  // namespace sillage
