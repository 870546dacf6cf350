#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/metrics/instruments.hpp"

namespace sillage::server {

/// Names and values that tell the series of one metric apart. Ex. `{{"method", "GET"}}`.
using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// Metrics in the text format that Prometheus reads. A metric is begun once, then its series
/// follow. Source: Prometheus' exposition formats, text format 0.0.4.
class Exposition {
  public:
    /// `kind`: counter, gauge or histogram; `help`: one line.
    void begin(std::string_view name, std::string_view kind, std::string_view help);
    void add(double value, const Labels& labels = {});
    void add(const Histogram& histogram, const Labels& labels = {});

    /// A metric of one series.
    void counter(std::string_view name, std::string_view help, const Counter& counter);
    void gauge(std::string_view name, std::string_view help, double value);
    void histogram(std::string_view name, std::string_view help, const Histogram& histogram);

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    void line(std::string_view suffix, const Labels& labels, std::string_view value);

    std::string name_;
    std::string text_;
};

}  // namespace sillage::server
