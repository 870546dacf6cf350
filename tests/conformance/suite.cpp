#include "tests/conformance/suite.hpp"

#include <fstream>
#include <iterator>

#include "engine/base/json.hpp"

namespace sillage::test {
namespace {

namespace json = boost::json;

std::vector<std::string> texts_of(const json::value& list) {
    std::vector<std::string> texts;
    for (const json::value& item : list.as_array()) {
        texts.emplace_back(item.as_string());
    }
    return texts;
}

ScriptedEvent event_of(const json::object& object) {
    return {.after = Duration{object.at("after").to_number<std::int64_t>()},
            .name = std::string(object.at("name").as_string()),
            .data = object.at("data"),
            .next = texts_of(object.at("next"))};
}

ConformanceTest test_of(const json::object& object, const std::filesystem::path& folder) {
    ConformanceTest test{.id = std::string(object.at("id").as_string()),
                         .suite = std::string(object.at("suite").as_string()),
                         .file = folder / std::string_view(object.at("file").as_string())};
    if (test.suite == "w3c") {
        test.is_mandatory = object.at("mandatory").as_bool() && object.at("automatic").as_bool();
        return test;
    }
    test.initial = texts_of(object.at("initial"));
    for (const json::value& event : object.at("events").as_array()) {
        test.events.push_back(event_of(event.as_object()));
    }
    return test;
}

std::vector<ConformanceTest> tests_of(const json::value& list,
                                      const std::filesystem::path& folder) {
    std::vector<ConformanceTest> tests;
    for (const json::value& item : list.as_array()) {
        tests.push_back(test_of(item.as_object(), folder));
    }
    return tests;
}

}  // namespace

Result<std::string> read_text(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return Error{.code = ErrorCode::not_found, .message = path.string() + " cannot be read."};
    }
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

Result<Suite> read_suite(const std::filesystem::path& folder) {
    SILLAGE_TRY(const std::string text, read_text(folder / "suite.json"));
    SILLAGE_TRY(const json::value told, parse_json(text));
    try {
        const json::object& suite = told.as_object();
        return Suite{.tests = tests_of(suite.at("tests"), folder),
                     .excluded = tests_of(suite.at("excluded"), folder)};
    } catch (const std::exception& fault) {
        return Error{.code = ErrorCode::malformed,
                     .message = std::string("suite.json: ") + fault.what()};
    }
}

}  // namespace sillage::test
