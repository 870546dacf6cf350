#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "engine/base/json.hpp"
#include "server/app/exit_status.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/operator.hpp"
#include "server/http/text.hpp"
#include "server/routes/company_rows.hpp"

// `sillage import companies` and `sillage export companies`: the operator's, by the routes that
// everybody else uses.

namespace sillage::server {
namespace {

namespace json = boost::json;

struct ImportWords {
    std::string folder = default_folder();
    std::string file = {};
    std::string cluster = {};
    bool is_dry_run = false;
};

struct ExportWords {
    std::string folder = default_folder();
    std::string file = {};
    std::string cluster = {};
};

Error no_file(const std::string& name, std::string_view verb) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("{} cannot be {}.", name, verb)};
}

/// `-` is standard input. One byte above what an import takes shows that it is too much.
Result<std::string> text_of_file(const std::string& name) {
    std::ifstream file;
    if (name != "-") {
        file.open(name, std::ios::binary);
        if (!file) {
            return no_file(name, "read");
        }
    }
    std::istream& stream = name == "-" ? std::cin : file;
    std::string text(import_bytes_max + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad()) {
        return no_file(name, "read");
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() > import_bytes_max) {
        return Error{.code = ErrorCode::too_large,
                     .message = fmt::format("{} has more than {} bytes; import it in parts.", name,
                                            import_bytes_max)};
    }
    return text;
}

/// The words of a problem that is answered instead of a result.
Result<json::value> answer_of(const Response& response) {
    SILLAGE_TRY(auto body, parse_json(response.body));
    if (response.status == Status::ok) {
        return body;
    }
    const json::value* detail =
        body.is_object() ? body.get_object().if_contains("detail") : nullptr;
    return Error{
        .code = ErrorCode::invalid_argument,
        .message = detail != nullptr && detail->is_string()
                       ? std::string(detail->get_string())
                       : fmt::format("It was answered {}.", static_cast<int>(response.status))};
}

/// `companies.csv:3: segment: One of … is asked for.`, a line a problem.
void print_failures(const std::string& file, const json::array& outcomes) {
    for (const json::value& outcome : outcomes) {
        const json::value* problems = outcome.as_object().if_contains("problems");
        if (problems == nullptr) {
            continue;
        }
        for (const json::value& problem : problems->as_array()) {
            const json::value& column = problem.at("column");
            std::cout << file << ':' << outcome.at("row").as_int64() << ": "
                      << (column.is_string() ? std::string(column.get_string()) + ": " : "")
                      << std::string_view(problem.at("message").as_string()) << '\n';
        }
    }
}

Result<int> imported(const ImportWords& words) {
    SILLAGE_TRY(std::string text, text_of_file(words.file));
    std::string target = "/v1/companies:import?dry_run=";
    target += words.is_dry_run ? "true" : "false";
    if (!words.cluster.empty()) {
        target += "&cluster=" + percent_encode(words.cluster);
    }
    SILLAGE_TRY(const Response response,
                operate(words.folder, {.method = Method::post,
                                       .target = std::move(target),
                                       .body = std::move(text),
                                       .headers = {{"Content-Type", "text/csv"}}}));
    SILLAGE_TRY(const json::value body, answer_of(response));
    print_failures(words.file, body.at("outcomes").as_array());
    const json::value& counts = body.at("counts");
    const auto count = [&](std::string_view name) { return counts.at(name).as_int64(); };
    std::cout << fmt::format("{} created, {} updated, {} unchanged, {} failed{}\n",
                             count("created"), count("updated"), count("unchanged"),
                             count("failed"), words.is_dry_run ? " (nothing was written)" : "");
    return count("failed") == 0 ? exit_ok : exit_refused;
}

/// Where the rest of the export is; empty: that was all.
std::string next_target(const Response& response) {
    const std::string_view link = response.headers.find("Link").value_or("");
    const std::size_t end = link.find('>');
    return link.starts_with('<') && end != std::string_view::npos
               ? std::string(link.substr(1, end - 1))
               : std::string();
}

/// The id of the cluster of that name; any other text is taken for an id.
Result<std::string> cluster_id(const std::string& folder, const std::string& text) {
    std::string cursor;
    do {
        SILLAGE_TRY(const auto page,
                    operate_json(folder, {.target = "/v1/clusters?limit=200" + cursor}));
        for (const json::value& cluster : page.at("items").as_array()) {
            if (cluster.at("name") == json::value(text)) {
                return std::string(cluster.at("id").as_string());
            }
        }
        const json::value& next = page.at("next_cursor");
        cursor = next.is_null() ? "" : "&cursor=" + std::string(next.as_string());
    } while (!cursor.empty());
    return text;
}

/// Part by part, so that memory holds one of them.
Result<void> export_to(std::ostream& stream, const ExportWords& words) {
    std::string target = "/v1/companies:export";
    if (!words.cluster.empty()) {
        SILLAGE_TRY(const std::string cluster, cluster_id(words.folder, words.cluster));
        target += "?cluster=" + percent_encode(cluster);
    }
    for (bool is_first = true; !target.empty(); is_first = false) {
        SILLAGE_TRY(const Response response,
                    operate(words.folder, {.target = target, .headers = {}}));
        if (response.status != Status::ok) {
            SILLAGE_TRY(answer_of(response));
        }
        std::string_view text = response.body;
        text.remove_prefix(is_first ? 0 : text.find('\n') + 1);
        stream << text;
        target = next_target(response);
    }
    return stream.flush() ? success()
                          : Result<void>(no_file(
                                words.file.empty() ? "standard output" : words.file, "written"));
}

Result<void> exported(const ExportWords& words) {
    if (words.file.empty()) {
        return export_to(std::cout, words);
    }
    std::ofstream file(words.file, std::ios::binary | std::ios::trunc);
    if (!file) {
        return no_file(words.file, "written");
    }
    return export_to(file, words);
}

CLI::App* companies_of(CLI::App& app, const std::string& verb, const std::string& help) {
    CLI::App* command = app.add_subcommand(verb, help);
    command->require_subcommand(1);
    return command->add_subcommand("companies", help);
}

}  // namespace

void add_import(CLI::App& app, int& status) {
    CLI::App* command = companies_of(app, "import", "take a register of companies from CSV");
    const auto words = std::make_shared<ImportWords>();
    command->add_option("FILE", words->file, "the CSV file; - for standard input")->required();
    command->add_flag("--dry-run", words->is_dry_run, "tell what would happen, write nothing");
    command->add_option("--cluster", words->cluster, "ID or name: of rows that name no cluster")
        ->type_name("");
    command->add_option("--data", words->folder, "DIR: the data folder, served or not")
        ->type_name("");
    command->callback([words, &status] {
        const auto done = imported(*words);
        status = done ? done.value() : complain_of("import", done.error());
    });
}

void add_export(CLI::App& app, int& status) {
    CLI::App* command = companies_of(app, "export", "write the register of companies as CSV");
    const auto words = std::make_shared<ExportWords>();
    command->add_option("FILE", words->file, "where to; else standard output");
    command->add_option("--cluster", words->cluster, "ID or name: its companies only")
        ->type_name("");
    command->add_option("--data", words->folder, "DIR: the data folder, served or not")
        ->type_name("");
    command->callback([words, &status] {
        const auto done = exported(*words);
        status = done ? exit_ok : complain_of("export", done.error());
    });
}

}  // namespace sillage::server
