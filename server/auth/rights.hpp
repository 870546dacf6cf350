#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/model/definition.hpp"

namespace sillage::server {

/// What a role may do over the API (api.md, section 2). `bound`: reading, and acting on, the
/// instances it is bound to.
enum class Right { bound, company, integration, evaluator, auditor, mentor, manager, admin };

/// `admin`, `manager`, …; `bound` for the last.
[[nodiscard]] std::string_view name_of(Right right);
/// The right of that name; nothing for every other word.
[[nodiscard]] std::optional<Right> right_named(std::string_view name);

/// Which right a role's name stands for: as the workflows declare, else as it is called.
class RoleRights {
  public:
    /// As no workflow says anything: its own name, `sme` is `company`, every other `bound`.
    RoleRights() = default;
    /// As one workflow declares; what decides about its own instances. It must outlive this.
    explicit RoleRights(const Definition& definition) : definition_(&definition) {}
    explicit RoleRights(const Definition&&) = delete;

    /// Adds a workflow to those that decide about the registry together. A right's own name keeps
    /// its meaning there, and a role on which two workflows differ gives no more than `bound`.
    void add_for_registry(const Definition& definition);

    /// No workflow makes administrators: that right comes by the name `admin` alone.
    [[nodiscard]] Right of(std::string_view role) const;

  private:
    const Definition* definition_ = nullptr;
    /// Of several workflows.
    std::map<std::string, Right, std::less<>> declared_;
};

}  // namespace sillage::server
