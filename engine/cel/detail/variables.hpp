#pragma once

#include <string>
#include <vector>

#include "engine/cel/detail/meter.hpp"

namespace sillage {

/// A member that is asked of a map.
struct WantedMember {
    const std::string& name;
    bool null_when_absent = false;
    bool presence = false;  ///< whether it is there is asked
};

/// What is found. Errors: expression_failed: no map, or no such key; limit_exceeded.
[[nodiscard]] Result<const Value*> find_member(CostMeter& meter, const Value& operand,
                                               const WantedMember& wanted);

/// The variables of one evaluation that the host gives as a whole.
class Variables {
  public:
    Variables(const Environment& environment, CostMeter& meter)
        : environment_(environment), meter_(meter) {}

    /// What lies at the end of the path. Errors: the host's; as find_member.
    [[nodiscard]] Result<Value> read(const VariablePath& path);

  private:
    struct Known {
        std::size_t slot;
        Value value;
    };

    Result<Value> whole(std::size_t slot);

    const Environment& environment_;
    CostMeter& meter_;
    /// Asked once: the host may make a large map for it, and a macro may ask often.
    std::vector<Known> known_;
};

}  // namespace sillage
