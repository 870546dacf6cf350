#include "server/routes/company_export.hpp"

#include "server/csv/csv.hpp"
#include "server/http/text.hpp"
#include "server/routes/company_access.hpp"
#include "server/routes/company_rows.hpp"
#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

// The companies that the caller may read, a slice at a time, so that nobody waits for the whole.
// As long as the answer is made, and as large as it may get, it is bounded.

namespace sillage::server {
namespace {

/// Rows of one answer: as many as an import takes.
constexpr std::size_t export_rows_max = import_rows_max;
/// Where an answer ends, with the row that passes it. Half of what an import takes.
constexpr std::size_t export_bytes_max = import_bytes_max / 2;
/// Rows of one turn at the engine: a page of a list.
constexpr std::size_t slice_rows = page_items_max;

/// How far an export has come.
struct Export {
    std::size_t rows_max = export_rows_max;
    std::string text = {};
    std::size_t row_count = 0;
    /// The last id that was looked at.
    std::string after = {};
    bool is_at_end = false;
    std::string file_name = {};

    [[nodiscard]] bool is_full() const {
        return row_count == rows_max || text.size() >= export_bytes_max;
    }
};

Result<Export> begin_export(const Request& request) {
    SILLAGE_TRY(const Page page, page_of(request));
    Export state{.after = page.after};
    if (request.query_parameter("limit")) {
        state.rows_max = page.limit;
    }
    state.text = csv_line(company_columns());
    return state;
}

/// `companies 2027-01-01.csv`, with the cluster's name when one is asked for.
Result<std::string> file_name_for(const Visit& visit, Reader& reader) {
    std::string name = "companies";
    if (const auto cluster = visit.request.query_parameter("cluster")) {
        const auto record =
            open_record(visit, reader, {RecordKind::cluster, *cluster}, Permission::read_cluster);
        if (record) {
            name += " " + text_of(record.value().body, "name");
        }
    }
    return name + " " + to_string(visit.request.now).substr(0, 10) + ".csv";
}

Result<void> add_slice(const Visit& visit, Reader& reader, Export& state) {
    SILLAGE_TRY(const auto readable, ReadableCompanies::of(visit, reader));
    SILLAGE_TRY(const auto companies, readable.after(reader, state.after, slice_rows));
    for (const Record& company : companies) {
        if (state.is_full()) {
            return success();
        }
        state.after = company.id;
        if (readable.has(company)) {
            state.text += company_line(record_json(company));
            ++state.row_count;
        }
    }
    state.is_at_end = companies.size() < slice_rows;
    return success();
}

/// One turn at the engine.
Result<void> run_turn(Runtime& runtime, const Arrival& arrival, Export& state) {
    SILLAGE_TRY(const AccountPointer account, enter(runtime, arrival));
    const Visit visit{
        .services = arrival.services, .request = arrival.request, .account = *account};
    return runtime.read([&](Reader& reader) -> Result<void> {
        if (state.file_name.empty()) {
            SILLAGE_TRY(state.file_name, file_name_for(visit, reader));
        }
        return add_slice(visit, reader, state);
    });
}

/// Of the same export, from here on.
std::string link_after(const Request& request, const std::string& after) {
    std::string target = "</v1/companies:export?cursor=" + cursor_after(after);
    for (const auto* name : {"cluster", "key", "limit"}) {
        if (const auto value = request.query_parameter(name)) {
            target += "&" + std::string(name) + "=" + percent_encode(*value);
        }
    }
    return target + ">; rel=\"next\"";
}

}  // namespace

net::awaitable<Result<Response>> export_companies(const Arrival& arrival) {
    SILLAGE_CO_TRY(Export state, begin_export(arrival.request));
    auto turn = [&](Runtime& runtime) { return run_turn(runtime, arrival, state); };
    do {
        SILLAGE_CO_TRY(co_await arrival.services.gate.run(turn));
    } while (!state.is_at_end && !state.is_full());
    Response response =
        text_response(Status::ok, "text/csv; charset=utf-8; header=present", std::move(state.text));
    response.headers.add("Content-Disposition", attachment_named(state.file_name));
    if (!state.is_at_end) {
        response.headers.add("Link", link_after(arrival.request, state.after));
    }
    co_return response;
}

std::vector<Route> company_export_routes() {
    return {{.method = Method::get,
             .pattern = "/v1/companies:export",
             .permission = Permission::any_account,
             .task = export_companies,
             .parameters = {"cluster", "key", "cursor", "limit"},
             .about = {.id = "export_companies",
                       .summary = "Export the companies that you may see",
                       .tag = "Registry",
                       .words = "CSV that can be imported again. A cell that a spreadsheet would "
                                "take for a formula has an apostrophe before it. Without `limit` "
                                "an answer has up to 10,000 rows; `Link` says where the rest is.",
                       .gives = {{.headers = {"Link", "Content-Disposition"},
                                  .media_types = {"text/csv"}}}}}};
}

}  // namespace sillage::server
