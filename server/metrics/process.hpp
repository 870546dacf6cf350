#pragma once

#include "server/metrics/exposition.hpp"

namespace sillage::server {

/// Memory, processor time, open files and start of this process, under the names that all
/// exporters use; without what the system does not tell.
void tell_process(Exposition& out);

}  // namespace sillage::server
