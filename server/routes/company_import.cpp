#include <algorithm>
#include <map>
#include <span>

#include "engine/base/json.hpp"
#include "server/routes/batch.hpp"
#include "server/routes/company_record.hpp"
#include "server/routes/company_rows.hpp"
#include "server/routes/members.hpp"
#include "server/routes/registry.hpp"
#include "server/routes/resources.hpp"

// A table of companies, a slice of rows at a time: each slice has its own turn at the engine, its
// own transaction and, with an Idempotency-Key, its own kept outcomes. A repeat after a crash is
// told what was done, and does the rest.

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Rows of one turn at the engine. Measured: a hundred take it 5 ms, while others wait.
constexpr std::size_t slice_rows = 100;
/// Problems that are told of one row: a person mends them a few at a time.
constexpr std::size_t row_problems_max = 8;

/// What the request asks for.
struct Order {
    bool is_dry_run = false;
    /// The answer that was kept of the same request; then nothing is left to do.
    std::optional<Answer> kept = {};
};

Result<Order> take_order(Runtime& runtime, const Arrival& arrival) {
    Order order;
    SILLAGE_TRY(enter(runtime, arrival));
    SILLAGE_TRY(order.is_dry_run, is_dry_run(arrival.request));
    if (arrival.repeat) {
        SILLAGE_TRY(order.kept, runtime.read([&](Reader& reader) {
            return kept_answer(reader, *arrival.repeat);
        }));
    }
    return order;
}

/// A row's company: the one that it means, or one to be.
struct Target {
    Record record = {};
    json::object body = {};
};

/// The id of a cluster that the caller may write companies of, from its id or its name.
/// Errors: as enter_cluster; conflict: two have that name.
Result<std::string> writable_cluster(const Visit& visit, Reader& reader, const std::string& text) {
    const auto entered = enter_cluster(visit, reader, text, Permission::write_company);
    if (entered) {
        return text;
    }
    if (entered.error().code != ErrorCode::not_found) {
        return entered.error();
    }
    SILLAGE_TRY(const auto rights, registry_rights(reader, visit.account));
    std::optional<std::vector<std::string>> clusters = clusters_of(visit.account);
    if (!clusters) {
        SILLAGE_TRY(clusters, all_clusters(reader));
    }
    std::string found;
    for (const std::string& id : *clusters) {
        SILLAGE_TRY(const auto cluster, reader.record(RecordKind::cluster, id));
        if (text_of(cluster.body, "name") != text ||
            access(visit.account, Permission::write_company, scope_of(cluster), rights) !=
                Access::granted) {
            continue;
        }
        if (!found.empty()) {
            return Error{.code = ErrorCode::conflict,
                         .message = "Two clusters have this name; give the id of one."};
        }
        found = id;
    }
    return found.empty() ? Result<std::string>(entered.error()) : found;
}

/// One slice in one transaction, or in one view when `work` is null.
class Slice {
  public:
    Slice(const Visit& visit, Reader& reader, Work* work)
        : visit_(visit),
          reader_(reader),
          work_(work),
          default_cluster_(visit.request.query_parameter("cluster").value_or("")) {}

    /// The outcome of each row, in order. A row that fails leaves the others alone.
    /// Errors: those of the store.
    Result<json::array> run(std::span<const CompanyRow> rows) {
        json::array outcomes;
        for (const CompanyRow& row : rows) {
            std::vector<CellProblem> problems = row.problems;
            json::object outcome{{"row", row.number}, {"key", nullptr}};
            if (const std::string key = text_of(row.members, "key"); !key.empty()) {
                outcome["key"] = key;
            }
            if (problems.empty()) {
                SILLAGE_TRY(import_row(row, outcome, problems));
            }
            if (!problems.empty()) {
                outcome["outcome"] = "failed";
                outcome["problems"] = to_json(problems);
            }
            outcomes.push_back(std::move(outcome));
        }
        return outcomes;
    }

  private:
    using Problems = std::vector<CellProblem>;

    static json::array to_json(const Problems& problems) {
        json::array list;
        for (const CellProblem& problem : problems) {
            if (list.size() < row_problems_max) {
                list.push_back(
                    json::object{{"column", problem.column.empty() ? json::value(nullptr)
                                                                   : json::value(problem.column)},
                                 {"message", problem.message}});
            }
        }
        return list;
    }

    Result<void> import_row(const CompanyRow& row, json::object& outcome, Problems& problems) {
        SILLAGE_TRY(Target target, find(row, problems));
        if (!problems.empty()) {
            return success();
        }
        json::object given = std::move(target.body);
        for (const SchemaProblem& problem : check_company(given)) {
            problems.push_back(cell_problem(problem));
        }
        if (!problems.empty()) {
            return success();
        }
        json::object body = company_body(given);
        const bool is_new = target.record.revision == 0;
        const bool is_changed = is_new || !holds(target.record.body, body);
        if (is_changed) {
            SILLAGE_TRY(write(target.record, std::move(body), problems));
        }
        outcome["outcome"] = is_new ? "created" : is_changed ? "updated" : "unchanged";
        if (!target.record.id.empty()) {
            outcome["id"] = target.record.id;
        }
        return success();
    }

    /// The company that the row means, and its members with the row's put over them.
    Result<Target> find(const CompanyRow& row, Problems& problems) {
        Target target;
        const std::string id = text_of(row.members, "id");
        const std::string key = text_of(row.members, "key");
        const std::string named = text_of(row.members, "cluster");
        SILLAGE_TRY(const std::string cluster,
                    enter(named.empty() ? default_cluster_ : named, problems));
        if (id.empty() && key.empty()) {
            problems.push_back({.column = "key",
                                .message = "Your own number of the company is asked for, as text, "
                                           "by which a repeat finds it again."});
        }
        if (!problems.empty()) {
            return target;
        }
        target.record = Record{.kind = RecordKind::company, .cluster = cluster};
        SILLAGE_TRY(const auto found,
                    id.empty() ? company_by_key(reader_, cluster, key)
                               : reader_.view().record(RecordKind::company, id, std::nullopt));
        if (found && found->cluster == cluster) {
            target.record = *found;
            target.body = written_members(found->body, company_members());
        } else if (!id.empty()) {
            problems.push_back({.column = "id",
                                .message = "There is no company " + id.substr(0, short_text_max) +
                                           " in this cluster."});
        }
        for (const json::key_value_pair& member : row.members) {
            if (member.key() != "id") {
                target.body[member.key()] = member.value();
            }
        }
        target.body["cluster"] = cluster;
        return target;
    }

    /// The id of the cluster that is meant. As for a single company; asked once for each text.
    Result<std::string> enter(const std::string& text, Problems& problems) {
        if (text.empty()) {
            problems.push_back({.column = "cluster",
                                .message = "A cluster is asked for, by its id or its name, in the "
                                           "row or for the whole import."});
            return std::string();
        }
        auto known = clusters_.find(text);
        if (known == clusters_.end()) {
            auto entered = writable_cluster(visit_, reader_, text);
            if (!entered && !is_refusal(entered.error().code)) {
                return entered.error();
            }
            known = clusters_.emplace(text, std::move(entered)).first;
        }
        if (!known->second) {
            problems.push_back({.column = "cluster", .message = known->second.error().message});
            return std::string();
        }
        return known->second.value();
    }

    /// Of a row alone; what else goes wrong ends the import.
    static bool is_refusal(ErrorCode code) {
        return code == ErrorCode::not_found || code == ErrorCode::forbidden ||
               code == ErrorCode::conflict;
    }

    /// `/enterprises/0/share` is told of the column `enterprises`, with the place in its cell.
    static CellProblem cell_problem(const SchemaProblem& problem) {
        const std::size_t below = problem.pointer.find('/', 1);
        const std::string place =
            below == std::string::npos ? "" : problem.pointer.substr(below) + ": ";
        return {.column = problem.pointer.substr(1, below == std::string::npos ? below : below - 1),
                .message = place + problem.message};
    }

    /// Whether a stored body says nothing else.
    static bool holds(const json::object& stored, const json::object& body) {
        return std::ranges::all_of(body, [&](const json::key_value_pair& member) {
            const json::value* value = stored.if_contains(member.key());
            return value != nullptr && *value == member.value();
        });
    }

    Result<void> write(Record& record, json::object body, Problems& problems) {
        const Instant now = visit_.request.now;
        if (record.id.empty() && work_ != nullptr) {
            record.id = visit_.services.new_id<CompanyTag>(now).value;
        }
        const auto written = write_company(reader_, record, std::move(body), now);
        if (!written && written.error().code == ErrorCode::conflict) {
            problems.push_back({.column = "key", .message = written.error().message});
            return success();
        }
        SILLAGE_TRY(written);
        if (work_ != nullptr) {
            SILLAGE_TRY(put_record(visit_, *work_, record));
        }
        return success();
    }

    const Visit& visit_;
    Reader& reader_;
    Work* work_;
    std::string default_cluster_;
    /// The clusters that rows name, or why those rows are refused, by what they call them.
    std::map<std::string, Result<std::string>, std::less<>> clusters_ = {};
};

/// One turn at the engine.
struct Turn {
    const Arrival& arrival;
    const Order& order;
    std::span<const CompanyRow> rows;
};

Result<json::array> run_turn(Runtime& runtime, const Turn& turn) {
    const auto& [arrival, order, rows] = turn;
    // Each time, since whoever imports may have lost the right meanwhile.
    SILLAGE_TRY(const AccountPointer account, enter(runtime, arrival));
    const Visit visit{
        .services = arrival.services, .request = arrival.request, .account = *account};
    if (order.is_dry_run) {
        return runtime.read(
            [&](Reader& reader) { return Slice(visit, reader, nullptr).run(rows); });
    }
    std::optional<Error> failure;
    const auto work = [&](Work& writer) {
        auto outcomes = Slice(visit, writer, &writer).run(rows);
        if (!outcomes) {
            failure = outcomes.error();
            return Answer{.status = 503};  // nothing of the slice is kept
        }
        return Answer{.status = 200, .body = to_json_text(std::move(outcomes).value())};
    };
    const auto repeat =
        arrival.repeat
            ? std::optional(part_of(*arrival.repeat, std::to_string(rows.front().number)))
            : std::nullopt;
    SILLAGE_TRY(const auto answer, runtime.perform(repeat, work));
    if (failure) {
        return *failure;
    }
    SILLAGE_TRY(const auto outcomes, parse_json(answer.body));
    return outcomes.as_array();
}

Response summary(const Order& order, json::array outcomes) {
    json::object body;
    body.emplace("dry_run", order.is_dry_run);
    body.emplace("counts", outcome_counts(outcomes, {"created", "updated", "unchanged", "failed"}));
    body.emplace("outcomes", std::move(outcomes));
    return json_response(Status::ok, body);
}

net::awaitable<Result<Response>> post_import(const Arrival& arrival) {
    const Services& services = arrival.services;
    auto prepare = [&](Runtime& runtime) { return take_order(runtime, arrival); };
    SILLAGE_CO_TRY(const Order order, co_await services.gate.run(prepare));
    if (order.kept) {
        co_return to_response(*order.kept);
    }
    const auto cluster = arrival.request.query_parameter("cluster").value_or("");
    SILLAGE_CO_TRY(const auto rows, read_company_rows(arrival.request, cluster));
    json::array outcomes;
    for (std::size_t begin = 0; begin < rows.size(); begin += slice_rows) {
        const std::size_t count = std::min(slice_rows, rows.size() - begin);
        const Turn turn{arrival, order, std::span(rows).subspan(begin, count)};
        auto run = [&](Runtime& runtime) { return run_turn(runtime, turn); };
        SILLAGE_CO_TRY(auto slice, co_await services.gate.run(run));
        std::ranges::move(slice, std::back_inserter(outcomes));
    }
    Response response = summary(order, std::move(outcomes));
    co_return co_await keep_answer(arrival, std::move(response));
}

}  // namespace

std::vector<Route> company_import_routes() {
    return {{.method = Method::post,
             .pattern = "/v1/companies:import",
             .permission = Permission::write_company,
             .task = post_import,
             .parameters = {"cluster", "dry_run"},
             .body_bytes_max = import_bytes_max,
             .about = {.id = "import_companies",
                       .summary = "Import a register of companies",
                       .tag = "Registry",
                       .words = "CSV, whose header names members of a company, or items in JSON. A "
                                "row is found again by its `key` within its cluster, or by `id`; "
                                "its cluster is named by id or by name; "
                                "members that it does not have stay as they are, those that are "
                                "empty or null are cleared. One row that fails hurts no other. At "
                                "most 10,000 rows and 16 MiB; with `dry_run` nothing is written.",
                       .body = {.name = "CompanyImport",
                                .members = import_members,
                                .media_types = {"text/csv"}},
                       .gives = {{.schema = "ImportOutcome"}}}}};
}

}  // namespace sillage::server
