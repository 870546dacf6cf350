#include "server/routes/registry.hpp"

#include <algorithm>

#include "engine/store/registry_line.hpp"

namespace sillage::server {

namespace json = boost::json;

json::object record_json(const Record& record) {
    json::object out;
    out.emplace("id", record.id);
    for (const json::key_value_pair& member : record.body) {
        if (member.key() != changed_by) {
            out.emplace(member.key(), member.value());
        }
    }
    out.emplace("revision", record.revision);
    return out;
}

json::object written_members(const json::object& body, const std::vector<sillage::Field>& members) {
    json::object written;
    for (const sillage::Field& member : members) {
        if (const json::value* value = body.if_contains(member.name)) {
            written.emplace(member.name, *value);
        }
    }
    return written;
}

void stamp(Record& record, json::object body, Instant now) {
    const json::value* created = record.body.if_contains("created_at");
    body.emplace("created_at", created == nullptr ? json::value(to_string(now)) : *created);
    body.emplace("updated_at", to_string(now));
    record.body = std::move(body);
    record.at = now;
}

Result<Record> put_record(const Visit& visit, Work& work, Record record) {
    const Account& account = visit.account;
    record.body[changed_by] = {{"id", account.id.empty() ? "set-up" : account.id},
                               {"credential", account.credential}};
    return work.put_record(std::move(record));
}

Result<Response> create_record(const Visit& visit, Work& work, Record record,
                               std::string_view collection) {
    SILLAGE_TRY(const auto stored, put_record(visit, work, std::move(record)));
    Response response = json_response(Status::created, record_json(stored));
    response.headers.add("Location", "/v1/" + std::string(collection) + "/" + stored.id);
    return response;
}

std::optional<std::vector<std::string>> clusters_of(const Account& account) {
    std::vector<std::string> clusters;
    for (const auto& [role, scope] : account.bindings) {
        if (scope.cluster.empty()) {
            return std::nullopt;
        }
        if (std::ranges::find(clusters, scope.cluster) == clusters.end()) {
            clusters.push_back(scope.cluster);
        }
    }
    return clusters;
}

Result<Response> list_records(const Visit& visit, Reader& reader, RecordKind kind,
                              Permission permission) {
    RecordFilter filter{.kind = kind};
    if (kind == RecordKind::cohort) {
        filter.clusters = clusters_asked_for(visit);
    }
    SILLAGE_TRY(const auto page, page_of(visit.request));
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    const auto fetch = [&](const std::string& after, std::size_t limit) {
        filter.after = after;
        filter.limit = limit;
        return reader.view().records(filter);
    };
    const auto show = [&](const Record& record) -> Result<std::optional<json::value>> {
        const bool is_shown =
            access(visit.account, permission, scope_of(record), rights) == Access::granted;
        return is_shown ? std::optional<json::value>(record_json(record)) : std::nullopt;
    };
    return collect_page(
        page, fetch, [](const Record& record) { return record.id; }, show);
}

std::optional<std::vector<std::string>> clusters_asked_for(const Visit& visit) {
    std::optional<std::vector<std::string>> clusters = clusters_of(visit.account);
    const auto asked = visit.request.query_parameter("cluster");
    if (!asked) {
        return clusters;
    }
    const bool is_own = !clusters || std::ranges::find(*clusters, *asked) != clusters->end();
    return is_own ? std::vector{std::string(*asked)} : std::vector<std::string>{};
}

Result<std::vector<std::string>> all_clusters_asked_for(const Visit& visit, Reader& reader) {
    if (auto limits = clusters_asked_for(visit)) {
        return *std::move(limits);
    }
    return all_clusters(reader);
}

Result<std::vector<std::string>> all_clusters(Reader& reader) {
    std::vector<std::string> clusters;
    RecordFilter filter{.kind = RecordKind::cluster, .limit = page_items_max};
    for (;;) {
        SILLAGE_TRY(const auto page, reader.view().records(filter));
        for (const Record& cluster : page) {
            clusters.push_back(cluster.id);
        }
        if (page.size() < filter.limit) {
            return clusters;
        }
        filter.after = clusters.back();
    }
}

Result<void> enter_cluster(const Visit& visit, Reader& reader, const std::string& cluster,
                           Permission permission) {
    auto record = open_record(visit, reader, {RecordKind::cluster, cluster}, permission);
    if (!record) {
        if (record.error().code == ErrorCode::not_found) {
            record.error().where = "/cluster";
        }
        return record.error();
    }
    return success();
}

}  // namespace sillage::server
