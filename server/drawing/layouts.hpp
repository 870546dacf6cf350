#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "server/drawing/graphviz.hpp"

namespace sillage::server {

namespace net = boost::asio;

/// Graphs that wait for the thread. Chosen: what it lays out in the time that a client waits.
inline constexpr std::size_t layouts_waiting_max = 16;
/// Pictures that are remembered. Chosen: the workflows of a programme in two languages, with the
/// places where most companies stand; at a hundred kilobytes each.
inline constexpr std::size_t pictures_max = 64;
/// Bytes of one picture, and how long it may take. Chosen: a workflow of 100 states takes a tenth.
inline constexpr std::size_t picture_bytes_max = 4U * 1024U * 1024U;
inline constexpr std::chrono::milliseconds picture_time_max{5'000};

/// Lays graphs out on a thread of its own, one after another. From any thread.
class Layouts {
  public:
    using Picture = std::shared_ptr<const std::string>;

    explicit Layouts(LayoutCall call = {.time_max = picture_time_max,
                                        .output_bytes_max = picture_bytes_max});
    /// Stops.
    ~Layouts();
    Layouts(const Layouts&) = delete;
    Layouts& operator=(const Layouts&) = delete;

    /// The SVG text of a graph in the language of Graphviz. Resumes on the caller's executor, which
    /// must live until then or until `stop`.
    /// Errors: unavailable: too many wait; those of lay_out.
    [[nodiscard]] net::awaitable<Result<Picture>> svg(std::string graph);

    /// Ends the thread, after the graph that it is at. Who still waits is not resumed.
    void stop();

  private:
    struct State;

    std::unique_ptr<State> state_;
};

}  // namespace sillage::server
