#include "server/routes/account_access.hpp"

#include <algorithm>

namespace sillage::server {
namespace {

/// A thing that a binding names, and where that lies.
struct Named {
    std::string_view kind;
    std::string_view id;
    std::optional<Scope> scope = {};
};

Result<Named> look_up(Reader& reader, std::string_view kind, const std::string& id) {
    Named named{.kind = kind, .id = id};
    if (kind == "instance") {
        SILLAGE_TRY(const auto instance, reader.view().instance(id));
        if (instance) {
            named.scope = scope_of(*instance);
        }
        return named;
    }
    const RecordKind record_kind = kind == "company"  ? RecordKind::company
                                   : kind == "cohort" ? RecordKind::cohort
                                                      : RecordKind::cluster;
    SILLAGE_TRY(const auto record, reader.view().record(record_kind, id, std::nullopt));
    if (record) {
        named.scope = scope_of(*record);
    }
    return named;
}

/// The narrowest thing that the scope names.
Result<Named> narrowest(Reader& reader, const Scope& scope) {
    return !scope.instance.empty()  ? look_up(reader, "instance", scope.instance)
           : !scope.company.empty() ? look_up(reader, "company", scope.company)
           : !scope.cohort.empty()  ? look_up(reader, "cohort", scope.cohort)
                                    : look_up(reader, "cluster", scope.cluster);
}

/// The scope with everything that follows from it. A cohort's members may come from several
/// clusters, so that nothing follows from a cohort alone.
Scope completed(const Scope& given, const Named& named) {
    if (named.kind == "cohort" || named.kind == "cluster") {
        return given;
    }
    Scope scope = *named.scope;
    scope.ancestors.clear();
    if (named.kind == "company") {
        scope.cohort = given.cohort;
    }
    return scope;
}

Error at_role(Error error, std::size_t index, std::string_view member) {
    error.where =
        "/roles/" + std::to_string(index) + (member.empty() ? "" : "/") + std::string(member);
    return error;
}

Error only_for_admins(std::string message) {
    return Error{.code = ErrorCode::forbidden, .message = std::move(message)};
}

Result<void> check_role(const Visit& visit, const Binding& binding) {
    if (binding.role == "system") {
        return only_for_admins("Nobody may be bound to system: that is the engine itself.");
    }
    if (binding.role == name_of(Right::admin) && !is_admin_of(visit.account, binding.scope)) {
        return only_for_admins("Only an administrator may make administrators.");
    }
    return success();
}

/// A company's account is one company's, and whoever manages does so for a cluster or for all.
Result<void> check_fitting(const Binding& binding, Right right) {
    const Scope& scope = binding.scope;
    const auto misfit = [](std::string message) {
        return Error{.code = ErrorCode::invalid_argument, .message = std::move(message)};
    };
    if (right == Right::company && scope.company.empty() && scope.instance.empty()) {
        return misfit("A company's role is bound to its company: name the company.");
    }
    const bool is_narrow =
        !scope.company.empty() || !scope.instance.empty() || !scope.cohort.empty();
    if (right == Right::manager && is_narrow) {
        return misfit("A manager's role is bound to a cluster, or to the whole network.");
    }
    return success();
}

/// The scope of a binding as it takes effect for this caller.
Result<Scope> effective_scope(const Visit& visit, Reader& reader, const Scope& given,
                              const RoleRights& rights) {
    const auto may = [&](const Scope& scope) {
        return access(visit.account, Permission::write_account, scope, rights) == Access::granted;
    };
    if (given == Scope{}) {
        return may(given) ? Result<Scope>(given)
                          : only_for_admins(
                                "You may bind roles within your cluster only: name "
                                "the cluster, cohort, company or instance.");
    }
    SILLAGE_TRY(const auto named, narrowest(reader, given));
    if (!named.scope) {
        return no_such(named.kind, named.id);
    }
    Scope scope = completed(given, named);
    if (!may(scope) && named.kind == "cohort" && scope.cluster.empty()) {
        scope.cluster = named.scope->cluster;
    }
    if (!may(scope)) {
        return no_such(named.kind, named.id);
    }
    Scope belonging = given;
    belonging.cohort = named.kind == "instance" ? given.cohort : "";
    if (named.kind != "cohort" && !covers(belonging, *named.scope)) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "The things that the role names do not belong together."};
    }
    return scope;
}

}  // namespace

bool may_manage(const Account& caller, const Account& account, Permission permission,
                const RoleRights& rights) {
    const auto may = [&](const Scope& scope) {
        return access(caller, permission, scope, rights) == Access::granted;
    };
    const bool keeps_admins = std::ranges::all_of(account.bindings, [&](const Binding& binding) {
        return binding.role != name_of(Right::admin) || is_admin_of(caller, binding.scope);
    });
    const bool covers_all = !account.bindings.empty() &&
                            std::ranges::all_of(account.bindings, [&](const Binding& binding) {
                                return may(binding.scope);
                            });
    return keeps_admins && (covers_all || may(Scope{}));
}

Result<Record> open_account(const Visit& visit, Reader& reader, std::string_view id,
                            Permission permission) {
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::account, id, std::nullopt));
    if (!record) {
        return no_such("account", id);
    }
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    if (!may_manage(visit.account, account_of(*record), permission, rights)) {
        return no_such("account", id);
    }
    return *record;
}

Result<Record> open_account_or_own(const Visit& visit, Reader& reader, std::string_view id,
                                   Permission permission) {
    if (id != visit.account.id) {
        return open_account(visit, reader, id, permission);
    }
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::account, id, std::nullopt));
    return record ? Result<Record>(*record) : no_such("account", id);
}

Result<std::vector<Binding>> effective_bindings(const Visit& visit, Reader& reader,
                                                const std::vector<Binding>& given) {
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    std::vector<Binding> effective;
    for (std::size_t index = 0; index < given.size(); ++index) {
        const Binding& binding = given[index];
        const auto allowed = check_role(visit, binding);
        if (!allowed) {
            return at_role(allowed.error(), index, "role");
        }
        auto scope = effective_scope(visit, reader, binding.scope, rights);
        if (!scope) {
            return at_role(scope.error(), index, "");
        }
        const auto fitting = check_fitting(binding, rights.of(binding.role));
        if (!fitting) {
            return at_role(fitting.error(), index, "");
        }
        effective.push_back(Binding{.role = binding.role, .scope = std::move(scope).value()});
    }
    return effective;
}

}  // namespace sillage::server
