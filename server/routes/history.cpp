#include <fmt/format.h>

#include <charconv>

#include "engine/runtime/entry_hash.hpp"
#include "server/catalogue/told.hpp"
#include "server/routes/page.hpp"
#include "server/routes/resources.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

Result<std::uint64_t> sequence_of(const std::string& after) {
    std::uint64_t sequence = 0;
    if (after.empty()) {
        return sequence;
    }
    const auto [end, error] = std::from_chars(after.data(), after.data() + after.size(), sequence);
    if (error != std::errc{} || end != after.data() + after.size()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "cursor must be a next_cursor of the page before."};
    }
    return sequence;
}

/// Of the first entry: by chance, and shown to nobody.
Result<std::string> salt_of(Reader& reader, const std::string& instance) {
    SILLAGE_TRY(const auto first, reader.view().entries(instance, 0, 1));
    return first.empty() ? std::string() : first.front().salt;
}

Result<Response> get_history(const Visit& visit, Reader& reader) {
    const std::string& id = visit.request.path_parameter("id");
    SILLAGE_TRY(const auto loaded, open_instance(visit, reader, id, Permission::read_instance));
    SILLAGE_TRY(const auto page, page_of(visit.request));
    const Call call = call_for(visit, loaded);
    const RoleRights rights(*loaded.definition);
    const auto may = [&](Permission permission) {
        return access(visit.account, permission, scope_of(loaded.record), rights) ==
               Access::granted;
    };
    SILLAGE_TRY(const std::string salt, salt_of(reader, id));
    const LogReader log_reader{.call = call,
                               .with_effects = may(Permission::read_effects),
                               .with_sheets = may(Permission::read_sheets),
                               .salt = salt};
    const auto fetch = [&](const std::string& after,
                           std::size_t limit) -> Result<std::vector<Entry>> {
        SILLAGE_TRY(const auto sequence, sequence_of(after));
        return reader.view().entries(id, sequence, limit);
    };
    const auto show = [&](const Entry& entry) -> Result<std::optional<json::value>> {
        if (!is_sealed(entry)) {
            return Error{.code = ErrorCode::corrupt,
                         .message = fmt::format("Entry {} of {} is not as it was written.",
                                                entry.sequence, id)};
        }
        return std::optional<json::value>(entry_json(*loaded.definition, entry, log_reader));
    };
    return collect_page(
        page, fetch, [](const Entry& entry) { return std::to_string(entry.sequence); }, show);
}

}  // namespace

std::vector<Route> history_routes() {
    return {{.method = Method::get,
             .pattern = "/v1/instances/{id}/history",
             .permission = Permission::read_instance,
             .read = get_history,
             .parameters = {"cursor", "limit"},
             .about = {.id = "list_history",
                       .summary = "Read the log of an instance, oldest entry first",
                       .tag = "Instances",
                       .headers = {"Accept-Language", "Sillage-On-Behalf-Of"},
                       .gives = {{.schema = "Entry", .is_page = true}}}}};
}

}  // namespace sillage::server
