#include "server/metrics/exposition.hpp"

#include <fmt/format.h>

namespace sillage::server {
namespace {

/// The shortest digits that read back as the same number; whole ones without a point.
std::string number(double value) { return fmt::format("{}", value); }

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else {
            out += c == '"' || c == '\\' ? "\\" : "";
            out += c;
        }
    }
    return out;
}

}  // namespace

void Exposition::begin(std::string_view name, std::string_view kind, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, kind);
}

void Exposition::add(double value, const Labels& labels) { line("", labels, number(value)); }

void Exposition::add(const Histogram& histogram, const Labels& labels) {
    const Histogram::Reading reading = histogram.read();
    Labels with_end = labels;
    with_end.emplace_back("le", "");
    for (std::size_t range = 0; range < bound_count; ++range) {
        with_end.back().second = number(histogram.bounds()[range]);
        line("_bucket", with_end, std::to_string(reading.up_to[range]));
    }
    with_end.back().second = "+Inf";
    line("_bucket", with_end, std::to_string(reading.up_to.back()));
    line("_sum", labels, number(reading.sum_s));
    line("_count", labels, std::to_string(reading.up_to.back()));
}

void Exposition::counter(std::string_view name, std::string_view help, const Counter& counter) {
    begin(name, "counter", help);
    line("", {}, std::to_string(counter.value()));
}

void Exposition::gauge(std::string_view name, std::string_view help, double value) {
    begin(name, "gauge", help);
    add(value);
}

void Exposition::histogram(std::string_view name, std::string_view help,
                           const Histogram& histogram) {
    begin(name, "histogram", help);
    add(histogram);
}

void Exposition::line(std::string_view suffix, const Labels& labels, std::string_view value) {
    text_.append(name_).append(suffix);
    if (!labels.empty()) {
        std::string_view before = "{";
        for (const auto& [name, text] : labels) {
            text_ += fmt::format("{}{}=\"{}\"", before, name, escaped(text));
            before = ",";
        }
        text_ += "}";
    }
    text_.append(" ").append(value).append("\n");
}

}  // namespace sillage::server
