#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

/// Two letters of ISO 3166-1.
sillage::Field country_member() {
    sillage::Field field = text_member("country", 2);
    field.schema.min_length = 2;
    return field;
}

std::vector<sillage::Field> cluster_members() {
    return {required(text_member("name")), country_member()};
}

Result<Response> post_cluster(const Visit& visit, Work& work) {
    SILLAGE_TRY(auto body, read_members(visit.request, cluster_members()));
    SILLAGE_TRY(check_access(access(visit.account, Permission::write_network, Scope{}, {}),
                             visit.account, "cluster", ""));
    const Instant now = visit.request.now;
    Record record{.kind = RecordKind::cluster, .id = visit.services.new_id<ClusterTag>(now).value};
    stamp(record, std::move(body), now);
    return create_record(visit, work, std::move(record), "clusters");
}

Result<Response> get_clusters(const Visit& visit, Reader& reader) {
    return list_records(visit, reader, RecordKind::cluster, Permission::read_cluster);
}

Result<Response> get_cluster(const Visit& visit, Reader& reader) {
    SILLAGE_TRY(
        const auto record,
        open_record(visit, reader, {RecordKind::cluster, visit.request.path_parameter("id")},
                    Permission::read_cluster));
    return json_response(Status::ok, record_json(record));
}

}  // namespace

std::vector<Route> cluster_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/clusters",
             .permission = Permission::write_network,
             .write = post_cluster,
             .about = {.id = "create_cluster",
                       .summary = "Register a cluster",
                       .tag = "Registry",
                       .body = {.name = "ClusterInput", .members = cluster_members},
                       .gives = {{.status = Status::created,
                                  .schema = "Cluster",
                                  .headers = {"Location"}}}}},
            {.method = Method::get,
             .pattern = "/v1/clusters",
             .permission = Permission::any_account,
             .read = get_clusters,
             .parameters = {"cursor", "limit"},
             .about = {.id = "list_clusters",
                       .summary = "List the clusters that you may see",
                       .tag = "Registry",
                       .gives = {{.schema = "Cluster", .is_page = true}}}},
            {.method = Method::get,
             .pattern = "/v1/clusters/{id}",
             .permission = Permission::read_cluster,
             .read = get_cluster,
             .about = {.id = "read_cluster",
                       .summary = "Read a cluster",
                       .tag = "Registry",
                       .gives = {{.schema = "Cluster"}}}}};
}

}  // namespace sillage::server
