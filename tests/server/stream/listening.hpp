#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "server/http/live_body.hpp"
#include "server/stream/hub.hpp"
#include "tests/server/catalogue/tale.hpp"
#include "tests/support/await.hpp"

namespace sillage::test {

/// A Tale that people listen to.
struct Listening {
    explicit Listening(server::HubOptions options = {})
        : hub(tale.world.gate, *feed, control.get_executor(), quick(std::move(options))) {
        tale.world.services.hub = &hub;
        boost::asio::co_spawn(control, hub.run(), boost::asio::detached);
    }
    ~Listening() {
        hub.stop();
        tale.world.gate.stop();
        feed.reset();  // while the store is there to be let go of
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    /// The body of an answer 200 to GET `path`.
    std::shared_ptr<server::LiveBody> listen(const std::string& as,
                                             const std::string& path = "/v1/stream") {
        const Ask ask{.path = path, .as = as};
        auto answer = await(tale.world.router.answer(tale.world.request(ask)));
        REQUIRE_MESSAGE(answer.live != nullptr, answer.body);
        return answer.live;
    }
    /// What the body has to give until it holds the text.
    std::string read(server::LiveBody& body, std::string_view until) {
        std::string text;
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (text.find(until) == std::string::npos && std::chrono::steady_clock::now() < end) {
            control.run_for(std::chrono::milliseconds(2));
            text += body.take();
        }
        CHECK_MESSAGE(text.find(until) != std::string::npos, text);
        return text;
    }
    /// Lets the hub serve until the body has ended.
    bool ends(server::LiveBody& body) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!body.has_ended() && std::chrono::steady_clock::now() < end) {
            control.run_for(std::chrono::milliseconds(2));
        }
        return body.has_ended();
    }

    boost::asio::io_context control{1};
    std::unique_ptr<server::Feed> feed = std::make_unique<server::Feed>();
    Tale tale{[this](Store& store) { ok(feed->attach(store)); }};
    server::Hub hub;

  private:
    /// Nobody waits here for others' sake.
    server::HubOptions quick(server::HubOptions options) {
        options.clock = [this] { return tale.world.now; };
        options.refresh_pause = std::chrono::milliseconds(1);
        options.retry = std::chrono::milliseconds(1);
        options.base_url = "https://here.example";
        return options;
    }
};

/// The ids of a stream's messages, a blank after each.
[[nodiscard]] inline std::string ids_in(const std::string& stream) {
    std::string ids;
    for (std::size_t at = stream.find("id: "); at != std::string::npos;
         at = stream.find("\nid: ", at)) {
        at += stream[at] == '\n' ? 5U : 4U;
        ids += stream.substr(at, stream.find('\n', at) - at) + " ";
    }
    return ids;
}

}  // namespace sillage::test
