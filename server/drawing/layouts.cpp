#include "server/drawing/layouts.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <mutex>
#include <optional>

namespace sillage::server {
namespace {

struct Known {
    std::string graph = {};
    Layouts::Picture picture = nullptr;
};

net::awaitable<void> draw(const std::string& graph, const LayoutCall& call,
                          std::optional<Result<std::string>>& outcome) {
    outcome.emplace(lay_out(graph, call));
    co_return;
}

}  // namespace

struct Layouts::State {
    explicit State(LayoutCall how) : call(std::move(how)) {}

    const LayoutCall call;
    net::thread_pool thread{1};
    std::atomic<std::size_t> waiting = 0;
    std::mutex mutex;  ///< guards what follows
    /// The last that was asked for first.
    std::list<Known> known;

    Picture recall(const std::string& graph) {
        const std::lock_guard lock(mutex);
        const auto found = std::ranges::find(known, graph, &Known::graph);
        if (found == known.end()) {
            return nullptr;
        }
        known.splice(known.begin(), known, found);
        return found->picture;
    }

    Picture remember(std::string graph, std::string picture) {
        const std::lock_guard lock(mutex);
        known.push_front({.graph = std::move(graph),
                          .picture = std::make_shared<const std::string>(std::move(picture))});
        if (known.size() > pictures_max) {
            known.pop_back();
        }
        return known.front().picture;
    }
};

Layouts::Layouts(LayoutCall call) : state_(std::make_unique<State>(std::move(call))) {}

Layouts::~Layouts() { stop(); }

net::awaitable<Result<Layouts::Picture>> Layouts::svg(std::string graph) {
    State& state = *state_;
    if (Picture known = state.recall(graph)) {
        co_return known;
    }
    if (state.waiting.fetch_add(1) >= layouts_waiting_max) {
        state.waiting.fetch_sub(1);
        co_return Error{.code = ErrorCode::unavailable,
                        .message = "Too many diagrams wait to be drawn; try again in a moment."};
    }
    std::optional<Result<std::string>> outcome;
    auto work = draw(graph, state.call, outcome);
    co_await net::co_spawn(state.thread.get_executor(), std::move(work), net::use_awaitable);
    state.waiting.fetch_sub(1);
    if (!outcome->has_value()) {
        co_return std::move(*outcome).error();
    }
    co_return state.remember(std::move(graph), std::move(*outcome).value());
}

void Layouts::stop() {
    state_->thread.stop();
    state_->thread.join();
}

}  // namespace sillage::server
