#include "server/routes/company_access.hpp"

#include <algorithm>

#include "server/routes/company_record.hpp"
#include "server/routes/members.hpp"
#include "server/routes/page.hpp"

namespace sillage::server {
namespace {

/// Instances of one company that are looked at. Chosen: it runs through a few workflows at a time.
constexpr std::size_t instances_of_company_max = 50;
/// Instances that a list looks at: of more than anybody works with, the first.
constexpr std::size_t instances_max = page_rows_max;

bool is_narrow(const Binding& binding) {
    return !binding.scope.cohort.empty() || !binding.scope.instance.empty();
}

/// The instances that narrow bindings admit; nothing: there is no such binding.
std::optional<InstanceFilter> worked_with(const Account& account) {
    std::vector<InstanceFilter::Admission> admitted;
    for (const Binding& binding : account.bindings) {
        if (is_narrow(binding)) {
            const Scope& scope = binding.scope;
            admitted.push_back({scope.cluster, scope.cohort, scope.company, scope.instance});
        }
    }
    return admitted.empty() ? std::nullopt
                            : std::optional(InstanceFilter{.admitted = std::move(admitted)});
}

bool admits(const Account& account, const InstanceRecord& instance, const RoleRights& rights) {
    return access(account, Permission::read_company, scope_of(instance), rights) == Access::granted;
}

Result<bool> works_with(const Visit& visit, Reader& reader, const Record& company,
                        const RoleRights& rights) {
    auto filter = worked_with(visit.account);
    if (!filter) {
        return false;
    }
    filter->company = company.id;
    filter->limit = instances_of_company_max;
    SILLAGE_TRY(const auto instances, reader.view().instances(*filter));
    return std::ranges::any_of(instances, [&](const InstanceRecord& instance) {
        return admits(visit.account, instance, rights);
    });
}

}  // namespace

Result<Record> open_company(const Visit& visit, Reader& reader, std::string_view id) {
    auto company = open_record(visit, reader, {RecordKind::company, id}, Permission::read_company);
    if (company || company.error().code != ErrorCode::not_found) {
        return company;
    }
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::company, id, std::nullopt));
    if (!record) {
        return company;
    }
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    SILLAGE_TRY(const bool is_read, works_with(visit, reader, *record, rights));
    return is_read ? Result<Record>(*record) : company;
}

Result<ReadableCompanies> ReadableCompanies::of(const Visit& visit, Reader& reader) {
    ReadableCompanies readable(visit);
    SILLAGE_TRY(readable.rights_, registry_rights(reader, visit.account));
    auto filter = worked_with(visit.account);
    readable.is_all_ = filter && std::ranges::all_of(visit.account.bindings, is_narrow);
    if (!filter) {
        return readable;
    }
    filter->limit = page_items_max;
    for (std::size_t seen = 0; seen < instances_max; seen += page_items_max) {
        SILLAGE_TRY(const auto instances, reader.view().instances(*filter));
        for (const InstanceRecord& instance : instances) {
            if (admits(visit.account, instance, readable.rights_)) {
                readable.worked_with_.insert(instance.company);
            }
        }
        if (instances.size() < filter->limit) {
            break;
        }
        filter->after = instances.back().id;
    }
    return readable;
}

bool ReadableCompanies::has(const Record& company) const {
    return access(visit_.account, Permission::read_company, scope_of(company), rights_) ==
               Access::granted ||
           worked_with_.contains(company.id);
}

Result<std::vector<Record>> ReadableCompanies::after(Reader& reader, const std::string& id,
                                                     std::size_t limit) const {
    if (!is_all_) {
        return companies_after(visit_, reader, id, limit);
    }
    const auto cluster = visit_.request.query_parameter("cluster");
    const auto key = visit_.request.query_parameter("key");
    std::vector<Record> found;
    for (auto next = worked_with_.upper_bound(id);
         next != worked_with_.end() && found.size() < limit; ++next) {
        SILLAGE_TRY(auto company, reader.record(RecordKind::company, *next));
        if ((!cluster || company.cluster == *cluster) &&
            (!key || text_of(company.body, "key") == *key)) {
            found.push_back(std::move(company));
        }
    }
    return found;
}

}  // namespace sillage::server
