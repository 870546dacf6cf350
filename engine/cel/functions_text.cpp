#include <fmt/format.h>
#include <re2/re2.h>

#include <cstring>  // memmem, which POSIX has beside the standard's names

#include "engine/cel/detail/functions.hpp"
#include "engine/cel/detail/patterns.hpp"
#include "engine/cel/detail/utf8.hpp"

namespace sillage {
namespace {

Value count_value(std::size_t count) { return Value(static_cast<std::int64_t>(count)); }

using TextPredicate = bool (*)(std::string_view text, std::string_view part);

Result<Value> ask(CallFrame& frame, std::span<const Value> arguments, TextPredicate predicate) {
    const auto* text = arguments[0].text();
    const auto* part = arguments[1].text();
    if (!text || !part) {
        return no_such_overload(frame.function, arguments);
    }
    if (!frame.meter.take_reading(text->size() + part->size())) {
        return budget_error();
    }
    return Value(predicate(*text, *part));
}

/// RE2 is linear in text times program: 4,096 of that product cost about what a step does.
constexpr std::size_t matching_per_step = 4096;

Result<Value> match(CallFrame& frame, const re2::RE2& pattern, std::string_view text) {
    const auto size = static_cast<std::size_t>(std::max(pattern.ProgramSize(), 1));
    if (!frame.meter.take_reading(text.size()) ||
        !frame.meter.take_steps(text.size() * size / matching_per_step)) {
        return budget_error();
    }
    return Value(re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern));
}

}  // namespace

Result<std::shared_ptr<const re2::RE2>> compile_cel_pattern(std::string_view pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_memory_max);
    auto compiled =
        std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!compiled->ok()) {
        return evaluation_error(fmt::format("\"{}\" is not a regular expression: {}",
                                            pattern.substr(0, 64), compiled->error()));
    }
    return compiled;
}

Result<Value> cel_size(CallFrame& frame, std::span<const Value> arguments) {
    const Value& value = arguments[0];
    if (const auto* text = value.text()) {
        if (!frame.meter.take_reading(text->size())) {
            return budget_error();
        }
        return count_value(code_point_count(*text));
    }
    if (const auto* bytes = value.get_if<Bytes>()) {
        return count_value(bytes->octets.size());
    }
    if (const auto* list = value.list()) {
        return count_value(list->size());
    }
    if (const auto* map = value.entries()) {
        return count_value(map->size());
    }
    return no_such_overload(frame.function, arguments);
}

Result<Value> cel_contains(CallFrame& frame, std::span<const Value> arguments) {
    return ask(frame, arguments, [](std::string_view text, std::string_view part) {
        // Linear in both, where find() may take their product.
        return memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
    });
}

Result<Value> cel_starts_with(CallFrame& frame, std::span<const Value> arguments) {
    return ask(frame, arguments,
               [](std::string_view text, std::string_view part) { return text.starts_with(part); });
}

Result<Value> cel_ends_with(CallFrame& frame, std::span<const Value> arguments) {
    return ask(frame, arguments,
               [](std::string_view text, std::string_view part) { return text.ends_with(part); });
}

Result<Value> cel_matches(CallFrame& frame, std::span<const Value> arguments) {
    const auto* text = arguments[0].text();
    const auto* pattern = arguments[1].text();
    if (!text || !pattern) {
        return no_such_overload(frame.function, arguments);
    }
    if (frame.pattern) {
        return match(frame, *frame.pattern, *text);
    }
    if (!frame.meter.take_steps(pattern_steps) || !frame.meter.take_making(pattern->size())) {
        return budget_error();
    }
    SILLAGE_TRY(const auto compiled, compile_cel_pattern(*pattern));
    return match(frame, *compiled, *text);
}

}  // namespace sillage
