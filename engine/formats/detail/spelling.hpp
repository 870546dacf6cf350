#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/definition.hpp"

namespace sillage {

/// How a definition's states are named in a workflow file.
class Spelling {
  public:
    explicit Spelling(const Definition& definition);

    [[nodiscard]] const Definition& definition() const { return definition_; }
    /// What `id:` says of a state; empty when nothing. A state gets one made up when another state
    /// stands between it and whoever targets it by its path.
    [[nodiscard]] const std::string& alias(StateIndex state) const { return aliases_[state]; }
    /// A target as a transition or history of that source names it: the whole path, or `#alias`.
    [[nodiscard]] std::string target(StateIndex source, StateIndex target) const;
    /// A target of `initial`: the path below the state that starts.
    [[nodiscard]] std::string initial(StateIndex state, StateIndex target) const;

  private:
    [[nodiscard]] bool is_hidden(StateIndex source, StateIndex target) const;
    void make_alias(StateIndex state);

    const Definition& definition_;
    std::vector<std::string> aliases_;
};

}  // namespace sillage
