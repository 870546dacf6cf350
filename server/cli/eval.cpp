#include "server/cli/eval.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/calendar/calendar.hpp"
#include "engine/cel/compile.hpp"
#include "engine/cel/evaluate.hpp"
#include "engine/company/sme_class.hpp"
#include "server/cli/commands.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// Bytes of an input line: the longest expression and a body of the API's largest size fit.
constexpr std::size_t line_bytes_max = 2U * 1024U * 1024U;
constexpr int usage_error = 2;

Error not_here(std::string message) {
    return Error{.code = ErrorCode::expression_failed, .message = std::move(message)};
}

/// The names of one expression, and a calendar: UTC, Saturdays and Sundays free.
class EvalHost {
  public:
    /// Declares the members of `context`.
    EvalHost(const json::object& context, Scope& scope) {
        for (const auto& member : context) {
            scope.declare(std::string(member.key()), ValueType{});
            values_.push_back(from_json(member.value(), nullptr));
        }
        if (const auto utc = load_zone("UTC")) {
            calendar_.zone = utc.value();
        }
    }

    Environment environment() const {
        return Environment{.host = this, .variable = variable, .call = call};
    }

  private:
    static const EvalHost& self(const void* host) { return *static_cast<const EvalHost*>(host); }

    static Result<Value> variable(const void* host, std::size_t slot) {
        return self(host).values_.at(slot);
    }

    static Result<Value> call(const void* host, HostFunction function,
                              std::span<const Value> arguments) {
        const WorkCalendar& calendar = self(host).calendar_;
        const auto instant = [&](std::size_t at) {
            return instant_of(*arguments[at].get_if<Timestamp>());
        };
        switch (function) {
            case HostFunction::in_state:
            case HostFunction::last:
            case HostFunction::entered:
                return not_here("there is no instance to ask");
            case HostFunction::add: {
                SILLAGE_TRY(const auto duration, parse_duration(*arguments[1].text()));
                SILLAGE_TRY(const auto at, sillage::add(calendar, instant(0), duration));
                return instant_value(at);
            }
            case HostFunction::days:
                return Value(days_between(calendar, instant(0), instant(1)));
            case HostFunction::working_days:
                return Value(working_days_between(calendar, instant(0), instant(1)));
            case HostFunction::zone_offset: {
                SILLAGE_TRY(const auto offset, offset_seconds(*arguments[0].text(), instant(1)));
                return Value(offset);
            }
        }
        return not_here("this function is not known here");
    }

    std::vector<Value> values_;
    WorkCalendar calendar_;
};

Result<json::object> read_object(const std::string& text, std::string_view what) {
    SILLAGE_TRY(auto value, parse_json(text));
    if (!value.is_object()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = std::string(what) + " is a JSON object."};
    }
    return std::move(value.get_object());
}

/// With the class of a company in it, as guards read it.
json::object completed(json::object context) {
    json::value* company = context.if_contains("company");
    if (company != nullptr && company->is_object()) {
        *company = *with_sme_class(std::move(company->get_object()));
    }
    return context;
}

Result<Value> value_of(const std::string& expression, const json::object& context) {
    Scope scope;
    const EvalHost host(completed(context), scope);
    const CompiledExpression compiled = compile_expression(expression, scope);
    if (!compiled.findings.empty()) {
        const ExpressionFinding& finding = compiled.findings.front();
        return not_here("byte " + std::to_string(finding.offset + 1) + ": " + finding.message);
    }
    return evaluate(compiled.expression, host.environment());
}

// The output of --json

std::string_view tag_of(const Value& value) {
    if (value.is_null()) {
        return "null";
    }
    return value.get_if<Timestamp>()  ? "timestamp"
           : value.get_if<TimeSpan>() ? "duration"
                                      : type_name(value);
}

std::string double_text(double number) {
    if (!std::isfinite(number)) {
        return std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
    }
    char buffer[32];
    return std::string(std::begin(buffer),
                       std::to_chars(std::begin(buffer), std::end(buffer), number).ptr);
}

Result<json::value> tagged(const Value& value);

Result<json::value> bare(const Value& value) {
    if (const auto* list = value.list()) {
        json::array items;
        for (const Value& item : *list) {
            SILLAGE_TRY(auto written, tagged(item));
            items.push_back(std::move(written));
        }
        return json::value(std::move(items));
    }
    if (const auto* map = value.entries()) {
        json::array pairs;
        for (const auto& [key, entry] : *map) {
            SILLAGE_TRY(auto written_key, tagged(key));
            SILLAGE_TRY(auto written, tagged(entry));
            pairs.push_back(json::array{std::move(written_key), std::move(written)});
        }
        return json::value(std::move(pairs));
    }
    if (const auto* number = value.get_if<std::int64_t>()) {
        return json::value(json::string(std::to_string(*number)));
    }
    if (const auto* natural = value.get_if<std::uint64_t>()) {
        return json::value(json::string(std::to_string(*natural)));
    }
    if (const auto* fraction = value.get_if<double>()) {
        return json::value(json::string(double_text(*fraction)));
    }
    if (const auto* type = value.get_if<TypeName>()) {
        return json::value(json::string(type->name));
    }
    if (const auto* at = value.get_if<Timestamp>()) {
        return json::value(json::string(timestamp_text(*at)));
    }
    return to_json(value);
}

Result<json::value> tagged(const Value& value) {
    SILLAGE_TRY(auto written, bare(value));
    json::object object;
    object.emplace("type", tag_of(value));
    object.emplace("value", std::move(written));
    return json::value(std::move(object));
}

json::value answer_to(Result<Value> value) {
    auto written = value ? tagged(value.value()) : Result<json::value>(std::move(value).error());
    if (written) {
        return std::move(written).value();
    }
    json::object error;
    error.emplace("error", written.error().message);
    return error;
}

// The input of --json

/// The next line without its end, nothing at the end of input; a longer one is cut there, so that
/// it is no JSON.
std::optional<std::string> read_line(std::istream& in) {
    std::string line;
    bool any = false;
    for (char c = 0; in.get(c);) {
        any = true;
        if (c == '\n') {
            return line;
        }
        if (line.size() < line_bytes_max) {
            line += c;
        }
    }
    return any ? std::optional(line) : std::nullopt;
}

Result<Value> value_of_line(const std::string& line) {
    SILLAGE_TRY(auto request, read_object(line, "A line"));
    const auto* expression = request.if_contains("expr");
    if (!expression || !expression->is_string()) {
        return Error{.code = ErrorCode::invalid_argument, .message = "\"expr\" is missing."};
    }
    const auto* context = request.if_contains("context");
    if (context && !context->is_object() && !context->is_null()) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "\"context\" is a JSON object."};
    }
    const json::object none;
    return value_of(std::string(expression->get_string()),
                    context && context->is_object() ? context->get_object() : none);
}

Result<json::object> context_of(const EvalRequest& request) {
    return request.context.empty() ? json::object{} : read_object(request.context, "--context");
}

}  // namespace

int eval_expression(const EvalRequest& request, std::ostream& out, std::ostream& err) {
    const auto context = context_of(request);
    if (!context) {
        err << context.error().message << '\n';
        return usage_error;
    }
    const auto value = value_of(request.expression, context.value());
    if (request.json) {
        out << to_json_text(answer_to(value)) << '\n';
    } else if (value) {
        out << to_string(value.value()) << '\n';
    } else {
        err << value.error().message << '\n';
    }
    return value ? 0 : 1;
}

int eval_lines(std::istream& in, std::ostream& out) {
    while (const auto line = read_line(in)) {
        out << to_json_text(answer_to(value_of_line(*line))) << '\n' << std::flush;
    }
    return 0;
}

void add_eval(CLI::App& app, int& status) {
    const auto request = std::make_shared<EvalRequest>();
    CLI::App* eval = app.add_subcommand("eval", "print the value of a CEL expression");
    eval->add_option("EXPR", request->expression, "the expression");
    eval->add_option("--context", request->context, "a JSON object whose members are names");
    eval->add_flag(
        "--json", request->json,
        "answer in JSON; without EXPR, {\"expr\",\"context\"} lines from standard input");
    eval->callback([request, eval, &status] {
        if (eval->count("EXPR") > 0) {
            status = eval_expression(*request, std::cout, std::cerr);
        } else if (request->json) {
            status = eval_lines(std::cin, std::cout);
        } else {
            std::cerr << "eval asks for an expression, or --json and lines to read.\n";
            status = usage_error;
        }
    });
}

}  // namespace sillage::server
