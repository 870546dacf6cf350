#include "engine/store/registry_line.hpp"

#include <boost/json/array.hpp>

#include "engine/base/hash.hpp"
#include "engine/base/json.hpp"

namespace sillage {

std::string registry_hash(const RegistryLine& line) {
    const boost::json::array parts{
        line.change, static_cast<int>(line.kind), line.id, line.revision, line.cluster, line.lookup,
        line.body,   line.at.milliseconds};
    return sha256_hex(to_json_text(parts));
}

}  // namespace sillage
