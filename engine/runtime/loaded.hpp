#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>

#include "engine/base/shared_value.hpp"
#include "engine/model/definition.hpp"
#include "engine/store/record.hpp"

namespace sillage {

using DefinitionPointer = std::shared_ptr<const Definition>;

/// An instance with everything a step over it reads.
struct Loaded {
    SharedValue<InstanceRecord> record = {};
    Snapshot snapshot = {};
    DefinitionPointer definition = nullptr;
    /// Latest revisions, in the API's shape with `id`; empty objects and revision 0 without one.
    SharedValue<boost::json::object> company = {};
    SharedValue<boost::json::object> cohort = {};
    std::uint64_t company_revision = 0;
    std::uint64_t cohort_revision = 0;
};

}  // namespace sillage
